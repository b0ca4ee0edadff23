import type { DeploymentRules } from '../rulebook/deployment-rules.js';
import type { Hit, Reading } from './reading.js';
import type { DeploymentRequest, TaskCode } from './request.js';

/** What police would do, after reading code and text of a task together. */
export type Act =
  | 'STANDBY'
  | 'OUTER'
  | 'ORDER'
  | 'TRAFFIC'
  | 'PROTECT'
  | 'CRIME'
  | 'RESCUE'
  | 'ESCORT'
  | 'CUSTODY'
  | 'DUTY'
  | 'GUARD'
  | 'CEREMONIAL'
  | 'SERVICE'
  | 'OTHER'
  | 'REMOVE'
  | 'DEMOLISH'
  | 'SEIZE'
  | 'COLLECT'
  | 'SERVE'
  | 'PARTICIPATE';

const byCode: Readonly<Record<TaskCode, Act>> = {
  STAND_BY: 'STANDBY',
  KEEP_ORDER: 'ORDER',
  TRAFFIC: 'TRAFFIC',
  PROTECT_PERSONS: 'PROTECT',
  STOP_CRIME: 'CRIME',
  MAKE_ARRESTS: 'CRIME',
  ESCORT: 'ESCORT',
  RESCUE: 'RESCUE',
  REMOVE_PEOPLE: 'REMOVE',
  DEMOLISH_OR_CLEAR: 'DEMOLISH',
  SEARCH_OR_SEIZE: 'SEIZE',
  DETAIN_BY_COURT_ORDER: 'CUSTODY',
  SERVE_PAPERS: 'SERVE',
  GUARD_PROPERTY: 'GUARD',
  CEREMONIAL: 'CEREMONIAL',
  COLLECT_MONEY: 'COLLECT',
  OTHER: 'OTHER',
};

/** What a code says of itself, before the words are read. */
export const actOf = (code: TaskCode): Act => byCode[code];

const exclusiveActs: ReadonlySet<Act> = new Set([
  'REMOVE',
  'DEMOLISH',
  'SEIZE',
  'COLLECT',
  'SERVE',
  'PARTICIPATE',
]);

export const isExclusive = (act: Act): boolean => exclusiveActs.has(act);

/** Guarding for others, ceremonies, errands: no duty of anybody in the police. */
export const isErrand = (act: Act): boolean => act === 'GUARD' || act === 'CEREMONIAL' || act === 'SERVICE';

/** Acts by which police take no part in the act of another. */
export const keepsOut: ReadonlySet<Act> = new Set(['STANDBY', 'OUTER', 'ORDER', 'TRAFFIC', 'PROTECT']);

export interface ReadTask {
  readonly index: number;
  readonly code: TaskCode;
  /** What it comes to. */
  readonly act: Act;
  /** All acts of the agency's or the court's own that it holds. */
  readonly exclusive: readonly Act[];
  /** Duties that its code or text is about. */
  readonly duties: readonly string[];
  /** Words that decided it. */
  readonly hits: readonly Hit[];
  /** Code and text say different things. */
  readonly disagrees: boolean;
}

const NEAR = 60;
const SERVICES = ['NP10', 'NP11'];
const MATTERS = ['NP01', 'NP02', 'NP03', 'NP04', 'NP05', 'NP08', 'NP09', 'NP11'];

/** Whether the words go on to name somebody else who acts: "accompany the inspectors". */
function besideOthers(text: string, { end }: Hit, { reading: { agents } }: DeploymentRules): boolean {
  const next = text.slice(end, end + 40).toLowerCase();
  const words = next.split(/[^a-z]+/).slice(0, 5);
  return (
    words.some((word) => agents.en.has(word)) || agents.zh.some((agent) => next.slice(0, 10).includes(agent))
  );
}

const isLabel = (words: string, { reading: { labels } }: DeploymentRules): boolean =>
  labels.en.has(words.toLowerCase()) || labels.zh.includes(words);

/** Reads one task. */
function readTask(
  request: DeploymentRequest,
  reading: Reading,
  rules: DeploymentRules,
  index: number,
): ReadTask {
  const { code } = request.tasks[index]!;
  const hits = (rule: string): readonly Hit[] => reading.inTask(rule, index);
  const own = actOf(code);
  const byText = rules.duties.filter(({ id }) => hits(id).length > 0).map(({ id }) => id);
  // What is on the list of important places is guarded by duty.
  const listed =
    byText.includes('DUTY_7') ||
    (['OWN_UNIT', 'HIGHER_POLICE'].includes(request.requester.type) && reading.has('DUTY_7', 'purpose'));
  const duties = [
    ...new Set([
      ...rules.duties.filter(({ codes }) => codes.includes(code)).map(({ id }) => id),
      ...byText,
      ...(own === 'GUARD' && listed ? ['DUTY_7'] : []),
    ]),
  ];
  // A code alone makes no crime of a quarrel and no rescue of an eviction: the words have to show one.
  const claimed =
    (own === 'CRIME' || own === 'RESCUE') &&
    [...MATTERS, ...rules.signals.filter((signal) => signal.dispute).map(({ id }) => id)].some((id) =>
      reading.has(id, 'purpose', 'tasks'),
    ) &&
    !['DUTY_1', 'DUTY_21', 'EMERGENCY'].some((id) =>
      reading.of(id, 'purpose', 'tasks').some(({ words }) => !isLabel(words, rules)),
    );
  const noPart = hits('ACT_NO_PART');
  const matter = MATTERS.flatMap((id) => hits(id));
  const standby = [...hits('ACT_STANDBY'), ...noPart];
  const task = (act: Act, decisive: readonly Hit[], exclusive: readonly Act[] = []): ReadTask => ({
    index,
    code,
    act,
    exclusive,
    duties: claimed ? byText.filter((id) => id !== 'DUTY_1' && id !== 'DUTY_21') : duties,
    hits: decisive,
    disagrees: decisive.length > 0 && act !== own && !(act === 'OUTER' && own === 'ORDER') && own !== 'OTHER',
  });

  // Whom police rescue they lead out of danger; only where others want people gone does that mean something else.
  const rescues = own === 'RESCUE' && !MATTERS.some((id) => reading.has(id, 'purpose', 'tasks'));
  const agencyActs = rules.signals
    .filter(({ exclusive }) => exclusive)
    .flatMap(({ id, act, besideTopic }) => {
      const found = hits(id).filter(
        (hit) =>
          !hit.byOthers &&
          !(hit.besideViolence && (act === 'REMOVE' || act === 'SEIZE')) &&
          !(rescues && act === 'REMOVE') &&
          (!besideTopic ||
            (noPart.length === 0 &&
              (matter.some((one) => Math.abs(one.start - hit.start) < NEAR) ||
                (byText.length === 0 && besideOthers(request.tasks[index]!.text ?? '', hit, rules))))),
      );
      return found.length > 0 ? [{ act: act as Act, found }] : [];
    });
  if (agencyActs.length > 0) {
    const acts = agencyActs.map(({ act }) => act);
    const all = isExclusive(own) && !acts.includes(own) ? [...acts, own] : acts;
    const main = isExclusive(own) ? own : (acts.find((act) => act !== 'PARTICIPATE') ?? 'PARTICIPATE');
    return task(
      main,
      agencyActs.flatMap(({ found }) => found),
      all,
    );
  }
  if (standby.length > 0 && own !== 'CRIME' && own !== 'RESCUE' && own !== 'CUSTODY') {
    return task(
      own === 'ORDER' || own === 'TRAFFIC'
        ? hits('ACT_STANDBY').length > 0
          ? 'STANDBY'
          : 'OUTER'
        : 'STANDBY',
      standby,
    );
  }
  if (isExclusive(own)) return task(own, [], [own]);
  const ceremony = hits('ACT_CEREMONY');
  if (ceremony.length > 0 && !byText.some((id) => id === 'DUTY_7' || id === 'DUTY_9'))
    return task('CEREMONIAL', ceremony);
  if (own === 'STANDBY') return task('STANDBY', []);
  if (own === 'GUARD' && listed) return task('DUTY', []);
  const guard = hits('ACT_GUARD');
  if (
    guard.length > 0 &&
    !listed &&
    !byText.some((id) => ['DUTY_1', 'DUTY_13'].includes(id)) &&
    own !== 'ESCORT'
  ) {
    return task('GUARD', guard);
  }
  // An errand stays one whatever it is for, unless more than that is to be done.
  const errand = hits('ACT_ERRAND');
  const more = own === 'OTHER' ? hits('MORE_THAN_ERRAND') : byText;
  if (errand.length > 0 && more.length === 0 && own !== 'CRIME') return task('SERVICE', errand);
  const service = SERVICES.flatMap((id) => hits(id));
  if (service.length > 0 && byText.length === 0 && own !== 'CRIME') return task('SERVICE', service);
  const outer = hits('ACT_OUTER');
  if (outer.length > 0 && ['ORDER', 'PROTECT', 'OTHER'].includes(own)) return task('OUTER', outer);
  if (own === 'OTHER' && byText.length > 0) {
    const act = { DUTY_1: 'CRIME', DUTY_2: 'ORDER', DUTY_3: 'TRAFFIC', DUTY_21: 'RESCUE' }[byText[0]!];
    return task((act ?? 'DUTY') as Act, []);
  }
  return task(claimed ? 'OTHER' : own, claimed ? matter : []);
}

export const readTasks = (request: DeploymentRequest, reading: Reading, rules: DeploymentRules): ReadTask[] =>
  request.tasks.map((_task, index) => readTask(request, reading, rules, index));
