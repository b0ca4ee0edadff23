import { runMigrations as migrateJobs } from 'graphile-worker';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { databaseRoles, ensureRolesAndSchemas, MIGRATION_LOCK } from './roles.js';

export type OptionsFor = (url: string) => DataSourceOptions;

/**
 * Brings the database to the present schema: roles, schemas, migrations, the job queue and its privileges. Safe to
 * run again and from several processes at once.
 * @returns the names of the migrations that ran
 */
export async function migrate(adminUrl: string, optionsFor: OptionsFor): Promise<string[]> {
  const lock = new pg.Client({ connectionString: adminUrl, application_name: 'plumbline-migrate' });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRolesAndSchemas(lock);
    const dataSource = await new DataSource(optionsFor(adminUrl)).initialize();
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      await lock.query(
        `GRANT SELECT ON app.schema_migrations TO ${databaseRoles.app}, ${databaseRoles.auditor}`,
      );
      await migrateJobs({ connectionString: adminUrl });
      await grantJobs(lock);
      return done.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}

/**
 * The worker runs inside the application and logs in with its role. graphile-worker switches row security on for its
 * tables without a policy, so that only their owner would see a job.
 */
async function grantJobs(admin: pg.Client): Promise<void> {
  const app = databaseRoles.app;
  await admin.query(`
    GRANT USAGE ON SCHEMA graphile_worker TO ${app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO ${app};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${app};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${app};
    DO $$
    DECLARE t record;
    BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'graphile_worker' LOOP
        EXECUTE format('DROP POLICY IF EXISTS ${app} ON graphile_worker.%I', t.tablename);
        EXECUTE format('CREATE POLICY ${app} ON graphile_worker.%I TO ${app} USING (true) WITH CHECK (true)', t.tablename);
      END LOOP;
    END $$`);
}

/** The names of the migrations that this code has and the database lacks. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const [{ exists }] = await dataSource.query<[{ exists: boolean }]>(
    `SELECT to_regclass('app.schema_migrations') IS NOT NULL AS exists`,
  );
  if (!exists) return known;
  const done = await dataSource.query<{ name: string }[]>('SELECT name FROM app.schema_migrations');
  const names = new Set(done.map((row) => row.name));
  return known.filter((name) => !names.has(name));
}
