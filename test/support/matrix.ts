import type request from 'supertest';
import { abilityFor } from '../../src/access/abilities.js';
import type { Actor } from '../../src/access/actor.js';
import { readableParts } from '../../src/access/authorize.js';
import { onlyByGlass } from '../../src/access/broken-glass.js';
import { caseFields, denials, deploymentFields, policy } from '../../src/access/policy.js';
import type { Action, Protected } from '../../src/access/shapes.js';
import { UnitOfWork } from '../../src/audit/unit-of-work.js';
import { SessionsService } from '../../src/auth/sessions.service.js';
import { DomainError } from '../../src/common/errors.js';
import type { TestApp } from './app.js';
import type { Person } from './matrix-people.js';
import type { Route } from './matrix-routes.js';
import type { Asked } from './matrix-things.js';
import { judge, partsShown, type Standing, type Verdict } from './oracle.js';

/** By which actions somebody sees a thing, where reading it is not the only one. */
const seenBy: Readonly<Record<string, readonly Action[]>> = {
  BrokenGlass: ['read', 'read-own'],
};
/** Seen in one way by whoever is asked, in another by whoever asks. */
const seenOnlyBy: Readonly<Record<string, Action>> = {
  'AccessAlert answer': 'answer',
  'ReadQuestion answer': 'answer',
  'Case read-identity-requests': 'read-identity-requests',
  'Case decide-identity': 'read-identity-requests',
};
/** What is made anew, or belongs to nobody: nothing of it can be hidden. */
const open: Readonly<Record<string, readonly string[]>> = {
  Case: ['create'],
  BrokenGlass: ['break'],
  Deployment: ['check', 'create', 'send-at-once'],
  DeploymentDelegation: ['create', 'list-candidates'],
  Import: ['create'],
  Export: ['create'],
  ...Object.fromEntries(
    ['Organ', 'Officer', 'User', 'Grant', 'Session', 'Factor', 'Operation', 'Rulebook', 'Trail'].map(
      (name) => [name, ['*']],
    ),
  ),
};

/** As whom the server knows them. */
export const actorOf = async (t: TestApp, { token }: Person): Promise<Actor> =>
  (await t.get(SessionsService).actorOf(token, { id: 'test' }))!;

/** Things that are shown in parts, and their parts. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  Case: caseFields,
  Deployment: deploymentFields,
};

/** What the abilities say, in memory. */
export function abilitiesOf(actor: Actor): Says {
  const ability = abilityFor(actor);
  const judge = (action: string, { thing: { resource }, row, caseRow }: Asked): Verdict => {
    const can = (one: string): boolean => ability.can(one as Action, row);
    // A sanction is seen, and changed, with its case.
    if (caseRow) {
      if (!can('read') && ability.cannot('read', caseRow, 'sanctions')) return 'HIDDEN';
      if (action === 'read') return 'MAY';
      if (ability.cannot('read', caseRow)) return 'HIDDEN';
      return can(action) && ability.can(action === 'serve' ? 'serve-decision' : 'decide', caseRow)
        ? 'MAY'
        : 'MAY NOT';
    }
    if (open[resource]?.some((one) => one === '*' || one === action)) return can(action) ? 'MAY' : 'MAY NOT';
    const only = seenOnlyBy[`${resource} ${action}`];
    const seen = (only ? [only] : (seenBy[resource] ?? ['read'])).some(can);
    if (!seen) return 'HIDDEN';
    if (resource === 'Case' && action !== 'read' && onlyByGlass(actor, row as Protected<'Case'>))
      return 'MAY NOT';
    return can(action) || (action === 'read' && seenBy[resource]) ? 'MAY' : 'MAY NOT';
  };
  const parts = ({ thing: { resource }, row }: Asked): string[] => {
    const readable = readableParts(ability, row, partsOf[resource]!);
    return partsOf[resource]!.filter((part) => readable.has(part));
  };
  return { allows: (action, { row }) => ability.can(action as Action, row), judge, parts };
}

interface Says {
  /** Whether a line allows it, though what cannot be seen may stand before it. */
  allows(action: string, asked: Asked): boolean;
  judge(action: string, asked: Asked): Verdict;
  /** Of what is shown in parts. */
  parts(asked: Asked): string[];
}

/** What there is to be done, as the policy counts it: for nothing else is it asked here. */
export const actionsOf = (resource: string): string[] => [
  ...new Set(
    policy.filter((rule) => rule.resource === resource).flatMap(({ actions }) => actions as string[]),
  ),
];

/** The parts that somebody is shown, as one word to compare. */
export const asOne = (parts: readonly string[]): string => parts.join(' ') || 'NOTHING';

export interface Compared {
  readonly action: string;
  readonly says: Readonly<Record<'oracle' | 'CASL', string>>;
}

/** What the domain's rules say of a person and a thing beside what the abilities do, for these actions and its parts. */
export function* comparedInMemory(
  person: Person,
  asked: Asked,
  says: Says,
  actions: readonly string[],
): Generator<Compared> {
  for (const action of actions) {
    yield { action, says: { oracle: judge(person, action, asked.thing), CASL: says.judge(action, asked) } };
  }
  if (!(asked.thing.resource in partsOf)) return;
  yield {
    action: 'see parts of it',
    says: { oracle: asOne(partsShown(person, asked.thing)), CASL: asOne(says.parts(asked)) },
  };
}

/** The parts that an answer shows. One that it says is hidden, and tells all the same, stands there with that. */
export function partsTold(resource: string, body: Readonly<Record<string, unknown>>): string[] {
  const redacted = body['redacted'] as string[];
  return partsOf[resource]!.flatMap((part) => {
    if (!redacted.includes(part)) return [part];
    const told = (contents[part]?.(body as never) ?? []).filter((value) => !isNothing(value));
    return told.length > 0 ? [`${part}, said to be hidden,`] : [];
  });
}

/** Where the parts stand in an answer. */
const contents: Readonly<Record<string, (body: any) => unknown[]>> = {
  statement: ({ statement }) => [statement],
  allegations: ({ allegations }) => [allegations],
  people: ({ investigators }) => [investigators],
  procedure: ({ deeds }) => [deeds],
  sanctions: ({ sanctions }) => [sanctions],
  reporterIdentity: ({ reporter: { name, contact, officerId } }) => [name, contact, officerId],
  file: ({ request: { money, requester }, test, oralOrder, attachments, steps, report, priorRequests }) => [
    ...[money, requester.document, requester.contact, test, oralOrder, attachments, steps, report],
    priorRequests,
  ],
};

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  JSON.stringify(value) === '{"$redacted":"reporter"}';

/** Whether it was the policy that refused, and not a rule of procedure after it: by its own words alone. */
const policySays = (detail: string): boolean =>
  /^(Your roles do not allow|You read this case by breaking the glass|Whoever broke the glass)/.test(
    detail,
  ) || denials.some(({ reason }) => reason === detail);

/** What an answer says of the one question: whether the policy let them through. */
export function verdictOf({ status, body }: request.Response, route: Route, asked: Asked): string {
  if (route.among) {
    if (status === 403) return 'HIDDEN';
    const ids = ((body.items ?? body) as { id: string }[]).map(({ id }) => id);
    return status === 200 ? (ids.includes(asked.id) ? 'MAY' : 'HIDDEN') : `${status}`;
  }
  if (route.past !== undefined && String(body.detail).startsWith(route.past)) return 'MAY';
  if (status === 404) return 'HIDDEN';
  if (status === 403) {
    return policySays(String(body.detail)) ? 'MAY NOT' : 'MAY';
  }
  // Undone before it was committed; or past the policy, and stopped by a rule of procedure.
  // So is what it says of the fields: were it said before the policy, those who may not would be told it too.
  return status < 300 || [400, 409, 412, UNDONE].includes(status)
    ? 'MAY'
    : `${status} ${JSON.stringify(body).slice(0, 300)}`;
}

export const UNDONE = 418;

/** Every how many of the decisions goes through HTTP. */
export const EVERY = Number(process.env.PLUMBLINE_MATRIX ?? 5);
/**
 * And of deeds to what is hidden, every how many of these: they are four in five of all, and all the same answer, which
 * is given before the deed is looked at (test/foreign-ids wants it of every route). Both as 1 ask for each decision that
 * there is, which takes a quarter of an hour.
 */
export const HIDDEN_EVERY = Number(process.env.PLUMBLINE_MATRIX_HIDDEN ?? 7);

/** Whose turn it is: each person's begin elsewhere, so that every person and action comes up, and the same in each run. */
export function turnsOf(which: number): (action: string, verdict: Verdict) => boolean {
  let turn = which;
  let hidden = which;
  return (action, verdict) =>
    turn++ % EVERY === 0 && (action === 'read' || verdict !== 'HIDDEN' || hidden++ % HIDDEN_EVERY === 0);
}

/** From now on every change is done and then undone, so that whoever asks next finds all as it was. */
export function undoEverything(t: TestApp): void {
  const unitOfWork = t.get(UnitOfWork);
  const run = unitOfWork.run.bind(unitOfWork);
  unitOfWork.run = (actor, work, authority) =>
    run(
      actor,
      async (tx) => {
        await work(tx);
        throw new DomainError('undone', UNDONE, 'Done, and undone.');
      },
      authority,
    );
}

/** One line of what the walls do not agree about. */
export interface Disagreement extends Standing {
  readonly what: string;
  readonly action: string;
  readonly says: Readonly<Record<string, string>>;
}

/** As rows of a table, the first of each kind; empty when all agree. */
export function asTable(all: readonly Disagreement[]): string {
  const line = ({ role, reach, ties, what, action, says }: Disagreement): string =>
    `| ${role} | ${[reach, ...ties].join(' + ')} | ${what} | ${action} | ` +
    `${Object.entries(says)
      .map(([who, verdict]) => `${who}: ${verdict}`)
      .join(' | ')} |`;
  return all.length === 0 ? '' : [`${all.length} disagreements`, ...all.slice(0, 60).map(line)].join('\n');
}

export const whatIs = ({ thing: { resource, state, mine, asked, kind } }: Asked): string =>
  [
    resource,
    state,
    kind,
    mine === undefined ? '' : mine ? 'mine' : 'not mine',
    asked === undefined ? '' : asked ? 'asked' : 'not asked',
  ]
    .filter(Boolean)
    .join(' ');

/** Does it for each, a few at a time; the second word is which of them it is. */
export async function forEachOf<T>(
  all: readonly T[],
  work: (one: T, which: number) => Promise<void>,
  width = 6,
): Promise<void> {
  const rest = all.entries();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [which, one] of rest) await work(one, which);
    }),
  );
}
