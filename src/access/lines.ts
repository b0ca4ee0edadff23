import { organsOf, type Actor } from './actor.js';
import { policy, type Rule } from './policy.js';
import { relations, type Relation } from './relations.js';
import type { Role } from './roles.js';
import type { Actions, Shapes, SubjectName } from './shapes.js';

/** By which line of the policy somebody may do something to a row. */
export interface Line {
  readonly role: Role;
  readonly relation: Relation;
  /** The parts that the line shows; undefined: all. */
  readonly fields: readonly string[] | undefined;
}

/**
 * The lines by which an actor may do this to a row, were it not for denials; those for everybody are none of them. It
 * explains what `abilityFor` decides, and decides nothing itself.
 */
export function linesFor<N extends SubjectName>(
  actor: Actor,
  action: Actions[N],
  resource: N,
  row: Shapes[N],
): Line[] {
  return policy.flatMap((rule) => {
    if (rule.role === 'EVERYBODY' || rule.resource !== resource) return [];
    if (!(rule.actions as readonly string[]).includes(action)) return [];
    return holds(rule, actor, rule.role, row)
      ? [{ role: rule.role, relation: rule.relation, fields: rule.fields }]
      : [];
  });
}

function holds(rule: Rule, actor: Actor, role: Role, row: Readonly<Record<string, unknown>>): boolean {
  const organs = organsOf(actor, role);
  const related = organs.length > 0 ? relations[rule.relation](actor, organs) : undefined;
  if (!related) return false;
  return Object.entries({ ...related, ...rule.where }).every(([field, wanted]) => {
    const values: readonly unknown[] =
      typeof wanted === 'object' && wanted !== null ? (wanted as { $in: readonly unknown[] }).$in : [wanted];
    return [row[field]].flat().some((value) => values.includes(value));
  });
}
