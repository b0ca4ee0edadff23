import type { DeploymentRules } from '../rulebook/deployment-rules.js';
import { edgeCasesOf, type EdgeCase } from './edge-cases.js';
import { judge, type Judgement, type Outcome } from './judgement.js';
import { levelOf, type Level } from './level.js';
import { Reading } from './reading.js';
import { reasonsOf, type Reason } from './reasons.js';
import type { DeploymentRequest } from './request.js';
import { situationOf, type Situation } from './situation.js';
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

function situationIn(request: DeploymentRequest, rules: DeploymentRules): Situation {
  const reading = new Reading(request, rules);
  return situationOf(request, reading, readTasks(request, reading, rules), rules);
}

/** A task that is struck must not open a door by its words: without it the answer may only be friendlier. */
function judgedWithCare(situation: Situation): Judgement {
  const { request, rules, left, stripped } = situation;
  const whole = judge(situation);
  if (stripped.length === 0 || left.length === 0 || whole.outcome === 'EMERGENCY_PROVISIONAL') return whole;
  const tasks = left.map(({ index }) => request.tasks[index]!);
  const rest = judge(situationIn({ ...request, tasks }, rules));
  const friendliness = ({ outcome }: Judgement): number =>
    rules.outcomes.findIndex(({ code }) => code === outcome);
  return friendliness(rest) < friendliness(whole) ? rest : whole;
}

/**
 * Is it police work? Answers for every well-formed request, by the rules given and by nothing else. It prepares a
 * decision and takes none.
 */
export function dutyTest(request: DeploymentRequest, rules: DeploymentRules): DutyTestResult {
  const situation = situationIn(request, rules);
  const judgement = judgedWithCare(situation);
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
