import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { insertRows, type RowsOf } from '../database/insert-rows.js';
import { sha256 } from './envelope.js';
import { SYSTEM_STREAM } from './streams.js';

/** The columns of a row by their names in the code, as JSON has them: instants in RFC 3339, bytes in base64. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** What a transaction did to one row. The trail keeps it, so that a table can be rebuilt from the trail and compared. */
export interface RowChange {
  readonly table: string;
  readonly id: string;
  /** Absent for a new row. Of a changed row only the columns that changed; of a removed one all. */
  readonly from?: PlainRow;
  /** Absent for a removed row. */
  readonly to?: PlainRow;
}

/** Where a change belongs: the stream that its row's trigger demands an event of, and the person it tells of. */
export interface PlacedChange {
  readonly stream: string;
  readonly subject: Subject;
  readonly change: RowChange;
}

/**
 * Whose data a value is: a person, or else everything that stands in one stream. Each has a key of its own, so that
 * the data of one can be erased and the rest stays.
 */
export type Subject = `${'reporter' | 'person' | 'officer' | 'stream'}:${string}`;

/** The tables that are records: those on which a trigger demands an event (migrations, `audited`). */
const streamColumns: Readonly<Record<string, string | null>> = {
  organ: null,
  officer: null,
  appointment: null,
  user_account: 'id',
  user_grant: 'userId',
  case: 'id',
  statement: 'caseId',
  allegation: 'caseId',
  allegation_subject: 'caseId',
  affected_person: 'caseId',
  finding: 'caseId',
  urgent_measure: 'caseId',
  investigator_assignment: 'caseId',
  case_deed: 'caseId',
  sanction: 'caseId',
  erasure: 'caseId',
  recusal: 'caseId',
  witness: 'caseId',
  broken_glass: 'userId',
  deployment: 'id',
  deployment_deed: 'deploymentId',
  deployment_attachment: 'deploymentId',
  deployment_report: 'deploymentId',
  deployment_notice: 'deploymentId',
  accountability: 'caseId',
  deployment_objection: 'userId',
  deployment_delegation: 'userId',
  second_factor: 'userId',
  factor_reset: 'userId',
  identity: 'caseId',
  message: 'caseId',
  receipt: 'caseId',
  identity_request: 'caseId',
  access_alert: 'userId',
  read_sample: null,
  read_question: 'userId',
};

export const isRecord = ({ tableName }: EntityMetadata): boolean => tableName in streamColumns;

/** The property that names the stream of a table's rows; null: they belong to the system's. */
export const streamColumnOf = ({ tableName }: EntityMetadata): string | null => {
  const column = streamColumns[tableName];
  if (column === undefined) throw new Error(`${tableName} is no table of records`);
  return column;
};

const keyOf = (metadata: EntityMetadata): string => metadata.primaryColumns[0]!.propertyName;

/** Also of columns that are hidden from ordinary reads. */
export const everyColumn = (metadata: EntityMetadata): Record<string, true> =>
  Object.fromEntries(metadata.columns.map(({ propertyName }) => [propertyName, true]));

/** A row as JSON has it; columns that have no value yet are left out. */
export function plainRow(metadata: EntityMetadata, row: ObjectLiteral): PlainRow {
  return Object.fromEntries(
    metadata.columns
      .filter(({ propertyName }) => row[propertyName] !== undefined)
      .map(({ propertyName }) => [
        propertyName,
        secret.has(propertyName) ? hashed(row[propertyName]) : plain(row[propertyName]),
      ]),
  );
}

/** Of these the trail keeps a hash, which shows that somebody changed them and gives nothing away. */
const secret: ReadonlySet<string> = new Set(['passwordHash', 'sealedSecret', 'sealed', 'lookup']);

/** Columns that say when a row was written. */
const recorded: ReadonlySet<string> = new Set(['createdAt', 'recordedAt', 'standingSince']);

const hashed = (value: unknown): unknown =>
  typeof value === 'string' || Buffer.isBuffer(value) ? `sha256:${sha256(value).toString('base64')}` : null;

/** The JSON of a value: what is stored in the trail and what is compared with it. */
const plain = (value: unknown): unknown =>
  Buffer.isBuffer(value) ? value.toString('base64') : (JSON.parse(JSON.stringify(value)) as unknown);

/** Equal as JSON, whatever the order of members: PostgreSQL keeps jsonb in an order of its own. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a, b] as Record<string, unknown>[];
  const keys = Object.keys(x!);
  return (
    keys.length === Object.keys(y!).length &&
    keys.every((key) => Object.hasOwn(y!, key) && sameValue(x![key], y![key]))
  );
}

/** Writes rows inside one transaction and remembers what it did to them. */
export class RowWriter {
  readonly changes: PlacedChange[] = [];
  /** Whose first row this transaction wrote: they can have no key yet. */
  readonly subjects = new Set<Subject>();

  constructor(
    private readonly manager: EntityManager,
    private readonly now: Date,
  ) {}

  /** Inserts rows of several tables in one statement. */
  async insert(tables: readonly RowsOf[]): Promise<void> {
    const complete = tables.map(({ entity, rows }) => {
      const metadata = this.manager.dataSource.getMetadata(entity);
      return { entity, metadata, rows: rows.map((row) => this.complete(metadata, row)) };
    });
    await insertRows(this.manager, complete);
    for (const { metadata, rows } of complete) {
      for (const row of rows) this.note(metadata, row, undefined, plainRow(metadata, row));
    }
  }

  /** What the database would fill in, the trail has to know: so it is filled in here. */
  private complete(metadata: EntityMetadata, row: ObjectLiteral): ObjectLiteral {
    if (!isRecord(metadata)) return row;
    const filled = metadata.columns.map(({ propertyName, isNullable }) => {
      const value: unknown = row[propertyName];
      if (value !== undefined) return [propertyName, value];
      if (propertyName === 'version') return [propertyName, 1];
      if (recorded.has(propertyName)) return [propertyName, this.now];
      if (isNullable) return [propertyName, null];
      throw new Error(`A new row of ${metadata.tableName} has no ${propertyName}`);
    });
    return Object.fromEntries(filled) as ObjectLiteral;
  }

  /**
   * Writes the columns in which a row that this transaction has locked differs from the table.
   * @param known what the changed columns were, where the caller knows it: then nothing is loaded again
   */
  async save<T extends ObjectLiteral>(row: T, known?: Partial<T>): Promise<void> {
    const metadata = this.manager.dataSource.getMetadata(row.constructor);
    const key = { [keyOf(metadata)]: row[keyOf(metadata)] as string };
    const before = plainRow(metadata, known ?? (await this.load(metadata, key)));
    const after = plainRow(metadata, row);
    const changed = Object.keys(known ? before : after).filter(
      (name) => !sameValue(before[name], after[name]),
    );
    if (changed.length === 0) return;
    const only = (values: ObjectLiteral): ObjectLiteral =>
      Object.fromEntries(changed.map((name) => [name, values[name] as unknown]));
    const { affected } = await this.manager.update(row.constructor, key, only(row));
    // Otherwise the trail would tell of a change that row-level security did not let through.
    if (affected !== 1) throw new Error(`The database kept a row of ${metadata.tableName} as it was`);
    this.note(metadata, row, only(before), only(after));
  }

  private load(metadata: EntityMetadata, key: ObjectLiteral): Promise<ObjectLiteral> {
    return this.manager.findOneOrFail(metadata.target, { where: key, select: everyColumn(metadata) });
  }

  /** Removes rows that this transaction has loaded. */
  async remove<T extends ObjectLiteral>(rows: readonly T[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const metadata = this.manager.dataSource.getMetadata(first.constructor);
    await this.manager.delete(
      first.constructor,
      rows.map((row) => row[keyOf(metadata)] as string),
    );
    for (const row of rows) this.note(metadata, row, plainRow(metadata, row), undefined);
  }

  private note(
    metadata: EntityMetadata,
    row: ObjectLiteral,
    from: PlainRow | undefined,
    to: PlainRow | undefined,
  ): void {
    if (!isRecord(metadata)) return;
    const column = streamColumnOf(metadata);
    const stream = column === null ? SYSTEM_STREAM : (row[column] as string);
    const table = metadata.tableName;
    const id = row[keyOf(metadata)] as string;
    const change = { table, id, ...(from ? { from } : {}), ...(to ? { to } : {}) };
    const subject = subjectOfRow(table, id, stream);
    this.changes.push({ stream, subject, change });
    // A reporter of an older case may have written before, and so have a key.
    const isFirst = subject.startsWith('reporter:')
      ? this.subjects.has(`stream:${stream}`)
      : subject.endsWith(id);
    if (!from && isFirst) this.subjects.add(subject);
  }
}

const ofReporter: ReadonlySet<string> = new Set(['identity', 'message', 'receipt']);

/** Whose data a row is. */
function subjectOfRow(table: string, id: string, stream: string): Subject {
  if (ofReporter.has(table)) return `reporter:${stream}`;
  if (table === 'affected_person') return `person:${id}`;
  if (table === 'officer') return `officer:${id}`;
  return `stream:${stream}`;
}
