import { branchOf, listed, monthOf } from '../common/figures.sql.js';
import { finalStatuses } from '../intake/case.states.js';

/** What the statement below answers; every number of it is still to be judged for telling. */
export interface RawFigures {
  /** Of all months up to the last one. */
  flow: { month: string; opened: number; closed: number }[];
  /** Month null: of all together. */
  durations: { month: string | null; decided: number; median: number; p90: number }[];
  findings: { recommended: string; final: string; n: number }[];
  categories: { category: string; month: string; organ: string; name: string; n: number }[];
  sanctions: { kind: string; month: string; n: number }[];
}

const ends = `(${finalStatuses.map((status) => `'${status}'`).join(', ')})`;
/** Of an allegation, the value in the latest revision of a stage. */
const latest = (column: string, stage: string): string =>
  `(array_agg(${column} ORDER BY f.revision DESC) FILTER (WHERE f.stage = '${stage}'))[1]`;
const monthOfDay = (day: string): string => `to_char(${day}, 'YYYY-MM')`;

/**
 * Rows that hang on the cases seen. Their policy asks for the case of each: for a reader of many cases it is cheaper to read
 * the table once, beside a list of all these cases that the database makes for the policy, than to look for the rows of
 * one case after the other. The planner does not see this, since it takes the policy for the same work either way.
 */
const hanging = (name: string, table: string, columns: string, where: string): string => `
  ${name} AS MATERIALIZED (
    SELECT t.case_id, ${columns} FROM ${table} t WHERE (SELECT wide FROM reach) AND (${where})
    UNION ALL
    SELECT t.case_id, ${columns} FROM seen JOIN ${table} t ON t.case_id = seen.id
    WHERE NOT (SELECT wide FROM reach) AND (${where}))`;

/**
 * The figures as one JSON object. `seen` are the cases that the reader may count; row-level security stands behind each
 * table, and each is read once.
 * @param seen a statement that answers their id, organ_id, status, received_at and decided_on
 * @param at the numbers of the parameters: first month, last month, the organ whose branches are told apart or null
 */
export const figuresOf = (seen: string, at: { from: number; to: number; root: number }): string => `
  WITH seen AS MATERIALIZED (
    SELECT id, organ_id, status IN ${ends} AS ended, ${monthOf('received_at')} AS month,
           ${monthOf('received_at')} BETWEEN $${at.from} AND $${at.to} AS received,
           ${monthOfDay('decided_on')} AS decided_month,
           decided_on - (received_at AT TIME ZONE 'Asia/Shanghai')::date AS days
    FROM (${seen}) c),
  -- More than a tenth of all cases, as many as there were when they were analyzed last.
  reach AS MATERIALIZED (
    SELECT count(*) * 10 > (SELECT reltuples FROM pg_class WHERE oid = 'app."case"'::regclass) AS wide FROM seen),
  ${[
    hanging(
      'deed',
      'app.case_deed',
      `t.done_at, t.to_status IN ${ends} AS ends, t.from_status IN ${ends} AS ended`,
      `t.to_status IN ${ends} OR t.from_status IN ${ends}`,
    ),
    hanging(
      'finding',
      'app.finding',
      't.allegation_id, t.stage, t.revision, t.outcome, t.recorded_at',
      `t.stage IN ('FINAL', 'RECOMMENDED')`,
    ),
    hanging('allegation', 'app.allegation', 't.category', 'true'),
    hanging(
      'sanction',
      'app.sanction',
      `t.kind, ${monthOfDay('t.effective_from')} AS month`,
      `t.status IN ('DECIDED', 'SERVED') AND ${monthOfDay('t.effective_from')} BETWEEN $${at.from} AND $${at.to}`,
    ),
  ].join(',')},
  -- A case that was ended elsewhere, before it was taken over, has no such step here: its decision ended it.
  ending AS (
    SELECT ${monthOf('d.done_at')} AS month, d.ends FROM deed d JOIN seen ON seen.id = d.case_id WHERE d.ends <> d.ended
    UNION ALL
    SELECT coalesce(decided_month, month), true FROM seen
    WHERE ended AND NOT EXISTS (SELECT FROM deed d WHERE d.case_id = seen.id AND d.ends)),
  moved AS (
    SELECT month, count(*) AS opened, 0 AS closed FROM seen GROUP BY month
    UNION ALL
    SELECT month, count(*) FILTER (WHERE NOT ends), count(*) FILTER (WHERE ends) FROM ending GROUP BY month),
  judged AS (
    SELECT f.allegation_id, ${latest('f.outcome', 'RECOMMENDED')} AS recommended,
           ${latest('f.outcome', 'FINAL')} AS final, ${latest('f.recorded_at', 'FINAL')} AS recorded_at
    FROM finding f JOIN seen ON seen.id = f.case_id GROUP BY f.allegation_id),
  categorised AS (
    SELECT a.category, seen.month, seen.organ_id, count(*) AS n
    FROM seen JOIN allegation a ON a.case_id = seen.id
    WHERE seen.received GROUP BY 1, 2, 3)
  SELECT json_build_object(
    'flow', ${listed(`SELECT month, sum(opened)::int AS opened, sum(closed)::int AS closed FROM moved
      WHERE month <= $${at.to} GROUP BY month`)},
    'durations', ${listed(`SELECT decided_month AS month, count(*)::int AS decided,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS p90
      FROM seen WHERE decided_month BETWEEN $${at.from} AND $${at.to} GROUP BY GROUPING SETS ((decided_month), ())`)},
    'findings', ${listed(`SELECT coalesce(recommended, 'NONE') AS recommended, final, count(*)::int AS n
      FROM judged WHERE ${monthOf('recorded_at')} BETWEEN $${at.from} AND $${at.to} GROUP BY 1, 2`)},
    'categories', ${listed(`SELECT c.category, c.month, branch.id AS organ, branch.name, sum(c.n)::int AS n
      FROM categorised c JOIN app.organ o ON o.id = c.organ_id
      JOIN app.organ branch ON branch.id = ${branchOf('o', `$${at.root}`)} GROUP BY 1, 2, 3, 4`)},
    'sanctions', ${listed(`SELECT s.kind, s.month, count(*)::int AS n
      FROM sanction s JOIN seen ON seen.id = s.case_id GROUP BY 1, 2`)}
  ) AS figures`;
