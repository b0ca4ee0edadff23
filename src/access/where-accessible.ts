import { Brackets, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { noteAsked, type Ability } from './abilities.js';
import type { Action, SubjectName } from './shapes.js';

let names = 0;

/**
 * Narrows a query to the rows on which the ability allows the action; no rule means no row. The SQL says the same as
 * `ability.can(action, row)` does in memory, which a differential test compares. Throws on a condition that is
 * neither equality nor `$in`, so that a rule is never half translated.
 * @param field only the rows of which this field may be read
 */
export function whereAccessible<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  ability: Ability,
  action: Action,
  subject: SubjectName,
  field?: string,
): SelectQueryBuilder<T> {
  const alias = query.expressionMap.mainAlias;
  if (!alias) throw new Error('whereAccessible needs a query with a main table');
  noteAsked(ability, action, subject);

  const toSql = (field: string, condition: unknown): string => {
    const column = alias.metadata.findColumnWithPropertyName(field);
    if (!column) throw new Error(`A rule on ${subject} names ${field}, which is no column`);
    const values = valuesOf(condition, `${subject}.${field}`);
    const name = `allowed${names++}`;
    query.setParameter(name, values);
    const list = `:${name}::${column.type as string}[]`;
    const matches = `${alias.name}.${field} ${column.isArray ? `&& ${list}` : `= ANY(${list})`}`;
    const rows = rowsBehind[`${subject}.${field}`]?.(name);
    return rows ? `(${alias.name}.id = ANY(${rows}) AND ${matches})` : matches;
  };

  // rulesFor lists the highest priority first; the last word in SQL is the outermost.
  const sql = ability
    .rulesFor(action, subject, field)
    // A rule that hides fields hides no row.
    .filter((rule) => !(rule.inverted && rule.fields && field === undefined))
    .toReversed()
    .reduce((soFar, rule) => {
      const terms = Object.entries(rule.conditions ?? {}).map(([field, condition]) =>
        toSql(field, condition),
      );
      const matches = terms.length > 0 ? `(${terms.join(' AND ')})` : 'TRUE';
      return rule.inverted ? `(${soFar} AND ${matches} IS NOT TRUE)` : `(${soFar} OR ${matches})`;
    }, 'FALSE');
  // In brackets, so that a later orWhere() cannot escape it.
  return query.andWhere(new Brackets((where) => where.where(sql)));
}

/**
 * The rows that say the same as an array of a table under row-level security, which keeps the operators of arrays from
 * their index: the ids of these few rows are found by another.
 */
const rowsBehind: Readonly<Record<string, (values: string) => string>> = {
  'Case.investigatorIds': (values) => `(SELECT app.assigned_to(:${values}::uuid[]))::uuid[]`,
  'Deployment.officerIds': (values) => `(SELECT app.sent_to(:${values}::uuid[]))::uuid[]`,
};

function valuesOf(condition: unknown, where: string): readonly unknown[] {
  const values =
    typeof condition === 'object' && condition !== null && Object.keys(condition).join() === '$in'
      ? (condition as { $in: unknown }).$in
      : [condition];
  const scalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean';
  if (!Array.isArray(values) || !values.every(scalar)) {
    throw new Error(`The condition on ${where} has no translation to SQL`);
  }
  return values as unknown[];
}
