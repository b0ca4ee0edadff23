import { AbilityBuilder, createMongoAbility, type MongoAbility } from '@casl/ability';
import { organsOf, type Actor } from './actor.js';
import { denials, policy } from './policy.js';
import { relations } from './relations.js';
import type { Action, Protected, SubjectName } from './shapes.js';

export type Ability = MongoAbility<[Action, SubjectName | Protected<SubjectName>]>;

const abilities = new WeakMap<Actor, Ability>();
const asked = new WeakMap<Ability, Set<string>>();

/** Notes that the ability was asked about an action; `wasAsked` tells it to whoever checks that nobody forgot. */
export function noteAsked(ability: Ability, action: Action, resource: SubjectName): void {
  const questions = asked.get(ability) ?? new Set();
  asked.set(ability, questions.add(`${action} ${resource}`));
}

export const wasAsked = (ability: Ability, action: Action, resource: SubjectName): boolean =>
  asked.get(ability)?.has(`${action} ${resource}`) ?? false;

/**
 * What an actor may do: the lines of the policy for the roles of their grants, as CASL's rules. The reason on each
 * allowing rule is the role that gave it, so that the trail can say in which capacity somebody acted. Denials come
 * last: a rule before them cannot overrule them. An actor, who is new with each request, has one ability.
 */
export function abilityFor(actor: Actor): Ability {
  const made = abilities.get(actor) ?? makeAbility(actor);
  abilities.set(actor, made);
  return made;
}

function makeAbility(actor: Actor): Ability {
  const builder = new AbilityBuilder<Ability>(createMongoAbility);
  for (const { role, resource, actions, relation, where, fields } of policy) {
    const organs = role === 'EVERYBODY' ? [] : organsOf(actor, role);
    if (role !== 'EVERYBODY' && organs.length === 0) continue;
    const related = relations[relation](actor, organs);
    if (!related) continue;
    const condition = { ...related, ...where };
    const can = builder.can as (...args: unknown[]) => { because(reason: string): void };
    // CASL takes an empty list of conditions for a condition, and an empty list of fields for all fields.
    const rest = [
      ...(fields ? [[...fields]] : []),
      ...(Object.keys(condition).length > 0 ? [condition] : []),
    ];
    can([...actions], resource, ...rest).because(role);
  }
  for (const { resource, actions, relation, reason } of denials) {
    const related = relations[relation](actor, []);
    if (related)
      (builder.cannot as (...args: unknown[]) => { because(r: string): void })(
        [...actions],
        resource,
        related,
      ).because(reason);
  }
  return builder.build({
    detectSubjectType: (row) => row.__caslSubjectType__,
  });
}
