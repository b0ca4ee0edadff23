import { createHash, generateKeyPairSync } from 'node:crypto';
import { canonical } from '../src/audit/canonical.js';
import { digestsOf, disclose, disclosureDigest } from '../src/audit/disclosures.js';
import { leafHash, sha256 } from '../src/audit/envelope.js';
import { SYSTEM_STREAM } from '../src/audit/streams.js';
import { Writer } from '../src/audit/writer.js';
import { newId } from '../src/common/ids.js';
import { BundleFile } from '../src/exports/bundle-file.js';
import {
  consistencyProof,
  inclusionProof,
  nodeHash,
  rootAt,
  type Hash,
  type Subtree,
} from '../src/log/merkle.js';
import { checkpointText, cosignatureLine, noteOf, signatureLine, verifierKey } from '../src/log/note.js';

const ORIGIN = 'plumbline.bench/1';
const WITNESS = 'witness.bench/w1';
const START = Date.parse('2026-03-02T01:00:00Z');
/** Events between two checkpoints of the case's series. */
const BATCH = 20;

interface Entry {
  readonly envelope: Buffer;
  readonly body: Buffer;
  readonly leaf: Hash;
  readonly contents: readonly Buffer[];
}

/** A valid bundle of a case with so many events, and its policy. */
export async function bundleOf(events: number): Promise<{ bundle: Buffer; policy: string }> {
  const [log, writerKey, witness] = Array.from(
    { length: 3 },
    () => generateKeyPairSync('ed25519').privateKey,
  );
  const writer = new Writer(writerKey!, 'app', new Date(START));
  const id = newId();
  const entries: Entry[] = [];
  const leaves: Hash[] = [];
  const append = (stream: string, seq: number, prev: Hash, more: object): Entry => {
    const event = newId();
    const disclosures = disclose(
      {
        type: 'case.extend',
        stream,
        target: { kind: 'case', id: stream },
        values: { reason: `Reason ${seq}`, status: { from: 'A', to: 'B' } },
      },
      [],
    );
    const at = new Date(START + leaves.length * 1000).toISOString();
    const sealed = writer.seal(stream, {
      v: 1,
      id: event,
      at,
      type: 'case.extend',
      _sd: digestsOf(disclosures),
      ...more,
    });
    const envelope = Buffer.from(
      `plumbline-entry/v1\nstream ${stream}\nseq ${seq}\nprev ${prev.toString('base64')}\n` +
        `time ${at.slice(0, -1)}000Z\nevent ${event}\nbody ${sha256(sealed.body).toString('base64')}\n` +
        `writer ${writer.id}\nsig ${sealed.signature.toString('base64')}\n`,
    );
    const entry = {
      envelope,
      body: sealed.body,
      leaf: leafHash(envelope),
      contents: disclosures.map(({ content }) => content),
    };
    leaves.push(entry.leaf);
    return entry;
  };
  let prev: Hash = Buffer.alloc(32);
  for (let seq = 0; seq < events; seq++) {
    const entry = append(id, seq, prev, {});
    entries.push(entry);
    prev = entry.leaf;
  }
  const line = `${id} ${events - 1} ${prev.toString('base64')}\n`;
  const root = leafHash(Buffer.from(line)).toString('base64');
  const head = append(SYSTEM_STREAM, 0, Buffer.alloc(32), {
    type: 'log.heads',
    data: { atSize: events, count: 1, root },
  });

  const subtree = remembering(leaves);
  const noteAt = async (size: number): Promise<string> => {
    const text = checkpointText({ origin: ORIGIN, size, root: await rootAt(subtree, size) });
    const seconds = Math.floor((START + size * 1000) / 1000);
    return noteOf(text, [
      signatureLine(ORIGIN, log!, text),
      cosignatureLine(WITNESS, witness!, text, seconds),
    ]);
  };
  const hashes = (list: readonly Hash[]): string =>
    list.map((hash) => `${hash.toString('base64')}\n`).join('');
  const last = await noteAt(leaves.length);
  const proof = async (index: number): Promise<string> =>
    `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes(await inclusionProof(subtree, index, leaves.length))}\n${last}`;

  const file = new BundleFile();
  for (const [seq, { envelope, body, contents }] of entries.entries()) {
    const no = String(seq).padStart(6, '0');
    file.add(`entries/${no}.env`, envelope);
    file.add(`bodies/${no}.json`, body);
    file.add(`proofs/${no}.tlog-proof`, await proof(seq));
    const list = contents.map((content) => ({
      content: content.toString('base64'),
      digest: disclosureDigest(content).toString('base64'),
    }));
    file.add(`disclosures/${no}.json`, canonical(list));
  }
  const sizes = [
    ...Array.from({ length: Math.floor(events / BATCH) }, (_, i) => (i + 1) * BATCH),
    leaves.length,
  ];
  for (const [i, size] of sizes.entries()) {
    const before = sizes[i - 1];
    file.add(`checkpoints/${size}.note`, await noteAt(size));
    const growth = before === undefined ? [] : await consistencyProof(subtree, before, size);
    file.add(`checkpoints/${size}.consistency`, hashes(growth));
  }
  file.add('heads/entry.env', head.envelope);
  file.add('heads/body.json', head.body);
  file.add('heads/proof.tlog-proof', await proof(events));
  file.add('heads/line.txt', line);
  file.add('heads/map.proof', 'index 0 of 1\n');
  const manifest = {
    ...{ case: id, checkpoint: leaves.length, entries: events },
    files: Object.fromEntries(Object.entries(file.hashes).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...{ generatedAt: new Date(START + events * 1000).toISOString(), heads: events, origin: ORIGIN },
    ...{ profile: 'FULL', purpose: 'benchmark', reference: 'PL-2026-000001', requestedBy: newId(), v: 1 },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const text = `plumbline-bundle/v1\n${createHash('sha256').update(bytes).digest('base64')}\n`;
  file.add('manifest.json', bytes);
  file.add('manifest.note', noteOf(text, [signatureLine('writer', writerKey!, text)]));
  file.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of await file.content(null)) chunks.push(chunk);
  const policy = [
    `log ${verifierKey(ORIGIN, 1, log!).vkey}`,
    `writer ${verifierKey('writer', 1, writerKey!).vkey}`,
    `witness w1 ${verifierKey(WITNESS, 4, witness!).vkey}`,
    'quorum w1\n',
  ].join('\n');
  return { bundle: Buffer.concat(chunks), policy };
}

/** The tree over these leaves; each complete subtree is hashed once. */
function remembering(leaves: readonly Hash[]): Subtree {
  const known = new Map<string, Hash>();
  const hash = (level: number, n: number): Hash => {
    if (level === 0) return leaves[n]!;
    const key = `${level}/${n}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = nodeHash(hash(level - 1, 2 * n), hash(level - 1, 2 * n + 1))));
    return found;
  };
  return hash;
}
