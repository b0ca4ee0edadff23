import type { DataSource } from 'typeorm';
import { pendingMigrations } from './migrate.js';

/** The application must not start on this database as it is. */
export class UnsafeDatabaseError extends Error {}

/**
 * Refuses a database role that could do more than the application needs: with one, whoever takes over the
 * application could rewrite the trail. Refuses also a schema that is behind the code.
 */
export async function checkDatabase(dataSource: DataSource, worker: DataSource): Promise<void> {
  const pending = await pendingMigrations(dataSource);
  if (pending.length > 0) {
    throw new UnsafeDatabaseError(
      `The database lacks ${pending.length} migration(s), the first is ${pending[0]}. ` +
        'Run `npx plumbline migrate` with DATABASE_URL set to an administrator.',
    );
  }
  await refusePower(dataSource, 'plumbline_app');
  await refusePower(worker, 'plumbline_worker');
}

/** @param meant of which role the login shall be a member, and of no stronger one */
async function refusePower(
  dataSource: DataSource,
  meant: 'plumbline_app' | 'plumbline_worker',
): Promise<void> {
  const [role] = await dataSource.query<[Record<'name' | 'power', string> | undefined]>(
    `
    SELECT current_user AS name, concat_ws(', ',
      CASE WHEN r.rolsuper THEN 'is a superuser' END,
      CASE WHEN r.rolbypassrls THEN 'bypasses row security' END,
      CASE WHEN r.rolcreaterole THEN 'may create roles' END,
      CASE WHEN pg_has_role('plumbline_worker', 'USAGE') <> $1 THEN
        CASE WHEN $1 THEN 'does not see the cases' ELSE 'sees every case without a session' END END,
      CASE WHEN EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname IN ('app', 'audit', 'vault') AND pg_has_role(c.relowner, 'USAGE')) THEN 'owns tables' END,
      CASE WHEN has_table_privilege('audit.entry', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
           THEN 'has direct access to the audit trail' END) AS power
    FROM pg_roles r WHERE r.rolname = current_user`,
    [meant === 'plumbline_worker'],
  );
  if (role?.power) {
    throw new UnsafeDatabaseError(
      `The application's database role ${role.name} ${role.power}. Let it log in as a member of ${meant} only.`,
    );
  }
}
