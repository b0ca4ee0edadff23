import { abilityFor } from './abilities.js';
import type { Actor } from './actor.js';
import { demandsOf } from './demands.js';
import { roles, type Role } from './roles.js';
import type { SubjectName } from './shapes.js';

/** Placeholders, so that the rules of an imaginary actor can be printed as they stand. */
const someone = (role: Role): Actor => ({
  userId: '<me>',
  username: '<me>',
  sessionId: null,
  steppedUpAt: null,
  steppedUpWith: null,
  officerId: '<my officer>',
  conflicts: ['<my conflicts>'],
  brokenGlass: [{ id: '<glass>', caseId: '<my broken glass>', until: '' }],
  grants: [{ role, organId: '<organ>', organIds: ['<my organs>'] }],
});

const list = (value: string | readonly string[]): string => [value].flat().join(', ');

const inWords = (conditions: unknown): string =>
  Object.entries((conditions ?? {}) as Record<string, unknown>)
    .map(([field, value]) => {
      const several = (value as { $in?: string[] }).$in;
      return `${field} ${several ? `in ${several.join(', ')}` : `= ${String(value)}`}`;
    })
    .join('; ') || 'any';

/** docs/permissions.md: the rules of each role, as the abilities file has them. */
export function permissionsDocument(): string {
  const sections = roles.map((role) => {
    const rows = abilityFor(someone(role)).rules.map((rule) => {
      const need = { actions: [rule.action].flat(), resource: [rule.subject].flat()[0] as SubjectName };
      const { purpose, stepUp } = demandsOf(need);
      return [
        rule.inverted ? 'never' : 'may',
        list(rule.action),
        list(rule.subject),
        inWords(rule.conditions),
        rule.fields ? list(rule.fields) : 'all',
        purpose && !rule.inverted ? 'in the trail' : '',
        rule.inverted ? '' : (stepUp ?? '').toLowerCase(),
        rule.reason === role ? '' : (rule.reason ?? ''),
      ].join(' | ');
    });
    return [
      `## ${role}`,
      '',
      '| | action | on | where | fields | purpose | step-up | by |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map((row) => `| ${row} |`),
    ].join('\n');
  });
  return [
    '# Permissions',
    '',
    'Generated from `src/access/policy.ts` by `npm run generate`. Nothing is allowed unless it stands here.',
    '`<my organs>` are the organ of the grant and those under it. Purpose: the read and its purpose are in the trail before',
    'anything leaves. Step-up: one proves anew who one is, with a fresh proof or with the signature of an authenticator.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}
