import type { DataSource, EntityMetadata } from 'typeorm';
import { In } from 'typeorm';
import type { HistoryService } from './history.service.js';
import { applyChange, changesOf, rowsIn, type Tables } from './past-rows.js';
import { everyColumn, isRecord, plainRow, sameValue, streamColumnOf, type PlainRow } from './row-changes.js';
import { SYSTEM_STREAM, SYSTEM_USER } from './streams.js';

/** A place where the tables do not say what the trail says. */
export interface Difference {
  readonly stream: string;
  readonly table: string;
  readonly id: string;
  /** Undefined when the whole row is there and should not be, or the other way round. */
  readonly field?: string;
  readonly what: 'CHANGED' | 'MISSING' | 'UNKNOWN';
  readonly inTrail?: unknown;
  readonly found?: unknown;
}

export interface ReconciliationReport {
  readonly streams: number;
  readonly rows: number;
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  /** Rows whose data were erased: the trail cannot say any more what they held. */
  readonly erased: number;
}

/** Made by a migration, before there was anybody who could have made it. */
const systemAccount: PlainRow = {
  id: SYSTEM_USER,
  username: 'plumbline',
  passwordHash: null,
  officerId: null,
  status: 'SYSTEM',
};

const PAGE = 200;
const MAX_DIFFERENCES = 200;
/** So often a stream that goes on and on is read before it is judged as it stands. */
const ATTEMPTS = 10;

/**
 * Rebuilds the present state of every case, user, deployment and organ from the events of its stream and compares it with the
 * tables. A row that was changed, added or removed behind the application shows, with the field and both values.
 * @param onlyStream looks at one stream alone
 */
export async function reconcile(
  dataSource: DataSource,
  histories: HistoryService,
  onlyStream?: string,
  progress: (streams: number) => void = () => undefined,
): Promise<ReconciliationReport> {
  const comparison = new Comparison(dataSource, histories);
  for await (const streams of onlyStream ? [[onlyStream]] : streamsOf(dataSource)) {
    await comparison.compare(streams);
    progress(comparison.streams);
  }
  return comparison.report();
}

/** The streams of all records: the system's, users', cases' and deployments', a page at a time. */
async function* streamsOf(dataSource: DataSource): AsyncGenerator<string[]> {
  yield [SYSTEM_STREAM];
  for (const table of ['user_account', 'case', 'deployment']) {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await dataSource.query<{ id: string }[]>(
        `SELECT id FROM app."${table}" WHERE id > $1 ORDER BY id LIMIT $2`,
        [after, PAGE],
      );
      if (rows.length === 0) break;
      after = rows.at(-1)!.id;
      yield rows.map(({ id }) => id);
    }
  }
  yield* orphans(dataSource);
}

/** Streams that the trail has and no table: their case, user or deployment was removed. */
async function* orphans(dataSource: DataSource): AsyncGenerator<string[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await dataSource.query<{ o_stream: string }[]>('SELECT * FROM audit.streams($1, 5000)', [
      after,
    ]);
    if (rows.length === 0) return;
    after = rows.at(-1)!.o_stream;
    const gone = await dataSource.query<{ stream: string }[]>(
      `SELECT s AS stream FROM unnest($1::uuid[]) AS s WHERE s <> $2
         AND NOT EXISTS (SELECT 1 FROM app."case" c WHERE c.id = s)
         AND NOT EXISTS (SELECT 1 FROM app.user_account u WHERE u.id = s)
         AND NOT EXISTS (SELECT 1 FROM app.deployment d WHERE d.id = s)`,
      [rows.map(({ o_stream: stream }) => stream), SYSTEM_STREAM],
    );
    if (gone.length > 0) yield gone.map(({ stream }) => stream);
  }
}

/** A stream after all of its events. */
interface Replayed {
  /** What its rows must be. */
  readonly expected: Tables;
  readonly erased: boolean;
  readonly events: number;
}

interface Compared {
  readonly rows: number;
  readonly erased: number;
  readonly differences: readonly Difference[];
}

/** A new row's event has every column that there was at that time. */
const changedFields = (
  at: Pick<Difference, 'stream' | 'table' | 'id'>,
  inTrail: PlainRow,
  row: PlainRow,
): Difference[] =>
  Object.keys(inTrail)
    .filter((field) => !sameValue(inTrail[field], row[field]))
    .map((field) => ({ ...at, field, what: 'CHANGED', inTrail: inTrail[field], found: row[field] }));

class Comparison {
  streams = 0;
  private rows = 0;
  private erased = 0;
  private differenceCount = 0;
  private readonly differences: Difference[] = [];
  private readonly records: readonly EntityMetadata[];

  constructor(
    private readonly dataSource: DataSource,
    private readonly histories: HistoryService,
  ) {
    this.records = dataSource.entityMetadatas.filter(isRecord);
  }

  async compare(streams: readonly string[]): Promise<void> {
    const found = await this.tablesOf(streams);
    for (const stream of streams) {
      let compared = this.compared(stream, await this.replay(stream), found.get(stream));
      if (compared.differences.length > 0) compared = await this.comparedAtRest(stream);
      this.streams++;
      this.rows += compared.rows;
      this.erased += compared.erased;
      this.differenceCount += compared.differences.length;
      this.differences.push(...compared.differences.slice(0, MAX_DIFFERENCES - this.differences.length));
    }
  }

  /**
   * People work while this looks: what came between the reading of the tables and of the events is no difference. So a
   * stream that shows one is read again, until no event of it came in between.
   */
  private async comparedAtRest(stream: string): Promise<Compared> {
    for (let attempt = 1; ; attempt++) {
      const replayed = await this.replay(stream);
      const compared = this.compared(stream, replayed, (await this.tablesOf([stream])).get(stream));
      const settled = compared.differences.length === 0 || attempt === ATTEMPTS;
      if (settled || (await this.replay(stream)).events === replayed.events) return compared;
    }
  }

  /** What the rows of a stream must be after all of its events. */
  private async replay(stream: string): Promise<Replayed> {
    const expected: Tables = new Map();
    let events = 0;
    if (stream === SYSTEM_USER)
      applyChange(expected, { table: 'user_account', id: SYSTEM_USER, to: systemAccount });
    let erased = false;
    for await (const entry of this.histories.all(stream)) {
      events++;
      erased ||= entry.erased.length > 0;
      for (const change of changesOf(entry)) applyChange(expected, change);
    }
    return { expected, erased, events };
  }

  /** What the tables hold, by stream, table and key. */
  private async tablesOf(streams: readonly string[]): Promise<Map<string, Tables>> {
    const found = new Map<string, Tables>();
    const vault = await this.rowsInVault(streams);
    for (const metadata of this.records) {
      const column = streamColumnOf(metadata);
      if (column === null && !streams.includes(SYSTEM_STREAM)) continue;
      const { schema, tableName: table } = metadata;
      const rows =
        schema === 'vault' ? (vault.get(table) ?? []) : await this.rowsIn(metadata, column, streams);
      for (const row of rows) {
        const stream = column === null ? SYSTEM_STREAM : (row[column] as string);
        const tables: Tables = found.get(stream) ?? new Map<string, Map<string, PlainRow>>();
        found.set(stream, tables);
        rowsIn(tables, table).set(row[metadata.primaryColumns[0]!.propertyName] as string, row);
      }
    }
    return found;
  }

  private async rowsIn(
    metadata: EntityMetadata,
    column: string | null,
    streams: readonly string[],
  ): Promise<PlainRow[]> {
    const where = column === null ? {} : { [column]: In([...streams]) };
    const found = await this.dataSource.manager.find(metadata.target, {
      where,
      select: everyColumn(metadata),
    });
    return found.map((row) => plainRow(metadata, row));
  }

  /** The vault tells hashes of what it holds, as the trail has them. */
  private async rowsInVault(streams: readonly string[]): Promise<Map<string, PlainRow[]>> {
    const rows = await this.dataSource.query<{ o_table: string; o_row: PlainRow }[]>(
      'SELECT * FROM vault.rows_of($1)',
      [streams],
    );
    const byTable = new Map<string, PlainRow[]>();
    for (const { o_table: table, o_row: row } of rows) {
      byTable.set(table, [...(byTable.get(table) ?? []), row]);
    }
    return byTable;
  }

  private compared(
    stream: string,
    { expected, erased: anyErased }: Replayed,
    found: Tables = new Map<string, Map<string, PlainRow>>(),
  ): Compared {
    const differences: Difference[] = [];
    let [rows, erased] = [0, 0];
    for (const { tableName: table } of this.records) {
      const [wanted, present] = [rowsIn(expected, table), rowsIn(found, table)];
      for (const id of new Set([...wanted.keys(), ...present.keys()])) {
        rows++;
        const at = { stream, table, id };
        const [inTrail, row] = [wanted.get(id), present.get(id)];
        if (!row) differences.push({ ...at, what: 'MISSING' });
        else if (inTrail) differences.push(...changedFields(at, inTrail, row));
        else if (anyErased) erased++;
        else differences.push({ ...at, what: 'UNKNOWN' });
      }
    }
    return { rows, erased, differences };
  }

  report(): ReconciliationReport {
    const { streams, rows, differences, differenceCount, erased } = this;
    return { streams, rows, differences, differenceCount, erased };
  }
}

/** The report as a person reads it. */
export function reconciliationInWords(report: ReconciliationReport): string {
  const counts = `${report.rows} rows of ${report.streams} cases, deployments, users and the system`;
  const erased =
    report.erased > 0 ? ` ${report.erased} row(s) hold erased data and could not be compared.` : '';
  if (report.differenceCount === 0) return `The tables say what the trail says: ${counts}.${erased}`;
  const lines = report.differences.map((one) => {
    const row = `${one.table} ${one.id} (stream ${one.stream})`;
    if (one.what === 'MISSING') return `${row}: the row is gone; the trail has it`;
    if (one.what === 'UNKNOWN') return `${row}: the row is in no event of the trail`;
    return `${row}: ${one.field} is ${JSON.stringify(one.found)}; the trail says ${JSON.stringify(one.inTrail ?? null)}`;
  });
  const more = report.differenceCount - report.differences.length;
  return [
    `The tables do NOT say what the trail says: ${report.differenceCount} difference(s) in ${counts}.${erased}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}
