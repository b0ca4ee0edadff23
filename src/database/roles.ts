import type { ClientBase } from 'pg';

/**
 * The roles of the database. Three owners, so that a migration of the application touches neither the
 * trail nor the vault; the others
 * hold privileges only, and a deployment logs in through a member of one of them.
 */
export const databaseRoles = {
  auditOwner: 'plumbline_audit_owner',
  vaultOwner: 'plumbline_vault_owner',
  owner: 'plumbline_owner',
  app: 'plumbline_app',
  worker: 'plumbline_worker',
  sealer: 'plumbline_sealer',
  auditor: 'plumbline_auditor',
} as const;

const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Two processes that start at once must not make the same role or run the same migration. */
export const MIGRATION_LOCK = 7_305_118_642_001n;

/** Makes the roles and the three schemas where they are missing. The connection must be an administrator's. */
export async function ensureRolesAndSchemas(admin: ClientBase): Promise<void> {
  for (const role of Object.values(databaseRoles)) {
    // Roles belong to the cluster: another database's set-up may make the same one between look and make.
    await admin.query(`DO $$ BEGIN
      CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
  }
  // What the application may, and besides see every case, without a session: for jobs and the command line.
  await admin.query(`DO $$ BEGIN
    IF NOT pg_has_role('${databaseRoles.worker}', '${databaseRoles.app}', 'MEMBER') THEN
      GRANT ${databaseRoles.app} TO ${databaseRoles.worker};
    END IF;
  EXCEPTION WHEN unique_violation THEN NULL; END $$`);
  const { rows } = await admin.query<{ rolsuper: boolean }>(
    'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
  );
  if (!rows[0]?.rolsuper) {
    const { owner, auditOwner, vaultOwner } = databaseRoles;
    await admin.query(`GRANT ${owner}, ${auditOwner}, ${vaultOwner} TO CURRENT_USER`);
  }
  await admin.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  await admin.query(`CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION ${databaseRoles.owner}`);
  await admin.query(`CREATE SCHEMA IF NOT EXISTS audit AUTHORIZATION ${databaseRoles.auditOwner}`);
  await admin.query(`CREATE SCHEMA IF NOT EXISTS vault AUTHORIZATION ${databaseRoles.vaultOwner}`);
}

/** Makes a login that has the privileges of one role and nothing else, or gives it this password. */
export async function ensureLogin(
  admin: ClientBase,
  login: { user: string; password: string; role: string },
): Promise<void> {
  const user = quoteIdentifier(login.user);
  const password = quoteLiteral(login.password);
  await admin.query(`DO $$ BEGIN
    CREATE ROLE ${user} NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
  await admin.query(
    `ALTER ROLE ${user} LOGIN INHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD ${password}`,
  );
  await admin.query(`GRANT ${quoteIdentifier(login.role)} TO ${user}`);
}
