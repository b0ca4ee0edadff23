import type { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Role } from '../access/roles.js';
import { legalDay } from '../common/clock.js';
import type { Organisation, Post } from './conflict-grounds.js';

interface Dated {
  readonly since: Date;
  readonly until: Date | null;
}
interface Standing extends Dated {
  readonly status: string;
  readonly officerId: string | null;
}
interface Grant extends Dated {
  readonly role: Role;
  readonly organId: string;
  readonly covers: string[];
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** A glass of the case that somebody broke, and when it let them read. */
export interface PastGlass extends Dated {
  readonly id: string;
  readonly userId: string;
  readonly caseId: string;
  readonly until: Date;
}

/** An account with all that was ever recorded of its standing and its roles, and the glass of the case it broke. */
export interface PastPerson {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly standings: readonly Standing[];
  readonly grants: readonly Grant[];
  readonly glass: readonly PastGlass[];
}

export interface PastPeople {
  readonly people: readonly PastPerson[];
  /** When something of them changed. */
  readonly changes: readonly Date[];
  /** Posts and organs as they were known at an instant. */
  readonly organisationAt: (instant: Date) => Organisation;
}

interface PersonRow {
  userId: string;
  username: string;
  displayName: string;
  standings: { status: string; officerId: string | null; since: string; until: string | null }[];
  grants:
    | {
        role: Role;
        organId: string;
        covers: string[];
        validFrom: string;
        validTo: string | null;
        since: string;
        until: string | null;
      }[]
    | null;
}

/**
 * Whoever may have had to do with a case in those organs: the named accounts, and those that ever held a role in one
 * of the organs or above.
 * @param officers whose posts matter besides
 * @param glass of the case; who broke it counts among the named accounts
 */
export async function peopleOf(
  dataSource: DataSource,
  organs: readonly string[],
  accounts: readonly string[],
  officers: readonly string[],
  glass: readonly PastGlass[],
): Promise<PastPeople> {
  const rows = await dataSource.query<PersonRow[]>(
    `SELECT u.id AS "userId", u.username, u.display_name AS "displayName",
       (SELECT json_agg(s ORDER BY s.since) FROM (
          SELECT status, officer_id AS "officerId", since, until FROM app.past_standing WHERE user_id = u.id
          UNION ALL SELECT u.status, u.officer_id, u.standing_since, NULL) s) AS standings,
       (SELECT json_agg(json_build_object('role', g.role, 'organId', g.organ_id, 'validFrom', g.valid_from,
            'validTo', g.valid_to, 'since', g.created_at, 'until', g.revoked_at, 'covers',
            ARRAY(SELECT o.id FROM app.organ o WHERE o.id = ANY ($1::uuid[]) AND o.path @> ARRAY[g.organ_id]))
          ORDER BY g.created_at, g.id)
        FROM app.user_grant g WHERE g.user_id = u.id) AS grants
     FROM app.user_account u
     WHERE u.status <> 'SYSTEM' AND (u.id = ANY ($2::uuid[]) OR u.id IN (
       SELECT g.user_id FROM app.user_grant g JOIN app.organ o ON o.path @> ARRAY[g.organ_id] WHERE o.id = ANY ($1::uuid[])))
     ORDER BY u.id`,
    [organs, [...accounts, ...glass.map(({ userId }) => userId)]],
  );
  const people = rows.map(({ grants, standings, ...row }) => ({
    ...row,
    standings: standings.map(dated),
    grants: (grants ?? []).map(dated),
    glass: glass.filter(({ userId }) => userId === row.userId),
  }));
  const known = people.flatMap(({ standings }) => standings.flatMap(({ officerId }) => officerId ?? []));
  const posts = await postsOf(dataSource, [...new Set([...known, ...officers])]);
  const units = await unitsOf(dataSource, [...new Set(posts.map(({ organId }) => organId))]);
  return {
    people,
    changes: [
      ...people.flatMap(({ standings, grants }) => [...standings, ...grants]),
      ...posts,
      ...glass,
    ].flatMap(({ since, until }) => [since, ...(until ? [until] : [])]),
    organisationAt: (instant) => ({ ...units, posts: posts.filter((post) => heldAt(post, instant)) }),
  };
}

/** The account as the rules saw it at an instant; undefined when it could not sign in. */
export function actorAt(
  { userId, username, standings, grants, glass }: PastPerson,
  instant: Date,
): Actor | undefined {
  const standing = standings.find((one) => heldAt(one, instant));
  if (standing?.status !== 'ACTIVE') return undefined;
  const day = legalDay(instant);
  return {
    userId,
    username,
    sessionId: null,
    steppedUpAt: null,
    steppedUpWith: null,
    officerId: standing.officerId,
    grants: grants
      .filter((grant) => heldAt(grant, instant))
      .filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
      .map(({ role, organId, covers }) => ({ role, organId, organIds: [organId, ...covers] })),
    conflicts: [],
    brokenGlass: glass
      .filter((one) => heldAt(one, instant))
      .map(({ id, caseId, until }) => ({ id, caseId, until: until.toISOString() })),
  };
}

const heldAt = ({ since, until }: Dated, instant: Date): boolean =>
  since <= instant && (until === null || instant < until);

const dated = <T extends { since: string; until: string | null }>(
  row: T,
): Omit<T, 'since' | 'until'> & Dated => ({
  ...row,
  since: new Date(row.since),
  until: row.until === null ? null : new Date(row.until),
});

async function postsOf(dataSource: DataSource, officers: readonly string[]): Promise<(Post & Dated)[]> {
  return dataSource.query<(Post & Dated)[]>(
    `SELECT a.officer_id AS "officerId", a.organ_id AS "organId", a.leads, a.valid_from::text AS "from",
            v.valid_to::text AS "to", v.since, v.until
     FROM app.appointment a CROSS JOIN LATERAL (
       SELECT valid_to, since, until FROM app.past_appointment WHERE appointment_id = a.id AND officer_id = a.officer_id
       UNION ALL SELECT a.valid_to, a.recorded_at, NULL) v
     WHERE a.officer_id = ANY ($1::uuid[])`,
    [officers],
  );
}

async function unitsOf(
  dataSource: DataSource,
  organs: readonly string[],
): Promise<Pick<Organisation, 'units' | 'levelsInCommand'>> {
  const rows = await dataSource.query<{ id: string; path: string[]; level: string; command: string[] }[]>(
    'SELECT id, path, level, app.levels_in_command() AS command FROM app.organ WHERE id = ANY ($1::uuid[])',
    [organs],
  );
  return {
    units: new Map(rows.map(({ id, path, level }) => [id, { path, level }])),
    levelsInCommand: rows[0]?.command ?? [],
  };
}
