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
import { fill, sizeAt } from '../data.js';
import { pick } from '../items.js';
import { Straight, takeTurns } from '../load.js';
import { compare, spreadOf, type Result } from '../report.js';
import { atTheEnd, database, sql, type Database } from '../stage.js';

const CASES = 1000;
const CONNECTIONS = 32;
/** So many entries wait at least when sealing is measured. */
const WAITING = 20_000;
const LAG_SECONDS = 10;
type Change = PlacedChange['change'];

/** What the trail costs: appending beside the rows of a deed, sealing what waits, and how long an entry waits under that load. */
export async function trail(rounds: number, seconds: number): Promise<Result[]> {
  const size = sizeAt(0);
  const db = await database('trail');
  await fill(db, size, { withTrail: false });
  const bare = await database('rows');
  await fill(bare, size, { withTrail: false });
  await withoutTrail(bare);
  const ids = await casesOf(db);
  const deeds = new Deeds(db, await Straight.connect(db.workerUrl, CONNECTIONS));
  const rows = new Rows(await Straight.connect(bare.workerUrl, CONNECTIONS));
  await deeds.introduce();
  // The key of each case is made with its first event, once in its life.
  for (const id of ids) await deeds.append(0, id);
  const next = pick(
    ids.map((id) => ({ id })),
    7,
  );
  const [withTrail, without] = await takeTurns(
    [
      { name: 'app', connections: CONNECTIONS, work: (n) => deeds.append(n, next().id) },
      { name: 'db', connections: CONNECTIONS, work: (n) => rows.deed(n, next().id) },
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
      ...{ item: 'trail', what: 'append an event with its rows', target: 0.5 },
      ...compare(withTrail!, without!),
      note: `${CONNECTIONS} connections on ${CASES} cases; db writes the same rows of a deed without the trail.`,
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

/** Cases of the data, the same in every database. */
const casesOf = ({ adminUrl }: Database): Promise<string[]> =>
  sql(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ id: string }>('SELECT id FROM app."case" ORDER BY id LIMIT $1', [
      CASES,
    ]);
    return rows.map(({ id }) => id);
  });

/** The tables as they are, with every key and every other trigger, but changes of them need no event. */
const withoutTrail = ({ adminUrl }: Database): Promise<unknown> =>
  sql(adminUrl, (admin) =>
    admin.query('DROP TRIGGER case_audited ON app."case"; DROP TRIGGER case_deed_audited ON app.case_deed'),
  );

const LOCK = 'SELECT status, version FROM app."case" WHERE id = $1 FOR UPDATE';
const CHANGE = 'UPDATE app."case" SET status = $1, version = $2 WHERE id = $3';
const DEED =
  'INSERT INTO app.case_deed (id, case_id, deed, from_status, to_status, done_by, done_at, reason, details) ' +
  'VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)';

/** What a deed writes of the case itself: its state, and the deed. */
class Rows {
  constructor(private readonly straight: Straight) {}

  async deed(connection: number, caseId: string): Promise<void> {
    await this.send(connection, 'BEGIN');
    await this.write(connection, caseId);
    await this.send(connection, 'COMMIT');
  }

  /** Writes the rows in the open transaction. */
  async write(connection: number, caseId: string): Promise<Change[]> {
    const [row] = await this.send(connection, LOCK, [caseId]);
    const [from, version] = row as [string, number];
    const to = from === 'SUSPENDED' ? 'INVESTIGATING' : 'SUSPENDED';
    const deed = {
      id: newId(),
      caseId,
      deed: to === 'SUSPENDED' ? 'suspend' : 'resume',
      fromStatus: from,
      toStatus: to,
      doneBy: SYSTEM_USER,
      doneAt: new Date().toISOString(),
      reason: 'The prosecutor asked for it',
      details: {},
    };
    await this.send(connection, CHANGE, [to, version + 1, caseId]);
    await this.send(connection, DEED, Object.values(deed));
    return [
      {
        table: 'case',
        id: caseId,
        from: { status: from, version },
        to: { status: to, version: version + 1 },
      },
      { table: 'case_deed', id: deed.id, to: deed },
    ];
  }

  send(connection: number, text: string, values: unknown[] = []): Promise<unknown[][]> {
    return this.straight.send(connection, { text, values });
  }
}

/** Does deeds on cases: their rows, the values encrypted beside the trail, and the signed event, in one transaction. */
class Deeds {
  private readonly writer: Writer;
  private readonly keyRing: KeyRing;
  private readonly rows: Rows;

  constructor(db: Database, straight: Straight) {
    const keys = join(db.dataDir, 'keys');
    this.writer = new Writer(loadKey(keys, 'writer'), 'app', new Date());
    this.keyRing = new KeyRing(loadMasterKey(keys), loadKeyFile(join(keys, 'vault.key')));
    this.rows = new Rows(straight);
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
    await this.rows.send(connection, 'BEGIN');
    const changes = await this.rows.write(connection, caseId);
    await this.record(
      connection,
      caseId,
      { type: 'case.suspend', target: { kind: 'case', id: caseId, rev: 2 } },
      changes,
    );
    await this.rows.send(connection, 'COMMIT');
  }

  private async record(
    connection: number,
    stream: string,
    event: Record<string, unknown>,
    rows: Change[] = [],
  ): Promise<void> {
    const id = newId();
    const changes = rows.map((change): PlacedChange => ({ stream, subject: `stream:${stream}`, change }));
    const values = rows.length > 0 ? { values: { reason: 'The prosecutor asked for it' } } : {};
    const disclosures = disclose({ ...event, stream, ...values } as never, changes);
    const sealed = this.writer.seal(stream, {
      ...{ v: 1, id, at: new Date().toISOString(), actor: { uid: SYSTEM_USER, role: 'SYSTEM' }, ...event },
      _sd: digestsOf(disclosures),
    });
    const queries = {
      query: async <T>(text: string, parameters: unknown[]): Promise<T> =>
        (await this.rows.send(connection, text, parameters)).map(([subject, wrapped]) => ({
          o_subject: subject,
          o_wrapped: wrapped,
        })) as T,
    };
    const entries = disclosures.map((disclosure) => ({ event: id, disclosure }));
    const { contents, made } = await this.keyRing.encrypt(queries, entries, new Set());
    await this.rows.send(connection, 'SELECT * FROM audit.record($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)', [
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
}

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
