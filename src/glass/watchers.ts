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
    `SELECT u.id FROM app.user_account u
     WHERE u.status = 'ACTIVE' AND u.id <> ALL ($5) AND (
         EXISTS (SELECT FROM app.user_grant g JOIN app.organ o ON o.id = $1 AND o.path @> ARRAY[g.organ_id]
           WHERE g.user_id = u.id AND g.role = ANY ($2) AND g.revoked_at IS NULL AND g.valid_from <= $3::date
             AND (g.valid_to IS NULL OR g.valid_to >= $3::date))
         OR u.id IN (SELECT user_id FROM app.investigator_assignment WHERE case_id = $4 AND withdrawn_at IS NULL))
       AND NOT EXISTS (SELECT FROM app.conflicts_of(u.id, $3::date) c WHERE c.o_case = $4)
     ORDER BY u.id`,
    [organId, roles, legalDay(now), caseId, [userId, actor.userId]],
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
