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
