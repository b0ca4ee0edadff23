import { asWritten, listed, said, textsOf, type Words } from '../common/words.js';
import type { DeploymentRules, DutyRule } from '../rulebook/deployment-rules.js';
import { isArticle, rankOf } from './articles.js';
import { codeWords } from './code-words.js';
import { quotation } from './reading.js';
import {
  agencyLeads,
  inWriting,
  keepingOut,
  lawfulBasis,
  requesterType,
  type Situation,
} from './situation.js';
import { isErrand, type Act, type ReadTask } from './tasks.js';

export const outcomes = [
  'POLICE_WORK',
  'LAWFUL_ASSISTANCE',
  'STANDBY_ONLY',
  'NOT_POLICE_WORK',
  'EMERGENCY_PROVISIONAL',
  'NEEDS_HIGHER_APPROVAL',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What a reader knows an outcome as. */
export const outcomeWords = (outcome: Outcome, rules: DeploymentRules): Words =>
  textsOf(rules.outcomes.find(({ code }) => code === outcome) ?? asWritten(outcome));

export interface Judgement {
  readonly outcome: Outcome;
  /** The question that settled it. */
  readonly question: number;
  readonly why: Words;
  readonly article?: string;
}

type Step = (situation: Situation) => Judgement | undefined;

const judged = (outcome: Outcome, question: number, why: Words, article?: string): Judgement => ({
  outcome,
  question,
  why,
  ...(article === undefined ? {} : { article }),
});

const only = (tasks: readonly ReadTask[], ...acts: readonly Act[]): boolean =>
  tasks.length > 0 && tasks.every(({ act }) => acts.includes(act));

const topic = ({ topics }: Situation, id: string): boolean => topics.some(({ rule }) => rule.id === id);

const emergency: Step = ({ emergency: now, emergencyHits, rules }) =>
  now && rules.levels.some(({ measure }) => measure === 'emergency')
    ? judged(
        'EMERGENCY_PROVISIONAL',
        1,
        emergencyHits.length > 0
          ? said`danger now: ${quotation(emergencyHits[0]!)}`
          : said`the request says that life or a crime is at stake`,
      )
    : undefined;

/** Duty 4 went to the fire-rescue force, save for what a provision leaves with the police station. */
const movedAway: Step = (situation) => {
  const { left, reading, request, rules } = situation;
  const moved = rules.duties.find(
    ({ movedAway: day }) => day !== undefined && day <= request.startsAt.slice(0, 10),
  );
  if (!moved?.leftBy || left.length === 0) return undefined;
  const claimed = request.law?.duties ?? [];
  const about = (task: ReadTask): boolean =>
    task.duties.includes(moved.id) || (task.duties.length === 0 && reading.has(moved.id, 'purpose'));
  const onlyClaimed = claimed.length > 0 && claimed.every((number) => number === moved.number);
  if (!left.every(about) && !(onlyClaimed && left.every(({ act }) => act === 'OTHER'))) return undefined;
  const leftBy = moved.leftBy;
  const named = (request.law?.articles ?? []).some((text) => isArticle(text, leftBy, rules.laws));
  return named
    ? judged('POLICE_WORK', 3, said`${moved.leftBy} leaves this check with the police station`, moved.leftBy)
    : judged(
        'NOT_POLICE_WORK',
        2,
        said`duty 4 has been with the fire-rescue force since 2018`,
        moved.article,
      );
};

/** Question 4, with what is left after question 5. */
const agency: Step = (situation) => {
  if (!agencyLeads(situation)) return undefined;
  const { left, request, policeTask, topics } = situation;
  const weight = topics.length > 0 && topics.every(({ rule }) => rule.id === 'NP13') && !policeTask;
  // A clause about police work proper, such as a flood, does not cover the demolition that is asked for with it.
  const clause =
    situation.clause?.policeWork || (weight && situation.clause?.general) ? undefined : situation.clause;
  if (left.length === 0) return undefined;
  // A car that only makes an inspection look serious keeps nobody from violence.
  if (weight && left.every(({ act, hits }) => act === 'STANDBY' && hits.length === 0))
    return judged('NOT_POLICE_WORK', 4, said`no law names the police for what they would do here`);
  const court = requesterType(request) === 'COURT';
  const ruled = court || topics.some(({ rule }) => rule.courtRuling);
  const basis = lawfulBasis(situation);
  const paper = inWriting(situation);
  if (policeTask && (topic(situation, 'NP13') || request.activityType === 'JOINT_INSPECTION'))
    return undefined;
  if (only(left, 'CRIME', 'RESCUE') && !clause) return undefined;
  if (clause && clausePermits(situation)) {
    if (clause.general && !only(left, 'STANDBY')) {
      return basis && paper
        ? judged(
            'LAWFUL_ASSISTANCE',
            4,
            said`${clause.article} asks everybody to support; nothing here is compulsion`,
            clause.article,
          )
        : judged('NOT_POLICE_WORK', 4, lacking(basis, paper), clause.article);
    }
    if (!only(left, 'STANDBY')) {
      return basis && paper
        ? judged('LAWFUL_ASSISTANCE', 4, said`${clause.article}: ${clause}`, clause.article)
        : judged('NOT_POLICE_WORK', 4, lacking(basis, paper), clause.article);
    }
  }
  if (keepingOut(left) && (court || left.every(({ act }) => act !== 'PROTECT'))) {
    const apart = left.every(({ act }) => act === 'STANDBY' || act === 'OUTER');
    if (basis && (apart || (ruled && (paper || !court)))) {
      return judged(
        'STANDBY_ONLY',
        4,
        said`they only wait near by and take no part; the act of the agency has a basis of its own`,
      );
    }
    return judged(
      'NOT_POLICE_WORK',
      4,
      basis
        ? said`no law names the police for this, and they would be at the act itself`
        : lacking(basis, paper),
    );
  }
  return judged('NOT_POLICE_WORK', 4, said`no law names the police for what they would do here`);
};

/** Whether the clause is about what they would do, and not only about the matter. */
function clausePermits({ clause, left, reading }: Situation): boolean {
  if (!clause) return false;
  if (clause.needsAct)
    return left.some(({ act, code }) => clause.acts.includes(act) || clause.acts.includes(code));
  return left.every(
    ({ act, code, index }) =>
      clause.acts.includes(act) ||
      clause.acts.includes(code) ||
      ['STANDBY', 'OUTER', 'ORDER', 'TRAFFIC', 'PROTECT', 'RESCUE'].includes(act) ||
      (act === 'CRIME' && !clause.general) ||
      (act === 'OTHER' &&
        (clause.general ||
          reading.has(clause.id, 'tasks') ||
          reading.inTask('ACT_PARTICIPATE', index).length > 0)) ||
      // To help is what a clause is for; where it only asks everybody to support, such tasks are struck before.
      act === 'PARTICIPATE' ||
      act === 'DUTY',
  );
}

function lacking(basis: boolean, paper: boolean): Words {
  const missing = [
    ...(basis ? [] : [said`the act has no valid basis of its own (a ruling, decision or law)`]),
    ...(paper ? [] : [said`there is no written request`]),
  ];
  return missing.length > 0 ? listed(missing, ', and ', '，且') : said`no law names the police for this`;
}

/** What is struck and leaves nothing: acts of the agency or the court, or errands that are nobody's duty. */
const nothingLeft: Step = ({ left, stripped, topics }) => {
  if (left.length > 0) return undefined;
  const acts = listed([...new Set(stripped.map(({ act }) => act))].map(codeWords));
  return stripped.some(({ act }) => !isErrand(act))
    ? judged('NOT_POLICE_WORK', 5, said`all that is asked for are acts of others: ${acts}`)
    : judged('NOT_POLICE_WORK', 2, said`no duty covers it: ${acts}`, topics[0]?.rule.article);
};

const money: Step = ({ benefit }) =>
  benefit.length > 0
    ? judged(
        'NOT_POLICE_WORK',
        7,
        said`a benefit is offered (${benefit[0]!.text}); a clue is to be opened`,
        '警察法 22(10)',
      )
    : undefined;

/** An approval that a law demands and the request does not carry. */
const higherApproval: Step = (situation) => {
  const { reading, rules, request } = situation;
  for (const approval of rules.approvals) {
    const asked = controlsOf(situation, approval.control).includes(approval.id);
    if (!asked || approval.ordinaryFor.includes(request.activityType ?? '')) continue;
    if (!reading.has(approval.carriedBy))
      return judged('NEEDS_HIGHER_APPROVAL', 9, textsOf(approval), approval.article);
  }
  return undefined;
};

const controlSignals: Readonly<Record<string, string>> = {
  ART_17: 'ON_SCENE_CONTROL',
  ART_15: 'AREA_CONTROL',
  ART_14: 'RESTRAINT',
};

/** The approvals of that kind of control which the words of the request call for. */
export const controlsOf = ({ reading, rules, clause }: Situation, control: string): string[] =>
  rules.approvals
    .filter(
      (approval) =>
        approval.control === control && reading.has(controlSignals[approval.id] ?? '', 'purpose', 'tasks'),
    )
    .filter(
      ({ id }) => id !== 'ART_14' || clause?.id !== 'ASSIST_MENTAL' || reading.has('RESTRAINT', 'tasks'),
    )
    // Under martial law its own order limits who may pass.
    .filter(({ id }) => id !== 'ART_15' || clause?.id !== 'ASSIST_MARTIAL_LAW')
    .map(({ id }) => id);

const ONE_SIDE = [
  'ENTERPRISE',
  'CITIZEN',
  'EVENT_ORGANISER',
  'PARTY_OR_GOVERNMENT',
  'SUBDISTRICT_OR_VILLAGE',
  'OTHER_AGENCY',
];

/** Question 8. */
const dispute: Step = (situation) => {
  const { disputes, left, reading, request, topics } = situation;
  if (disputes.length === 0 || topic(situation, 'NP10')) return undefined;
  if (left.every(({ act }) => act === 'CRIME' || act === 'RESCUE' || act === 'DUTY')) return undefined;
  if (only(left, 'STANDBY'))
    return judged(
      'STANDBY_ONLY',
      8,
      said`they only wait near a dispute (${listed(disputes.map(codeWords))})`,
    );
  const oneSide = ONE_SIDE.includes(requesterType(request));
  const neutral = reading.has('NEUTRAL', 'purpose', 'tasks') && requesterType(request) !== 'ENTERPRISE';
  if (!oneSide || neutral) return undefined;
  // A dispute makes less of what would be police work, and nothing of what would be none.
  return coveringDuties(situation).length > 0
    ? judged(
        'STANDBY_ONLY',
        8,
        said`a dispute (${listed(disputes.map(codeWords))}) in which one side asks for police`,
        topics.find(({ rule }) => rule.disputes.length > 0)?.rule.article,
      )
    : undefined;
};

/** Private guarding, ceremonies, help and errands that are nobody's duty. */
const errands: Step = (situation) => {
  const { left, request, reading, rules } = situation;
  const refuse = (id: string): Judgement | undefined => {
    const rule = rules.nonPolice.find((row) => row.id === id);
    return rule && topic(situation, id)
      ? judged('NOT_POLICE_WORK', 2, textsOf(rule), rule.article)
      : undefined;
  };
  const danger = reading.has('DUTY_21', 'purpose', 'tasks') || reading.all('EMERGENCY').length > 0;
  const duty = left.some(({ act }) => act === 'CRIME' || (act === 'RESCUE' && danger));
  // A firm that wants its gate guarded does not ask for advice on security, whatever it calls it.
  const guarded = requesterType(request) === 'ENTERPRISE' && reading.has('ACT_GUARD', 'purpose', 'tasks');
  const important = left.some(({ duties }) =>
    duties.some((id) => ['DUTY_7', 'DUTY_5'].includes(id) || (id === 'DUTY_13' && !guarded)),
  );
  if (only(left, 'STANDBY')) return undefined;
  if (
    !duty &&
    !important &&
    left.some(
      ({ act }) =>
        ['ORDER', 'PROTECT', 'ESCORT', 'OTHER', 'OUTER'].includes(act) || (guarded && act === 'DUTY'),
    )
  ) {
    const guarding = refuse('NP07');
    if (guarding) return guarding;
  }
  const blows = reading
    .of('BLOWS', 'purpose', 'tasks')
    .some(({ conditional, past }) => !conditional && !past);
  const violent = blows || reading.all('EMERGENCY').length > 0 || reading.has('DUTY_1', 'purpose', 'tasks');
  if (!duty && !violent && !left.some(({ act }) => act === 'TRAFFIC')) {
    const help = refuse('NP10');
    if (help) return help;
  }
  const large =
    (request.expectedPeople ?? 0) >=
    (rules.edgeCases.find(({ id }) => id === 'LARGE_EVENT')?.atLeast ?? 1000);
  if (
    !duty &&
    !important &&
    !blows &&
    only(left, 'ORDER', 'OTHER', 'PROTECT', 'ESCORT', 'STANDBY') &&
    !large
  ) {
    const ceremony = refuse('NP06');
    if (ceremony) return ceremony;
  }
  return only(left, 'OTHER', 'ESCORT') ? (refuse('NP08') ?? refuse('NP11') ?? refuse('NP13')) : undefined;
};

const waiting: Step = ({ left, ownPolice }) =>
  only(left, 'STANDBY') && !ownPolice
    ? judged('STANDBY_ONLY', 2, said`they only wait near by and take no part`, '警察法 6')
    : undefined;

/** The duties that cover what is left. */
export function coveringDuties({ left, reading, rules, request, ownCase }: Situation): DutyRule[] {
  const usual: Partial<Record<Act, string>> = {
    ORDER: 'DUTY_2',
    OUTER: 'DUTY_2',
    STANDBY: 'DUTY_2',
    TRAFFIC: 'DUTY_3',
    CRIME: 'DUTY_1',
    RESCUE: 'DUTY_21',
    ...(ownCase ? { SEIZE: 'DUTY_1', REMOVE: 'DUTY_1', SERVE: 'DUTY_1' } : {}),
  };
  const ids = left.flatMap(({ act, duties }) => [...duties, ...(usual[act] ? [usual[act]] : [])]);
  const mentioned = rules.duties.filter(({ id, residual }) => !residual && reading.has(id, 'purpose'));
  const vague = left.some(
    ({ act, duties }) =>
      duties.length === 0 &&
      ['OTHER', 'PROTECT', 'ESCORT', 'SEIZE', 'REMOVE', 'SERVE', 'CUSTODY', 'DEMOLISH'].includes(act),
  );
  const byActivity = vague
    ? rules.duties.filter(({ activities }) => activities.includes(request.activityType ?? ''))
    : [];
  const all = new Set([
    ...ids,
    ...(vague ? mentioned : byActivity).map(({ id }) => id),
    ...byActivity.map(({ id }) => id),
  ]);
  return rules.duties.filter(
    ({ id, movedAway }) => all.has(id) && (!movedAway || movedAway > request.startsAt.slice(0, 10)),
  );
}

const duties: Step = (situation) => {
  const covering = coveringDuties(situation);
  const [first] = covering;
  return first
    ? judged(
        'POLICE_WORK',
        2,
        listed(
          covering.map((duty) => said`${duty.article}: ${duty}`),
          '; ',
          '；',
        ),
        first.article,
      )
    : undefined;
};

/** Question 3. */
const residual: Step = ({ request, rules }) => {
  const articles = request.law?.articles ?? [];
  const named = articles.find(
    (article) =>
      ['LAW', 'REGULATION'].includes(rankOf(article, rules.laws)) &&
      !/^(人民)?警察法|police law/i.test(article),
  );
  if (!rules.duties.some((duty) => duty.residual)) return undefined;
  if (named && (request.law?.duties ?? []).includes(14)) {
    return judged('POLICE_WORK', 3, said`duty 14, by ${named}`, '警察法 6(14)');
  }
  return (request.law?.duties ?? []).includes(14)
    ? judged(
        'NOT_POLICE_WORK',
        3,
        said`duty 14 is claimed, and no law or administrative regulation is named`,
        '警察法 6(14)',
      )
    : undefined;
};

const steps: readonly Step[] = [
  emergency,
  movedAway,
  agency,
  nothingLeft,
  money,
  higherApproval,
  errands,
  dispute,
  waiting,
  duties,
  residual,
];

/** Asks in order; what settles the matter first settles it. A refusal outranks what only limits. */
export function judge(situation: Situation): Judgement {
  let open: Judgement | undefined;
  for (const step of steps) {
    const answer = step(situation);
    if (!answer) continue;
    // A permission that question 4 gives still has to pass the questions about money and higher approval.
    const permits = step === agency && answer.outcome !== 'NOT_POLICE_WORK';
    if (!permits) {
      if (!open || step === money || step === higherApproval || step === nothingLeft) return answer;
      return open;
    }
    open = answer;
  }
  return open ?? judged('NOT_POLICE_WORK', 2, said`no duty covers what police would do`);
}
