import { said, type Words } from '../common/words.js';
import type { AssistanceRule, DeploymentRules, NonPoliceRule } from '../rulebook/deployment-rules.js';
import { rankOf } from './articles.js';
import { codeWords, fieldWords } from './code-words.js';
import type { Hit, Reading } from './reading.js';
import type { ActivityType, DeploymentRequest, DisputeKind } from './request.js';
import { actOf, isErrand, isExclusive, keepsOut, type Act, type ReadTask } from './tasks.js';

/** What a field shows, words or not. */
export interface Found {
  readonly where: string;
  readonly text: Words;
}

/** A matter of the non-police list that the request is about. */
export interface Topic {
  readonly rule: NonPoliceRule;
  readonly hits: readonly Hit[];
  /** Which field says so, when no words show it. */
  readonly because?: Found;
}

/** All that the ten questions look at. */
export interface Situation {
  readonly request: DeploymentRequest;
  readonly rules: DeploymentRules;
  readonly reading: Reading;
  readonly tasks: readonly ReadTask[];
  /** What is left when the acts of the agency or the court are taken away. */
  readonly left: readonly ReadTask[];
  readonly stripped: readonly ReadTask[];
  readonly topics: readonly Topic[];
  readonly disputes: readonly DisputeKind[];
  readonly clause?: AssistanceRule;
  readonly ownPolice: boolean;
  /** Police act in a matter of their own, not in another's. */
  readonly ownCase: boolean;
  readonly emergency: boolean;
  readonly emergencyHits: readonly Hit[];
  readonly benefit: readonly Found[];
  readonly restTime: boolean;
  readonly crossCounty: boolean;
  readonly policeTask: boolean;
}

const TEXTS = ['purpose', 'tasks', 'law.whyNotOwnStaff', 'limits', 'requester.document'];
const POLICE_NAME = /公安|派出所|警|police|public security/i;
const HOUR = 3_600_000;

export const requesterType = ({ requester }: DeploymentRequest): string =>
  requester.type === 'GOVERNMENT' ? 'PARTY_OR_GOVERNMENT' : requester.type;

/** Whether police ask for themselves. */
export const isPolice = (request: DeploymentRequest): boolean =>
  ['OWN_UNIT', 'HIGHER_POLICE'].includes(requesterType(request));

const filled = (text: string | null | undefined): boolean =>
  !!text?.trim() && !/^(none|no|nil|n\/a|-+|无|没有|暂无|不需要)[.。]?$/i.test(text.trim());

/** Money, meals, sponsors: in the coded part or in the prose. */
function benefitOf({ money }: DeploymentRequest, reading: Reading): Found[] {
  const coded = (where: string): Found => ({ where, text: fieldWords(where) });
  const fee = money?.fee;
  return [
    ...(fee && Number(fee.amount) > 0
      ? [
          {
            where: 'money.fee',
            text: said`${fieldWords('money.fee')}: ${fee.amount} ${fee.currency}`,
          },
        ]
      : []),
    ...(money?.meals ? [coded('money.meals')] : []),
    ...(filled(money?.sponsor) ? [coded('money.sponsor')] : []),
    ...(filled(money?.payer) ? [coded('money.payer')] : []),
    ...reading
      .of('MONEY', 'purpose', 'tasks', 'law.whyNotOwnStaff', 'limits')
      .map(({ where, words }) => ({ where, text: said`${fieldWords(where)}: "${words}"` })),
  ];
}

/** What the clocks in China show at an instant, such as `2026-03-04T22:30`. */
const clockInChina = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 16);

const inWords = (instant: string): string =>
  clockInChina(Date.parse(instant.toUpperCase())).replace('T', ' ');

/** Whether any of the time lies in a night or on a holiday, in China. */
function atRest({ startsAt, endsAt }: DeploymentRequest, { rest }: DeploymentRules): boolean {
  const end = Date.parse(endsAt.toUpperCase());
  for (
    let at = Date.parse(startsAt.toUpperCase()), steps = 0;
    at < end && steps < 24 * 60;
    at += HOUR / 2, steps += 1
  ) {
    const local = clockInChina(at);
    const hour = Number(local.slice(11, 13));
    if (hour >= rest.from || hour < rest.to) return true;
    if (rest.holidays.includes(local.slice(0, 10)) || rest.everyYear.includes(local.slice(5, 10)))
      return true;
  }
  return false;
}

/** Offences that police look for themselves, or a trade or goods that they supervise. */
const hasPoliceTask = (reading: Reading, { duties }: DeploymentRules): boolean =>
  reading.has('POLICE_TASK', 'tasks') ||
  duties.some(
    ({ id, codes, movedAway, residual }) =>
      codes.length === 0 && !movedAway && !residual && reading.has(id, 'tasks'),
  );

const ofActivity = (type: ActivityType): Found => ({
  where: 'activityType',
  text: said`${fieldWords('activityType')}: ${codeWords(type)}`,
});

function topicsOf(
  request: DeploymentRequest,
  reading: Reading,
  rules: DeploymentRules,
  restTime: boolean,
): Topic[] {
  const has = (id: string): boolean => reading.has(id, ...TEXTS);
  const found = rules.nonPolice.flatMap((rule): Topic[] => {
    const hits = reading.of(rule.id, ...TEXTS);
    const coded = !!request.activityType && rule.activities.includes(request.activityType);
    if (hits.length === 0 && !coded) return [];
    if (rule.unlessPapers && reading.has('COOPERATION_PAPERS')) return [];
    if (rule.unlessPoliceTask && (hasPoliceTask(reading, rules) || reading.has('POLICE_TASK', 'purpose')))
      return [];
    return [{ rule, hits, ...(hits.length === 0 ? { because: ofActivity(request.activityType!) } : {}) }];
  });
  const enforcing =
    found.some(({ rule }) => rules.rest.appliesTo.includes(rule.id)) && requesterType(request) !== 'COURT';
  const night = rules.nonPolice.find(({ id }) => id === rules.rest.warning);
  if (night && enforcing && restTime && !found.some(({ rule }) => rule === night) && !has('COURT_RULING')) {
    found.push({
      rule: night,
      hits: [],
      because: {
        where: 'startsAt',
        text: said`${fieldWords('startsAt')}: ${inWords(request.startsAt)} to ${inWords(request.endsAt)}, at night or on a holiday`,
      },
    });
  }
  return found;
}

/** The clause of the law that tells police to assist in this. */
function clauseOf(
  request: DeploymentRequest,
  reading: Reading,
  tasks: readonly ReadTask[],
  { assistance }: DeploymentRules,
): AssistanceRule | undefined {
  const type = requesterType(request);
  const matching = assistance.filter(
    (rule) =>
      rule.by.includes(type) &&
      (!rule.needsAct ||
        tasks.some(({ act, code }) => rule.acts.includes(act) || rule.acts.includes(code))) &&
      (reading.has(rule.id, 'purpose', 'tasks', 'requester.document', 'law') ||
        (!!request.activityType && rule.activities.includes(request.activityType))),
  );
  // The clause with words in the tasks says more than one that the purpose happens to mention.
  return (
    matching.find((rule) => !rule.general && reading.has(rule.id, 'tasks')) ??
    matching.find((rule) => !rule.general) ??
    matching[0]
  );
}

/** Police act in a matter of their own: a crime, no agency behind it, nothing of the non-police list. */
function isOwnCase(
  request: DeploymentRequest,
  reading: Reading,
  topics: readonly Topic[],
  duties: DeploymentRules['duties'],
): boolean {
  const lead = request.law?.leadAgency;
  const others = ['COURT', 'SUPERVISORY_COMMISSION'].includes(requesterType(request));
  const led = filled(lead) && !POLICE_NAME.test(lead!);
  const matters = topics.filter(({ rule }) => !['NP12', 'NP13'].includes(rule.id));
  const policeMatter = duties.some(
    ({ id, residual }) => !residual && id !== 'DUTY_2' && reading.has(id, 'purpose', 'tasks'),
  );
  const pursues =
    isPolice(request) && request.tasks.some(({ code }) => ['CRIME', 'SEIZE'].includes(actOf(code)));
  return (
    !others &&
    !led &&
    matters.length === 0 &&
    (policeMatter || pursues || reading.has('OWN_CASE') || reading.has('POLICE_TASK', 'purpose', 'tasks'))
  );
}

const emergencyHits = (reading: Reading): Hit[] =>
  reading.of('EMERGENCY', 'purpose', 'tasks').filter(({ conditional, past }) => !conditional && !past);

export function situationOf(
  request: DeploymentRequest,
  reading: Reading,
  tasks: readonly ReadTask[],
  rules: DeploymentRules,
): Situation {
  const restTime = atRest(request, rules);
  const topics = topicsOf(request, reading, rules, restTime);
  const clause = clauseOf(request, reading, tasks, rules);
  const ownCase = isOwnCase(request, reading, topics, rules.duties);
  const allowed = (act: Act, { code }: ReadTask): boolean =>
    (!!clause &&
      (clause.acts.includes(act) ||
        clause.acts.includes(code) ||
        (act === 'PARTICIPATE' && !clause.general))) ||
    (ownCase && act !== 'COLLECT' && !isErrand(act));
  const petitioners = topics.some(({ rule }) => rule.id === 'NP08');
  const stripped = tasks.filter(
    (task) =>
      (task.act === 'ESCORT' && petitioners) ||
      (isErrand(task.act) && !allowed(task.act, task)) ||
      (isExclusive(task.act) && ![task.act, ...task.exclusive].every((act) => allowed(act, task))),
  );
  const left = tasks.filter((task) => !stripped.includes(task));
  const danger = emergencyHits(reading);
  const shaped = topics.length > 0 || (request.disputes ?? []).length > 0;
  const prose = rules.signals
    .filter(({ id, dispute }) => dispute && reading.has(id, ...TEXTS))
    .map(({ dispute }) => dispute as DisputeKind);
  return {
    request,
    rules,
    reading,
    tasks,
    left,
    stripped,
    topics,
    disputes: [
      ...new Set([
        ...(request.disputes ?? []),
        ...topics.flatMap(({ rule }) => rule.disputes as DisputeKind[]),
        ...prose,
      ]),
    ],
    ...(clause ? { clause } : {}),
    ownCase,
    ownPolice: isPolice(request),
    // The flag alone does not turn a demolition into an emergency: the prose has to show the danger.
    emergency: danger.length > 0 || (request.lifeOrCrimeAtStake === true && !shaped),
    emergencyHits: danger,
    benefit: benefitOf(request, reading),
    restTime,
    crossCounty: reading.has('NP12', 'purpose', 'tasks') || request.activityType === 'CROSS_REGION_CASE',
    policeTask: hasPoliceTask(reading, rules),
  };
}

/** Whether the act of the other agency stands on something: a ruling, a decision, a law. */
export function lawfulBasis({ request, reading, topics, restTime, rules }: Situation): boolean {
  const written = ['law.leadAgencyBasis', 'law.assistanceDocument', 'requester.document'];
  if (topics.some(({ rule }) => rule.unlawfulBeside)) return false;
  if (reading.has('UNLAWFUL_ACT')) return false;
  const ruling = reading.has('COURT_RULING', ...written, 'purpose', 'tasks');
  if (topics.some(({ rule }) => rule.courtRuling) || requesterType(request) === 'COURT') return ruling;
  if (restTime && topics.some(({ rule }) => rules.rest.appliesTo.includes(rule.id))) return false;
  const law = (request.law?.articles ?? []).some((article) => rankOf(article, rules.laws) !== 'DOCUMENT');
  const named = reading.has('LEGAL_BASIS', ...written);
  const nothingBut = reading.has('NO_BASIS', 'law.leadAgencyBasis');
  return ruling || (named && !nothingBut) || (law && filled(request.law?.leadAgencyBasis) && !nothingBut);
}

/** A request on paper. */
export function inWriting({ request, reading }: Situation): boolean {
  const { document } = request.requester;
  const paper =
    filled(request.law?.assistanceDocument) || filled(document?.number) || filled(document?.title);
  return paper && !reading.has('ORAL_ORDER', 'law.assistanceDocument', 'requester.document');
}

/** Whether another agency leads, so that question 4 is asked. */
export function agencyLeads({ request, reading, topics, clause, left, ownPolice }: Situation): boolean {
  const type = requesterType(request);
  const lead = request.law?.leadAgency;
  const asksForItself = ['CITIZEN', 'ENTERPRISE', 'EVENT_ORGANISER'].includes(type);
  const onlyTraffic = left.length > 0 && left.every(({ act }) => act === 'TRAFFIC');
  const enforced = ({ rule }: Topic): boolean =>
    ['NP01', 'NP05', 'NP09'].includes(rule.id) ||
    // To lead the traffic helps nobody to collect fees.
    (rule.id === 'NP04' && !onlyTraffic);
  if (topics.some(enforced)) return true;
  if (topics.some(({ rule }) => rule.id === 'NP13') && !asksForItself) return true;
  if (clause && !clause.policeWork && !(ownPolice && clause.general))
    return type !== 'CITIZEN' || !clause.general;
  const onlyDuty =
    left.length > 0 &&
    left.every(({ act }) => act === 'CRIME' || act === 'RESCUE' || act === 'TRAFFIC' || act === 'DUTY');
  if (clause?.policeWork || onlyDuty) return false;
  if (type === 'COURT' || type === 'SUPERVISORY_COMMISSION') return true;
  if (ownPolice || asksForItself) return false;
  // Order at a race is the police's own; order where an agency does what is its own is help with that.
  if (filled(lead)) {
    const own = reading.has('GATHERING', 'purpose', 'tasks');
    return !POLICE_NAME.test(lead!) && (!own || left.every(({ act }) => act !== 'ORDER'));
  }
  return type === 'OTHER_AGENCY' && reading.has('AGENCY_ACT', 'purpose');
}

export const keepingOut = (tasks: readonly ReadTask[]): boolean =>
  tasks.every(({ act }) => keepsOut.has(act));
