import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

export interface RowsOf<T extends ObjectLiteral = ObjectLiteral> {
  readonly entity: EntityTarget<T>;
  readonly rows: readonly Partial<T>[];
}

/** Types the pair, so that a row with a wrong column does not compile. */
export const rowsOf = <T extends ObjectLiteral>(
  entity: EntityTarget<T>,
  rows: readonly Partial<T>[],
): RowsOf => ({ entity, rows });

const quote = (name: string): string => `"${name}"`;

/**
 * Inserts rows of several tables in one statement, whatever their number: one round trip for a whole case, or for a
 * hundred. Foreign keys are checked at its end, so the order does not matter. A column that no row of a table has
 * takes its default.
 */
export async function insertRows(manager: EntityManager, tables: readonly RowsOf[]): Promise<void> {
  const parameters: string[] = [];
  const inserts: string[] = [];
  for (const { entity, rows } of tables) {
    if (rows.length === 0) continue;
    const metadata = manager.dataSource.getMetadata(entity);
    const columns = metadata.columns.filter((column) =>
      rows.some((row) => row[column.propertyName] !== undefined),
    );
    const values = rows.map((row) =>
      Object.fromEntries(columns.map((column) => [column.databaseName, jsonOf(row[column.propertyName])])),
    );
    parameters.push(JSON.stringify(values));
    const names = columns.map((column) => quote(column.databaseName)).join(', ');
    const table = `${quote(metadata.schema ?? 'app')}.${quote(metadata.tableName)}`;
    inserts.push(
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $${parameters.length}::jsonb)`,
    );
  }
  const last = inserts.pop();
  if (last === undefined) return;
  const before = inserts.map((insert, i) => `t${i} AS (${insert})`);
  await manager.query(`${before.length > 0 ? `WITH ${before.join(', ')} ` : ''}${last}`, parameters);
}

/** A value as jsonb_populate_recordset reads it into its column's type. */
const jsonOf = (value: unknown): unknown =>
  Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : (value ?? null);
