import { textsOf, type Words } from '../common/words.js';
import type { Judgement } from './judgement.js';
import { requesterType, type Situation } from './situation.js';

export interface EdgeCase {
  readonly code: string;
  readonly text: Words;
  readonly article: string;
}

type Applies = (situation: Situation, judgement: Judgement, atLeast: number) => boolean;

const activity = ({ request }: Situation): string => request.activityType ?? '';
const about = (situation: Situation, id: string): boolean =>
  situation.topics.some(({ rule }) => rule.id === id);

/** When each edge case of the rulebook applies. */
const conditions: Readonly<Record<string, Applies>> = {
  court: (s) => requesterType(s.request) === 'COURT' || activity(s) === 'COURT_ENFORCEMENT',
  demolition: (s) => about(s, 'NP01') && s.reading.has('COURT_RULING'),
  joint: (s) => activity(s) === 'JOINT_INSPECTION' || s.reading.has('NP13', 'purpose', 'tasks'),
  emergency: (_s, { outcome }) => outcome === 'EMERGENCY_PROVISIONAL',
  late: (s) => s.reading.has('AFTER_THE_FACT', 'purpose', 'tasks'),
  limited: (_s, { outcome }) => outcome === 'STANDBY_ONLY' || outcome === 'LAWFUL_ASSISTANCE',
  largeEvent: (s, _j, atLeast) => (s.request.expectedPeople ?? 0) >= atLeast && activity(s) === 'EVENT',
  gathering: (s) =>
    (s.request.expectedPeople ?? 0) < 1000 &&
    s.reading.has('DUTY_2', 'purpose') &&
    s.left.some(({ act }) => act === 'ORDER'),
  assembly: (s) => activity(s) === 'ASSEMBLY' || s.reading.has('DUTY_8', 'purpose', 'tasks'),
  massIncident: (s) => s.reading.has('MASS_INCIDENT', 'purpose', 'tasks'),
  disaster: (s) => activity(s) === 'DISASTER_OR_EPIDEMIC' || s.clause?.id === 'ASSIST_EMERGENCY_RESPONSE',
  oral: (s) => s.reading.has('ORAL_ORDER'),
  higherPolice: (s) => requesterType(s.request) === 'HIGHER_POLICE',
  auxiliariesOnly: (s) => s.request.force.officers === 0,
  privateJob: (s) => about(s, 'NP07'),
  refused: (_s, { outcome }) => outcome === 'NOT_POLICE_WORK',
};

export const edgeCaseConditions: ReadonlySet<string> = new Set(Object.keys(conditions));

export const edgeCasesOf = (situation: Situation, judgement: Judgement): EdgeCase[] =>
  situation.rules.edgeCases
    .filter(({ when, atLeast }) => conditions[when]?.(situation, judgement, atLeast ?? 0))
    .map((rule) => ({ code: rule.id, text: textsOf(rule), article: rule.article }));
