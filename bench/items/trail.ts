import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { digestsOf, disclose } from '../../src/audit/disclosures.js';
import { KeyRing, loadKeyFile, loadMasterKey } from '../../src/audit/key-ring.js';
import type { PlacedChange } from '../../src/audit/row-changes.js';
import { SYSTEM_STREAM, SYSTEM_USER } from '../../src/audit/streams.js';
import { loadKey, Writer } from '../../src/audit/writer.js';
import { SystemClock } from '../../src/common/clock.js';
import { newId } from '../../src/common/ids.js';
import { loadLogKey, loadSealerKey, policyLines } from '../../src/log/keys.js';
import { parsePolicy } from '../../src/log/policy.js';
import { Sealer } from '../../src/log/sealer.js';
import { pick } from '../items.js';
import { Straight, takeTurns } from '../load.js';
import { compare, spreadOf, type Result } from '../report.js';
import { atTheEnd, database, sql, type Database } from '../stage.js';

const CASES = 1000;
const CONNECTIONS = 32;
/** So many entries wait at least when sealing is measured. */
const WAITING = 20_000;
const LAG_SECONDS = 10;
const ROW = ['id', 'case_id', 'deed', 'from_status', 'to_status', 'done_by', 'done_at', 'reason', 'details'];

/** What the trail costs: appending beside a row, sealing what waits, and how long an entry waits under that load. */
export async function trail(rounds: number, seconds: number): Promise<Result[]> {
  const db = await database('trail');
  await sql(db.adminUrl, (admin) =>
    admin.query(`
      CREATE SCHEMA bench;
      CREATE TABLE bench.with_trail (LIKE app.case_deed INCLUDING ALL);
      CREATE TABLE bench.without_trail (LIKE app.case_deed INCLUDING ALL);
      CREATE CONSTRAINT TRIGGER audited AFTER INSERT ON bench.with_trail DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION audit.require_event_by_case_id();
      GRANT USAGE ON SCHEMA bench TO plumbline_app;
      GRANT INSERT ON ALL TABLES IN SCHEMA bench TO plumbline_app`),
  );
  const straight = await Straight.connect(db.workerUrl, CONNECTIONS);
  const deeds = new Deeds(db, straight);
  await deeds.introduce();
  const ids = Array.from({ length: CASES }, () => newId());
  // The key of each case is made with its first event, once in its life.
  for (const id of ids) await deeds.append(0, id);
  const next = pick(
    ids.map((id) => ({ id })),
    7,
  );
  const [withTrail, without] = await takeTurns(
    [
      { name: 'app', connections: CONNECTIONS, work: (n) => deeds.append(n, next().id) },
      { name: 'db', connections: CONNECTIONS, work: (n) => deeds.insert(n, next().id) },
    ],
    rounds,
    seconds,
    () => undefined,
  );

  const sealer = sealerOn(db);
  const together = (until: () => boolean): Promise<unknown> =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, async (_, n) => {
        while (!until()) await deeds.append(n, next().id);
      }),
    );
  const waits = async (): Promise<number> =>
    sql(db.adminUrl, async (admin) =>
      Number((await admin.query<{ n: string }>('SELECT count(*) AS n FROM audit.unsealed')).rows[0]!.n),
    );
  let missing = WAITING - (await waits());
  await together(() => missing-- <= 0);
  const waiting = await waits();
  const started = performance.now();
  for (let more = true; more;) ({ more } = await sealer.pass());
  const sealedPerSecond = waiting / ((performance.now() - started) / 1000);

  const end = performance.now() + LAG_SECONDS * 1000;
  const over = (): boolean => performance.now() > end;
  await Promise.all([
    together(over),
    (async () => {
      while (!over()) {
        await sealer.pass();
        await sleep(1000);
      }
      for (let more = true; more;) ({ more } = await sealer.pass());
    })(),
  ]);
  return [
    {
      ...{ item: 'trail', what: 'append an event with its row', target: 0.5 },
      ...compare(withTrail!, without!),
      note: `${CONNECTIONS} connections on ${CASES} cases; db inserts the same row without the trail.`,
    },
    {
      ...{ item: 'trail', what: `seal ${waiting} entries`, unit: 'entries/s' },
      value: spreadOf([sealedPerSecond]),
    },
    {
      ...{ item: 'trail', what: 'wait for the seal under that load, p99', unit: 's', target: 3 },
      value: spreadOf([await lagOf(db)]),
    },
  ];
}

/** Appends deeds to cases: a row, its values encrypted beside the trail, and the signed event, in one transaction. */
class Deeds {
  private readonly writer: Writer;
  private readonly keyRing: KeyRing;

  constructor(
    db: Database,
    private readonly straight: Straight,
  ) {
    const keys = join(db.dataDir, 'keys');
    this.writer = new Writer(loadKey(keys, 'writer'), 'app', new Date());
    this.keyRing = new KeyRing(loadMasterKey(keys), loadKeyFile(join(keys, 'vault.key')));
  }

  async introduce(): Promise<void> {
    const { id, publicKey } = this.writer;
    await this.record(0, SYSTEM_STREAM, {
      type: 'writer.added',
      target: { kind: 'writer', id },
      data: { writer: id, key: publicKey },
    });
  }

  async append(connection: number, caseId: string): Promise<void> {
    const row = rowOf(caseId);
    await this.send(connection, 'BEGIN');
    await this.send(connection, insertInto('with_trail'), Object.values(row));
    await this.record(
      connection,
      caseId,
      { type: 'case.suspend', target: { kind: 'case', id: caseId, rev: 2 } },
      row,
    );
    await this.send(connection, 'COMMIT');
  }

  async insert(connection: number, caseId: string): Promise<void> {
    await this.send(connection, 'BEGIN');
    await this.send(connection, insertInto('without_trail'), Object.values(rowOf(caseId)));
    await this.send(connection, 'COMMIT');
  }

  private async record(
    connection: number,
    stream: string,
    event: Record<string, unknown>,
    row?: Record<string, unknown>,
  ): Promise<void> {
    const id = newId();
    const change = row && { table: 'case_deed', id: row['id'] as string, to: row };
    const changes: PlacedChange[] = change ? [{ stream, subject: `stream:${stream}`, change }] : [];
    const values = row && { reason: row['reason'], status: { from: 'INVESTIGATING', to: 'SUSPENDED' } };
    const disclosures = disclose({ ...event, stream, ...(values ? { values } : {}) } as never, changes);
    const sealed = this.writer.seal(stream, {
      ...{ v: 1, id, at: new Date().toISOString(), actor: { uid: SYSTEM_USER, role: 'SYSTEM' }, ...event },
      _sd: digestsOf(disclosures),
    });
    const queries = {
      query: async <T>(text: string, parameters: unknown[]): Promise<T> =>
        (await this.send(connection, text, parameters)).map(([subject, wrapped]) => ({
          o_subject: subject,
          o_wrapped: wrapped,
        })) as T,
    };
    const entries = disclosures.map((disclosure) => ({ event: id, disclosure }));
    const { contents, made } = await this.keyRing.encrypt(queries, entries, new Set());
    await this.send(connection, 'SELECT * FROM audit.record($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)', [
      [stream],
      [id],
      [sealed.body],
      this.writer.id,
      [sealed.signature],
      entries.map(({ event: of }) => of),
      entries.map((_, n) => n),
      disclosures.map(({ subject }) => subject),
      disclosures.map(({ digest }) => digest),
      contents,
      made.map(({ subject }) => subject),
      made.map(({ wrapped }) => wrapped),
    ]);
  }

  private send(connection: number, text: string, values: unknown[] = []): Promise<unknown[][]> {
    return this.straight.send(connection, { text, values });
  }
}

const insertInto = (table: string): string =>
  `INSERT INTO bench.${table} (${ROW.join(', ')}) VALUES (${ROW.map((_, i) => `$${i + 1}`).join(', ')})`;

const rowOf = (caseId: string): Record<string, unknown> => ({
  id: newId(),
  caseId,
  deed: 'suspend',
  fromStatus: 'INVESTIGATING',
  toStatus: 'SUSPENDED',
  doneBy: SYSTEM_USER,
  doneAt: new Date().toISOString(),
  reason: 'The prosecutor asked for it',
  details: {},
});

/** The sealer in this process, under its own role. */
function sealerOn({ adminUrl, dataDir }: Database): Sealer {
  const key = loadLogKey(dataDir, undefined);
  const pool = new pg.Pool({ connectionString: adminUrl, max: 2, options: '-c role=plumbline_sealer' });
  atTheEnd(() => pool.end());
  const clock = new SystemClock();
  return new Sealer({
    pool,
    key,
    clock,
    policy: parsePolicy(`${policyLines(dataDir, undefined).join('\n')}\nquorum none\n`),
    writer: new Writer(loadSealerKey(dataDir), 'sealer', clock.now()),
  });
}

/** From the time of an entry to the checkpoint that has it first; of the entries of the last seconds. Seconds. */
const lagOf = ({ adminUrl }: Database): Promise<number> =>
  sql(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ p99: number }>(
      `SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM c.at - e.at)) AS p99
       FROM audit.leaf l JOIN audit.entry e USING (id)
         CROSS JOIN LATERAL (SELECT at FROM audit.checkpoint WHERE size > l.idx ORDER BY size LIMIT 1) c
       WHERE e.at > (SELECT max(at) FROM audit.entry) - make_interval(secs => ${LAG_SECONDS - 1})`,
    );
    return Number(rows[0]!.p99);
  });
