import type request from 'supertest';
import { abilityFor } from '../../src/access/abilities.js';
import { onlyByGlass } from '../../src/access/broken-glass.js';
import type { Action, Protected } from '../../src/access/shapes.js';
import { denials } from '../../src/access/policy.js';
import { UnitOfWork } from '../../src/audit/unit-of-work.js';
import { SessionsService } from '../../src/auth/sessions.service.js';
import { DomainError } from '../../src/common/errors.js';
import type { TestApp } from './app.js';
import type { Person } from './matrix-people.js';
import type { Route } from './matrix-routes.js';
import type { Asked } from './matrix-things.js';
import type { Standing, Verdict } from './oracle.js';

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

/** What the abilities say, in memory. */
export async function abilityOf(
  t: TestApp,
  person: Person,
): Promise<(action: string, asked: Asked, field?: string) => Verdict> {
  const actor = await t.get(SessionsService).actorOf(person.token, { id: 'test' });
  const ability = abilityFor(actor!);
  return (action, { thing: { resource }, row, caseRow }, field) => {
    if (field) return ability.can(action as Action, row, field) ? 'MAY' : 'HIDDEN';
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
    if (resource === 'Case' && action !== 'read' && onlyByGlass(actor!, row as Protected<'Case'>))
      return 'MAY NOT';
    return can(action) || (action === 'read' && seenBy[resource]) ? 'MAY' : 'MAY NOT';
  };
}

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

/** Every how many of the decisions goes through HTTP; 1 asks for all of them, which takes some minutes. */
export const EVERY = Number(process.env.PLUMBLINE_MATRIX ?? 13);

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
