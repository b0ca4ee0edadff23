import type { DeploymentRules } from '../rulebook/deployment-rules.js';
import { edgeCasesOf, type EdgeCase } from './edge-cases.js';
import { judge, type Outcome } from './judgement.js';
import { levelOf, type Level } from './level.js';
import { Reading } from './reading.js';
import { reasonsOf, type Reason } from './reasons.js';
import type { DeploymentRequest } from './request.js';
import { situationOf } from './situation.js';
import { readTasks } from './tasks.js';
import { warningsOf, type Warning } from './warnings.js';

export interface DutyTestResult {
  readonly outcome: Outcome;
  readonly level: Level;
  /** Who decides at that level. */
  readonly decidedBy: string;
  /** Each wants an answer in writing. */
  readonly warnings: Warning[];
  /** The ten questions in their order. */
  readonly reasons: Reason[];
  /** How cases like this are handled. */
  readonly edgeCases: EdgeCase[];
}

/**
 * Is it police work? Answers for every well-formed request, by the rules given and by nothing else. It prepares a
 * decision and takes none.
 */
export function dutyTest(request: DeploymentRequest, rules: DeploymentRules): DutyTestResult {
  const reading = new Reading(request, rules);
  const situation = situationOf(request, reading, readTasks(request, reading, rules), rules);
  const judgement = judge(situation);
  const level = levelOf(situation, judgement);
  return {
    outcome: judgement.outcome,
    level: level.level,
    decidedBy: level.who,
    warnings: warningsOf(situation, judgement),
    reasons: reasonsOf(situation, judgement, level),
    edgeCases: edgeCasesOf(situation, judgement),
  };
}
