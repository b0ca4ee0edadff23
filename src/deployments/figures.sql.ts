import { branchOf, listed, monthOf } from '../common/figures.sql.js';
import type { Outcome } from './judgement.js';
import type { RequesterType } from './request.js';

/**
 * What the figures count, and by which filters the list shows the same requests: each is defined here, and nowhere
 * else. `row` is the alias of a request.
 */
export const REFUSED = (row: string): string =>
  `${row}.status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY')`;

/** An emergency whose request was filed too late. */
export const FILED_LATE = (row: string): string => `${row}.hours_late IS NOT NULL`;

/** The after-action record was signed: only then is it known how long how many officers were there. */
export const REPORTED = (row: string): string =>
  `EXISTS (SELECT FROM app.deployment_report r WHERE r.deployment_id = ${row}.id)`;

/** Approved against a warning, or (OUTCOME) against the outcome of the test: the codes, as `a.code` of deeds `s`. */
export const OVERRIDES = `app.deployment_deed s CROSS JOIN LATERAL (
  SELECT answer->>'code' AS code FROM jsonb_array_elements(s.details->'answers') AS answer
  UNION SELECT 'OUTCOME' WHERE s.details ? 'override') a`;
export const OVERRIDDEN = (row: string): string =>
  `s.deployment_id = ${row}.id AND s.deed IN ('approve', 'stand-by') AND ${row}.status IN ('APPROVED', 'STAND_BY')`;

/** Submitted within days of China, both included. */
export const SUBMITTED_FROM = (row: string, day: string): string =>
  `${row}.submitted_at >= ${day}::timestamp AT TIME ZONE 'Asia/Shanghai'`;
export const SUBMITTED_TO = (row: string, day: string): string =>
  `${row}.submitted_at < (${day}::timestamp + interval '1 day') AT TIME ZONE 'Asia/Shanghai'`;

/** Columns of `seen`, below. */
export const SEEN: Readonly<Record<string, string>> = {
  id: 'deployment.id',
  status: 'deployment.status',
  organ_id: 'deployment.organId',
  requester_type: 'deployment.requesterType',
  requester_name: 'deployment.requesterName',
  outcome: 'deployment.outcome',
  np_codes: 'deployment.npCodes',
  duties: `deployment.law->'duties'`,
  hours_late: 'deployment.hoursLate',
  submitted_at: 'deployment.submittedAt',
};

/** What the statement below answers; every number of it is still to be judged for telling. */
export interface RawFigures {
  /** All requests; one row for each combination. */
  requests: {
    type: RequesterType;
    outcome: Outcome;
    month: string;
    organ: string;
    n: number;
    refused: number;
    late: number;
    hoursLate: number;
  }[];
  /** Those whose after-action record is signed. */
  reported: { type: RequesterType; month: string; organ: string; n: number; minutes: number }[];
  /** A request for several duties, or with several hits, counts under each of them. */
  duties: RawCode[];
  npCodes: RawCode[];
  overrides: { code: string; n: number }[];
  /** Requester null: a citizen, who is not named in figures. */
  repeats: { requester: string | null; type: RequesterType; n: number; refused: number }[];
  days: { day: string; organ: string; count: number }[];
  organs: { id: string; name: string }[];
}

export interface RawCode {
  readonly code: string;
  readonly n: number;
  readonly reported: number;
  readonly minutes: number;
}

const byCode = (codes: string, order: string): string =>
  listed(`SELECT c.code, count(*)::int AS n, count(r.id)::int AS reported,
      coalesce(sum(r.officer_minutes), 0)::int AS minutes
    FROM seen CROSS JOIN LATERAL ${codes} AS c (code)
      LEFT JOIN app.deployment_report r ON r.deployment_id = seen.id
    GROUP BY c.code ORDER BY ${order}`);

/**
 * The figures as one JSON object.
 * @param seen a statement that answers the columns of SEEN, of the requests that the reader may count
 * @param at the numbers of the parameters: the organ whose branches are told apart or null; whether days are told
 */
export const figuresOf = (seen: string, at: { root: number; days: number }): string => `
  WITH asked AS (${seen}),
  places AS (SELECT o.path FROM app.organ o WHERE o.id IN (SELECT organ_id FROM asked)),
  -- Unless one is asked for, the lowest that has all of them under it.
  root AS (SELECT coalesce($${at.root}::uuid, (
    SELECT o.id FROM app.organ o WHERE (SELECT bool_and(o.id = ANY (path)) FROM places)
    ORDER BY cardinality(o.path) DESC LIMIT 1)) AS id),
  seen AS (
    SELECT asked.*, ${monthOf('asked.submitted_at')} AS month, ${branchOf('o', '(SELECT id FROM root)')} AS branch
    FROM asked JOIN app.organ o ON o.id = asked.organ_id)
  SELECT json_build_object(
    'requests', ${listed(`SELECT requester_type AS type, outcome, month, branch AS organ, count(*)::int AS n,
        count(*) FILTER (WHERE ${REFUSED('seen')})::int AS refused,
        count(*) FILTER (WHERE ${FILED_LATE('seen')})::int AS late,
        coalesce(sum(hours_late), 0)::int AS "hoursLate"
      FROM seen GROUP BY 1, 2, 3, 4`)},
    'reported', ${listed(`SELECT requester_type AS type, month, branch AS organ, count(*)::int AS n,
        sum(r.officer_minutes)::int AS minutes
      FROM seen JOIN app.deployment_report r ON r.deployment_id = seen.id GROUP BY 1, 2, 3`)},
    'duties', ${byCode('jsonb_array_elements_text(seen.duties)', 'c.code::int')},
    'npCodes', ${byCode('unnest(seen.np_codes)', 'c.code')},
    'overrides', ${listed(`SELECT a.code, count(DISTINCT seen.id)::int AS n
      FROM seen JOIN ${OVERRIDES} ON ${OVERRIDDEN('seen')} GROUP BY 1 ORDER BY 1`)},
    'repeats', ${listed(`SELECT CASE requester_type WHEN 'CITIZEN' THEN NULL ELSE requester_name END AS requester,
        requester_type AS type, count(*)::int AS n, count(*) FILTER (WHERE ${REFUSED('seen')})::int AS refused
      FROM seen GROUP BY requester_name, requester_type HAVING count(*) > 1
      ORDER BY count(*) DESC, requester_name LIMIT 100`)},
    'days', ${listed(`SELECT to_char(seen.submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day,
        o.name AS organ, count(*)::int AS count
      FROM seen JOIN app.organ o ON o.id = seen.organ_id WHERE $${at.days} GROUP BY 1, 2 ORDER BY 1, 2`)},
    'organs', ${listed(`SELECT o.id, o.name FROM app.organ o
      WHERE o.id IN (SELECT branch FROM seen) ORDER BY o.name`)}
  ) AS figures`;
