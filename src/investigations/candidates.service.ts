import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { Clock, legalDay } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { isId } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { containing } from '../common/text.js';
import { Case } from '../intake/case.entity.js';
import type { ListCandidatesQuery } from './dto/investigation.dto.js';
import type { CandidatePage, CandidateView } from './dto/investigation.view.js';

/**
 * Investigators of the organ or of one above it who have not the case yet and need not keep away from it. What they
 * did in the case in another office is judged when one of them is assigned.
 */
const CANDIDATES = `
  SELECT u.id AS "userId", u.display_name AS name FROM app.user_account u
  WHERE u.status = 'ACTIVE' AND u.id <> $1
    AND EXISTS (
      SELECT 1 FROM app.user_grant g JOIN app.organ o ON o.id = $2 AND o.path @> ARRAY[g.organ_id]
      WHERE g.user_id = u.id AND g.role = 'INVESTIGATOR' AND g.revoked_at IS NULL
        AND g.valid_from <= $4::date AND (g.valid_to IS NULL OR g.valid_to >= $4::date))
    AND NOT EXISTS (
      SELECT 1 FROM app.investigator_assignment i
      WHERE i.case_id = $3 AND i.user_id = u.id AND i.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM app.conflicts_of(u.id, $4::date) c WHERE c.o_case = $3)
    AND ($5::text IS NULL OR u.display_name ILIKE $5)
    AND ($6::text IS NULL OR (u.display_name, u.id) > ($6, $7::uuid))
  ORDER BY u.display_name, u.id LIMIT $8`;

const NOT_AFTER = [null, null] as const;

/** Who could investigate a case. */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * By name.
   * @throws 404 unless the actor may read the case, 403 unless they may assign it
   */
  list(
    actor: Actor,
    caseId: string,
    { q, limit, cursor, count }: ListCandidatesQuery,
  ): Promise<CandidatePage> {
    const after = decodeCursor(cursor, [(name) => name !== '', isId]) ?? NOT_AFTER;
    return this.database.as(actor, async (manager) => {
      const ability = abilityFor(actor);
      const row = await whereAccessible(
        manager.createQueryBuilder(Case, 'case').where('case.id = :caseId', { caseId }),
        ability,
        'read',
        'Case',
      ).getOne();
      if (!row) throw notFound('case');
      authorize(ability, 'assign', 'Case', row);
      const sought = [
        actor.userId,
        row.organId,
        caseId,
        legalDay(this.clock.now()),
        q ? containing(q) : null,
      ];
      const rows = await manager.query<CandidateView[]>(CANDIDATES, [...sought, ...after, limit + 1]);
      const all = count
        ? await manager.query<unknown[]>(CANDIDATES, [...sought, ...NOT_AFTER, null])
        : undefined;
      const key = ({ name, userId }: CandidateView): string[] => [name, userId];
      return toPage(rows, limit, key, (one) => one, all?.length);
    });
  }
}
