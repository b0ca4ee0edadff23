import { Test } from '@nestjs/testing';
import type { Logger } from 'pino';
import pg from 'pg';
import { createHash, sign, type KeyObject } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAuthority } from '../../src/access/authority.js';
import { AppModule } from '../../src/app.module.js';
import { leafHash, sha256, signedText } from '../../src/audit/envelope.js';
import { SYSTEM_STREAM, SYSTEM_USER } from '../../src/audit/streams.js';
import { loadKey, rawPublicKey, Writer } from '../../src/audit/writer.js';
import { verifyTrail, type VerificationReport } from '../../src/audit/verify.js';
import { SessionsService } from '../../src/auth/sessions.service.js';
import { SystemClock } from '../../src/common/clock.js';
import { newId } from '../../src/common/ids.js';
import { readConfig } from '../../src/config.js';
import { BUNDLE_PATIENCE, CaseBundleService } from '../../src/exports/case-bundle.service.js';
import { loadLogKey, loadSealerKey, policyLines, type LogKey } from '../../src/log/keys.js';
import { rootOf } from '../../src/log/merkle.js';
import { checkpointText, noteOf, parseVerifierKey, signatureLine } from '../../src/log/note.js';
import { parsePolicy, type Policy } from '../../src/log/policy.js';
import { Sealer, type SealedCheckpoint, type SealerOptions } from '../../src/log/sealer.js';
import type { Alarm } from '../../src/log/storing.js';
import { DatabaseTiles, storeTiles } from '../../src/log/tile-store.js';
import { Frontier } from '../../src/log/tiles.js';
import { WitnessClient } from '../../src/log/witness-client.js';
import { startWitness, type RunningWitness } from '../../src/witness/server.js';
import { startTestApp } from './app.js';
import { aCase, aCaseIn } from './builders.js';
import { aDatabase, type TestDatabase } from './database.js';
import { Verifier, type TimedReport } from './verifier.js';
import { filesOf, zipOf } from './zip.js';

const WITNESS = 'witness.example/w1';
const clock = new SystemClock();
/** A connection that breaks is what some attacks are about. */
const quiet = <T extends NodeJS.EventEmitter>(client: T): T => client.on('error', () => undefined);

/** A service with three cases, once as its application left it, once sealed and witnessed. Attacks work on copies. */
export class Scene {
  readonly verifier = new Verifier();
  private readonly victims: Victim[] = [];

  private constructor(
    readonly dataDir: string,
    /** Cases: the first is the one that attackers care for. */
    readonly cases: readonly string[],
    readonly exporter: string,
    private readonly databases: { unsealed: TestDatabase; sealed?: TestDatabase },
    readonly policyText: string,
  ) {}

  get policy(): Policy {
    return parsePolicy(this.policyText);
  }
  get case(): string {
    return this.cases[0]!;
  }
  get writerKey(): KeyObject {
    return loadKey(join(this.dataDir, 'keys'), 'writer');
  }
  get logKey(): LogKey {
    return loadLogKey(this.dataDir, undefined);
  }
  get witnessDirectory(): string {
    return join(this.dataDir, 'witness');
  }

  static async set(): Promise<Scene> {
    const t = await startTestApp();
    const watched = await aCaseIn(t, 'REPORTED');
    const cases = [watched.id, (await aCase(t)).id, (await aCase(t)).id];
    await t.app.close();
    await t.database.freeze();
    const lines = policyLines(t.dataDir, undefined);
    const witness = await witnessOf(join(t.dataDir, 'witness'), loadLogKey(t.dataDir, undefined));
    await witness.close();
    const policyText = [...lines, `witness w1 ${witness.vkey}`, 'quorum w1', ''].join('\n');
    writeFileSync(join(t.dataDir, 'policy.txt'), policyText);
    const scene = new Scene(
      t.dataDir,
      cases,
      t.ids.users['supervisor']!,
      { unsealed: t.database },
      policyText,
    );
    const sealed = await scene.victim('unsealed', t.dataDir);
    // Checkpoints in the middle of the cases, as a living log has them.
    await sealed.sealAll({ batch: 25, publish: 'surely' });
    await sealed.sealHeads({ publish: 'surely' });
    await sealed.leave();
    scene.databases.sealed = sealed.database;
    return scene;
  }

  /** A copy of the database for one attack, and of what the witness knows. */
  async victim(from: 'sealed' | 'unsealed' = 'sealed', data?: string): Promise<Victim> {
    const database = await aDatabase(this.databases[from]);
    const own = data ?? mkdtempSync(join(tmpdir(), 'plumbline-attack-'));
    if (data === undefined) cpSync(this.witnessDirectory, join(own, 'witness'), { recursive: true });
    const victim = new Victim(this, database, join(own, 'witness'));
    if (data === undefined) this.victims.push(victim);
    return victim;
  }

  /** The copies of one attack go when it is over. */
  async clear(): Promise<void> {
    for (const victim of this.victims.splice(0)) {
      await victim.leave();
      await victim.database.drop();
      rmSync(join(victim.witnessDirectory, '..'), { recursive: true, force: true });
    }
  }

  async stop(): Promise<void> {
    await this.clear();
    this.verifier.stop();
    await this.databases.sealed?.drop();
    await this.databases.unsealed.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** What the offline verifier says of these files. Whoever forges them holds the key of the manifest. */
  async verifyBundle(files: Files, manifest: object = {}, policy = this.policyText): Promise<TimedReport> {
    return this.verifier.verify(await resigned(files, this.writerKey, manifest), policy);
  }
}

/** Whether checkpoints go to the witness; surely: again until it has cosigned. */
type Publishing = boolean | 'surely';

export type Files = Map<string, Buffer>;

/** The bundle of these files with a manifest that fits them. */
async function resigned(files: Files, key: KeyObject, change: object): Promise<Buffer> {
  const content = [...files].filter(([path]) => !path.startsWith('manifest.'));
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const manifest = Buffer.from(
    JSON.stringify({
      // Its members are in order already, and stay so.
      ...JSON.parse(files.get('manifest.json')!.toString()),
      ...change,
      files: Object.fromEntries(
        content.map(([path, bytes]) => [path, hash(bytes)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    }),
  );
  const text = `plumbline-bundle/v1\n${sha256(manifest).toString('base64')}\n`;
  const note = noteOf(text, [signatureLine('writer', key, text)]);
  return zipOf([...content, ['manifest.json', manifest], ['manifest.note', note]]);
}

const witnessOf = (directory: string, { verifier }: LogKey): Promise<RunningWitness> =>
  startWitness({
    directory,
    name: WITNESS,
    logs: [verifier],
    ...{ host: '127.0.0.1', port: 0, clock, report: () => undefined },
  });

interface EntryRow {
  readonly id: string;
  readonly event: string;
  readonly writer: string;
  readonly seq: string;
  readonly prev: Buffer;
  readonly body: Buffer;
  readonly sig: Buffer;
  readonly envelope: Buffer;
  readonly leaf: Buffer;
}

/** Another content for an entry: what is left out stays. */
export interface NewContent {
  readonly body?: Buffer;
  readonly sig?: Buffer;
  readonly writer?: string;
}

/** One copy of the database with the programs around it. The attacker is its superuser. */
export class Victim {
  readonly pool: pg.Pool;
  private witness: RunningWitness | undefined;

  constructor(
    private readonly scene: Scene,
    readonly database: TestDatabase,
    readonly witnessDirectory: string,
  ) {
    this.pool = quiet(new pg.Pool({ connectionString: database.sealerUrl, max: 2 }));
  }

  get sql(): TestDatabase['sql'] {
    return this.database.sql;
  }

  /** Ends what works on the copy. */
  async leave(): Promise<void> {
    await this.witness?.close();
    await this.pool.end();
    await this.database.freeze();
  }

  // ── what the superuser does ──────────────────────────────────────────────────────────────────────────────────

  /** Takes the guards away, as only a superuser can: triggers, foreign keys. */
  async disarm(): Promise<this> {
    await this.sql('SET session_replication_role = replica');
    for (const table of ['entry', 'leaf', 'checkpoint', 'cosignature'])
      await this.sql(`ALTER TABLE audit.${table} DISABLE TRIGGER ALL`);
    return this;
  }

  async entry(stream: string, seq: number): Promise<EntryRow> {
    const [row] = await this.sql<EntryRow>('SELECT * FROM audit.entry WHERE stream = $1 AND seq = $2', [
      stream,
      seq,
    ]);
    return row!;
  }

  async length(stream: string): Promise<number> {
    return Number((await this.sql('SELECT count(*) AS n FROM audit.entry WHERE stream = $1', [stream]))[0].n);
  }

  /**
   * Makes the entries of a stream from a number on anew, so that numbers, links, hashes, leaves and caches fit, whatever
   * was deleted, moved or changed before. Needs no key: a writer signs neither number nor link.
   */
  async relink(
    stream: string,
    order: readonly EntryRow[],
    contents: readonly NewContent[] = [],
  ): Promise<void> {
    // Out of the way, so that none meets one that still has its number.
    await this.sql('UPDATE audit.entry SET seq = seq + 1000000, prev = sha256(envelope) WHERE stream = $1', [
      stream,
    ]);
    let prev: Buffer = Buffer.alloc(32);
    for (const [seq, row] of order.entries()) {
      const { body = row.body, sig = row.sig, writer = row.writer } = contents[seq] ?? {};
      const envelope = Buffer.from(
        row.envelope
          .toString()
          .replace(/^seq .*$/m, `seq ${seq}`)
          .replace(/^prev .*$/m, `prev ${prev.toString('base64')}`)
          .replace(/^body .*$/m, `body ${sha256(body).toString('base64')}`)
          .replace(/^writer .*$/m, `writer ${writer}`)
          .replace(/^sig .*$/m, `sig ${sig.toString('base64')}`),
      );
      const leaf = leafHash(envelope);
      await this.sql(
        `UPDATE audit.entry SET seq = $2, prev = $3, body = $4, sig = $5, writer = $6, envelope = $7, leaf = $8
         WHERE id = $1`,
        [row.id, seq, prev, body, sig, writer, envelope, leaf],
      );
      await this.sql('UPDATE audit.leaf SET leaf = $2 WHERE id = $1', [row.id, leaf]);
      prev = leaf;
    }
    for (const table of ['head', 'sealed_head']) {
      await this.sql(`UPDATE audit.${table} SET seq = $2, leaf = $3 WHERE stream = $1`, [
        stream,
        order.length - 1,
        prev,
      ]);
    }
  }

  entries(stream: string): Promise<EntryRow[]> {
    return this.sql<EntryRow>('SELECT * FROM audit.entry WHERE stream = $1 ORDER BY seq', [stream]);
  }

  /** Builds tiles and checkpoints anew over the leaves that there are; signs them when the log's key is at hand. */
  async relog(key?: LogKey): Promise<void> {
    await this.sql('UPDATE audit.leaf SET idx = idx + 1000000');
    await this.sql(
      `UPDATE audit.leaf l SET idx = n.place - 1
       FROM (SELECT id, row_number() OVER (ORDER BY idx) AS place FROM audit.leaf) n WHERE n.id = l.id`,
    );
    const leaves = (await this.sql<{ leaf: Buffer }>('SELECT leaf FROM audit.leaf ORDER BY idx')).map(
      ({ leaf }) => leaf,
    );
    const frontier = Frontier.empty();
    await this.sql('DELETE FROM audit.tile');
    await storeTiles(
      { query: async (text, values) => ({ rows: await this.sql(text, values) }) },
      leaves.flatMap((leaf) => frontier.push(leaf)),
    );
    if (!key) return;
    const { name } = key.verifier;
    for (const { size } of await this.sql<{ size: string }>('SELECT size FROM audit.checkpoint')) {
      const root = rootOf(leaves.slice(0, Number(size)));
      const text = checkpointText({ origin: name, size: Number(size), root });
      const note = noteOf(text, [signatureLine(name, key.privateKey, text)]);
      await this.sql('UPDATE audit.checkpoint SET root = $2, note = $3 WHERE size = $1', [size, root, note]);
    }
  }

  /** Does the work with another append(), which tells another time. */
  async withClock(offset: string, work: () => Promise<unknown>): Promise<void> {
    const [{ definition }] = await this.sql(
      "SELECT pg_get_functiondef(oid) AS definition FROM pg_proc WHERE proname = 'record' AND pronamespace = 'audit'::regnamespace",
    );
    await this.sql(definition.replace('clock_timestamp()', `clock_timestamp() + interval '${offset}'`));
    await work();
    await this.sql(definition);
  }

  // ── what an application does ─────────────────────────────────────────────────────────────────────────────────

  /** A process that signs events; with the right key it is an honest one. */
  async writer({ key = this.scene.writerKey, introduce = true } = {}): Promise<TestWriter> {
    const writer = new TestWriter(this, new Writer(key, 'app', clock.now()), key);
    if (introduce) await writer.introduce();
    return writer;
  }

  /** audit.append() as the application's role may call it. */
  async append(
    stream: string,
    event: string,
    body: Buffer,
    writer: string,
    sig: Buffer,
  ): Promise<{ o_seq: string; o_leaf: Buffer }> {
    const client = quiet(new pg.Client(this.database.appUrl));
    await client.connect();
    try {
      const { rows } = await client.query('SELECT * FROM audit.append($1, $2, $3, $4, $5)', [
        ...[stream, event, body, writer, sig],
      ]);
      return rows[0];
    } finally {
      await client.end();
    }
  }

  // ── who is to notice ─────────────────────────────────────────────────────────────────────────────────────────

  sealer(changed: Partial<SealerOptions> = {}): Sealer {
    return new Sealer({
      pool: this.pool,
      key: this.scene.logKey,
      writer: new Writer(loadSealerKey(this.scene.dataDir), 'sealer', clock.now()),
      policy: this.scene.policy,
      clock,
      ...changed,
    });
  }

  /** Seals all that waits and has each checkpoint witnessed, unless it should not. @returns what was refused */
  async sealAll({
    publish = true,
    ...changed
  }: Partial<SealerOptions> & { publish?: Publishing } = {}): Promise<Alarm[]> {
    const sealer = this.sealer(changed);
    const alarms: Alarm[] = [];
    for (let more = true; more;) {
      const pass = await sealer.pass();
      alarms.push(...pass.alarms);
      if (publish && pass.checkpoint) {
        let said = await this.publish(pass.checkpoint);
        // On a busy machine the witness may not answer in time.
        for (let n = 0; publish === 'surely' && said !== 'cosigned' && n < 5; n++) {
          said = await this.publish(pass.checkpoint);
        }
        if (publish === 'surely' && said !== 'cosigned')
          throw new Error(`The witness did not cosign: ${said}`);
      }
      more = pass.more;
    }
    return alarms;
  }

  /** A new map of heads, sealed and witnessed. */
  async sealHeads(options: { publish?: Publishing } = {}): Promise<void> {
    await this.sql('SELECT audit.request_heads()');
    await this.sealAll(options);
  }

  /** The checks that the sealer refused entries for. */
  async alarms(changed: Partial<SealerOptions> = {}): Promise<string[]> {
    return (await this.sealAll({ publish: false, ...changed })).map(({ check }) => check);
  }

  /** Sends a checkpoint to this copy's witness as the sealer does. @returns `cosigned`, or why not */
  async publish(checkpoint?: SealedCheckpoint): Promise<string> {
    this.witness ??= await witnessOf(this.witnessDirectory, this.scene.logKey);
    const latest = checkpoint ?? (await this.sealer().latest())!;
    const { address } = this.witness;
    const key = parseVerifierKey(this.witness.vkey);
    const ending = new AbortController();
    const before = await this.cosignatures(latest.size);
    return new Promise((resolve, reject) => {
      const end = (said: string): void => {
        ending.abort();
        resolve(said);
      };
      const told = ({ reason }: { reason: string }): void => end(reason);
      const logger = { error: told, warn: told, info: () => undefined } as unknown as Logger;
      const client = new WitnessClient(
        { name: 'w1', key, url: address },
        { pool: this.pool, logger, againEveryMs: 60_000 },
      );
      client.publish(latest);
      client.run(ending.signal).catch(reject);
      const look = async (): Promise<void> => {
        while (!ending.signal.aborted) {
          if ((await this.cosignatures(latest.size)) > before) return end('cosigned');
          await new Promise((wait) => setTimeout(wait, 20));
        }
      };
      look().catch(reject);
    });
  }

  /** There is only one witness, and it has seen the other copy. */
  witnessedBy(other: Victim): void {
    this.witness = other.witness;
  }

  private async cosignatures(size: number): Promise<number> {
    const { rows } = await this.pool.query<{ n: string }>(
      'SELECT count(*) AS n FROM audit.cosignature WHERE size = $1',
      [size],
    );
    return Number(rows[0]!.n);
  }

  /** `plumbline verify`, with the keys of this installation. */
  async verifyTrail(): Promise<VerificationReport> {
    const client = quiet(new pg.Client(this.database.auditorUrl));
    await client.connect();
    try {
      return await verifyTrail(
        client,
        new Set(this.scene.policy.writers.map(({ key }) => rawPublicKey(key))),
      );
    } finally {
      await client.end();
    }
  }

  /** The checks that `plumbline verify` finds failed. */
  async failures(): Promise<string[]> {
    return (await this.verifyTrail()).failures.map(({ check }) => check);
  }

  /** The bundle of a case as the application makes it from this database. */
  async bundle(caseId = this.scene.case): Promise<Files> {
    const config = readConfig({ LOG_LEVEL: 'silent', PLUMBLINE_DATA_DIR: this.scene.dataDir });
    const module = await Test.createTestingModule({ imports: [AppModule.with(config, this.database)] })
      .overrideProvider(BUNDLE_PATIENCE)
      .useValue(0)
      .compile();
    module.useLogger(false);
    await module.init();
    try {
      const sessions = module.get(SessionsService, { strict: false });
      // Without a session, which would be one more event.
      const actor = withAuthority((await sessions.signingIn(this.scene.exporter, 'test', {}))!, 'SYSTEM');
      const order = { caseId, purpose: 'for the prosecutor', recipient: null };
      const pieces: Uint8Array[] = [];
      for await (const piece of await module.get(CaseBundleService, { strict: false }).make(actor, order))
        pieces.push(piece);
      return filesOf(Buffer.concat(pieces));
    } finally {
      await module.close();
    }
  }

  /** What the offline verifier says of that bundle. */
  async bundleReport(caseId?: string): Promise<TimedReport> {
    return this.scene.verifyBundle(await this.bundle(caseId));
  }

  tiles(): DatabaseTiles {
    return new DatabaseTiles(this.pool);
  }
}

interface Said {
  readonly event: string;
  readonly body: Buffer;
  readonly sig: Buffer;
}

/** Signs events and appends them through the one function that there is. */
export class TestWriter {
  constructor(
    private readonly victim: Victim,
    readonly writer: Writer,
    private readonly key: KeyObject,
  ) {}

  introduce(): Promise<unknown> {
    const data = { writer: this.writer.id, key: this.writer.publicKey };
    return this.append(SYSTEM_STREAM, { type: 'writer.added', data });
  }

  sealed(stream: string, more: object = {}): Said {
    const id = newId();
    const { body, signature } = this.writer.seal(stream, {
      ...{ v: 1, id, type: 'case.viewed', at: clock.now().toISOString(), _sd: [] },
      ...{ actor: { uid: SYSTEM_USER, role: 'SYSTEM' }, target: { kind: 'case', id: stream } },
      ...more,
    });
    return { event: id, body, sig: signature };
  }

  /** Signs a body that no honest process would write. */
  signed(stream: string, event: string, body: Buffer): Said {
    return { event, body, sig: sign(null, signedText(stream, event, body), this.key) };
  }

  append(stream: string, said: Said | object = {}): Promise<{ o_seq: string; o_leaf: Buffer }> {
    const { event, body, sig } = 'sig' in said ? said : this.sealed(stream, said);
    return this.victim.append(stream, event, body, this.writer.id, sig);
  }
}
