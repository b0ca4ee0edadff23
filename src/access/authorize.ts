import { subject as tag } from '@casl/ability';
import { permittedFieldsOf } from '@casl/ability/extra';
import { forbidden } from '../common/errors.js';
import { noteAsked, type Ability } from './abilities.js';
import { caseFields } from './policy.js';
import type { Actions, Protected, Shapes, SubjectName } from './shapes.js';

/**
 * Refuses with 403 unless the action is allowed on this loaded row.
 * @returns the role that allows it, which the trail names as the capacity in which the actor acted.
 */
export function authorize<N extends SubjectName>(
  ability: Ability,
  action: Actions[N],
  subject: N,
  row: Shapes[N],
): string {
  const judged =
    '__caslSubjectType__' in row ? (row as Protected<N>) : (tag(subject, { ...row }) as Protected<N>);
  noteAsked(ability, action, subject);
  const rule = ability.relevantRuleFor(action, judged);
  if (!rule || rule.inverted) {
    throw forbidden(
      rule?.reason ?? `Your roles do not allow you to ${action} this ${subject.toLowerCase()}.`,
    );
  }
  return rule.reason ?? '';
}

/** The parts of this case that may be shown; empty when none may. */
export const readableFields = (ability: Ability, row: Protected<'Case'>): ReadonlySet<string> =>
  readableParts(ability, row, caseFields);

/**
 * The parts of this row that may be shown; empty when none may.
 * @param all the parts that a rule without fields means
 */
export const readableParts = (
  ability: Ability,
  row: Protected<SubjectName>,
  all: readonly string[],
): ReadonlySet<string> =>
  new Set(
    permittedFieldsOf(ability, 'read', row as never, { fieldsFrom: (rule) => rule.fields ?? [...all] }),
  );
