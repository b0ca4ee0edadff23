import type { PoolClient } from 'pg';
import type { Mapping, Source } from './mapping.js';
import type { RefusedRow, RowToStage } from './staged-rows.js';

/** A row as it comes back from the staging table. */
export interface Staged extends RowToStage {
  readonly source: Source;
  readonly fileIndex: number;
}

/** What is known of a complaint from an earlier import. */
export interface KnownCase {
  readonly reference: string;
  readonly importId: string;
  /** `source hash` of each of its rows. */
  readonly rows: ReadonlySet<string>;
}

interface StagedTuple {
  key: string;
  source: number;
  file: number;
  row_no: string;
  line: string;
  hash: Buffer;
  cells: string[];
}

/** More rows than this for one complaint are a wrong key, and would not fit into one transaction. */
export const MAX_ROWS_PER_CASE = 5_000;

/** Keeps the keys of complaints apart from those of things to look up. */
const CASES = 'c:';
const lookupPrefix = (source: string): string => `l:${source}:`;

/** In which form a row is in `KnownCase.rows`. */
export const rowId = (source: string, hash: Buffer): string => `${source} ${hash.toString('hex')}`;

/** The rows of one run between their file and their case, in a table that a crash may empty. */
export class Staging {
  constructor(
    private readonly client: PoolClient,
    private readonly importId: string,
    private readonly mapping: Mapping,
  ) {}

  /**
   * Removes what runs left that were killed: of this source all of them, since it is imported by one run at a time; of
   * other sources those before yesterday, among them dry runs, of which there is no record.
   */
  async clear(now: Date): Promise<void> {
    await this.empty();
    await this.client.query('DELETE FROM app.import_reject WHERE import_id = $1', [this.importId]);
    await this.client.query(
      `DELETE FROM app.import_staging WHERE import_id < $1
       OR import_id IN (SELECT id FROM app.import_run WHERE system = $2)`,
      [idAt(now.getTime() - 86_400_000), this.mapping.system],
    );
  }

  async empty(): Promise<void> {
    await this.client.query('DELETE FROM app.import_staging WHERE import_id = $1', [this.importId]);
  }

  async add(source: Source, fileIndex: number, rows: readonly RowToStage[]): Promise<void> {
    if (rows.length === 0) return;
    const prefix = source.key ? CASES : lookupPrefix(source.name);
    await this.client.query(
      `INSERT INTO app.import_staging (import_id, key, source, file, row_no, line, hash, cells)
       SELECT $1, k, $2, $3, r, l, h, c
       FROM unnest($4::text[], $5::bigint[], $6::bigint[], $7::bytea[], $8::json[]) AS t (k, r, l, h, c)`,
      [
        this.importId,
        this.mapping.sources.indexOf(source),
        fileIndex,
        rows.map(({ key }) => prefix + key),
        rows.map(({ rowNo }) => rowNo),
        rows.map(({ line }) => line),
        rows.map(({ hash }) => hash),
        rows.map(({ cells }) => JSON.stringify(cells)),
      ],
    );
  }

  async reject(file: string, rows: readonly RefusedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.client.query(
      `INSERT INTO app.import_reject (import_id, file, row_no, reason)
       SELECT $1, $2, r, w FROM unnest($3::bigint[], $4::text[]) AS t (r, w) ON CONFLICT DO NOTHING`,
      [this.importId, file, rows.map(({ rowNo }) => rowNo), rows.map(({ reason }) => reason)],
    );
  }

  async countCases(): Promise<number> {
    const { rows } = await this.client.query<{ n: string }>(
      `SELECT count(*) AS n FROM (SELECT DISTINCT key FROM app.import_staging
       WHERE import_id = $1 AND key >= $2 AND key < $3) AS k`,
      [this.importId, CASES, after(CASES)],
    );
    return Number(rows[0]!.n);
  }

  /** The next complaints by key, with all of their rows: so many, but not far more rows than `maxRows`. */
  async next(
    last: string | undefined,
    maxCases: number,
    maxRows: number,
  ): Promise<{ groups: Map<string, Staged[]>; oversized: string[]; lastKey: string | undefined }> {
    const { rows: counts } = await this.indexed<{ key: string; n: string }>(
      `SELECT key, count(*) AS n FROM app.import_staging WHERE import_id = $1 AND key > $2 AND key < $3
       GROUP BY key ORDER BY key LIMIT $4`,
      [this.importId, CASES + (last ?? ''), after(CASES), maxCases],
    );
    const keys: string[] = [];
    const oversized: string[] = [];
    let sum = 0;
    let lastKey: string | undefined;
    for (const { key, n } of counts) {
      const tooMany = Number(n) > MAX_ROWS_PER_CASE;
      if (!tooMany) sum += Number(n);
      if (keys.length > 0 && sum > maxRows) break;
      (tooMany ? oversized : keys).push(key);
      lastKey = key.slice(CASES.length);
    }
    const groups = new Map<string, Staged[]>(keys.map((key) => [key.slice(CASES.length), []]));
    const { rows } = await this.indexed<StagedTuple>(
      `SELECT key, source, file, row_no, line, hash, cells FROM app.import_staging
       WHERE import_id = $1 AND key = ANY($2) ORDER BY source, file, row_no`,
      [this.importId, keys],
    );
    for (const row of rows) groups.get(row.key.slice(CASES.length))!.push(this.staged(row));
    return { groups, oversized: oversized.map((key) => key.slice(CASES.length)), lastKey };
  }

  /** Rejects all rows of a complaint without reading them. @returns how many of which file */
  async rejectWhole(
    key: string,
    fileNames: readonly string[],
    reason: string,
  ): Promise<{ file: number; count: number }[]> {
    const { rows } = await this.client.query<{ file: number; count: string }>(
      `WITH gone AS (
         INSERT INTO app.import_reject (import_id, file, row_no, reason)
         SELECT import_id, ($3::text[])[file + 1], row_no, $4 FROM app.import_staging
         WHERE import_id = $1 AND key = $2 ON CONFLICT DO NOTHING)
       SELECT file, count(*) FROM app.import_staging WHERE import_id = $1 AND key = $2 GROUP BY file`,
      [this.importId, CASES + key, fileNames, reason],
    );
    return rows.map(({ file, count }) => ({ file, count: Number(count) }));
  }

  /** The first row by each of these keys of a source to look things up in. */
  async lookUp(source: string, keys: readonly string[]): Promise<Map<string, Staged>> {
    const prefix = lookupPrefix(source);
    const { rows } = await this.indexed<StagedTuple>(
      `SELECT DISTINCT ON (key) key, source, file, row_no, line, hash, cells FROM app.import_staging
       WHERE import_id = $1 AND key = ANY($2) ORDER BY key, source, file, row_no`,
      [this.importId, keys.map((key) => prefix + key)],
    );
    return new Map(rows.map((row) => [row.key.slice(prefix.length), this.staged(row)]));
  }

  private staged(row: StagedTuple): Staged {
    return {
      key: row.key.slice(row.key.indexOf(':') + 1),
      source: this.mapping.sources[row.source]!,
      fileIndex: row.file,
      rowNo: Number(row.row_no),
      line: Number(row.line),
      hash: row.hash,
      cells: row.cells,
    };
  }

  /** Nobody has analysed a table that was filled a moment ago: without a hint the whole of it might be read. */
  private async indexed<T extends object>(text: string, values: unknown[]): Promise<{ rows: T[] }> {
    await this.client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
    try {
      return await this.client.query<T>(text, values);
    } finally {
      await this.client.query('COMMIT');
    }
  }

  async known(keys: readonly string[]): Promise<Map<string, KnownCase>> {
    const { rows } = await this.client.query<{
      key: string;
      source: string;
      hash: Buffer;
      reference: string;
      import_id: string;
    }>(
      `SELECT key, source, hash, reference, import_id FROM app.import_provenance WHERE system = $1 AND key = ANY($2)`,
      [this.mapping.system, keys],
    );
    const known = new Map<string, KnownCase & { rows: Set<string> }>();
    for (const row of rows) {
      const one = known.get(row.key) ?? {
        reference: row.reference,
        importId: row.import_id,
        rows: new Set<string>(),
      };
      one.rows.add(rowId(row.source, row.hash));
      known.set(row.key, one);
    }
    return known;
  }
}

const after = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

/** The smallest UUIDv7 of a moment. */
const idAt = (time: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};
