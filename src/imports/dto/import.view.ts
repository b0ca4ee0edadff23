import { Page } from '../../common/pages.js';
import { ImportRun, ImportStatus } from '../import-run.entity.js';

/** The counts of one file: `read` is the sum of the other three. */
export class FileSummaryView {
  file: string;
  read: number;
  imported: number;
  repeated: number;
  rejected: number;
}

/** A file in which others look things up: its rows are no records of their own. */
export class ReferenceSummaryView {
  file: string;
  read: number;
  rejected: number;
}

export class ImportSummaryView {
  files: FileSummaryView[];
  references: ReferenceSummaryView[];
  casesAdded: number;
  allegationsAdded: number;
  findingsAdded: number;
  sanctionsAdded: number;
  officersAdded: number;
  organsAdded: number;
  /** Cases that were taken although something about them is odd, by kind of oddity. */
  warnings: object;
}

export class ImportProgressView {
  bytesRead: number;
  bytesTotal: number;
  rowsRead: number;
  casesDone: number;
  casesTotal: number;
}

export class ImportView {
  id: string;
  /** The source system, as the mapping names it. */
  system: string;
  organId: string;
  dryRun: boolean;
  status: ImportStatus;
  progress: ImportProgressView;
  /** Null until it is done. */
  summary: ImportSummaryView | null;
  /** Why it failed, and what to do. */
  failure: string | null;
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;

  static of(run: ImportRun): ImportView {
    return Object.assign(new ImportView(), {
      id: run.id,
      system: run.system,
      organId: run.organId,
      dryRun: run.dryRun,
      status: run.status,
      progress: run.progress,
      summary: run.summary,
      failure: run.failure,
      createdBy: run.createdBy,
      createdAt: run.createdAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
    });
  }
}

export class ImportPage implements Page<ImportView> {
  /** Your own, the newest first. */
  items: ImportView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

/** A row that was not accepted. */
export class RejectView {
  file: string;
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  reason: string;
}

export class RejectPage implements Page<RejectView> {
  items: RejectView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
