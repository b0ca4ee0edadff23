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
const monthOfDay = (day: string): string => `to_char(${day}, 'YYYY-MM')`;

/**
 * The figures as one JSON object. `seen` are the cases that the reader may count; row-level security stands behind each
 * table.
 * @param seen a statement that answers their ids
 * @param at the numbers of the parameters: first month, last month, the organ whose branches are told apart or null
 */
export const figuresOf = (seen: string, at: { from: number; to: number; root: number }): string => `
  WITH seen AS (SELECT * FROM app."case" WHERE id IN (${seen})),
  -- A case that was ended elsewhere, before it was taken over, has no such step here: its decision ended it.
  ending AS (
    SELECT d.case_id, ${monthOf('d.done_at')} AS month, d.to_status IN ${ends} AS ends
    FROM app.case_deed d JOIN seen ON seen.id = d.case_id
    WHERE (d.to_status IN ${ends}) <> (d.from_status IN ${ends})
    UNION ALL
    SELECT id, coalesce(${monthOfDay('decided_on')}, ${monthOf('received_at')}), true FROM seen
    WHERE status IN ${ends} AND NOT EXISTS (
      SELECT FROM app.case_deed d WHERE d.case_id = seen.id AND d.to_status IN ${ends})),
  moved AS (
    SELECT ${monthOf('received_at')} AS month, 1 AS opened, 0 AS closed FROM seen
    UNION ALL
    SELECT month, (NOT ends)::int, ends::int FROM ending),
  decided AS (
    SELECT ${monthOfDay('decided_on')} AS month,
           decided_on - (received_at AT TIME ZONE 'Asia/Shanghai')::date AS days
    FROM seen WHERE ${monthOfDay('decided_on')} BETWEEN $${at.from} AND $${at.to}),
  final AS (
    SELECT DISTINCT ON (f.allegation_id) f.allegation_id, f.outcome, f.recorded_at
    FROM app.finding f JOIN seen ON seen.id = f.case_id
    WHERE f.stage = 'FINAL' ORDER BY f.allegation_id, f.revision DESC),
  recommended AS (
    SELECT DISTINCT ON (f.allegation_id) f.allegation_id, f.outcome
    FROM app.finding f JOIN seen ON seen.id = f.case_id
    WHERE f.stage = 'RECOMMENDED' ORDER BY f.allegation_id, f.revision DESC)
  SELECT json_build_object(
    'flow', ${listed(`SELECT month, sum(opened)::int AS opened, sum(closed)::int AS closed FROM moved
      WHERE month <= $${at.to} GROUP BY month`)},
    'durations', ${listed(`SELECT month, count(*)::int AS decided,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS p90
      FROM decided GROUP BY GROUPING SETS ((month), ())`)},
    'findings', ${listed(`SELECT coalesce(r.outcome, 'NONE') AS recommended, f.outcome AS final, count(*)::int AS n
      FROM final f LEFT JOIN recommended r USING (allegation_id)
      WHERE ${monthOf('f.recorded_at')} BETWEEN $${at.from} AND $${at.to} GROUP BY 1, 2`)},
    'categories', ${listed(`SELECT a.category, ${monthOf('seen.received_at')} AS month, branch.id AS organ,
        branch.name, count(*)::int AS n
      FROM seen JOIN app.allegation a ON a.case_id = seen.id JOIN app.organ o ON o.id = seen.organ_id
      JOIN app.organ branch ON branch.id = ${branchOf('o', `$${at.root}`)}
      WHERE ${monthOf('seen.received_at')} BETWEEN $${at.from} AND $${at.to} GROUP BY 1, 2, 3, 4`)},
    'sanctions', ${listed(`SELECT s.kind, ${monthOfDay('s.effective_from')} AS month, count(*)::int AS n
      FROM app.sanction s JOIN seen ON seen.id = s.case_id
      WHERE s.status IN ('DECIDED', 'SERVED')
        AND ${monthOfDay('s.effective_from')} BETWEEN $${at.from} AND $${at.to} GROUP BY 1, 2`)}
  ) AS figures`;
