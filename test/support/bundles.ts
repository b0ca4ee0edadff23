import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { canonical } from '../../src/audit/canonical.js';
import { disclosureDigest } from '../../src/audit/disclosures.js';
import { leafHash, sha256, signedText } from '../../src/audit/envelope.js';
import { SYSTEM_STREAM } from '../../src/audit/streams.js';
import { rawPublicKey } from '../../src/audit/writer.js';
import { rootOf } from '../../src/log/merkle.js';
import { checkpointText, cosignatureLine, noteOf, signatureLine, verifierKey } from '../../src/log/note.js';

export { zipOf } from './zip.js';

/** The files of a bundle by name. */
export type Files = Map<string, Buffer>;

/** A lie that the log itself tells: whoever holds every key could tell it. */
export type Lie =
  'link' | 'gap' | 'twice' | 'time-back' | 'too-early' | 'too-late' | 'head' | 'head-missing' | 'head-other';

export interface BundleOptions {
  /** How many events the case has; at least 4. */
  readonly events?: number;
  readonly witnesses?: number;
  /** The lie concerns the event before the last. */
  readonly lie?: Lie;
  /** One entry was refused by the sealer and set aside by two persons. */
  readonly setAside?: boolean;
}

export interface MadeBundle {
  readonly files: Files;
  readonly policy: string;
  readonly keys: Keys;
  readonly caseId: string;
}

interface Keys {
  readonly log: KeyObject;
  readonly writer: KeyObject;
  readonly witnesses: readonly KeyObject[];
  /** Nobody whom the policy knows. */
  readonly stranger: KeyObject;
}

interface Entry {
  readonly stream: string;
  readonly seq: number;
  readonly envelope: Buffer;
  readonly body: Buffer;
  readonly leaf: Buffer;
  /** Its place in the log; none when it was set aside. */
  index?: number;
  readonly disclosures: readonly { digest: string; content: string }[];
}

export const ORIGIN = 'plumbline.test/1';
const ZERO = Buffer.alloc(32);
const START = Date.parse('2026-03-02T01:00:00Z');

/** Numbers that are always the same for the same seed. */
export class Random {
  private count = 0;
  constructor(private readonly seed: string | number) {}

  bytes(length: number): Buffer {
    const block = createHash('shake256', { outputLength: length });
    return block.update(`${this.seed}/${this.count++}`).digest();
  }
  below(n: number): number {
    return this.bytes(6).readUIntBE(0, 6) % n;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
  uuid(): string {
    const hex = this.bytes(16)
      .toString('hex')
      .replace(/^(.{12})./, '$17');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  key(): KeyObject {
    const head = Buffer.from('302e020100300506032b657004220420', 'hex');
    return createPrivateKey({ key: Buffer.concat([head, this.bytes(32)]), format: 'der', type: 'pkcs8' });
  }
}

/** A log in memory: streams, entries, checkpoints that witnesses cosigned. Its clock goes on by what happens. */
class World {
  readonly leaves: Buffer[] = [];
  readonly checkpoints: { size: number; note: string }[] = [];
  private readonly heads = new Map<string, Entry>();
  private readonly writerId: string;
  private n = 0;
  private now = START;

  constructor(
    private readonly random: Random,
    private readonly keys: Keys,
  ) {
    const hint = sha256(rawPublicKey(createPublicKey(keys.writer)))
      .toString('hex')
      .slice(0, 8);
    this.writerId = `app-${hint}-20260302010000-abcdef`;
  }

  append(stream: string, event: { type: string; data?: object }, change: Partial<Change> = {}): Entry {
    const before = this.heads.get(stream);
    const id = change.event ?? this.random.uuid();
    this.now += 10 + this.random.below(400);
    const disclosures = ['reason', 'status'].slice(this.random.below(3)).map((name) => {
      const value = name === 'status' ? { from: 'FILED', to: '调查' } : `Reason ${this.random.below(1000)}`;
      const content = Buffer.from(canonical([this.random.bytes(16).toString('base64url'), name, value]));
      return { digest: disclosureDigest(content).toString('base64'), content: content.toString('base64') };
    });
    const body = Buffer.from(
      canonical({
        v: 1,
        id,
        type: event.type,
        at: new Date(this.now).toISOString(),
        actor: { uid: this.random.uuid(), role: 'INVESTIGATOR' },
        target: { kind: 'case', id: stream },
        _sd: [...disclosures.map(({ digest }) => digest), this.random.bytes(32).toString('base64')].sort(),
        ...(event.data ? { data: event.data } : {}),
        w: { id: this.writerId, n: this.n++ },
      }),
    );
    const key = change.key ?? this.keys.writer;
    const time = new Date(change.atMs ?? this.now).toISOString().replace('Z', '123Z');
    const seq = change.seq ?? (before ? before.seq + 1 : 0);
    const envelope = Buffer.from(
      `plumbline-entry/v1\nstream ${stream}\nseq ${seq}\n` +
        `prev ${(change.prev ?? before?.leaf ?? ZERO).toString('base64')}\ntime ${time}\nevent ${id}\n` +
        `body ${sha256(body).toString('base64')}\nwriter ${this.writerId}\n` +
        `sig ${sign(null, signedText(stream, id, body), key).toString('base64')}\n`,
    );
    const entry: Entry = { stream, seq, envelope, body, leaf: leafHash(envelope), disclosures };
    if (!change.refused) entry.index = this.leaves.push(entry.leaf) - 1;
    this.heads.set(stream, entry);
    return entry;
  }

  checkpoint(): void {
    const [size, root] = [this.leaves.length, rootOf(this.leaves)];
    const text = checkpointText({ origin: ORIGIN, size, root });
    // A witness says whole seconds.
    const seconds = Math.ceil(this.now / 1000);
    this.now = seconds * 1000 + this.random.below(2) * 60_000;
    const lines = this.keys.witnesses.map((key, i) => cosignatureLine(`w${i}.test`, key, text, seconds));
    this.checkpoints.push({
      size,
      note: noteOf(text, [signatureLine(ORIGIN, this.keys.log, text), ...lines]),
    });
  }

  /** The lines of the map of heads. */
  mapOf(lie: Lie | undefined, caseId: string, entries: readonly Entry[]): string[] {
    const lines = [...this.heads.values()].filter(({ index }) => index !== undefined).map(headLine);
    const own = entries.filter(({ index }) => index !== undefined);
    if (!lie?.startsWith('head')) return lines.sort();
    // It names an event that the bundle does not hold, one that is not the last, or another as the last.
    const last = own.at(-1)!;
    const before = own.at(-2)!;
    const other =
      lie === 'head'
        ? { ...last, seq: last.seq + 1 }
        : lie === 'head-other'
          ? { ...last, leaf: before.leaf }
          : before;
    return lines.map((line) => (line.startsWith(caseId) ? headLine(other) : line)).sort();
  }
}

interface Change {
  prev: Buffer;
  seq: number;
  event: string;
  /** What the database's clock says, if not the truth. */
  atMs: number;
  key: KeyObject;
  /** The sealer did not take it into the log. */
  refused: boolean;
}

const headLine = ({ stream, seq, leaf }: Entry): string => `${stream} ${seq} ${leaf.toString('base64')}\n`;
const stem = (seq: number): string => String(seq).padStart(6, '0');
const eventOf = ({ envelope }: Entry): string => /event (\S+)/.exec(envelope.toString())![1]!;

const timeOf = ({ envelope }: Entry): number =>
  Date.parse(/time (\S{23})/.exec(envelope.toString())![1]! + 'Z');

const changeOf = (lie: Lie | undefined, entries: readonly Entry[]): Partial<Change> => {
  const last = entries.at(-1)!;
  switch (lie) {
    case 'link':
      return { prev: entries.at(-2)!.leaf };
    case 'gap':
      return { seq: last.seq + 2 };
    case 'twice':
      return { event: eventOf(last) };
    case 'time-back':
      return { atMs: timeOf(last) - 6000 };
    case 'too-early':
      return { atMs: START - 600_000 };
    case 'too-late':
      return { atMs: START + 86_400_000 };
    case 'head':
    case 'head-missing':
    case 'head-other':
    case undefined:
      return {};
  }
};

/** Inclusion proof by the definition (RFC 6962, 2.1.1), over leaves in memory. */
function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length < 2) return [];
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - middle, right), rootOf(left)];
}

/** Consistency proof by the definition (RFC 6962, 2.1.2). */
function growthOf(old: number, leaves: readonly Buffer[], known = true): Buffer[] {
  if (old === leaves.length) return known ? [] : [rootOf(leaves)];
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return old <= middle
    ? [...growthOf(old, left, known), rootOf(right)]
    : [...growthOf(old - middle, right, false), rootOf(left)];
}

/** A valid bundle of a case out of a log with other streams, the same for the same seed; unless it is to tell a lie. */
export function makeBundle(seed: string | number, options: BundleOptions = {}): MadeBundle {
  const random = new Random(seed);
  const { events = 4 + random.below(9), witnesses = 1 + random.below(3), lie, setAside = false } = options;
  const keys: Keys = {
    log: random.key(),
    writer: random.key(),
    witnesses: Array.from({ length: witnesses }, () => random.key()),
    stranger: random.key(),
  };
  const world = new World(random, keys);
  const [caseId, others] = [random.uuid(), Array.from({ length: 1 + random.below(5) }, () => random.uuid())];
  const entries: Entry[] = [];
  const elsewhere = (): void => {
    for (let i = random.below(6); i > 0; i--) world.append(random.pick(others), { type: 'case.registered' });
    if (random.below(2) === 0) world.checkpoint();
  };
  world.append(SYSTEM_STREAM, { type: 'writer.added' });
  world.checkpoint();
  for (let i = 0; i < events; i++) {
    elsewhere();
    const type = i === 0 ? 'case.registered' : random.pick(['case.accept', 'case.file', 'finding.final']);
    if (setAside && i === events - 2) {
      const refused = world.append(caseId, { type }, { key: keys.stranger, refused: true });
      const aside = [{ seq: refused.seq, leaf: refused.leaf.toString('base64') }];
      const before = entries.at(-1)!;
      const lastGood = { seq: before.seq, leaf: before.leaf.toString('base64') };
      const data = { lastGood, setAside: aside, proposedBy: random.uuid(), confirmedBy: random.uuid() };
      entries.push(refused, world.append(caseId, { type: 'stream.restart', data }));
    } else {
      entries.push(world.append(caseId, { type }, i === events - 2 ? changeOf(lie, entries) : {}));
      if (i === events - 2) world.checkpoint();
    }
  }
  elsewhere();
  world.checkpoint();
  const atSize = world.leaves.length;
  const lines = world.mapOf(lie, caseId, entries);
  const lineLeaves = lines.map((line) => leafHash(Buffer.from(line)));
  const data = { count: lines.length, root: rootOf(lineLeaves).toString('base64'), atSize };
  const head = world.append(SYSTEM_STREAM, { type: 'log.heads', data });
  world.checkpoint();

  const files: Files = new Map();
  const put = (name: string, text: string | Buffer): void => void files.set(name, Buffer.from(text));
  const final = world.checkpoints.at(-1)!;
  const hashes = (list: readonly Buffer[]): string =>
    list.map((one) => `${one.toString('base64')}\n`).join('');
  const proofOf = (index: number): string =>
    `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes(pathOf(index, world.leaves))}\n${final.note}`;
  for (const { seq, envelope, body, index, disclosures } of entries) {
    put(`entries/${stem(seq)}.env`, envelope);
    put(`bodies/${stem(seq)}.json`, body);
    if (index !== undefined) put(`proofs/${stem(seq)}.tlog-proof`, proofOf(index));
    if (disclosures.length > 0) put(`disclosures/${stem(seq)}.json`, canonical(disclosures));
  }
  const series = seriesOf(world.checkpoints, entries);
  series.forEach(({ size, note }, i) => {
    put(`checkpoints/${size}.note`, note);
    const before = series[i - 1]?.size;
    const leaves = world.leaves.slice(0, size);
    put(`checkpoints/${size}.consistency`, before === undefined ? '' : hashes(growthOf(before, leaves)));
  });
  const place = lines.findIndex((line) => line.startsWith(caseId));
  put('heads/entry.env', head.envelope);
  put('heads/body.json', head.body);
  put('heads/proof.tlog-proof', proofOf(head.index!));
  put('heads/line.txt', lines[place]!);
  put('heads/map.proof', `index ${place} of ${lines.length}\n${hashes(pathOf(place, lineLeaves))}`);
  const evidence = random.bytes(100);
  put(`evidence/${sha256(evidence).toString('hex')}`, evidence);
  put('report.html', '<!doctype html><title>No evidence</title>');
  const policy = policyOf(keys);
  put('policy.txt', policy);
  const manifest = {
    v: 1,
    case: caseId,
    reference: 'PL-2026-000123',
    generatedAt: '2026-03-02T02:00:00.000Z',
    requestedBy: random.uuid(),
    purpose: 'Review',
    profile: 'FULL',
    origin: ORIGIN,
    checkpoint: final.size,
    heads: atSize,
    entries: entries.length,
    files: {},
  };
  put('manifest.json', JSON.stringify(manifest));
  const made = { files, policy, keys, caseId };
  signManifest(made);
  return made;
}

/** For each entry the checkpoints around it; and the last. */
function seriesOf<T extends { size: number }>(checkpoints: readonly T[], entries: readonly Entry[]): T[] {
  const bySize = [...new Map(checkpoints.map((one) => [one.size, one])).values()];
  const wanted = new Set<T>([bySize.at(-1)!]);
  for (const { index } of entries) {
    if (index === undefined) continue;
    const after = bySize.findIndex(({ size }) => size > index);
    for (const one of bySize.slice(Math.max(0, after - 1), after + 1)) wanted.add(one);
  }
  return bySize.filter((one) => wanted.has(one));
}

/** The policy that an oversight body would hand out for these keys: a majority of the witnesses. */
export function policyOf({ log, writer, witnesses }: Keys): string {
  const names = witnesses.map((_, i) => `witness-${i}`);
  return [
    '# Plumbline, for the tests',
    `log ${verifierKey(ORIGIN, 1, log).vkey}`,
    `writer ${verifierKey('writer', 1, writer).vkey}`,
    ...witnesses.map((key, i) => `witness ${names[i]} ${verifierKey(`w${i}.test`, 4, key).vkey}`),
    `group majority ${Math.floor(names.length / 2) + 1} ${names.join(' ')}`,
    'quorum majority',
    '',
  ].join('\n');
}

/** Writes the manifest anew over what the files are now, as one could who holds the writer's key. */
export function signManifest({ files, keys }: Pick<MadeBundle, 'files' | 'keys'>, change: object = {}): void {
  const said = JSON.parse(files.get('manifest.json')!.toString()) as object;
  const hashes = [...files.keys()]
    .filter((name) => !/^manifest\./.test(name))
    .sort()
    .map((name) => [name, sha256(files.get(name)!).toString('hex')]);
  const manifest: Record<string, unknown> = { ...said, ...change, files: Object.fromEntries(hashes) };
  const sorted = Object.fromEntries(
    Object.keys(manifest)
      .sort()
      .map((name) => [name, manifest[name]]),
  );
  const bytes = Buffer.from(JSON.stringify(sorted));
  const text = `plumbline-bundle/v1\n${sha256(bytes).toString('base64')}\n`;
  files.set('manifest.json', bytes);
  files.set('manifest.note', Buffer.from(noteOf(text, [signatureLine('writer', keys.writer, text)])));
}
