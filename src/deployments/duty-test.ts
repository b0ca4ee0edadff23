import type { Words } from '../common/words.js';
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

/** Each text in both languages, so that what is kept of a test is readable in either later. */
export interface DutyTestResult {
  readonly outcome: Outcome;
  readonly level: Level;
  /** Who decides at that level. */
  readonly decidedBy: Words;
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

/** Struck tasks whose combinations are all looked at; each doubles the work. */
const COMBINED = 6;

/**
 * A task that is struck must not open a door by its words: the request is judged with and without each of them, and
 * the least friendly answer counts. So adding one never helps.
 */
function judgedWithCare(situation: Situation): Judgement {
  const { request, rules, stripped } = situation;
  const whole = judge(situation);
  if (whole.outcome === 'EMERGENCY_PROVISIONAL') return whole;
  const friendliness = ({ outcome }: Judgement): number =>
    rules.outcomes.findIndex(({ code }) => code === outcome);
  return withoutSome(request, [...new Set(stripped.map(({ index }) => index))])
    .map((less) => judge(situationIn(less, rules)))
    .reduce((worst, other) => (friendliness(other) < friendliness(worst) ? other : worst), whole);
}

/** The request without each choice of these tasks that leaves one. */
function withoutSome(request: DeploymentRequest, struck: readonly number[]): DeploymentRequest[] {
  const choices = struck
    .slice(0, COMBINED)
    .reduce<number[][]>((sets, index) => [...sets, ...sets.map((set) => [...set, index])], [[]]);
  return [...choices.slice(1), ...(struck.length > COMBINED ? [[...struck]] : [])]
    .map((gone) => request.tasks.filter((_, index) => !gone.includes(index)))
    .filter((tasks) => tasks.length > 0)
    .map((tasks) => ({ ...request, tasks }));
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
