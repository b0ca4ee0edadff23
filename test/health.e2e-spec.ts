import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { keyRingAt, verifyDatabase } from '../src/audit/verify-command.js';
import { createApplication } from '../src/application.js';
import { readConfig } from '../src/config.js';
import { OF_NO_ALERT, startTestApp, type TestApp } from './support/app.js';

describe('health', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  it('is alive and not ready while the database is away, and ready again when it is back', async () => {
    const server = t.app.getHttpServer();
    await request(server).get('/health/ready').expect(200);
    const other = new URL(t.database.adminUrl);
    other.pathname = '/postgres';
    const outside = new pg.Client({ connectionString: other.href });
    await outside.connect();
    const allow = (yes: boolean) =>
      outside.query(`ALTER DATABASE ${t.database.name} WITH ALLOW_CONNECTIONS ${yes}`);
    await allow(false);
    await t.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [t.database.name],
    );
    await request(server).get('/health/live').expect(200);
    const { body } = await request(server)
      .get('/health/ready')
      .expect(503)
      .expect('content-type', /^application\/problem\+json/);
    expect(body).toMatchObject({ type: '/problems/not-ready', status: 503 });
    await allow(true);
    await outside.end();
    await request(server).get('/health/ready').expect(200);
  });

  it('does not start with the master key of another installation, and writes nothing', async () => {
    const entries = () => t.sql<{ n: string }>(`SELECT count(*) AS n FROM audit.entry WHERE ${OF_NO_ALERT}`);
    const before = await entries();
    const elsewhere = mkdtempSync(join(tmpdir(), 'plumbline-data-'));
    try {
      const config = readConfig({ LOG_LEVEL: 'silent', PLUMBLINE_DATA_DIR: elsewhere });
      const other = await createApplication(config, t.database);
      await expect(other.init()).rejects.toThrow('is not the one of this database');
      await other.close().catch(() => undefined);
      expect(await entries()).toEqual(before);
      // What it made in the empty directory must not make verifying raise a false alarm either.
      await expect(verifyDatabase(t.database.auditorUrl, new Set(), keyRingAt(elsewhere))).rejects.toThrow(
        'is not the one of this database',
      );
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});
