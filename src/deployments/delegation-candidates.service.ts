import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { Clock, legalDay } from '../common/clock.js';
import { forbidden } from '../common/errors.js';
import { isId } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { containing } from '../common/text.js';
import type {
  DelegationCandidatePage,
  DelegationCandidateView,
  ListDelegationCandidatesQuery,
} from './dto/delegation.dto.js';

/**
 * Who approves or serves in one of the organs or in a unit under it, with the unit; an approver's unit comes before
 * that of service. Never the person who asks, under whichever account.
 */
const CANDIDATES = `
  SELECT "userId", name, unit FROM (
    SELECT DISTINCT ON (u.id) u.id AS "userId", u.display_name AS name, o.name AS unit
    FROM app.user_account u
    JOIN app.user_grant g ON g.user_id = u.id
    JOIN app.organ o ON o.id = g.organ_id AND o.path && $3::uuid[]
    WHERE u.status = 'ACTIVE' AND u.id <> $1 AND ($2::uuid IS NULL OR u.officer_id IS DISTINCT FROM $2)
      AND g.role IN ('DEPLOYMENT_APPROVER', 'OFFICER') AND g.revoked_at IS NULL
      AND g.valid_from <= $4::date AND (g.valid_to IS NULL OR g.valid_to >= $4::date)
    ORDER BY u.id, g.role, o.id) candidate
  WHERE ($5::text IS NULL OR name ILIKE $5 OR unit ILIKE $5)
    AND ($6::text IS NULL OR (name, "userId") > ($6, $7::uuid))
  ORDER BY name, "userId" LIMIT $8`;

const NOT_AFTER = [null, null] as const;

/** Who could stand in for an approver. */
@Injectable()
export class DelegationCandidatesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** By name. @throws 403 for who makes no deputies, or none in that organ */
  async list(
    actor: Actor,
    { organId, q, limit, cursor, count }: ListDelegationCandidatesQuery,
  ): Promise<DelegationCandidatePage> {
    const organs = organId === undefined ? organsOf(actor) : [organId];
    for (const each of organs) {
      const delegation = { organId: each, userId: actor.userId, delegatedBy: actor.userId };
      authorize(abilityFor(actor), 'list-candidates', 'DeploymentDelegation', delegation);
    }
    const after = decodeCursor(cursor, [(name) => name !== '', isId]) ?? NOT_AFTER;
    const today = legalDay(this.clock.now());
    const sought = [actor.userId, actor.officerId, organs, today, q ? containing(q) : null];
    const found = (part: readonly unknown[]): Promise<DelegationCandidateView[]> =>
      this.dataSource.query<DelegationCandidateView[]>(CANDIDATES, [...sought, ...part]);
    const rows = await found([...after, limit + 1]);
    const all = count ? await found([...NOT_AFTER, null]) : undefined;
    return toPage(
      rows,
      limit,
      ({ name, userId }) => [name, userId],
      (one) => one,
      all?.length,
    );
  }
}

/** Where one approves. */
function organsOf({ grants }: Actor): string[] {
  const organs = grants.filter(({ role }) => role === 'DEPLOYMENT_APPROVER').map(({ organId }) => organId);
  if (organs.length === 0) throw forbidden('Only approvers of requests for police make deputies.');
  return organs;
}
