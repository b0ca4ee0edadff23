import type { Place } from './items.js';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

/** What the queries of one kind of work read. */
export interface Plans {
  /** The large tables that a query scans from end to end. */
  readonly scans: readonly string[];
  /** The most rows that one step of a plan passes over: what may grow with the data though an index is used. */
  readonly rows: number;
  /** The query that does, with its plan. */
  readonly widest: { readonly text: string; readonly plan: unknown } | undefined;
}

/** A scan of a small table, such as the organs', costs nothing. */
const SMALL = 1000;

/** Runs each query once under EXPLAIN. */
export async function plansOf(
  place: Place,
  statements: readonly { readonly text: string; readonly values: readonly unknown[] }[],
): Promise<Plans> {
  const scans = new Set<string>();
  let rows = 0;
  let widest: Plans['widest'];
  for (const { text, values } of statements) {
    // What writes or locks is not run again.
    if (!/^\s*SELECT/i.test(text) || /nextval|audit\.record|FOR UPDATE/.test(text)) continue;
    const [row] = await place.rows<{ 'QUERY PLAN': { Plan: Node }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [...values],
    );
    const plan = row!['QUERY PLAN'][0]!.Plan;
    for (const node of nodesOf(plan)) {
      const passed =
        node['Actual Loops'] *
        (node['Actual Rows'] +
          (node['Rows Removed by Filter'] ?? 0) +
          (node['Rows Removed by Index Recheck'] ?? 0));
      if (passed > rows) [rows, widest] = [passed, { text, plan }];
      const table = node['Relation Name'];
      if (node['Node Type'] === 'Seq Scan' && table && passed > SMALL) scans.add(table);
    }
  }
  return { scans: [...scans], rows: Math.round(rows), widest };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}
