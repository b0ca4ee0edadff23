import type { LevelRule } from '../rulebook/deployment-rules.js';
import { controlsOf, coveringDuties, type Judgement } from './judgement.js';
import type { Situation } from './situation.js';

export const levels = ['L0', 'L1', 'L2', 'L3', 'L4'] as const;
export type Level = (typeof levels)[number];

const weapons = { NONE: 0, ROUTINE: 1, BEYOND_ROUTINE: 2 };

/** What the thresholds of the rulebook are compared with. */
function measures(situation: Situation, { outcome }: Judgement): Record<string, number> {
  const { request, disputes, reading, crossCounty } = situation;
  return {
    always: 1,
    emergency: outcome === 'EMERGENCY_PROVISIONAL' ? 1 : 0,
    officers: request.force.officers,
    expectedPeople: request.expectedPeople ?? 0,
    disputes: disputes.length,
    weapons: weapons[request.force.weapons ?? 'ROUTINE'],
    sensitive: reading.has('SENSITIVE', 'purpose', 'tasks', 'limits', 'law.whyNotOwnStaff') ? 1 : 0,
    crossCounty: crossCounty ? 1 : 0,
    areaControl: controlsOf(situation, 'areaControl').length,
    sceneControl: controlsOf(situation, 'sceneControl').length,
  };
}

/** The smallest level wants all of this at once; whatever it lacks is decided above. */
function isSmall(situation: Situation, { outcome }: Judgement): boolean {
  const { request, disputes, topics } = situation;
  const covering = coveringDuties(situation);
  return (
    outcome === 'POLICE_WORK' &&
    request.force.weapons === 'NONE' &&
    request.force.officers > 0 &&
    disputes.length === 0 &&
    topics.length === 0 &&
    covering.length > 0 &&
    covering.every(({ level1 }) => level1)
  );
}

/** The rule that names the level: the highest one whose threshold is reached. */
export function levelOf(situation: Situation, judgement: Judgement): LevelRule {
  const measured = measures(situation, judgement);
  const reached = situation.rules.levels.filter(({ level, measure, atLeast, atMost }) => {
    const value = measured[measure] ?? 0;
    if (level === 'L1' && !isSmall(situation, judgement)) return false;
    return value >= (atLeast ?? (atMost === undefined ? 1 : 0)) && (atMost === undefined || value <= atMost);
  });
  const emergency = reached.find(({ level }) => level === 'L0');
  if (emergency) return emergency;
  const above = reached
    .filter(({ measure }) => measure !== 'always')
    .sort((a, b) => b.level.localeCompare(a.level));
  return above[0] ?? reached[0] ?? situation.rules.levels.at(-1)!;
}
