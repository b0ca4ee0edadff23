import { MeasureOutcome } from '../measure.entity.js';

export class RecordedMeasureView {
  id: string;
  allegationId: string;
  code: string;
  outcome: MeasureOutcome;
  doneAt: string | null;
  recordedLate: boolean;
  recordedAt: string;
}

/** What was recorded about an urgent measure. */
export class MeasureRecordView {
  id: string;
  outcome: MeasureOutcome;
  /** When it was done; null where it was not. */
  doneAt: string | null;
  /** Entered on a later day than it was done. */
  recordedLate: boolean;
  /** What was done, or why it was not. */
  note: string;
  recordedBy: string;
  recordedByName: string;
  recordedAt: string;
}

/** An urgent measure that the category of an allegation calls for. */
export class UrgentMeasureView {
  /** @example "PRESERVE_RECORDINGS" */
  code: string;
  text: string;
  /** The article that demands it, or `proposal` where it is practice. */
  source: string;
  /** By when; null where no limit is set. */
  dueAt: string | null;
  /** The oldest first; the last one counts. */
  records: MeasureRecordView[];
}
