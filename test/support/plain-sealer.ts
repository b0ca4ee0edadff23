import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { leafHash, signedText } from '../../src/audit/envelope.js';
import { SYSTEM_STREAM, SYSTEM_USER } from '../../src/audit/streams.js';
import { loadKey, Writer } from '../../src/audit/writer.js';
import { rootOf } from '../../src/log/merkle.js';
import { checkpointText, cosignatureLine, noteOf, signatureLine, verifierKey } from '../../src/log/note.js';
import { Frontier, type TileStore } from '../../src/log/tiles.js';
import type { TestApp } from './app.js';
import { zipOf } from './zip.js';

const ORIGIN = 'plumbline.test/log/1';
const WITNESS = 'witness.test/w1';
const key = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** Seals the trail of a test as the log's own program does, at the moment that the test says. */
export class TestSealer {
  readonly log = key();
  readonly witness = key();
  readonly policy: string;
  private readonly writer: Writer;

  constructor(
    private readonly t: Pick<TestApp, 'sql' | 'dataDir'>,
    options: { quorum?: string } = {},
  ) {
    const sealer = loadKey(join(t.dataDir, 'keys'), 'sealer');
    this.writer = new Writer(sealer, 'sealer', new Date());
    const own = loadKey(join(t.dataDir, 'keys'), 'writer');
    this.policy = [
      `log ${verifierKey(ORIGIN, 1, this.log).vkey}`,
      `writer ${verifierKey('writer', 1, own).vkey}`,
      `writer ${verifierKey('writer', 1, sealer).vkey}`,
      `witness w1 ${verifierKey(WITNESS, 4, this.witness).vkey}`,
      `quorum ${options.quorum ?? 'w1'}`,
      '',
    ].join('\n');
    writeFileSync(join(t.dataDir, 'policy.txt'), this.policy);
  }

  /** The policy of another log, whose writers and witness are the same. */
  get foreignPolicy(): string {
    return this.policy.replace(/^log .*$/m, `log ${verifierKey(ORIGIN, 1, key()).vkey}`);
  }

  /** Seals what waits, save for these streams, and has it witnessed. */
  async seal({ witnessed = true, except = [] as string[] } = {}): Promise<number> {
    const drained = new Date();
    const rows = await this.t.sql<{ id: string; envelope: Buffer }>(
      `SELECT e.id, e.envelope FROM audit.unsealed u JOIN audit.entry e USING (id)
       WHERE e.stream <> ALL ($1::uuid[]) ORDER BY e.id`,
      [except],
    );
    const tree = await Frontier.load(this.store());
    for (const { id, envelope } of rows) {
      const leaf = leafHash(envelope);
      await this.t.sql('INSERT INTO audit.leaf VALUES ($1, $2, $3)', [tree.size, id, leaf]);
      await this.t.sql(
        `INSERT INTO audit.sealed_head SELECT stream, seq, $2, $3 FROM audit.entry WHERE id = $1
         ON CONFLICT (stream) DO UPDATE SET seq = EXCLUDED.seq, leaf = EXCLUDED.leaf, idx = EXCLUDED.idx`,
        [id, leaf, tree.size],
      );
      for (const { level, n, hashes, root } of tree.push(leaf)) {
        await this.t.sql('INSERT INTO audit.tile VALUES ($1, $2, $3, $4)', [
          level,
          n,
          Buffer.concat(hashes),
          root,
        ]);
      }
    }
    await this.t.sql('DELETE FROM audit.unsealed WHERE id = ANY ($1::bigint[])', [rows.map(({ id }) => id)]);
    if (rows.length > 0) {
      const text = checkpointText({ origin: ORIGIN, size: tree.size, root: tree.root() });
      const note = noteOf(text, [signatureLine(ORIGIN, this.log, text)]);
      await this.t.sql('INSERT INTO audit.checkpoint VALUES ($1, $2, $3, $4, $5)', [
        tree.size,
        tree.root(),
        note,
        new Date(),
        drained,
      ]);
    }
    if (witnessed) await this.cosign(tree.size);
    return tree.size;
  }

  async cosign(size: number, seconds = Math.floor(Date.now() / 1000)): Promise<void> {
    const [row] = await this.t.sql<{ note: string }>('SELECT note FROM audit.checkpoint WHERE size = $1', [
      size,
    ]);
    const text = row!.note.slice(0, row!.note.lastIndexOf('\n\n') + 1);
    await this.t.sql('INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      size,
      'w1',
      seconds,
      cosignatureLine(WITNESS, this.witness, text, seconds),
    ]);
  }

  /** Writes a map of heads, with lines that the test may change, and seals it. */
  async heads(change: (line: string) => string = (line) => line): Promise<void> {
    const heads = await this.t.sql<{ stream: string; seq: string; leaf: Buffer }>(
      'SELECT stream, seq, leaf FROM audit.sealed_head ORDER BY stream',
    );
    const lines = heads.map(({ stream, seq, leaf }) =>
      change(`${stream} ${seq} ${leaf.toString('base64')}\n`),
    );
    const root = rootOf(lines.map((line) => leafHash(Buffer.from(line))));
    const atSize = Number((await this.t.sql('SELECT count(*) AS n FROM audit.leaf'))[0].n);
    const data = { atSize, count: lines.length, root: root.toString('base64') };
    const event = await this.append(SYSTEM_STREAM, { type: 'log.heads', data });
    await this.t.sql('INSERT INTO audit.heads VALUES ($1, $2, $3, $4, $5, $6)', [
      atSize,
      event,
      lines.length,
      root,
      gzipSync(lines.join('')),
      new Date(),
    ]);
    await this.seal();
  }

  /** Seals, makes the map and seals that, as before an export. */
  async sealWithHeads(): Promise<void> {
    await this.seal();
    await this.heads();
  }

  /** An event that the sealer writes. `forge` alters the signature. */
  async append(stream: string, more: Record<string, unknown>, forge = false): Promise<string> {
    const id = randomUUID();
    const body = {
      ...{ v: 1, id, at: new Date().toISOString(), actor: { uid: SYSTEM_USER, role: 'SYSTEM' } },
      ...{ target: { kind: 'log', id: stream }, _sd: [], ...more },
    };
    const sealed = this.writer.seal(stream, body);
    const signature = forge ? sign(null, signedText(stream, id, sealed.body), key()) : sealed.signature;
    await this.t.sql('SELECT * FROM audit.append($1, $2, $3, $4, $5)', [
      stream,
      id,
      sealed.body,
      this.writer.id,
      signature,
    ]);
    return id;
  }

  /** A bundle of these files with a manifest that fits them, signed as only this installation can. */
  resigned(
    files: readonly (readonly [string, Buffer])[],
    change: Record<string, unknown> = {},
  ): Promise<Buffer> {
    const content = files.filter(([path]) => !path.startsWith('manifest.'));
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    const manifest = {
      ...JSON.parse(files.find(([path]) => path === 'manifest.json')![1].toString()),
      files: Object.fromEntries(
        content.map(([path, bytes]) => [path, hash(bytes)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      ...change,
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    const text = `plumbline-bundle/v1\n${createHash('sha256').update(bytes).digest('base64')}\n`;
    const own = loadKey(join(this.t.dataDir, 'keys'), 'writer');
    const note = Buffer.from(noteOf(text, [signatureLine('writer', own, text)]));
    return zipOf([...content, ['manifest.json', bytes], ['manifest.note', note]]);
  }

  private store(): TileStore {
    return {
      tile: () => Promise.resolve(undefined),
      after: async (level, from) => {
        const rows =
          level === 0
            ? await this.t.sql('SELECT leaf AS hash FROM audit.leaf WHERE idx >= $1 ORDER BY idx', [from])
            : await this.t.sql(
                'SELECT root AS hash FROM audit.tile WHERE level = $1 AND n >= $2 ORDER BY n',
                [level - 1, from],
              );
        return rows.map(({ hash }: { hash: Buffer }) => hash);
      },
      size: async () => Number((await this.t.sql('SELECT count(*) AS n FROM audit.leaf'))[0].n),
    };
  }
}
