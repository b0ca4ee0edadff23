import 'reflect-metadata';
import { policy, type StepUp } from './policy.js';
import type { Action, SubjectName } from './shapes.js';

/** Under which lines of the policy a route is: it asks about one of these actions. See `@Needs` in src/http. */
export interface Need {
  readonly actions: readonly Action[];
  readonly resource: SubjectName;
}

/** What the lines of an action demand besides somebody whom they allow it. */
export interface Demands {
  /** A fresh proof of who they are, and by what; undefined: the session is enough. */
  readonly stepUp: StepUp | undefined;
  /** The read and its purpose are in the trail before the answer leaves. */
  readonly purpose: boolean;
}

export const NEEDS = 'plumbline:needs';
/** How a route tells the trail what it answers: see `@RecordsRead` in src/audit. */
export const RECORDS = 'plumbline:records-read';

export const needOf = (handler: object): Need | undefined =>
  Reflect.getMetadata(NEEDS, handler) as Need | undefined;

/** Per action: the lines of one action say the same, as `policy` makes them. None for what no line allows. */
export const demandsPerAction = ({ actions, resource }: Need): Demands[] =>
  actions.map((action) => {
    const rule = policy.find(
      (line) => line.resource === resource && (line.actions as readonly Action[]).includes(action),
    );
    return { stepUp: rule?.stepUp, purpose: rule?.purpose ?? false };
  });

/** What everybody may do needs no asking. */
export const isForEverybody = ({ actions, resource }: Need): boolean =>
  policy.some(
    (rule) =>
      rule.role === 'EVERYBODY' &&
      rule.relation === 'ANY' &&
      rule.resource === resource &&
      actions.every((action) => (rule.actions as readonly Action[]).includes(action)),
  );

/** What a route demands. All its actions demand the same, or the application does not start. */
export const demandsOf = (need: Need): Demands =>
  demandsPerAction(need)[0] ?? { stepUp: undefined, purpose: false };
