import type { Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, forbidden } from '../common/errors.js';
import type { OrganLevel } from '../organs/organ.entity.js';
import type { Deployment } from './deployment.entity.js';
import type { Level } from './level.js';

/** The highest level that is decided in an organ (deployment-check 5.6). Where none stands, nothing is. */
const highestLevel: Readonly<Partial<Record<OrganLevel, Level>>> = {
  STATION: 'L1',
  COUNTY: 'L3',
  CITY: 'L4',
  PROVINCE: 'L4',
  MINISTRY: 'L4',
};

/**
 * SQL: whether the organ `held` decides on the police of the organ `here` at a level. L4 is for a higher organ than
 * the one whose police it is, as long as there is one.
 */
export const decidesAt = (held: string, here: string, level: string): string => `(
  ${here}.path @> ARRAY[${held}.id]
  AND CASE ${held}.level ${Object.entries(highestLevel)
    .map(([organ, highest]) => `WHEN '${organ}' THEN '${highest}'`)
    .join(' ')} ELSE '' END >= ${level}
  AND (${level} < 'L4' OR ${held}.id <> ${here}.id OR ${here}.parent_id IS NULL))`;

/** By whose power somebody decides. */
export interface Authority {
  readonly organId: string;
  /** Another account than the actor's own, when a deputy decides. */
  readonly onBehalfOf: string | null;
}

interface Held {
  organId: string;
  delegatedBy: string | null;
  /** Account and officer of whoever delegated it. */
  principal: string[] | null;
  enough: boolean;
  above: boolean;
}

/** A grant as approver on a day ($2); of a deputy only while whoever made them one holds it as well. */
const inForce = (
  grant: string,
): string => `${grant}.role = 'DEPLOYMENT_APPROVER' AND ${grant}.revoked_at IS NULL
  AND ${grant}.valid_from <= $2::date AND (${grant}.valid_to IS NULL OR ${grant}.valid_to >= $2::date)`;

/**
 * The power by which the actor decides on a request, their own before a delegated one.
 * @param above the organ whose decision is looked at again: then only one above it will do (警察法 43)
 * @throws 403 when none is enough
 */
export async function authorityOver(
  { manager, actor, now }: Transaction,
  row: Deployment,
  above: string | null = null,
): Promise<Authority> {
  const held = await manager.query<Held[]>(
    `SELECT g.organ_id AS "organId", d.delegated_by AS "delegatedBy",
            CASE WHEN d.id IS NULL THEN NULL ELSE array_remove(ARRAY[p.id, p.officer_id], NULL) END AS principal,
            ${decidesAt('o', 'here', '$4::text')} AS enough,
            ($5::uuid IS NULL OR EXISTS (SELECT FROM app.organ l WHERE l.id = $5 AND l.path @> ARRAY[o.id] AND l.id <> o.id)) AS above
     FROM app.user_grant g JOIN app.organ o ON o.id = g.organ_id JOIN app.organ here ON here.id = $3
       LEFT JOIN app.deployment_delegation d ON d.grant_id = g.id LEFT JOIN app.user_account p ON p.id = d.delegated_by
     WHERE g.user_id = $1 AND ${inForce('g')} AND (d.id IS NULL OR EXISTS (
       SELECT FROM app.user_grant own WHERE own.user_id = d.delegated_by AND own.organ_id = g.organ_id AND ${inForce('own')}
         AND NOT app.is_delegated(own.id)))
     ORDER BY d.id IS NOT NULL`,
    [actor.userId, legalDay(now), row.organId, row.decisionLevel, above],
  );
  const others = held.filter(
    ({ principal }) => !principal?.some((who) => row.askers.includes(who) || row.steppedAside.includes(who)),
  );
  const found = others.find(({ enough, above: higher }) => enough && higher);
  if (found) return { organId: found.organId, onBehalfOf: found.delegatedBy };
  if (held.length > others.length) {
    throw forbidden('You are the deputy of somebody who may not decide on this request themselves.');
  }
  if (others.some(({ enough }) => enough)) {
    throw forbidden('It was refused by your own organ: only one above it looks at it again (警察法 43).');
  }
  throw forbidden(
    `This request is decided at level ${row.decisionLevel}; your grants as approver do not reach so high here.`,
    { level: row.decisionLevel },
  );
}

/** Whether there is an organ above this one that could look at its decision again. */
export async function refuseWithoutHigherOrgan({ manager }: Transaction, organId: string): Promise<void> {
  const [organ] = await manager.query<{ higher: boolean }[]>(
    `SELECT EXISTS (SELECT FROM app.organ h WHERE o.path @> ARRAY[h.id] AND h.id <> o.id AND h.level <> 'OVERSIGHT') AS higher
     FROM app.organ o WHERE o.id = $1`,
    [organId],
  );
  if (!organ?.higher) {
    throw conflict('no-higher-organ', 'The highest organ refused it; there is none above it to ask.');
  }
}

/** Whether somebody else of the same organ, or one under it, could decide at that level. */
export async function othersCanDecide(
  { manager, now }: Transaction,
  row: Deployment,
  organId: string,
): Promise<boolean> {
  const [found] = await manager.query<{ found: boolean }[]>(
    `SELECT EXISTS (
       SELECT FROM app.user_grant g JOIN app.user_account u ON u.id = g.user_id AND u.status = 'ACTIVE'
         JOIN app.organ o ON o.id = g.organ_id JOIN app.organ here ON here.id = $3
       WHERE ${inForce('g')} AND o.path @> ARRAY[$1::uuid] AND ${decidesAt('o', 'here', '$4::text')}
         AND NOT ARRAY[u.id, u.officer_id] && $5::uuid[]) AS found`,
    [organId, legalDay(now), row.organId, row.decisionLevel, [...row.askers, ...row.steppedAside]],
  );
  return found!.found;
}
