/** The month of the law in which an instant lies, as text. */
export const monthOf = (instant: string): string =>
  `to_char(${instant} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')`;

/** The rows of a query as one JSON array. */
export const listed = (query: string): string => `(SELECT coalesce(json_agg(r), '[]') FROM (${query}) r)`;

/**
 * The branch in which an organ lies: the one next under `root`, root itself for what is root's own; without a root the
 * one at the top.
 * @param organ the alias of its row
 * @param root an id, or null
 */
export const branchOf = (organ: string, root: string): string => `${organ}.path[
  CASE WHEN ${root}::uuid IS NULL THEN cardinality(${organ}.path)
    ELSE greatest(array_position(${organ}.path, ${root}::uuid) - 1, 1) END]`;
