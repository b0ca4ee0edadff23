import type { AllegationView, FindingView } from '../casefiles/dto/case-file.view.js';
import type { FindingStage } from '../investigations/finding.entity.js';

/** The finding of a stage that is in force: its highest revision. */
export const findingInForce = ({ findings }: AllegationView, stage: FindingStage): FindingView | undefined =>
  findings.filter((finding) => finding.stage === stage).sort((a, b) => b.revision - a.revision)[0];
