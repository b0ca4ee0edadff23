import type { Role } from '../access/roles.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import type { NoticeKind } from '../notices/notice.entity.js';
import type { BrokenGlass } from './broken-glass.entity.js';

/**
 * Who is told of a broken glass: those who hold one of these roles over its organ today, and the investigators of the
 * case; none who must keep away from it, and not whoever acts.
 */
export async function watchersOf(
  { manager, now, actor }: Transaction,
  { organId, caseId, userId }: BrokenGlass,
  roles: readonly Role[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    'SELECT w AS id FROM app.watchers_of($1, $2, $3, $4) AS w WHERE w <> ALL ($5) ORDER BY w',
    [organId, caseId, roles, legalDay(now), [userId, actor.userId]],
  );
  return rows.map(({ id }) => id);
}

const came: Readonly<Record<BrokenGlass['outcome'], string>> = {
  OPENED: 'They read it until {until}.',
  IN_CONFLICT: 'They have to keep away from it, so nothing was opened.',
  NO_SUCH_CASE: 'No case has this number, so nothing was opened.',
};

/** What they are told. */
export function textOf(
  kind: NoticeKind,
  { reference, category, reason, outcome, openUntil }: BrokenGlass,
  who: string,
): string {
  const what = {
    GLASS_BROKEN: `${who} broke the glass of case ${reference} (${category}).`,
    GLASS_APPROVED: `That ${who} broke the glass of case ${reference} (${category}) was approved by a second person.`,
    GLASS_ESCALATED: `The review of how ${who} broke the glass of case ${reference} (${category}) was handed up to you.`,
  }[kind];
  return `${what} ${came[outcome].replace('{until}', openUntil.toISOString())} Their reason: ${reason}`;
}
