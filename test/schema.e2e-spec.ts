import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/data-source.js';
import { aDatabase, type TestDatabase } from './support/database.js';

describe('the migrated schema', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await aDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.appUrl, 2)).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('has exactly the columns that the entities say, with the same nullability', async () => {
    const rows = await database.sql<{ table_name: string; column_name: string; is_nullable: string }>(
      `SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'app'`,
    );
    for (const { tableName, columns } of dataSource.entityMetadatas) {
      const migrated = rows
        .filter(({ table_name }) => table_name === tableName)
        .map(
          ({ column_name, is_nullable }) => `${column_name} ${is_nullable === 'YES' ? 'null' : 'not null'}`,
        );
      const declared = columns.map(
        ({ databaseName, isNullable }) => `${databaseName} ${isNullable ? 'null' : 'not null'}`,
      );
      expect([tableName, ...declared.sort()]).toEqual([tableName, ...migrated.sort()]);
    }
  });

  it('demands an event for every change of a record', async () => {
    const unaudited = await database.sql<{ relname: string }>(
      `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'app' AND c.relkind = 'r' AND NOT EXISTS (
         SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_audited'
           AND t.tgdeferrable AND t.tginitdeferred AND t.tgenabled = 'A')
       ORDER BY 1`,
    );
    // None of these is a record of the service: sessions, counters, keys against repeats, work in progress.
    expect(unaudited.map(({ relname }) => relname)).toEqual([
      'export_piece',
      'export_run',
      'idempotency_key',
      'import_file',
      'import_reject',
      'import_run',
      'import_staging',
      'rate_limit',
      'schema_migrations',
      'session',
      'trail_verification',
    ]);
  });

  it('grants the application no more than it needs', async () => {
    const grants = await database.sql<{ what: string }>(
      `SELECT table_name || ' ' || string_agg(privilege_type, ' ' ORDER BY privilege_type) AS what
       FROM information_schema.role_table_grants
       WHERE grantee = 'plumbline_app' AND table_schema IN ('app', 'audit') AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER')
       GROUP BY table_name ORDER BY 1`,
    );
    expect(grants.map(({ what }) => what)).toEqual([
      'affected_person DELETE',
      'allegation_subject DELETE',
      'export_piece DELETE',
      'idempotency_key DELETE',
      'import_file DELETE',
      'import_reject DELETE',
      'import_staging DELETE',
      'rate_limit DELETE',
    ]);
  });
});
