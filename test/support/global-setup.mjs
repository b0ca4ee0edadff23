/**
 * One cluster a run and one migrated template a run; each test file clones the template. Migrated by the compiled
 * production code, since `npm test` builds first.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export default async function globalSetup() {
  const run = randomBytes(4).toString('hex');
  const dir = mkdtempSync(join(tmpdir(), 'plumbline-test-'));
  chmodSync(dir, 0o755);
  const { dataSourceOptions } = await import('../../dist/src/data-source.js');
  const { migrate } = await import('../../dist/src/database/migrate.js');
  const { ensureLogin, databaseRoles } = await import('../../dist/src/database/roles.js');

  let admin = process.env.DATABASE_URL;
  let server;
  if (!admin) {
    const { startEmbeddedPostgres } = await import('../../dist/src/database/embedded-postgres.js');
    server = await startEmbeddedPostgres({
      directory: dir,
      ephemeral: true,
      settings: { max_connections: '200' },
    });
    admin = server.url();
  }
  const at = (database) => Object.assign(new URL(admin), { pathname: `/${database}` }).href;
  const template = `plumbline_test_${run}`;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query(`CREATE DATABASE ${template}`);
  await migrate(at(template), dataSourceOptions);
  const login = { user: `plumbline_test_app_${run}`, password: randomBytes(12).toString('hex') };
  const worker = { user: `plumbline_test_worker_${run}`, password: randomBytes(12).toString('hex') };
  const auditor = { user: `plumbline_test_auditor_${run}`, password: randomBytes(12).toString('hex') };
  const sealer = { user: `plumbline_test_sealer_${run}`, password: randomBytes(12).toString('hex') };
  await ensureLogin(client, { ...login, role: databaseRoles.app });
  await ensureLogin(client, { ...worker, role: databaseRoles.worker });
  await ensureLogin(client, { ...auditor, role: databaseRoles.auditor });
  await ensureLogin(client, { ...sealer, role: databaseRoles.sealer });
  await client.end();

  process.env.TEST_PG = JSON.stringify({ admin, template, run, login, worker, auditor, sealer, dir });
  globalThis.testCluster = { server, admin, template, login, worker, auditor, sealer, dir };
}
