import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { leafHash } from '../../src/audit/envelope.js';
import { aDatabase, type TestDatabase } from '../support/database.js';

type Login = 'app' | 'sealer' | 'auditor';

const denied = '42501';

/** What each login of the database may not do to the trail. Each try on a database of its own. */
describe('attacks through a login of the database', () => {
  let database: TestDatabase;
  let client: pg.Client | undefined;
  beforeEach(async () => {
    database = await aDatabase();
    await append(database, 2);
    await database.sql(
      'INSERT INTO audit.leaf SELECT row_number() OVER (ORDER BY id) - 1, id, leaf FROM audit.entry',
    );
    await database.sql("INSERT INTO audit.checkpoint VALUES (2, sha256(''), 'a note', now(), now())");
    await database.sql("INSERT INTO audit.cosignature VALUES (2, 'w1', 1, 'a line')");
  });
  afterEach(async () => {
    await client?.end();
    client = undefined;
    await database.drop();
  });

  const connect = async (url: string): Promise<pg.Client> => {
    client = new pg.Client(url);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const urlOf = (login: Login): string =>
    ({ app: database.appUrl, sealer: database.sealerUrl, auditor: database.auditorUrl })[login];

  async function append(into: TestDatabase, times: number): Promise<void> {
    const app = new pg.Client(into.appUrl);
    await app.connect();
    for (let i = 0; i < times; i++) await appended(app);
    await app.end();
  }
  const appended = async (app: pg.Client): Promise<{ o_leaf: Buffer }> =>
    (
      await app.query('SELECT * FROM audit.append($1, $2, $3, $4, $5)', [
        ...[
          '00000000-0000-7000-8000-000000000001',
          randomUUID(),
          Buffer.from('{}'),
          'app-1',
          Buffer.alloc(64),
        ],
      ])
    ).rows[0];

  /** Every byte of the trail. */
  const trail = async (): Promise<string> => {
    const tables = [
      'entry',
      'unsealed',
      'head',
      'leaf',
      'checkpoint',
      'cosignature',
      'disclosure',
      'quarantine',
    ];
    const rows = tables.map(
      (table) => `SELECT '${table}' AS t, to_jsonb(x)::text AS r FROM audit.${table} x`,
    );
    const all = await database.sql(
      `SELECT md5(string_agg(t || r, '' ORDER BY t, r)) AS sum FROM (${rows.join(' UNION ALL ')}) a`,
    );
    return all[0].sum;
  };

  const refused: [what: string, login: Login, sql: string][] = [
    ['changes an entry', 'app', "UPDATE audit.entry SET body = '{}'"],
    ['deletes an entry', 'app', 'DELETE FROM audit.entry'],
    ['empties the trail', 'app', 'TRUNCATE audit.entry CASCADE'],
    ['drops the trail', 'app', 'DROP TABLE audit.entry CASCADE'],
    ['inserts an entry past append()', 'app', 'INSERT INTO audit.entry (stream) SELECT gen_random_uuid()'],
    ['inserts into the log', 'app', "INSERT INTO audit.leaf VALUES (9, 1, sha256(''))"],
    ['inserts a checkpoint', 'app', "INSERT INTO audit.checkpoint VALUES (9, sha256(''), '', now(), now())"],
    ['inserts a cosignature', 'app', "INSERT INTO audit.cosignature VALUES (2, 'w2', 1, '')"],
    ['takes entries out of the queue', 'app', 'DELETE FROM audit.unsealed'],
    ['poisons the cache of heads', 'app', 'UPDATE audit.head SET seq = 99'],
    ['frees a stream from quarantine', 'app', 'DELETE FROM audit.quarantine'],
    ['reads bodies', 'app', 'SELECT body FROM audit.entry'],
    ['reads values', 'app', 'SELECT * FROM audit.disclosure'],
    ['switches the guards off', 'app', 'ALTER TABLE audit.entry DISABLE TRIGGER ALL'],
    [
      'puts a trigger of its own there',
      'app',
      'CREATE TRIGGER t BEFORE INSERT ON audit.entry EXECUTE FUNCTION audit.refuse()',
    ],
    ['acts as a replica, where triggers are silent', 'app', 'SET session_replication_role = replica'],
    [
      'replaces append()',
      'app',
      "CREATE OR REPLACE FUNCTION audit.append(uuid, uuid, bytea, text, bytea) RETURNS void LANGUAGE sql AS 'SELECT'",
    ],
    [
      'takes the pinned search path from append()',
      'app',
      'ALTER FUNCTION audit.append(uuid, uuid, bytea, text, bytea) RESET ALL',
    ],
    ['becomes the owner of the trail', 'app', 'SET ROLE plumbline_audit_owner'],
    ['becomes the owner of the application', 'app', 'SET ROLE plumbline_owner'],
    ['becomes the sealer', 'app', 'SET ROLE plumbline_sealer'],
    ['becomes a superuser', 'app', 'ALTER ROLE CURRENT_USER SUPERUSER'],
    ['gives rights to itself', 'app', 'GRANT UPDATE ON audit.entry TO CURRENT_USER'],
    [
      'makes a function in the schema that all look into',
      'app',
      "CREATE FUNCTION public.sha256(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    ],
    ['makes something in the schema of the trail', 'app', 'CREATE TABLE audit.other (x int)'],
    ['runs a program on the machine', 'app', "COPY (SELECT 1) TO PROGRAM 'true'"],
    ['reads a file of the machine', 'app', "SELECT pg_read_file('PG_VERSION')"],
    ['changes an entry', 'sealer', "UPDATE audit.entry SET body = '{}'"],
    ['deletes an entry', 'sealer', 'DELETE FROM audit.entry'],
    ['inserts an entry past append()', 'sealer', 'INSERT INTO audit.entry (stream) SELECT gen_random_uuid()'],
    ['changes a leaf', 'sealer', "UPDATE audit.leaf SET leaf = sha256('')"],
    ['takes a leaf back', 'sealer', 'DELETE FROM audit.leaf'],
    ['changes a checkpoint', 'sealer', "UPDATE audit.checkpoint SET note = ''"],
    ['takes a checkpoint back', 'sealer', 'DELETE FROM audit.checkpoint'],
    ['takes a cosignature back', 'sealer', 'DELETE FROM audit.cosignature'],
    ['empties the log', 'sealer', 'TRUNCATE audit.leaf'],
    ['removes a quarantine', 'sealer', 'DELETE FROM audit.quarantine'],
    ['switches the guards off', 'sealer', 'ALTER TABLE audit.leaf DISABLE TRIGGER ALL'],
    ['becomes the application', 'sealer', 'SET ROLE plumbline_app'],
    ['reads the cases', 'sealer', 'SELECT * FROM app."case"'],
    ['changes an entry', 'auditor', "UPDATE audit.entry SET body = '{}'"],
    ['takes entries out of the queue', 'auditor', 'DELETE FROM audit.unsealed'],
    [
      'appends an entry',
      'auditor',
      "SELECT audit.append(gen_random_uuid(), gen_random_uuid(), '{}', 'x', '')",
    ],
  ];

  it.each(refused.map(([what, login, sql]) => [login, what, sql] as const))(
    'the %s %s: denied',
    async (login, _, sql) => {
      const before = await trail();
      await expect((await connect(urlOf(login))).query(sql)).rejects.toMatchObject({ code: denied });
      expect(await trail()).toBe(before);
    },
  );

  it('the app shadows sha256() and encode() with functions of its own: append() does not see them', async () => {
    const app = await connect(database.appUrl);
    await app.query(
      "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT decode(repeat('07', 32), 'hex') $$",
    );
    await app.query(
      "CREATE FUNCTION pg_temp.encode(bytea, text) RETURNS text LANGUAGE sql AS $$ SELECT 'shadow' $$",
    );
    await app.query('SET search_path = pg_temp, pg_catalog');
    expect((await app.query("SELECT pg_temp.sha256('x') AS hash")).rows[0].hash).toEqual(Buffer.alloc(32, 7));
    const { o_leaf } = await appended(app);
    const [{ envelope }] = await database.sql('SELECT envelope FROM audit.entry ORDER BY id DESC LIMIT 1');
    expect(o_leaf).toEqual(leafHash(envelope));
    expect(envelope.toString()).not.toContain('shadow');
  });

  it('the app shadows tables of the trail with tables of its own: append() does not see them', async () => {
    const app = await connect(database.appUrl);
    for (const table of ['head', 'entry', 'unsealed']) await app.query(`CREATE TEMP TABLE ${table} (x int)`);
    await appended(app);
    const [{ entries, waiting }] = await database.sql(
      'SELECT (SELECT count(*) FROM audit.entry) AS entries, (SELECT count(*) FROM audit.unsealed) AS waiting',
    );
    expect([entries, waiting]).toEqual(['3', '3']);
  });

  it.each([
    ['changes an entry', "UPDATE audit.entry SET body = '{}'"],
    ['deletes an entry', 'DELETE FROM audit.entry'],
    ['empties the trail', 'TRUNCATE audit.entry CASCADE'],
    ['changes a leaf', "UPDATE audit.leaf SET leaf = sha256('')"],
    ['takes a leaf back', 'DELETE FROM audit.leaf'],
    ['changes a checkpoint', "UPDATE audit.checkpoint SET note = ''"],
    ['takes a cosignature back', 'DELETE FROM audit.cosignature'],
  ])('a superuser who acts as a replica %s: the guards still refuse', async (_, sql) => {
    const before = await trail();
    const root = await connect(database.adminUrl);
    await root.query('SET session_replication_role = replica');
    await expect(root.query(sql)).rejects.toMatchObject({
      code: denied,
      message: expect.stringMatching(/^audit\.\w+ is append-only/),
    });
    expect(await trail()).toBe(before);
  });
});
