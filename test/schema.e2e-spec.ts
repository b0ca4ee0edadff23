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
      `SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema IN ('app', 'vault')`,
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
       WHERE n.nspname IN ('app', 'vault') AND c.relkind = 'r' AND NOT EXISTS (
         SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_audited'
           AND t.tgdeferrable AND t.tginitdeferred AND t.tgenabled = 'A')
       ORDER BY 1`,
    );
    // None of these is a record of the service: sessions, tickets to them, who acts at the moment, counters, keys
    // against repeats, work in progress, indexes of events and of requests, what a trigger keeps of records, bytes whose record has
    // their hash.
    expect(unaudited.map(({ relname }) => relname)).toEqual([
      'auth_ticket',
      'context',
      'deployment_file',
      'export_piece',
      'export_run',
      'idempotency_key',
      'import_file',
      'import_reject',
      'import_run',
      'import_staging',
      'job_pass',
      'known_key',
      'notice',
      'past_appointment',
      'past_standing',
      'precedent',
      'precedent_word',
      'rate_limit',
      'read_log',
      'schema_migrations',
      'session',
      'trail_check',
      'trail_verification',
    ]);
  });

  it('says of each table whether row-level security stands before it, and if not, why', async () => {
    const tables = await database.sql<{ relname: string; forced: boolean }>(
      `SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class
       WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    );
    const directory = 'the directory of the service, with accounts and their roles: nothing of a case';
    const signIn = 'sign-ins and their proofs, found by a secret or by their owner before anybody acts';
    const locked = 'the application can neither read nor write it: a test tries';
    const past = 'what a trigger keeps of accounts and appointments: nothing of a case';
    const running = 'how the service runs: nothing of a case';
    const why: Record<string, string> = {
      ...{ appointment: directory, officer: directory, organ: directory },
      ...{ user_account: directory, user_grant: directory },
      ...{ auth_ticket: signIn, factor_reset: signIn, second_factor: signIn, session: signIn },
      ...{ context: locked, import_file: locked, import_staging: locked, job_pass: locked },
      ...{ precedent: locked, precedent_word: locked },
      ...{ past_appointment: past, past_standing: past },
      ...{
        rate_limit: running,
        schema_migrations: running,
        trail_check: running,
        trail_verification: running,
      },
      restart_proposal: running,
      read_sample: 'how many reads a week had, and the seed of its sample',
    };
    expect(tables.filter(({ forced }) => !forced).map(({ relname }) => relname)).toEqual(
      Object.keys(why).sort(),
    );
    // Cases and requests for police with what hangs on them; what is each one's own; who looked, and who is to look.
    expect(tables.filter(({ forced }) => forced).map(({ relname }) => relname)).toEqual([
      'access_alert',
      'accountability',
      'affected_person',
      'allegation',
      'allegation_subject',
      'broken_glass',
      'case',
      'case_deed',
      'deployment',
      'deployment_attachment',
      'deployment_deed',
      'deployment_delegation',
      'deployment_file',
      'deployment_notice',
      'deployment_objection',
      'deployment_report',
      'erasure',
      'export_piece',
      'export_run',
      'finding',
      'idempotency_key',
      'identity_request',
      'import_provenance',
      'import_reject',
      'import_run',
      'investigator_assignment',
      'notice',
      'read_log',
      'read_question',
      'recusal',
      'sanction',
      'statement',
      'urgent_measure',
      'witness',
    ]);
  });

  it('grants the application no more than it needs', async () => {
    const grants = await database.sql<{ what: string }>(
      `SELECT table_name || ' ' || string_agg(privilege_type, ' ' ORDER BY privilege_type) AS what
       FROM information_schema.role_table_grants
       WHERE grantee = 'plumbline_app' AND table_schema IN ('app', 'audit', 'vault') AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER')
       GROUP BY table_name ORDER BY 1`,
    );
    expect(grants.map(({ what }) => what)).toEqual([
      'affected_person DELETE',
      'allegation_subject DELETE',
      'auth_ticket DELETE',
      'deployment_file DELETE',
      'rate_limit DELETE',
    ]);
  });

  it('lets nobody but the application read many histories', async () => {
    const roles = await database.sql<{ rolname: string }>(
      `SELECT rolname FROM pg_roles
       WHERE rolname LIKE 'plumbline\\_%' AND rolname NOT LIKE 'plumbline\\_audit\\_owner' AND NOT rolcanlogin
         AND has_function_privilege(oid, 'audit.histories(uuid[], uuid, bigint, int)', 'EXECUTE') ORDER BY 1`,
    );
    expect(roles.map(({ rolname }) => rolname)).toEqual(['plumbline_app', 'plumbline_worker']);
  });

  it('runs what is its owner’s business on a pinned search path', async () => {
    const unpinned = await database.sql(
      `SELECT proname FROM pg_proc WHERE pronamespace IN ('audit'::regnamespace, 'app'::regnamespace, 'vault'::regnamespace) AND prosecdef
         AND NOT 'search_path=pg_catalog, pg_temp' = ANY(coalesce(proconfig, '{}'))`,
    );
    expect(unpinned).toEqual([]);
  });
});

describe('a connection of the application', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await aDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.appUrl, 1)).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const prepared = async (like: string): Promise<{ statement: string; uses: number }[]> =>
    dataSource.query(
      `SELECT statement, (generic_plans + custom_plans)::int AS uses FROM pg_prepared_statements
       WHERE statement LIKE '${like}'`,
    );

  it('prepares a statement with parameters once, and uses it again', async () => {
    for (const n of [1, 2, 3]) {
      expect(await dataSource.query('SELECT $1::int + 1 AS sum', [n])).toEqual([{ sum: n + 1 }]);
    }
    expect(await prepared('%AS sum')).toEqual([{ statement: 'SELECT $1::int + 1 AS sum', uses: 3 }]);
  });

  it('goes on after a statement that was refused', async () => {
    const wrong = (): Promise<unknown> => dataSource.query('SELECT $1::int FROM app.nothing', [1]);
    await expect(wrong()).rejects.toThrow('does not exist');
    await expect(wrong()).rejects.toThrow('relation "app.nothing" does not exist');
    expect(await dataSource.query('SELECT $1::int AS one', [1])).toEqual([{ one: 1 }]);
  });

  it('does not fill the memory of the server with texts that come once', async () => {
    for (let n = 0; n < 600; n++) await dataSource.query(`SELECT $1::int AS n${n}`, [n]);
    expect((await prepared('%')).length).toBeLessThanOrEqual(500);
  });

  it('reads what is committed, whatever the server would do', async () => {
    const isolation = await dataSource.transaction((manager) => manager.query('SHOW transaction_isolation'));
    expect(isolation).toEqual([{ transaction_isolation: 'read committed' }]);
    const [{ source }] = await dataSource.query<[{ source: string }]>(
      `SELECT source FROM pg_settings WHERE name = 'default_transaction_isolation'`,
    );
    expect(source).toBe('client');
  });
});
