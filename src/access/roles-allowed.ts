import type { Actor } from './actor.js';
import { policy } from './policy.js';
import type { Role } from './roles.js';
import type { Action, Actions, SubjectName } from './shapes.js';

/** The roles to which a line of the policy gives an action. */
export const rolesAllowed = <N extends SubjectName>(action: Actions[N], resource: N): readonly Role[] => [
  ...new Set(
    policy
      .filter((rule) => rule.resource === resource && (rule.actions as readonly Action[]).includes(action))
      .flatMap(({ role }) => (role === 'EVERYBODY' ? [] : [role])),
  ),
];

/** The organ in which somebody has some of the roles, if it is one: whose branches are told apart unless they ask. */
export function onlyOrganOf({ grants }: Actor, roles: readonly Role[]): string | null {
  const organs = new Set(grants.filter(({ role }) => roles.includes(role)).map(({ organId }) => organId));
  return organs.size === 1 ? [...organs][0]! : null;
}
