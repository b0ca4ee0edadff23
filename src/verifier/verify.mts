#!/usr/bin/env node
/**
 * Verifies a case bundle offline, against a policy file that its reader got by another way. One file, Node's own
 * modules only, and not a line of the program that made the bundle, so that it can be read from end to end.
 *
 *   node verify.mjs bundle.zip --policy policy.txt [--json]
 *
 * Exit: 0 valid; 1 not valid; 2 valid as far as it goes, but unwitnessed, incomplete or stale; 3 unreadable.
 */
import { createHash, createPublicKey, hash, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

/** How much it takes in, so that no bundle can exhaust the machine that reads it. */
const LIMIT = {
  ...{ entries: 200_000, files: 850_000, checkpoints: 10_000, timestamps: 1000, certs: 100 },
  ...{ signatures: 16, hashes: 63, pending: 1000, bundle: 640e6, file: 96e6, small: 65_536, body: 32_768 },
  ...{ unsignedManifest: 8e6, policy: 1e6, policyLines: 1000, told: 100 },
};
/** By so much may clocks differ and an entry wait for the sealer. */
const SKEW_MS = 5000;
/** A bundle that was made so long after its map of heads says nothing about what happened in between. */
const STALE_MS = 86_400_000;
const SYSTEM_STREAM = '00000000-0000-7000-8000-000000000000';

export type Check =
  | ('ZIP' | 'MANIFEST' | 'MANIFEST_SIGNATURE' | 'NOTE' | 'LOG_SIGNATURE' | 'QUORUM' | 'CONSISTENCY')
  | ('ENVELOPE' | 'BODY' | 'CANONICAL' | 'WRITER' | 'SIGNATURE' | 'INCLUSION' | 'SEQUENCE' | 'LINK')
  | ('EVENT_ID' | 'TIME_ORDER' | 'TIME_WINDOW' | 'HEADS' | 'DISCLOSURE' | 'EVIDENCE' | 'TIMESTAMP')
  | ('LIMIT' | 'POLICY');
export type Verdict = 'valid' | 'invalid' | 'limited' | 'unreadable';
export type Finding = { readonly check: Check; readonly file: string | null; readonly message: string };

export interface Report {
  readonly verdict: Verdict;
  readonly exit: 0 | 1 | 2 | 3;
  /** What failed, and what limits the verdict. */
  readonly checks: readonly Finding[];
  readonly proven: readonly string[];
  readonly notProven: readonly string[];
  readonly case: string | null;
  readonly reference: string | null;
  readonly entries: number;
  /** Up to when the bundle is shown to be complete; null when it is not. */
  readonly asOf: string | null;
  /** To be compared with what the reader was told by another way. */
  readonly policySha256: string;
}

/** The bundle or the policy cannot be read at all. */
class Unreadable extends Error {
  constructor(
    readonly check: Check,
    message: string,
    readonly file: string | null = null,
  ) {
    super(message);
  }
}
/** A part is not what its format wants; whoever reads it says which check that is. */
class Malformed extends Error {}
function must(holds: unknown, why: string): asserts holds {
  if (!holds) throw new Malformed(why);
}
const stop = (check: Check, message: string, file?: string): never => {
  throw new Unreadable(check, message, file);
};

// ── bytes and texts ──────────────────────────────────────────────────────────────────────────────────────────────

type Bytes = Buffer;
const bytesOf = (hex: string): Bytes => Buffer.from(hex, 'hex');
const sha256 = (data: Bytes | string): Bytes => hash('sha256', data, 'buffer');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Puts it into the set. @returns false when it was there */
const added = <T,>(set: Set<T>, item: T): boolean => set.size < set.add(item).size;

/** Strict, unlike Node's decoder, which takes `AB==` for `AA==`. */
function base64(text: unknown, length?: number): Bytes {
  const bytes = Buffer.from(String(text), 'base64');
  must(bytes.toString('base64') === text, 'base64 that no encoder writes');
  must(length === undefined || bytes.length === length, `not ${length} bytes of base64`);
  return bytes;
}

/** RFC 8785 for what may stand in a bundle: plain objects, arrays, texts, safe integers, true, false, null. */
function canonical(value: unknown, left: number, keys: RegExp): string {
  must(left >= 0, 'JSON that is nested too deeply');
  if (typeof value === 'string') must(value.isWellFormed(), 'half a character');
  if (typeof value === 'number')
    must(Number.isSafeInteger(value) && !Object.is(value, -0), 'no safe integer');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, left - 1, keys)).join(',')}]`;
  const of = value as Record<string, unknown>;
  const member = (key: string): string => {
    must(keys.test(key), 'a member with another name than the trail uses');
    return `${JSON.stringify(key)}:${canonical(of[key], left - 1, keys)}`;
  };
  return `{${Object.keys(of).sort().map(member).join(',')}}`;
}

/**
 * The JSON in these bytes, which must be its one canonical form: no key twice, no blank, no other spelling. Values
 * may be nested twice as deeply as what stands in the trail in clear.
 */
function json(bytes: Bytes, { depth = 8, keys = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/ } = {}): unknown {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  must(canonical(value, depth, keys) === text, 'it is not in canonical form');
  return value;
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** An object's own members: nothing inherited can be taken for one. */
function members(value: unknown): Members {
  must(isObject(value), 'it is not an object');
  return Object.assign(Object.create(null) as object, value) as Members;
}
function listOf(value: unknown): Members[] {
  must(Array.isArray(value), 'it is no list');
  return value.map(members);
}
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

// ── ZIP ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const SEQ = '[0-9]{6,9}';
const SIZE = '(0|[1-9][0-9]{0,15})';
/** Every path that a bundle may have. None is ever used as a path of this machine. */
const PATH = new RegExp(
  `^(manifest\\.json|manifest\\.note|policy\\.txt|verify\\.(mjs|html)|VERIFY\\.md|report\\.html|events\\.csv|` +
    `entries/${SEQ}\\.env|bodies/${SEQ}\\.json|proofs/${SEQ}\\.tlog-proof|disclosures/${SEQ}\\.json|` +
    `checkpoints/${SIZE}\\.(note|consistency)|heads/(entry\\.env|body\\.json|proof\\.tlog-proof|line\\.txt|map\\.proof)|` +
    `timestamps/${SIZE}\\.tsr|(timestamps/)?certs/[a-z0-9][a-z0-9.-]{0,99}\\.pem|evidence/[0-9a-f]{64})$`,
);

/** Numbers in so many bytes each, as a ZIP writes them. */
const le = (width: 2 | 4 | 8, ...numbers: number[]): Bytes => {
  const bytes = Buffer.alloc(width * numbers.length);
  numbers.forEach((n, i) => bytes.writeUIntLE(n, i * width, Math.min(width, 6)));
  return bytes;
};
const [LOCAL, CENTRAL, END] = ['504b0304', '504b01023f03', '504b0506'].map(bytesOf) as [Bytes, Bytes, Bytes];
/** What stands before a file and again in the directory: it is stored, of 1980, and has no fields more. */
const headOf = (name: Bytes, crc: number, size: number): Bytes =>
  Buffer.concat([le(2, 20, 0x0800, 0, 0, 33), le(4, crc, size, size), le(2, name.length, 0)]);
/** What the directory adds: where the file begins, and that it is an ordinary one. */
const placeOf = (at: number): Bytes => Buffer.concat([le(2, 0, 0, 0), le(4, 0o100644 * 2 ** 16, at)]);
/** The end of a ZIP; the count of very many files has a record of its own before it (ZIP64). */
function endOf(count: number, size: number, directory: number): Bytes {
  const many = [bytesOf('504b0606'), le(8, 44), le(2, 0x033f, 45), le(4, 0, 0)];
  many.push(le(8, count, count, size, directory));
  many.push(bytesOf('504b0607'), le(4, 0), le(8, directory + size), le(4, 1));
  const short = Math.min(count, 0xffff);
  const end = [END, le(2, 0, 0, short, short), le(4, size, directory), le(2, 0)];
  return Buffer.concat(count < 0xffff ? end : [...many, ...end]);
}

/**
 * Reads a ZIP that is to the byte what a bundle's is: from the names and contents of its files follows all the rest,
 * so nothing about it can differ unnoticed, and nothing has to be interpreted.
 */
class Zip {
  private readonly places = new Map<string, { start: number; size: number; crc: number }>();
  private readonly summed = new Set<string>();

  constructor(private readonly bytes: Bytes) {
    const refuse = (why: string): never => stop('ZIP', why);
    const isAt = (at: number, wanted: Bytes): boolean =>
      bytes.subarray(at, at + wanted.length).equals(wanted);
    const last = bytes.length - 22;
    if (last < 0 || !isAt(last, END)) refuse('it is no ZIP, or cut off');
    const [size, directory] = [bytes.readUInt32LE(last + 12), bytes.readUInt32LE(last + 16)];
    const many = last >= 76 && bytes.readUInt16LE(last + 10) === 0xffff;
    const count = many ? bytes.readUInt32LE(last - 44) : bytes.readUInt16LE(last + 10);
    if (count > LIMIT.files) stop('LIMIT', `more than ${LIMIT.files} files`);
    const end = directory + size;
    if (!bytes.subarray(end).equals(endOf(count, size, directory))) refuse('its end is damaged');
    let [at, next] = [directory, 0];
    for (let i = 0; i < count; i++) {
      if (at + 46 > end) refuse('its directory is cut off');
      const [crc, size] = [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 24)];
      const name = bytes.subarray(at + 46, at + 46 + bytes.readUInt16LE(at + 28));
      const path = name.length <= 200 ? name.toString('latin1') : '';
      if (!PATH.test(path)) refuse('it holds a file that has no place in a bundle');
      if (size > LIMIT.file) stop('LIMIT', `larger than ${LIMIT.file / 1e6} MB`, path);
      const head = headOf(name, crc, size);
      const [central, local] = [Buffer.concat([CENTRAL, head, placeOf(next), name]), [LOCAL, head, name]];
      const start = next + 30 + name.length;
      if (!isAt(at, central) || !isAt(next, Buffer.concat(local)) || start + size > directory)
        refuse(`${path} is not packed as in a bundle, or its directory and the file disagree`);
      if (this.places.has(path)) refuse(`two files are called ${path}`);
      this.places.set(path, { start, size, crc });
      [at, next] = [at + central.length, start + size];
    }
    if (next !== directory || at !== end) refuse('it has bytes that belong to no file');
  }

  has = (path: string): boolean => this.places.has(path);
  paths = (pattern: RegExp): string[] => [...this.places.keys()].filter((path) => pattern.test(path));

  /** The content of a file. */
  read(path: string, limit: number = LIMIT.file): Bytes {
    const place = this.places.get(path);
    must(place, 'the file is missing');
    if (place.size > limit) stop('LIMIT', `larger than ${limit} bytes`, path);
    const content = this.bytes.subarray(place.start, place.start + place.size);
    must(!added(this.summed, path) || crc32(content) === place.crc, 'it does not fit its checksum');
    return content;
  }
}

// ── the tree of RFC 6962 ─────────────────────────────────────────────────────────────────────────────────────────

const leafHash = (data: Bytes | string): Bytes =>
  sha256(Buffer.concat([bytesOf('00'), Buffer.from(data as string)]));
/** Written over and over: a bundle has hundreds of thousands of nodes. */
const NODE = Buffer.alloc(65, 1);
function nodeHash(left: Bytes, right: Bytes): Bytes {
  NODE.set(left, 1);
  NODE.set(right, 33);
  return sha256(NODE);
}

type Step = (hash: Bytes, left: boolean, level: number, n: number) => void;
/** Climbs along a proof (RFC 9162, 2.1.3.2 and 2.1.4.2), telling what stands left. @returns whether that is the top */
function climb(fn: number, sn: number, proof: readonly Bytes[], step: Step): boolean {
  let level = 0;
  const rise = (): void => void ([fn, sn, level] = [Math.floor(fn / 2), Math.floor(sn / 2), level + 1]);
  for (const hash of proof) {
    if (sn === 0) return false;
    const left = fn % 2 === 1 || fn === sn;
    step(hash, left, level, fn);
    if (left) while (fn % 2 === 0 && fn !== 0) rise();
    rise();
  }
  return sn === 0;
}

/** A tree of this size and root. What one proof has led to the root, the next one need not climb again. */
class Tree {
  private readonly climbed: Map<number, { hash: Bytes; beside: Bytes }>[] = [];

  constructor(
    private readonly size: number,
    private readonly root: Bytes,
  ) {}

  /** Whether the proof leads from the leaf to the root. */
  has(leaf: Bytes, index: number, proof: readonly Bytes[]): boolean {
    let [hash, known, right] = [leaf, false, true];
    const path: { level: number; n: number; hash: Bytes; beside: Bytes }[] = [];
    const step: Step = (beside, left, level, n) => {
      const before = this.climbed[level]?.get(n);
      if (before) {
        right &&= (known || before.hash.equals(hash)) && before.beside.equals(beside);
        known = true;
        return;
      }
      path.push({ level, n, hash, beside });
      hash = left ? nodeHash(beside, hash) : nodeHash(hash, beside);
    };
    if (index >= this.size || !climb(index, this.size - 1, proof, step)) return false;
    if (!right || !(known || hash.equals(this.root))) return false;
    for (const { level, n, ...node } of path) (this.climbed[level] ??= new Map()).set(n, node);
    return true;
  }
}

/** Whether the old tree is the beginning of the new one; sizes differ and neither is zero. */
function isBeginning(old: Checkpoint, now: Checkpoint, proof: readonly Bytes[]): boolean {
  let [fn, sn] = [old.size - 1, now.size - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  const [first, ...rest] = fn === 0 ? [old.root, ...proof] : proof;
  if (!first || proof.length === 0) return false;
  let [fr, sr] = [first, first];
  const step: Step = (hash, left) => {
    if (left) fr = nodeHash(hash, fr);
    sr = left ? nodeHash(hash, sr) : nodeHash(sr, hash);
  };
  return climb(fn, sn, rest, step) && fr.equals(old.root) && sr.equals(now.root);
}

/** Lines of one hash each. */
function hashes(text: string): Bytes[] {
  const lines = text.split('\n');
  must(lines.pop() === '' && lines.length <= LIMIT.hashes, 'a line is cut off, or too many hashes');
  return lines.map((line) => base64(line, 32));
}

// ── keys, notes, policy (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) ───────────────────────

type Key = { readonly name: string; readonly id: string; readonly raw: Bytes; readonly key: KeyObject };
function keyOf(vkey: string | undefined, type: 1 | 4): Key {
  const [, name, id, encoded] = /^([^\s+\p{Cc}]{1,255})\+([0-9a-f]{8})\+(.+)$/u.exec(vkey ?? '') ?? [];
  const bytes = base64(encoded, 33);
  must(bytes[0] === type, 'a key of the wrong kind');
  const fitting = sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes])).toString('hex', 0, 4);
  must(id === fitting, 'a key whose id does not fit');
  const raw = bytes.subarray(1);
  const key = Buffer.concat([bytesOf('302a300506032b6570032100'), raw]);
  return { name: name!, id, raw, key: createPublicKey({ key, format: 'der', type: 'spki' }) };
}

type Policy = ReturnType<typeof parsePolicy>;
function parsePolicy(text: string) {
  const [logs, writers]: [Key[], Key[]] = [[], []];
  const witnesses = new Map<string, Key>();
  const groups = new Map<string, { threshold: number; of: readonly string[] }>();
  let quorum = '';
  const [names, keys, grouped] = [new Set(['none']), new Set<string>(), new Set<string>()];
  const keyOnce = (kind: string, vkey: string | undefined, type: 1 | 4): Key => {
    const key = keyOf(vkey, type);
    must(added(keys, kind + key.raw.toString('hex')), 'a key stands twice');
    return key;
  };
  const groupOf = ([count = '', ...of]: readonly string[]) => {
    const threshold = count === 'any' ? 1 : count === 'all' ? of.length : Number(count);
    must(/^(any|all|[1-9][0-9]{0,3})$/.test(count) && threshold <= of.length, 'a wrong threshold');
    const wrong = of.find((one) => one === 'none' || !names.has(one) || !added(grouped, one));
    must(wrong === undefined, `${wrong} is unknown or in a group already`);
    return { threshold, of };
  };
  const define = (name: string): void => must(added(names, name), `the name ${name} is taken`);
  const line = ([word, name = '', ...rest]: readonly string[]): void => {
    const words = rest.length;
    if (word === undefined || word.startsWith('#')) return;
    if (word === 'log' && words <= 1) logs.push(keyOnce(word, name, 1));
    else if (word === 'writer' && words === 0) writers.push(keyOnce(word, name, 1));
    else if (word === 'witness' && (words === 1 || words === 2)) {
      define(name);
      witnesses.set(name, keyOnce(word, rest[0], 4));
    } else if (word === 'group' && words >= 2) {
      groups.set(name, groupOf(rest));
      define(name);
    } else {
      must(word === 'quorum' && words === 0 && quorum === '', `${word}: no such line, or twice`);
      must(names.has(name), `${name} is not defined`);
      quorum = name;
    }
  };
  const unreadable = (why: string): never => stop('POLICY', why);
  const lines = text.split('\n', LIMIT.policyLines + 1);
  if (text.length > LIMIT.policy || lines.length > LIMIT.policyLines) unreadable('it is too long');
  lines.forEach((words, i) => {
    try {
      line(words.split(/[ \t]+/).filter((word) => word !== ''));
    } catch (error) {
      unreadable(`line ${i + 1}: ${(error as Error).message}`);
    }
  });
  if (quorum === '') unreadable('it has no quorum line');
  return { logs, writers, witnesses, groups, quorum };
}

function quorumMet({ groups, quorum }: Policy, seen: ReadonlySet<string>): boolean {
  const met = (name: string): boolean => {
    const group = groups.get(name);
    return group ? group.of.filter(met).length >= group.threshold : seen.has(name);
  };
  return quorum === 'none' || met(quorum);
}

type Note = ReturnType<typeof parseNote>;
function parseNote(note: string) {
  const end = note.lastIndexOf('\n\n');
  must(end >= 0 && note.endsWith('\n'), 'it is no signed note');
  const lines = note.slice(end + 2, -1).split('\n', LIMIT.signatures + 1);
  must(lines.length <= LIMIT.signatures, `more than ${LIMIT.signatures} signatures`);
  const signatures = lines.map((line) => {
    const [, name, encoded] = /^\u2014 ([^\s+\p{Cc}]{1,255}) (\S+)$/u.exec(line) ?? [];
    const bytes = base64(encoded);
    must(bytes.length >= 5, 'a signature is too short');
    return { name: name!, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

const isBy = ({ name, id }: Note['signatures'][number], key: Key): boolean =>
  name === key.name && id === key.id;
const signed = ({ key }: Key, text: string, signature: Bytes): boolean =>
  signature.length === 64 && verify(null, Buffer.from(text), key, signature);
/** The same on another processor, while this one goes on. */
const signedBeside = ({ key }: Key, text: string, signature: Bytes): Promise<boolean> =>
  new Promise((tell) =>
    verify(null, Buffer.from(text), key, signature, (error, right) => tell(!error && right)),
  );
/** The one of these keys that signed the note. */
const signerOf = ({ text, signatures }: Note, keys: readonly Key[]) =>
  keys.find((key) => signatures.some((one) => isBy(one, key) && signed(key, text, one.signature)));

interface Checkpoint {
  readonly note: string;
  readonly text: string;
  readonly size: number;
  readonly root: Bytes;
  readonly tree: Tree;
  /** When a quorum had seen it first, and last. */
  readonly seen: { readonly first: number; readonly last: number } | undefined;
}

// ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const HASH = '[A-Za-z0-9+/]{43}=';
const ENVELOPE = new RegExp(
  `^plumbline-entry/v1\nstream (${UUID})\nseq (0|[1-9][0-9]{0,14})\nprev (${HASH})\n` +
    `time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z)\nevent (${UUID})\n` +
    `body (${HASH})\nwriter ([a-z0-9.-]{1,64})\nsig ([A-Za-z0-9+/]{86}==)\n$`,
);

function envelopeOf(bytes: Bytes, stream: string) {
  const [, of, seq, prev, at, event, body, writer, signature] = ENVELOPE.exec(bytes.toString('latin1')) ?? [];
  must(of !== undefined, 'it is no entry of plumbline-entry/v1');
  must(of === stream, 'it belongs to another stream');
  const time = Date.parse(at!);
  // Date.parse takes 30 February for 2 March.
  must(
    Number.isFinite(time) && new Date(time).toISOString().slice(0, 19) === at!.slice(0, 19),
    'no such time',
  );
  return {
    ...{ seq: Number(seq), prev: base64(prev, 32), time, event: event!, body: base64(body, 32) },
    ...{ writer: writer!, signature: base64(signature, 64) },
  };
}

/** An entry that stands in the log. */
type Proven = ReturnType<typeof envelopeOf> & { leaf: Bytes; index: number; content: Members };

type Files = readonly [entry: string, body: string, proof: string, disclosures: string];
const filesOf = (seq: number): Files => {
  const no = String(seq).padStart(6, '0');
  return [`entries/${no}.env`, `bodies/${no}.json`, `proofs/${no}.tlog-proof`, `disclosures/${no}.json`];
};
const entryFile = (seq: number): string => filesOf(seq)[0];
const iso = (time: number): string => new Date(time).toISOString();

// ── time stamps (RFC 3161) ───────────────────────────────────────────────────────────────────────────────────────

type Der = { readonly tag: number; readonly body: Bytes; readonly whole: Bytes };
/** The elements of DER in these bytes, one after the other. */
function der(bytes: Bytes): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    let [length, start] = [bytes[at + 1] ?? 0x80, at + 2];
    const more = length & 0x80 ? length & 0x7f : 0;
    must(length !== 0x80 && more <= 4 && start + more <= bytes.length, 'it is not DER');
    if (more > 0) [length, start] = [bytes.readUIntBE(start, more), start + more];
    const end = start + length;
    must(end <= bytes.length, 'it is cut off');
    found.push({ tag: bytes[at]!, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}
const NOTHING: Der = { tag: 0, body: Buffer.alloc(0), whole: Buffer.alloc(0) };
/** The part of a part of an element, and so on, by their places. */
const part = (from: Der | undefined, ...places: number[]): Der =>
  places.reduce((element, n) => der(element.body).at(n) ?? NOTHING, from ?? NOTHING);
const hexOf = (from: Der | undefined, ...places: number[]): string =>
  part(from, ...places).body.toString('hex');

const OID = {
  ...{ signedData: '2a864886f70d010702', timeStamp: '2a864886f70d0109100104' },
  ...{ contentType: '2a864886f70d010903', messageDigest: '2a864886f70d010904' },
};
/** The name of a digest, and what it makes of these bytes. */
function digest(algorithm: Der, data: Bytes): [name: string, digest: Bytes] {
  const name = { '01': 'sha256', '02': 'sha384', '03': 'sha512' }[
    /^6086480165030402(0[123])$/.exec(hexOf(algorithm, 0))?.[1] ?? ''
  ];
  must(name, 'an unknown digest');
  return [name, createHash(name).update(data).digest()];
}

/** Checks a token, or the response around it, over this text. @returns the time in it and who says so */
function timeStamp(token: Bytes, text: string, pems: readonly Bytes[]): { at: string; authority: string } {
  const [outer] = der(token);
  const content = part(outer, 0).tag === 0x30 ? part(outer, 1) : outer;
  must(hexOf(content, 0) === OID.signedData, 'it is not signed data');
  const data = part(content, 1, 0);
  must(hexOf(data, 2, 0) === OID.timeStamp, 'it is no time stamp');
  const stamped = part(data, 2, 1, 0).body;
  const [info] = der(stamped);
  const [, imprint] = digest(part(info, 2, 0), Buffer.from(text));
  must(part(info, 2, 1).body.equals(imprint), 'it is a time stamp of something else');
  const time = part(info, 4).body.toString('latin1');
  must(/^\d{14}(\.\d+)?Z$/.test(time), 'no such time');
  const at = new Date(time.replace(/^(....)(..)(..)(..)(..)(..)(\.\d+)?Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const [, signer, algorithm, attributes, , signature] = der(part(data, -1, 0).body);
  must(signature && attributes!.tag === 0xa0, 'it has no signed attributes');
  const named = der(attributes!.body).map((one) => [hexOf(one, 0), part(one, 1, 0)] as const);
  const attribute = (oid: string): Der => named.find(([name]) => name === oid)?.[1] ?? NOTHING;
  must(hexOf(attribute(OID.contentType)) === OID.timeStamp, 'a wrong type');
  const [hash, expected] = digest(algorithm!, stamped);
  must(attribute(OID.messageDigest).body.equals(expected), 'its digest is wrong');
  // The attributes are signed as a SET, but stand in the token under another tag.
  const covered = Buffer.concat([bytesOf('31'), attributes!.whole.subarray(1)]);
  const serial = hexOf(signer, 1).replace(/^(00)+(?=.)/, '');
  const inside = der(data.body).find(({ tag }) => tag === 0xa0);
  const certificate = [...der(inside?.body ?? NOTHING.body).map(({ whole }) => whole), ...pems]
    .map((one) => new X509Certificate(one))
    .filter(({ serialNumber }) => serialNumber.toLowerCase() === serial)
    .find(({ publicKey }) => verify(hash, covered, publicKey, signature.body));
  must(certificate, 'no certificate at hand made its signature');
  must(certificate.keyUsage?.includes('1.3.6.1.5.5.7.3.8'), 'its certificate is not one for time stamps');
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  must(at >= from && at <= to, 'its certificate was not valid');
  return { at: at.toISOString(), authority: certificate.subject.replaceAll('\n', ', ') };
}

// ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────

const isUuid = (value: unknown): boolean => isText(value) && new RegExp(`^${UUID}$`).test(value);
const MANIFEST: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: (value) => value === 1,
  case: isUuid,
  reference: (value) => isText(value) && /^[^\p{C}]{1,100}$/u.test(value),
  generatedAt: (value) => isText(value) && iso(Date.parse(value) || 0) === value,
  requestedBy: isUuid,
  purpose: isText,
  profile: (value) => value === 'FULL' || value === 'NO_IDENTITY',
  origin: isText,
  checkpoint: isCount,
  heads: (value) => value === null || isCount(value),
  entries: isCount,
  files: isObject,
};

class Verification {
  readonly findings: Finding[] = [];
  readonly proven: string[] = [];
  readonly notProven: string[] = [];
  failed = 0;
  limited = 0;
  asOf: string | null = null;
  manifest: Members = {};
  count = 0;
  private checkpoints: Checkpoint[] = [];
  private readonly events = new Set<string>();
  private readonly numbers = new Set<string>();
  private readonly writers: ReadonlyMap<string | undefined, Key>;
  /** Signatures that are being checked beside, on the other processors. */
  private pending: Promise<void>[] = [];

  constructor(
    private readonly zip: Zip,
    private readonly policy: Policy,
  ) {
    const fingerprint = ({ raw }: Key): string => sha256(raw.toString('base64')).toString('hex', 0, 4);
    this.writers = new Map(policy.writers.map((key) => [fingerprint(key), key]));
  }

  async run(): Promise<void> {
    if (!this.readManifest()) return;
    this.readCheckpoints();
    const entries = await this.readEntries();
    this.checkHeads(entries);
    await Promise.all(this.pending);
    this.checkTimeStamps();
    for (const path of this.zip.paths(/^evidence\//))
      this.check('EVIDENCE', path, this.hashOf(path) === path.slice(9), 'it is not what its name says');
    this.notProven.push(
      'That the server logged every read and every deed: it cannot prove what it left out.',
      'That what was recorded is true: only who recorded it, when, and that it was not changed since.',
      'Who sat at the keyboard: no proofs of authenticators (WebAuthn) are in the bundle.',
      'report.html and events.csv are made for reading; they are no evidence.',
    );
  }

  private tell(kind: 'failed' | 'limited', check: Check, file: string | null, message: string): void {
    if (this.failed + this.limited < LIMIT.told) this.findings.push({ check, file, message });
    this[kind]++;
  }
  private check(check: Check, file: string | null, holds: boolean, message: string): void {
    if (!holds) this.tell('failed', check, file, message);
  }
  /** What the work gives; undefined, and a failed check, when it cannot. */
  private attempt<T>(check: Check, file: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      this.check(check, file, false, error instanceof Malformed ? error.message : 'it cannot be read');
      return undefined;
    }
  }
  private text = (path: string): string => utf8.decode(this.zip.read(path, LIMIT.small));
  private hashOf = (path: string): string | undefined =>
    this.attempt('MANIFEST', path, () => sha256(this.zip.read(path)).toString('hex'));

  /** Step 1. */
  private readManifest(): boolean {
    const bytes = this.attempt('MANIFEST', 'manifest.json', () => this.zip.read('manifest.json'));
    if (!bytes) return false;
    const trusted = this.attempt('MANIFEST_SIGNATURE', 'manifest.note', () => {
      const note = parseNote(this.text('manifest.note'));
      const wanted = `plumbline-bundle/v1\n${sha256(bytes).toString('base64')}\n`;
      must(note.text === wanted && note.signatures.length === 1, 'it signs another manifest');
      must(signerOf(note, this.policy.writers), 'no writer of the policy signed the manifest');
      return true;
    });
    if (!trusted && bytes.length > LIMIT.unsignedManifest)
      stop('LIMIT', 'too large for a manifest that nobody signed', 'manifest.json');
    const manifest = this.attempt('MANIFEST', 'manifest.json', () => {
      const found = members(json(bytes, { keys: /^/ }));
      const wrong = Object.keys(MANIFEST).find((name) => !MANIFEST[name]!(found[name]));
      must(wrong === undefined, `${wrong} is not as it must be`);
      must(Object.keys(found).length === Object.keys(MANIFEST).length, 'it has other members');
      return found;
    });
    if (!manifest) return false;
    this.manifest = manifest;
    const files = new Map(Object.entries(manifest['files'] as object));
    for (const path of this.zip.paths(/^(?!manifest\.)/))
      this.check('MANIFEST', path, files.get(path) === this.hashOf(path), 'its hash is not in the manifest');
    for (const path of files.keys())
      this.check('MANIFEST', path, this.zip.has(path), 'the manifest names it, and it is missing');
    return true;
  }

  /** Steps 2 and 3. */
  private readCheckpoints(): void {
    const sizes = this.zip.paths(/^checkpoints\/.*\.note$/).map((path) => Number(path.slice(12, -5)));
    if (sizes.length > LIMIT.checkpoints) stop('LIMIT', 'too many checkpoints');
    for (const size of sizes.sort((a, b) => a - b)) {
      const [checkpoint, before] = [this.readCheckpoint(size), this.checkpoints.at(-1)];
      if (!checkpoint) continue;
      const path = `checkpoints/${size}.consistency`;
      this.attempt('CONSISTENCY', path, () => {
        const proof = hashes(this.text(path));
        const grew = before ? isBeginning(before, checkpoint, proof) : proof.length === 0;
        must(grew, 'it does not continue the checkpoint before it: the log was rewritten');
      });
      this.checkpoints.push(checkpoint);
    }
    const paired = this.zip.paths(/\.consistency$/).length === sizes.length;
    this.check('CONSISTENCY', null, paired, 'a proof of consistency belongs to no checkpoint');
    const last = this.checkpoints.at(-1);
    const named = last?.size === this.manifest['checkpoint'];
    this.check('MANIFEST', 'manifest.json', named, 'it names another checkpoint than the last one');
    if (last?.seen) {
      const by = iso(last.seen.first);
      this.proven.push(
        `The log of ${last.size} entries was seen by a quorum of the policy's witnesses at ${by}.`,
      );
    } else
      this.notProven.push('That this is the one log that everybody else is shown: too few witnesses saw it.');
  }

  private readCheckpoint(size: number): Checkpoint | undefined {
    const path = `checkpoints/${size}.note`;
    const origin = this.manifest['origin'];
    const read = this.attempt('NOTE', path, () => {
      const note = this.text(path);
      const parsed = parseNote(note);
      const [, of, count, root] = new RegExp(`^([^\n]+)\n${SIZE}\n(\\S+)\n$`).exec(parsed.text) ?? [];
      const right = of === origin && Number(count) === size && size > 0;
      must(right, 'it is no checkpoint of this log and size');
      const hash = base64(root, 32);
      return { ...parsed, note, size, root: hash, tree: new Tree(size, hash) };
    });
    if (!read) return undefined;
    const logs = this.policy.logs.filter(({ name }) => name === origin);
    const log = signerOf(read, logs) !== undefined;
    this.check('LOG_SIGNATURE', path, log, 'the log of the policy did not sign it');
    if (!log) return undefined;
    const times = new Map<string, number[]>();
    for (const [name, key] of this.policy.witnesses)
      for (const { signature } of read.signatures.filter((one) => isBy(one, key))) {
        const seconds = signature.length === 72 ? Number(signature.readBigUInt64BE(0)) : Infinity;
        const text = `cosignature/v1\ntime ${seconds}\n${read.text}`;
        const right = seconds < 2 ** 40 && signed(key, text, signature.subarray(8));
        this.check('QUORUM', path, right, `the cosignature of ${name} is wrong`);
        if (right) times.set(name, [...(times.get(name) ?? []), seconds * 1000]);
      }
    const seen = this.quorumTimes(times);
    if (!seen) this.tell('limited', 'QUORUM', path, 'too few witnesses of the policy cosigned it');
    return { ...read, seen };
  }

  /** The first moment by which a quorum had seen it, and the last from which on a quorum still saw it. */
  private quorumTimes(times: ReadonlyMap<string, readonly number[]>): Checkpoint['seen'] {
    const all = [...times.values()].flat().sort((a, b) => a - b);
    const enough = (test: (seen: readonly number[]) => boolean): boolean =>
      quorumMet(this.policy, new Set([...times].filter(([, seen]) => test(seen)).map(([name]) => name)));
    const first = all.find((time) => enough((seen) => Math.min(...seen) <= time));
    const last = all.findLast((time) => enough((seen) => Math.max(...seen) >= time));
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  /** Steps 4, 5 and 6. */
  private async readEntries(): Promise<Map<number, Proven>> {
    this.count = this.zip.paths(/^entries\//).length;
    if (this.count > LIMIT.entries) stop('LIMIT', `more than ${LIMIT.entries} entries`);
    const counted = this.count > 0 && this.count === this.manifest['entries'];
    this.check('MANIFEST', 'manifest.json', counted, 'the number of entries is another');
    const [proven, unproven] = [new Map<number, Proven>(), new Map<number, Bytes>()];
    const used = new Set<string>();
    let before: Bytes | undefined = Buffer.alloc(32);
    let latest: Proven | undefined;
    let values = 0;
    for (let seq = 0; seq < this.count; seq++) {
      const files = filesOf(seq);
      const [path, , proof, shown] = files;
      for (const one of files) used.add(one);
      const bytes = this.attempt('SEQUENCE', path, () => this.zip.read(path, LIMIT.small));
      const leaf = bytes && leafHash(bytes);
      const entry =
        this.zip.has(proof) && bytes
          ? this.readEntry(files, bytes, leaf!, this.manifest['case'] as string)
          : undefined;
      if (leaf && !this.zip.has(proof)) unproven.set(seq, leaf);
      if (entry) {
        const { index, time } = latest ?? { index: -1, time: -Infinity };
        this.check('SEQUENCE', path, entry.seq === seq, `it says that it is number ${entry.seq}`);
        this.check('SEQUENCE', path, entry.index > index, 'it stands before an earlier entry in the log');
        this.check(
          'LINK',
          path,
          before?.equals(entry.prev) ?? true,
          'it does not follow the entry before it',
        );
        this.check('TIME_ORDER', path, entry.time >= time - SKEW_MS, 'it is older than the entry before it');
        values += this.attempt('DISCLOSURE', shown, () => this.disclosures(shown, entry)) ?? 0;
        proven.set(seq, (latest = entry));
      }
      before = leaf;
      // Not all at once: each holds its text and signature in memory.
      if (this.pending.length >= LIMIT.pending) await Promise.all(this.pending.splice(0));
    }
    const stray = this.zip.paths(/^(entries|bodies|proofs|disclosures)\//).find((path) => !used.has(path));
    this.check('SEQUENCE', stray ?? null, !stray, 'it belongs to no entry: an entry is missing before it');
    const waited = this.checkSetAside(unproven, proven);
    const widths = [...proven].map(([seq, entry]) => this.checkWindow(seq, entry, waited.has(seq)));
    const widest = widths.reduce((a, b) => Math.max(a, b), 0);
    this.proven.push(
      `${proven.size} entries of the case are signed by a writer of the policy and stand in the log, in an unbroken chain; ${values} values fit them.`,
    );
    if (widest > 0 && widest < Infinity) {
      const seconds = Math.ceil(widest / 1000);
      this.proven.push(`When: witnesses bound the time of every entry to within ${seconds} seconds or less.`);
    } else
      this.notProven.push(
        'When entries were made, beyond what the server says: for some, no witness bounds it on both sides.',
      );
    return proven;
  }

  private readEntry(
    [path, file, proof]: Files,
    bytes: Bytes,
    leaf: Bytes,
    stream: string,
  ): Proven | undefined {
    const envelope = this.attempt('ENVELOPE', path, () => envelopeOf(bytes, stream));
    if (!envelope) return undefined;
    const { event, writer, signature } = envelope;
    const body = this.attempt('BODY', file, () => {
      const found = this.zip.read(file, LIMIT.body);
      must(sha256(found).equals(envelope.body), 'its hash is not the one in the entry');
      return found;
    });
    const content = body && this.attempt('CANONICAL', file, () => members(json(body)));
    const once = added(this.events, event) && (!content || content['id'] === event);
    this.check('EVENT_ID', path, once, 'its event is another one, or occurs twice');
    const key = this.writers.get(/^[a-z]+-([0-9a-f]{8})-[0-9]{14}-[0-9a-f]{6}$/.exec(writer)?.[1]);
    this.check('WRITER', path, !!key, `no key of the policy belongs to the writer ${writer}`);
    const text = `plumbline-event/v1\n${stream}\n${event}\n${envelope.body.toString('base64')}\n`;
    if (key) {
      const tell = (right: boolean): void =>
        this.check('SIGNATURE', path, right, 'its writer did not sign it');
      this.pending.push(signedBeside(key, text, signature).then(tell));
    }
    const { id, n } = isObject(content?.['w']) ? members(content['w']) : {};
    const numbered = id === writer && isCount(n) && added(this.numbers, `${writer} ${n}`);
    this.check('WRITER', file, !content || numbered, 'its number is wrong or used before');
    const index = this.attempt('INCLUSION', proof, () => this.place(this.text(proof), leaf));
    return content && index !== undefined ? { ...envelope, leaf, index, content } : undefined;
  }

  /** A C2SP tlog-proof of this leaf under the last checkpoint. @returns its place in the log */
  private place(proof: string, leaf: Bytes): number {
    const last = this.checkpoints.at(-1);
    const head = new RegExp(`^c2sp\\.org/tlog-proof@v1\nindex ${SIZE}\n((?:[^\n]+\n)*)\n`).exec(proof);
    const under = head && last && proof.slice(head[0].length) === last.note;
    must(under, 'it is no proof under the last checkpoint');
    const index = Number(head[1]);
    const found = last.tree.has(leaf, index, hashes(head[2]!));
    must(found, 'it does not lead to the root of the log: the entry is not in it');
    return index;
  }

  /** Step 8. @returns how many values there are */
  private disclosures(path: string, { content }: Proven): number {
    if (!this.zip.has(path)) return 0;
    const digests = new Set(Array.isArray(content['_sd']) ? (content['_sd'] as unknown[]) : []);
    const list = listOf(json(this.zip.read(path)));
    for (const one of list) {
      // Each digest once.
      must(digests.delete(one['digest']), 'the entry has no such digest: a value was changed or added');
      must(Object.keys(one).length === 2, 'it has other members than it must have');
      if ('erasedBy' in one) {
        const { event, leaf } = members(one['erasedBy']);
        base64(leaf, 32);
        const by = String(event).slice(0, 36);
        this.notProven.push(`A value of ${path.slice(12, -5)}: it was erased by event ${by}.`);
        continue;
      }
      const value = base64(one['content']);
      const fits = sha256(value.toString('base64url')).toString('base64') === one['digest'];
      must(fits, 'a value was changed');
      const said = json(value, { depth: 16 });
      must(Array.isArray(said) && said.length === 3 && said.slice(0, 2).every(isText), 'a value is none');
    }
    return list.length;
  }

  /** @returns the numbers of the entries that waited behind one that was set aside */
  private checkSetAside(unproven: Map<number, Bytes>, proven: ReadonlyMap<number, Proven>): Set<number> {
    const waited = new Set<number>();
    for (const [at, { content }] of proven) {
      if (content['type'] !== 'stream.restart') continue;
      this.attempt('SEQUENCE', entryFile(at), () => {
        for (const { seq, leaf } of listOf(members(content['data'])['setAside'])) {
          if (!isCount(seq) || seq >= at || unproven.get(seq)?.toString('base64') !== leaf) continue;
          unproven.delete(seq);
          for (let n = seq + 1; n < at; n++) waited.add(n);
          const why = `the log refused it, and two persons set it aside (entry ${at} says so).`;
          this.notProven.push(`Entry ${seq}: ${why}`);
        }
      });
    }
    for (const seq of unproven.keys())
      this.check('INCLUSION', entryFile(seq), false, 'nothing proves that it is in the log');
    return waited;
  }

  /** Step 6: between the last checkpoint without it and the first with it. @returns the width in milliseconds */
  private checkWindow(seq: number, { index, time }: Proven, waited: boolean): number {
    let [low, high] = [0, this.checkpoints.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.checkpoints[middle]!.size <= index) low = middle + 1;
      else high = middle;
    }
    const before = (waited ? undefined : this.checkpoints[low - 1]?.seen?.last) ?? -Infinity;
    const after = this.checkpoints[low]?.seen?.first ?? Infinity;
    const path = entryFile(seq);
    this.check('TIME_WINDOW', path, time >= before - SKEW_MS, 'its time lies before what witnesses saw');
    this.check('TIME_WINDOW', path, time <= after + SKEW_MS, 'its time lies after what witnesses saw');
    return after - before;
  }

  /** Step 7. */
  private checkHeads(entries: ReadonlyMap<number, Proven>): void {
    const at = this.manifest['heads'] as number | null;
    if (at === null) {
      this.notProven.push('That these are all entries of the case: the bundle has no map of heads.');
      return this.tell('limited', 'HEADS', null, 'the bundle does not show that it is complete');
    }
    const path = 'heads/line.txt';
    this.attempt('HEADS', path, () => {
      const files = ['heads/entry.env', 'heads/body.json', 'heads/proof.tlog-proof', ''] as const;
      const bytes = this.zip.read(files[0], LIMIT.small);
      const event = this.readEntry(files, bytes, leafHash(bytes), SYSTEM_STREAM);
      must(event, 'its event is not proven');
      const { count, root, atSize } = members(event.content['data']);
      const named = event.content['type'] === 'log.heads' && atSize === at && at <= event.index;
      must(named, 'its event is not the map that the manifest names');
      const line = this.text(path);
      const [, of, no, head] = new RegExp(`^(${UUID}) (0|[1-9][0-9]{0,14}) (${HASH})\n$`).exec(line) ?? [];
      must(of === this.manifest['case'], 'its line is that of another case');
      const map = new RegExp(`^index ${SIZE} of ${SIZE}\n([^]*)$`).exec(this.text('heads/map.proof'));
      must(map && Number(map[2]) === count, 'its line is not in the map');
      const found = new Tree(Number(count), base64(root, 32)).has(
        leafHash(line),
        Number(map[1]),
        hashes(map[3]!),
      );
      must(found, 'its line is not in the map');
      const seq = Number(no);
      const last = entries.get(seq);
      const whole = last?.leaf.equals(base64(head, 32));
      must(whole, `the case had ${seq + 1} entries; of ${this.count} here some are hidden or others`);
      must(last!.index < at, 'the entry that the map names came after it');
      const left = [...entries].some(([number, { index }]) => number > seq && index < at);
      must(!left, 'it leaves out entries that stood in the log before it');
      this.asOf = iso(event.time);
      this.proven.push(`These are all entries of the case as of ${this.asOf} (number 0 to ${seq}).`);
      if (seq + 1 < this.count)
        this.tell('limited', 'HEADS', path, 'entries after the map are not shown to be complete');
      if (Date.parse(this.manifest['generatedAt'] as string) - event.time > STALE_MS)
        this.tell('limited', 'HEADS', path, 'the map was more than a day old when the bundle was made');
    });
  }

  /** Step 10. */
  private checkTimeStamps(): void {
    const [tokens, pems] = [this.zip.paths(/\.tsr$/), this.zip.paths(/\.pem$/)];
    if (tokens.length > LIMIT.timestamps || pems.length > LIMIT.certs) stop('LIMIT', 'too many time stamps');
    for (const path of tokens)
      this.attempt('TIMESTAMP', path, () => {
        const [token, ...certificates] = [path, ...pems].map((one) => this.zip.read(one, LIMIT.small));
        const of = this.checkpoints.find(({ size }) => size === Number(path.slice(11, -4)));
        must(of, 'of no checkpoint');
        const { at, authority } = timeStamp(token!, of.text, certificates);
        this.proven.push(`A time stamp of ${authority} over the log of ${of.size} entries says ${at}.`);
      });
    if (tokens.length > 0)
      this.notProven.push(
        'That the time-stamp authority is one to believe: the policy pins none. Compare its certificate.',
      );
  }
}

// ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────

const EXIT = { valid: 0, invalid: 1, limited: 2, unreadable: 3 } as const;

/** Verifies a bundle (a ZIP) against a policy. Never fails: what cannot be read is a verdict too. */
export async function verifyBundle(bytes: Uint8Array, policyText: string): Promise<Report> {
  const report = (verdict: Verdict, work?: Verification, checks: readonly Finding[] = []): Report => {
    const { case: id, reference } = work?.manifest ?? {};
    const trusted = verdict === 'invalid' ? undefined : work;
    return {
      ...{ verdict, exit: EXIT[verdict], checks: work?.findings ?? checks },
      // What a bundle that is not valid proves is not for the reader to sort out.
      ...{ proven: trusted?.proven ?? [], notProven: work?.notProven ?? [], asOf: trusted?.asOf ?? null },
      ...{ case: isText(id) ? id : null, reference: isText(reference) ? reference : null },
      ...{ entries: work?.count ?? 0, policySha256: sha256(policyText).toString('hex') },
    };
  };
  try {
    const policy = parsePolicy(policyText);
    if (bytes.length > LIMIT.bundle) stop('LIMIT', `larger than ${LIMIT.bundle / 1e6} MB`);
    const zip = new Zip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const work = new Verification(zip, policy);
    await work.run();
    if (work.failed > LIMIT.told) work.notProven.push(`${work.failed} checks failed; the first are listed.`);
    return report(work.failed ? 'invalid' : work.limited ? 'limited' : 'valid', work);
  } catch (error) {
    const known = error instanceof Unreadable ? error : new Unreadable('ZIP', 'it cannot be read');
    const { check, file, message } = known;
    return report('unreadable', undefined, [{ check, file, message }]);
  }
}

const WORDS: Readonly<Record<Verdict, string>> = {
  valid: 'VALID: nothing was changed, and nothing is missing.',
  invalid: 'NOT VALID: do not rely on this bundle.',
  limited: 'VALID WITH LIMITS: nothing was changed, but read what is not proven.',
  unreadable: 'UNREADABLE: this is no bundle, or it is damaged.',
};

/** The report as a person reads it. */
export function inWords(report: Report): string {
  const { verdict, checks, proven, notProven, reference, entries, policySha256 } = report;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? ['', title, ...lines.map((line) => `  - ${line}`)] : [];
  const lines = [
    WORDS[verdict],
    ...(reference === null ? [] : [`Case ${reference} (${report.case}), ${entries} entries`]),
    ...checks.map(({ check, file, message }) => `[${check}] ${file === null ? '' : `${file}: `}${message}`),
    ...list('Proven:', proven),
    ...list('Not proven:', notProven),
    ...['', `SHA-256 of the policy: ${policySha256}`],
    'All of this holds only if that is the hash which you were told by another way, such as on paper.',
  ];
  return lines.map((line) => line.replaceAll(/\p{C}/gu, '?')).join('\n');
}

async function main(words: readonly string[]): Promise<number> {
  const at = words.indexOf('--policy');
  const isOption = (i: number): boolean => words[i] === '--json' || (at >= 0 && (i === at || i === at + 1));
  const [bundle, ...rest] = words.filter((_, i) => !isOption(i));
  const policy = at < 0 ? undefined : words[at + 1];
  if (bundle === undefined || policy === undefined || rest.length > 0) {
    process.stderr.write('Usage: node verify.mjs bundle.zip --policy policy.txt [--json]\n');
    return 3;
  }
  try {
    const tooLarge = statSync(bundle).size > LIMIT.bundle;
    const bytes = tooLarge ? Buffer.alloc(0) : readFileSync(bundle);
    const report = await verifyBundle(bytes, readFileSync(policy, 'utf8'));
    process.stdout.write(`${words.includes('--json') ? JSON.stringify(report, null, 2) : inWords(report)}\n`);
    return report.exit;
  } catch (error) {
    process.stderr.write(`A file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}\n`);
    return 3;
  }
}

const called = process.argv[1];
if (called !== undefined && realpathSync(called) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
