import { CSV_BOM, csvLine } from '../common/csv.js';

export interface Reject {
  readonly file: string;
  readonly row: number;
  readonly reason: string;
}

/** What runs a query. */
export interface Queries {
  query<T>(text: string, values: unknown[]): Promise<T>;
}

const PAGE = 1000;

/** Rows that an import did not accept, by file and row, after the given one. */
export async function rejectsOf(
  queries: Queries,
  importId: string,
  after: { file: string; row: number } | undefined,
  limit: number,
): Promise<Reject[]> {
  const rows = await queries.query<{ file: string; row: string; reason: string }[]>(
    `SELECT file, row_no AS row, reason FROM app.import_reject
     WHERE import_id = $1 AND (file, row_no) > ($2, $3::bigint) ORDER BY file, row_no LIMIT $4`,
    [importId, after?.file ?? '', after?.row ?? 0, limit],
  );
  return rows.map(({ file, row, reason }) => ({ file, row: Number(row), reason }));
}

/** All of them as the text of a CSV file, which a spreadsheet opens and does not compute. */
export async function* rejectsAsCsv(queries: Queries, importId: string): AsyncGenerator<string> {
  yield CSV_BOM + csvLine(['file', 'row', 'reason']);
  for (let after: Reject | undefined; ;) {
    const page = await rejectsOf(queries, importId, after, PAGE);
    if (page.length === 0) return;
    yield page.map(({ file, row, reason }) => csvLine([file, row, reason])).join('');
    after = page.at(-1);
  }
}

export async function countRejects(queries: Queries, importId: string): Promise<number> {
  const [row] = await queries.query<[{ n: string }]>(
    'SELECT count(*) AS n FROM app.import_reject WHERE import_id = $1',
    [importId],
  );
  return Number(row.n);
}
