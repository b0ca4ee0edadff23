import { Page } from '../../common/pages.js';
import { FindingOutcome, FindingStage } from '../finding.entity.js';

export class RecordedFindingView {
  id: string;
  allegationId: string;
  stage: FindingStage;
  revision: number;
  outcome: FindingOutcome;
  recordedAt: string;
}

export class AssignmentView {
  id: string;
  userId: string;
  isLead: boolean;
  assignedAt: string;
  withdrawnAt: string | null;
}

/** Somebody who could be assigned to a case. */
export class CandidateView {
  userId: string;
  name: string;
}

export class CandidatePage implements Page<CandidateView> {
  items: CandidateView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
