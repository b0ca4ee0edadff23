import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { digestsOf, disclose } from '../../src/audit/disclosures.js';
import { KeyRing, loadKeyFile, loadMasterKey } from '../../src/audit/key-ring.js';
import { RECORD, recordParameters } from '../../src/audit/record-call.js';
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
import { Capture, type Statement } from '../capture.js';
import { compare, spreadOf, type Result } from '../report.js';
import { processorTime } from '../cpu.js';
import { atTheEnd, database, serverOf, sql, type Database } from '../stage.js';
import { SUSPEND, suspensionOf, type Step } from './suspension.js';

const CASES = 1000;
/** At which one supervisor has so many cases. */
const SCALE = 0.1;
const CONNECTIONS = 32;
/** So many entries wait at least when sealing is measured. */
const WAITING = 20_000;
const LAG_SECONDS = 10;
type Change = PlacedChange['change'];

/** What the trail costs: appending beside the rows of a deed, sealing what waits, and how long an entry waits under that load. */
export async function trail(rounds: number, seconds: number): Promise<Result[]> {
  const size = sizeAt(SCALE);
  const db = await database('trail');
  await fill(db, size, { withTrail: false });
  const bare = await database('rows');
  await fill(bare, size, { withTrail: false });
  await withoutTrail(bare);
  const { ids, suspend, resume } = await deedsOf(db);
  const deeds = new Deeds(db, new Rows(await Straight.connect(db.workerUrl, CONNECTIONS), suspend, resume));
  const rows = new Rows(await Straight.connect(bare.workerUrl, CONNECTIONS), suspend, resume);
  await deeds.introduce();
  // The key of each case is made with its first event, once in its life.
  for (const id of ids) await deeds.append(0, id);
  const next = pick(
    ids.map((id) => ({ id })),
    7,
  );
  const takingPart = [process.pid, await serverOf(db.adminUrl)];
  const [withTrail, without] = await takeTurns(
    [
      { name: 'app', connections: CONNECTIONS, work: (n) => deeds.append(n, next().id) },
      { name: 'db', connections: CONNECTIONS, work: (n) => rows.deed(n, next().id) },
    ],
    rounds,
    seconds,
    () => processorTime(takingPart),
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
      note: `${CONNECTIONS} connections on ${CASES} cases; db sends what the application sends for the same deed, without the trail.`,
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

/** Cases of the data, the same in every database, and what the application sends to suspend one and to go on. */
async function deedsOf(db: Database): Promise<{ ids: string[]; suspend: Step; resume: Step }> {
  const capture = await Capture.open(db);
  return sql(db.adminUrl, async (admin) => {
    const { rows: people } = await admin.query<{ id: string }>(
      "SELECT id FROM app.user_account WHERE username = 'supervisor-1'",
    );
    const actor = await capture.actor(people[0]!.id);
    const { rows } = await admin.query<{ id: string; version: number }>(
      `SELECT c.id, c.version FROM app."case" c JOIN app.organ o ON o.id = c.organ_id WHERE o.path @> ARRAY[$1::uuid]
       ORDER BY c.status <> 'INVESTIGATING', c.id LIMIT $2`,
      [actor.grants[0]!.organId, CASES + 1],
    );
    const [example, ...others] = rows;
    if (others.length < CASES) throw new Error(`There are only ${others.length} cases of one supervisor`);
    return { ids: others.map(({ id }) => id), ...(await suspensionOf(capture, actor, example!)) };
  });
}

/** The tables as they are, with every key and every other trigger, but changes of them need no event. */
const withoutTrail = ({ adminUrl }: Database): Promise<unknown> =>
  sql(adminUrl, (admin) =>
    admin.query('DROP TRIGGER case_audited ON app."case"; DROP TRIGGER case_deed_audited ON app.case_deed'),
  );

/** What the trail keeps of such a deed: the state before and after, and the row that was added. */
function changesIn(statements: readonly Statement[], caseId: string, resumed: boolean): Change[] {
  const [before, after] = resumed ? ['SUSPENDED', 'INVESTIGATING'] : ['INVESTIGATING', 'SUSPENDED'];
  const added = statements.find(({ text }) => text.includes('case_deed'))!;
  const [deed] = JSON.parse(added.values[0] as string) as [Record<string, unknown> & { id: string }];
  return [
    {
      table: 'case',
      id: caseId,
      from: { status: before, version: 1 },
      to: { status: after, version: 2 },
    },
    { table: 'case_deed', id: deed.id, to: deed },
  ];
}

const ofTrail = ({ text }: Statement): boolean => text.includes('audit.');

/** What the application writes of a deed without the trail: it locks the case, changes its state, and adds the deed. */
class Rows {
  /** The cases that are suspended now. */
  private readonly suspended = new Set<string>();

  constructor(
    private readonly straight: Straight,
    private readonly suspend: Step,
    private readonly resume: Step,
  ) {}

  /** A whole deed. @param record sends what else belongs into its transaction, last before the COMMIT */
  async deed(
    connection: number,
    caseId: string,
    record?: (changes: readonly Change[]) => Promise<{ appended: Promise<unknown> }>,
  ): Promise<void> {
    const resumed = this.suspended.delete(caseId);
    if (!resumed) this.suspended.add(caseId);
    const { made, templates } = resumed ? this.resume : this.suspend;
    const fill = [caseId, ...made.map(() => newId())];
    const statements = templates.map((template) => template(fill));
    for (const statement of statements) {
      if (ofTrail(statement)) continue;
      const last = statement.text === 'COMMIT';
      const events = last ? await record?.(changesIn(statements, caseId, resumed)) : undefined;
      // As the application: the COMMIT goes out right behind the events.
      await Promise.all([events?.appended, this.straight.send(connection, statement)]);
    }
  }

  send(connection: number, text: string, values: unknown[] = []): Promise<unknown[][]> {
    return this.straight.send(connection, { text, values });
  }
}

/** Does deeds on cases: their rows, the values encrypted beside the trail, and the signed event, in one transaction. */
class Deeds {
  private readonly writer: Writer;
  private readonly keyRing: KeyRing;

  constructor(
    db: Database,
    private readonly rows: Rows,
  ) {
    const keys = join(db.dataDir, 'keys');
    this.writer = new Writer(loadKey(keys, 'writer'), 'app', new Date());
    this.keyRing = new KeyRing(loadMasterKey(keys), loadKeyFile(join(keys, 'vault.key')));
  }

  async introduce(): Promise<void> {
    const { id, publicKey } = this.writer;
    const { appended } = await this.record(0, SYSTEM_STREAM, {
      type: 'writer.added',
      target: { kind: 'writer', id },
      data: { writer: id, key: publicKey },
    });
    await appended;
  }

  append(connection: number, caseId: string): Promise<void> {
    const event = { type: 'case.suspend', target: { kind: 'case', id: caseId, rev: 2 } };
    return this.rows.deed(connection, caseId, (changes) => this.record(connection, caseId, event, changes));
  }

  private async record(
    connection: number,
    stream: string,
    event: Record<string, unknown>,
    rows: readonly Change[] = [],
  ): Promise<{ appended: Promise<unknown> }> {
    const id = newId();
    const changes = rows.map((change): PlacedChange => ({ stream, subject: `stream:${stream}`, change }));
    const values = rows.length > 0 ? { values: { reason: SUSPEND.reason } } : {};
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
    const events = [{ event: id, disclosures }];
    const { values: kept, made } = await this.keyRing.encrypt(queries, events, new Set());
    const parameters = recordParameters(this.writer.id, [sealed], kept, made);
    return { appended: this.rows.send(connection, RECORD, parameters) };
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
