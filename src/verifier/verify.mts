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
import { crc32, inflateRawSync } from 'node:zlib';

/** How much it takes in, so that no bundle can exhaust the machine that reads it. */
const LIMIT = {
  ...{ entries: 200_000, files: 850_000, checkpoints: 10_000, timestamps: 1000, certs: 100 },
  ...{ signatures: 16, hashes: 63, bundle: 640e6, inflated: 512e6, file: 96e6, small: 65_536 },
  ...{ body: 32_768, unsignedManifest: 8e6, policy: 1e6, policyLines: 1000, told: 100 },
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

export interface Finding {
  readonly check: Check;
  readonly file: string | null;
  readonly message: string;
}

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

/** It cannot be read at all. */
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
const malformed = (why: string): never => {
  throw new Malformed(why);
};

// ── bytes and texts ──────────────────────────────────────────────────────────────────────────────────────────────

type Bytes = Buffer;
const sha256 = (data: Bytes | string): Bytes => hash('sha256', data, 'buffer');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return malformed('it is not UTF-8');
  }
}

/** Strict, unlike Node's decoder, which takes `AB==` for `AA==`. */
function base64(text: unknown, length?: number): Bytes {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
  if (!bytes || bytes.toString('base64') !== text) return malformed('base64 that no encoder writes');
  return length === undefined || bytes.length === length ? bytes : malformed(`not ${length} bytes of base64`);
}

/** RFC 8785 for what may stand in a bundle: plain objects, arrays, texts, safe integers, true, false, null. */
function canonical(value: unknown, depth = 0): string {
  if (depth > 20) return malformed('JSON that is nested too deeply');
  if (typeof value === 'string')
    return value.isWellFormed() ? JSON.stringify(value) : malformed('half a character');
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0)
      ? String(value)
      : malformed('no safe integer');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const keys = Object.keys(value).sort();
  const member = (key: string): string =>
    `${canonical(key)}:${canonical((value as Record<string, unknown>)[key], depth + 1)}`;
  return `{${keys.map(member).join(',')}}`;
}

/** The JSON in these bytes, which must be its one canonical form: no key twice, no blank, no other spelling. */
function json(bytes: Bytes): unknown {
  const text = textOf(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('it is not JSON');
  }
  return canonical(value) === text ? value : malformed('it is not in canonical form');
}

type Members = Readonly<Record<string, unknown>>;
/** An object's own members: nothing inherited can be taken for one. */
const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (Object.assign(Object.create(null), value) as Members)
    : malformed('it is not an object');
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

// ── ZIP ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const SEQ = '[0-9]{6,9}';
const SIZE = '0|[1-9][0-9]{0,15}';
/** Every path that a bundle may have. None is ever used as a path of this machine. */
const PATH = new RegExp(
  `^(manifest\\.json|manifest\\.note|policy\\.txt|verify\\.(mjs|html)|VERIFY\\.md|report\\.html|events\\.csv|` +
    `entries/${SEQ}\\.env|bodies/${SEQ}\\.json|proofs/${SEQ}\\.tlog-proof|disclosures/${SEQ}\\.json|` +
    `checkpoints/(${SIZE})\\.(note|consistency)|heads/(entry\\.env|body\\.json|proof\\.tlog-proof|line\\.txt|map\\.proof)|` +
    `timestamps/(${SIZE})\\.tsr|(timestamps/)?certs/[a-z0-9][a-z0-9.-]{0,99}\\.pem|evidence/[0-9a-f]{64})$`,
);

interface Place {
  readonly start: number;
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  readonly crc: number;
}

/**
 * Reads a ZIP of the plainest kind: files one after the other without a gap, the directory, nothing else. What says
 * the same twice must say the same, and what no check covers must be alike for all files, so that not one byte of
 * it can differ unnoticed.
 */
class Zip {
  readonly places = new Map<string, Place>();
  private readonly summed = new Set<string>();

  constructor(private readonly bytes: Bytes) {
    const { count, directory, end, madeBy } = this.end();
    if (count > LIMIT.files) throw new Unreadable('LIMIT', `more than ${LIMIT.files} files`);
    let [at, next, total] = [directory, 0, 0];
    let first: string | undefined;
    for (let i = 0; i < count; i++) {
      if (at + 46 > end || this.u32(at) !== 0x02014b50) this.refuse('its directory is damaged');
      const [flags, method, nameLength, extraLength] = [8, 10, 28, 30].map((o) => this.u16(at + o)) as [
        ...[number, number, number, number],
      ];
      const [crc, packed, size, start] = [16, 20, 24, 42].map((o) => this.u32(at + o)) as [
        ...[number, number, number, number],
      ];
      if (flags & 0x2041) this.refuse('it is encrypted');
      if ((flags & ~0x0800) !== 0 || (method !== 0 && method !== 8)) this.refuse('it uses an unknown method');
      if (packed === 0xffffffff || size === 0xffffffff || start === 0xffffffff)
        throw new Unreadable('LIMIT', 'a file beyond 4 GB');
      if (this.u16(at + 32) || this.u16(at + 34) || this.u16(at + 36)) this.refuse('a file is not plain');
      const name = this.bytes.subarray(at + 46, at + 46 + nameLength);
      const extra = this.bytes.toString('hex', at + 46 + nameLength, at + 46 + nameLength + extraLength);
      if (extraLength !== 0 && !/^5455/.test(extra)) this.refuse('a file has fields that a bundle has not');
      const alike = [4, 12, 38].every((from, k) => {
        const to = [10, 16, 42][k]!;
        return this.bytes.compare(this.bytes, directory + from, directory + to, at + from, at + to) === 0;
      });
      if (!alike || (first ??= extra) !== extra) this.refuse('its files are of different makes');
      const path = this.pathOf(name);
      if (this.places.has(path)) this.refuse(`two files are called ${path}`);
      const local = next + 30 + nameLength;
      const twice =
        start === next &&
        local + packed <= directory &&
        this.u32(next) === 0x04034b50 &&
        this.bytes.compare(this.bytes, at + 6, at + 30, next + 4, next + 28) === 0 &&
        this.u16(next + 28) === 0 &&
        name.equals(this.bytes.subarray(next + 30, local));
      if (!twice) this.refuse(`its directory and the file ${path} disagree`);
      if (size > LIMIT.file) throw new Unreadable('LIMIT', `larger than ${LIMIT.file / 1e6} MB`, path);
      if ((total += size) > LIMIT.inflated)
        throw new Unreadable('LIMIT', `it holds more than ${LIMIT.inflated / 1e6} MB`);
      if (method === 0 && packed !== size) this.refuse(`the sizes of ${path} disagree`);
      this.places.set(path, { start: local, packed, size, method, crc });
      next = local + packed;
      at += 46 + nameLength + extraLength;
    }
    if (next !== directory || at !== end) this.refuse('it has bytes that belong to no file');
    if (madeBy !== undefined && this.u16(directory + 4) !== madeBy)
      this.refuse('its files are of different makes');
  }

  private end(): { count: number; directory: number; end: number; madeBy?: number } {
    const { length } = this.bytes;
    const at = length - 22;
    if (at < 0 || this.u32(at) !== 0x06054b50)
      this.refuse(length === 0 ? 'the file is empty' : 'it is no ZIP, or cut off');
    if (this.u32(at + 4) !== 0 || this.u16(at + 20) !== 0) this.refuse('it has several parts or a comment');
    let [count, size, directory, end] = [this.u16(at + 10), this.u32(at + 12), this.u32(at + 16), at];
    let madeBy: number | undefined;
    if (count === 0xffff || size === 0xffffffff || directory === 0xffffffff) {
      // ZIP64: the numbers that do not fit stand in a record of their own, directly before.
      const [locator, record] = [at - 20, at - 76];
      const plain =
        record >= 0 &&
        this.u32(locator) === 0x07064b50 &&
        this.u32(locator + 4) === 0 &&
        this.u64(locator + 8) === record &&
        this.u32(locator + 16) === 1 &&
        this.u32(record) === 0x06064b50 &&
        this.u64(record + 4) === 44 &&
        this.u16(record + 14) === 45 &&
        this.u64(record + 16) === 0 &&
        this.u64(record + 24) === this.u64(record + 32);
      if (!plain) this.refuse('its end is damaged');
      const short = [count, size, directory];
      [count, size, directory] = [32, 40, 48].map((o) => this.u64(record + o)) as [number, number, number];
      const caps = [0xffff, 0xffffffff, 0xffffffff];
      if ([count, size, directory].some((long, i) => short[i] !== Math.min(long, caps[i]!)))
        this.refuse('its end is damaged');
      [end, madeBy] = [record, this.u16(record + 12)];
    }
    if (this.u16(at + 8) !== this.u16(at + 10) || directory + size !== end) this.refuse('its end is damaged');
    return { count, directory, end, ...(madeBy === undefined ? {} : { madeBy }) };
  }

  private pathOf(name: Bytes): string {
    const path = name.length <= 200 ? name.toString('latin1') : '';
    if (!PATH.test(path)) throw new Unreadable('ZIP', 'it holds a file that has no place in a bundle');
    return path;
  }

  /** The content of a file; undefined when there is none. Counts what really comes out. */
  read(path: string, limit: number = LIMIT.file): Bytes | undefined {
    const place = this.places.get(path);
    if (!place) return undefined;
    if (place.size > limit) throw new Unreadable('LIMIT', `larger than ${limit} bytes`, path);
    const packed = this.bytes.subarray(place.start, place.start + place.packed);
    const content = place.method === 0 ? packed : this.inflate(path, packed, place.size);
    if (!this.summed.has(path) && crc32(content) !== place.crc) malformed('it does not fit its checksum');
    this.summed.add(path);
    return content;
  }

  private inflate(path: string, packed: Bytes, size: number): Bytes {
    try {
      const options = { maxOutputLength: Math.max(size, 1), info: true };
      const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
        buffer: Bytes;
        engine: { bytesWritten: number };
      };
      if (buffer.length === size && engine.bytesWritten === packed.length) return buffer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        throw new Unreadable('LIMIT', 'it inflates to more than it says', path);
    }
    return malformed('it cannot be inflated to what it says');
  }

  private refuse(why: string): never {
    throw new Unreadable('ZIP', why);
  }
  private u16(at: number): number {
    return at >= 0 && at + 2 <= this.bytes.length
      ? this.bytes.readUInt16LE(at)
      : this.refuse('it is cut off');
  }
  private u32(at: number): number {
    return at >= 0 && at + 4 <= this.bytes.length
      ? this.bytes.readUInt32LE(at)
      : this.refuse('it is cut off');
  }
  private u64(at: number): number {
    const value = this.u32(at) + this.u32(at + 4) * 2 ** 32;
    return Number.isSafeInteger(value) ? value : this.refuse('its end is damaged');
  }
}

// ── the tree of RFC 6962 ─────────────────────────────────────────────────────────────────────────────────────────

const [ZERO, ONE] = [Buffer.from([0]), Buffer.from([1])];
const leafHash = (data: Bytes | string): Bytes => sha256(Buffer.concat([ZERO, Buffer.from(data as string)]));
const nodeHash = (left: Bytes, right: Bytes): Bytes => sha256(Buffer.concat([ONE, left, right]));

/** The root to which the proof leads from the leaf (RFC 9162, 2.1.3.2); undefined when it leads nowhere. */
function rootFrom(leaf: Bytes, index: number, size: number, proof: readonly Bytes[]): Bytes | undefined {
  if (!(index < size)) return undefined;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const step of proof) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, step);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash : undefined;
}

/** Whether the old tree is the beginning of the new one (RFC 9162, 2.1.4.2); sizes differ and neither is zero. */
function isBeginning(old: Checkpoint, now: Checkpoint, proof: readonly Bytes[]): boolean {
  const steps = Number.isInteger(Math.log2(old.size)) ? [old.root, ...proof] : [...proof];
  const first = steps.shift();
  if (!first || proof.length === 0) return false;
  let [fn, sn] = [old.size - 1, now.size - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let [fr, sr] = [first, first];
  for (const step of steps) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(step, fr), nodeHash(step, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = nodeHash(sr, step);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && fr.equals(old.root) && sr.equals(now.root);
}

/** Lines of one hash each. */
function hashes(text: string): Bytes[] {
  if (text === '') return [];
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : malformed('a line is cut off');
  return lines.length <= LIMIT.hashes ? lines.map((line) => base64(line, 32)) : malformed('too many hashes');
}

// ── keys, notes, policy (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) ───────────────────────

interface Key {
  readonly name: string;
  readonly id: string;
  readonly key: KeyObject;
  readonly raw: Bytes;
}

function keyOf(vkey: string | undefined, type: 1 | 4): Key {
  const [, name, id, encoded] = /^([^\s+\p{Cc}]{1,255})\+([0-9a-f]{8})\+(.+)$/u.exec(vkey ?? '') ?? [];
  const bytes = base64(encoded, 33);
  if (bytes[0] !== type) malformed('a key of the wrong kind');
  if (sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes])).toString('hex', 0, 4) !== id)
    malformed('a key whose id does not fit');
  const raw = bytes.subarray(1);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return { name: name!, id: id!, raw, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

interface Policy {
  readonly logs: Key[];
  readonly writers: Key[];
  readonly witnesses: Map<string, Key>;
  readonly groups: Map<string, { threshold: number; of: readonly string[] }>;
  quorum?: string;
}

function parsePolicy(text: string): Policy {
  const policy: Policy = { logs: [], writers: [], witnesses: new Map(), groups: new Map() };
  const { witnesses, groups } = policy;
  const keys = new Set<string>();
  const grouped = new Set<string>();
  const once = (key: Key, kind: string): Key =>
    keys.size < keys.add(kind + key.raw.toString('hex')).size ? key : malformed('a key stands twice');
  const fresh = (name: string): string =>
    name === 'none' || witnesses.has(name) || groups.has(name)
      ? malformed(`the name ${name} is taken`)
      : name;
  const known = (name: string): boolean => witnesses.has(name) || groups.has(name);
  const line = ([word, first, ...rest]: string[]): void => {
    if (word === undefined || word.startsWith('#')) return;
    if (first === undefined) malformed('too few words');
    const name = first!;
    if (word === 'log' && rest.length <= 1) policy.logs.push(once(keyOf(name, 1), word));
    else if (word === 'writer' && rest.length === 0) policy.writers.push(once(keyOf(name, 1), word));
    else if (word === 'witness' && (rest.length === 1 || rest.length === 2))
      witnesses.set(fresh(name), once(keyOf(rest[0], 4), word));
    else if (word === 'group' && rest.length >= 2) {
      const [count, ...of] = rest as [string, ...string[]];
      const threshold = count === 'any' ? 1 : count === 'all' ? of.length : Number(count);
      if (!/^(any|all|[1-9][0-9]{0,3})$/.test(count) || threshold > of.length) malformed('a wrong threshold');
      if (!of.every((member) => known(member) && grouped.size < grouped.add(member).size))
        malformed('a member is unknown or in a group already');
      groups.set(fresh(name), { threshold, of });
    } else if (word === 'quorum' && rest.length === 0 && policy.quorum === undefined) {
      policy.quorum = name === 'none' || known(name) ? name : malformed(`${name} is not defined`);
    } else malformed(`${word} is no line of a policy, stands twice, or has a wrong number of words`);
  };
  const lines = text.length <= LIMIT.policy ? text.split('\n') : [];
  if (lines.length === 0 || lines.length > LIMIT.policyLines)
    throw new Unreadable('POLICY', 'it is too long');
  lines.forEach((words, i) => {
    try {
      line(words.split(/[ \t]+/).filter((word) => word !== ''));
    } catch (error) {
      throw new Unreadable('POLICY', `line ${i + 1}: ${(error as Error).message}`);
    }
  });
  if (policy.quorum === undefined) throw new Unreadable('POLICY', 'it has no quorum line');
  return policy;
}

function quorumMet({ groups, quorum }: Policy, seen: ReadonlySet<string>): boolean {
  const met = (name: string): boolean => {
    const group = groups.get(name);
    return group ? group.of.filter(met).length >= group.threshold : seen.has(name);
  };
  return quorum === 'none' || met(quorum!);
}

interface Note {
  readonly text: string;
  readonly lines: readonly { name: string; id: string; signature: Bytes }[];
}

function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) malformed('it is no signed note');
  const lines = note.slice(end + 2, -1).split('\n', LIMIT.signatures + 1);
  if (lines.length > LIMIT.signatures) malformed(`more than ${LIMIT.signatures} signatures`);
  return {
    text: note.slice(0, end + 1),
    lines: lines.map((line) => {
      const [, name, encoded] = /^\u2014 ([^\s+\p{Cc}]{1,255}) (\S+)$/u.exec(line) ?? [];
      const bytes = base64(encoded);
      if (bytes.length < 5) malformed('a signature is too short');
      return { name: name!, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
    }),
  };
}

const isBy = ({ name, id }: Note['lines'][number], key: Key): boolean => name === key.name && id === key.id;
const signed = (key: Key, text: string, signature: Bytes): boolean =>
  signature.length === 64 && verify(null, Buffer.from(text), key.key, signature);

interface Checkpoint {
  readonly note: string;
  readonly text: string;
  readonly size: number;
  readonly root: Bytes;
  /** When a quorum had seen it first, and last. */
  readonly seen?: { readonly first: number; readonly last: number };
}

// ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const HASH = '[A-Za-z0-9+/]{43}=';
const ENVELOPE = new RegExp(
  `^plumbline-entry/v1\nstream (${UUID})\nseq (0|[1-9][0-9]{0,14})\nprev (${HASH})\n` +
    `time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z)\nevent (${UUID})\n` +
    `body (${HASH})\nwriter ([a-z0-9.-]{1,64})\nsig ([A-Za-z0-9+/]{86}==)\n$`,
);

interface Envelope {
  readonly seq: number;
  readonly prev: Bytes;
  readonly time: number;
  readonly event: string;
  readonly body: Bytes;
  readonly writer: string;
  readonly signature: Bytes;
}

function envelopeOf(bytes: Bytes, stream: string): Envelope {
  const parts = ENVELOPE.exec(bytes.toString('latin1')) ?? malformed('it is no entry of plumbline-entry/v1');
  const [, of, seq, prev, at, event, body, writer, signature] = parts as unknown as string[];
  if (of !== stream) malformed('it belongs to another stream');
  const time = Date.parse(at!);
  if (!Number.isFinite(time)) malformed('its time is none');
  return {
    ...{ seq: Number(seq), prev: base64(prev, 32), time, event: event! },
    ...{ body: base64(body, 32), writer: writer!, signature: base64(signature, 64) },
  };
}

const entryFile = (seq: number): string => `entries/${String(seq).padStart(6, '0')}.env`;

interface Proven extends Envelope {
  readonly leaf: Bytes;
  readonly index: number;
  readonly content: Members;
}

// ── time stamps (RFC 3161) ───────────────────────────────────────────────────────────────────────────────────────

interface Der {
  readonly tag: number;
  readonly body: Bytes;
  readonly whole: Bytes;
}

function der(bytes: Bytes): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    let [length, start] = [bytes[at + 1] ?? 0x80, at + 2];
    const more = length & 0x80 ? length & 0x7f : 0;
    if (length === 0x80 || more > 4 || start + more > bytes.length) malformed('it is not DER');
    if (more > 0) [length, start] = [bytes.readUIntBE(start, more), start + more];
    const end = start + length;
    if (end > bytes.length) malformed('it is cut off');
    found.push({ tag: bytes[at]!, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

const DIGESTS: Readonly<Record<string, string>> = {
  ...{ '608648016503040201': 'sha256', '608648016503040202': 'sha384', '608648016503040203': 'sha512' },
};
const digestOf = (algorithm: Der | undefined): string =>
  DIGESTS[der(algorithm!.body)[0]!.body.toString('hex')] ?? malformed('an unknown digest');

/** Checks a token over this text. @returns the time in it and who says so */
function timeStamp(token: Bytes, text: string, more: readonly Bytes[]): { at: Date; authority: string } {
  let content = der(der(token)[0]!.body);
  // A whole response: the status comes first.
  if (content[0]?.tag === 0x30) content = der(content[1]!.body);
  if (content[0]?.body.toString('hex') !== '2a864886f70d010702') malformed('it is not signed data');
  const data = der(der(content[1]!.body)[0]!.body);
  const [type, wrapped] = der(data[2]!.body);
  if (type?.body.toString('hex') !== '2a864886f70d0109100104') malformed('it is no time stamp');
  const stamped = der(wrapped!.body)[0]!.body;
  const info = der(der(stamped)[0]!.body);
  const [algorithm, imprint] = der(info[2]!.body);
  const digested = createHash(digestOf(algorithm)).update(text).digest();
  if (!imprint?.body.equals(digested)) malformed('it is a time stamp of something else');
  const [, ...time] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(info[4]!.body.toString('latin1')) ?? [];
  const at = new Date(`${time.slice(0, 3).join('-')}T${time.slice(3).join(':')}Z`);
  const [, signer, digest, attributes, , signature] = der(der(data.at(-1)!.body)[0]!.body);
  if (attributes?.tag !== 0xa0) malformed('it has no signed attributes');
  const attribute = (oid: string): Der | undefined => {
    const found = der(attributes!.body).map(({ body }) => der(body));
    return der(found.find(([name]) => name?.body.toString('hex') === oid)?.[1]?.body ?? Buffer.alloc(0))[0];
  };
  const hash = digestOf(digest);
  if (attribute('2a864886f70d010903')?.body.toString('hex') !== '2a864886f70d0109100104')
    malformed('a wrong type');
  if (!attribute('2a864886f70d010904')?.body.equals(createHash(hash).update(stamped).digest()))
    malformed('its digest is wrong');
  const inside = data.find(({ tag }) => tag === 0xa0);
  const certificates = [...(inside ? der(inside.body).map(({ whole }) => whole) : []), ...more];
  const serial =
    signer?.tag === 0x30
      ? der(signer.body)[1]!
          .body.toString('hex')
          .replace(/^(00)+(?=.)/, '')
      : '';
  const set = Buffer.from(attributes!.whole);
  set[0] = 0x31;
  const own = certificates
    .map((certificate) => new X509Certificate(certificate))
    .find(
      (one) => one.serialNumber.toLowerCase() === serial && verify(hash, set, one.publicKey, signature!.body),
    );
  if (!own) return malformed('no certificate at hand made its signature');
  if (!own.keyUsage?.includes('1.3.6.1.5.5.7.3.8')) malformed('its certificate is not one for time stamps');
  if (!(at >= new Date(own.validFrom) && at <= new Date(own.validTo)))
    malformed('its certificate was not valid');
  return { at, authority: own.subject.replaceAll('\n', ', ') };
}

// ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────

const MANIFEST: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: (value) => value === 1,
  case: (value) => isText(value) && new RegExp(`^${UUID}$`).test(value),
  reference: (value) => isText(value) && /^[^\p{C}]{1,100}$/u.test(value),
  generatedAt: (value) => isText(value) && new Date(Date.parse(value) || 0).toISOString() === value,
  requestedBy: (value) => isText(value) && new RegExp(`^${UUID}$`).test(value),
  purpose: isText,
  profile: (value) => value === 'FULL' || value === 'NO_IDENTITY',
  origin: isText,
  checkpoint: isCount,
  heads: (value) => value === null || isCount(value),
  entries: isCount,
  files: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
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
  private readonly writers: ReadonlyMap<string, Key>;

  constructor(
    private readonly zip: Zip,
    private readonly policy: Policy,
  ) {
    const fingerprint = ({ raw }: Key): string => sha256(raw.toString('base64')).toString('hex', 0, 4);
    this.writers = new Map(policy.writers.map((key) => [fingerprint(key), key]));
  }

  run(): void {
    if (!this.readManifest()) return;
    this.readCheckpoints();
    const entries = this.readEntries();
    this.checkHeads(entries);
    this.checkTimeStamps();
    for (const path of this.paths(/^evidence\//))
      this.attempt('EVIDENCE', path, () =>
        sha256(this.file(path)).toString('hex') === path.slice(9)
          ? true
          : malformed('its content is not what its name says'),
      );
    this.notProven.push(
      'That the server logged every read and every deed: it cannot prove what it left out.',
      'That what was recorded is true: only who recorded it, when, and that it was not changed since.',
      'Who sat at the keyboard: no proofs of authenticators (WebAuthn) are in the bundle.',
      'report.html and events.csv are made for reading; they are no evidence.',
    );
  }

  private add(check: Check, file: string | null, message: string): void {
    if (this.findings.length < LIMIT.told) this.findings.push({ check, file, message });
  }
  private fail(check: Check, file: string | null, message: string): undefined {
    this.failed++;
    this.add(check, file, message);
  }
  private limit(check: Check, file: string | null, message: string): void {
    this.limited++;
    this.add(check, file, message);
  }
  /** What the work gives; undefined, and a failed check, when it cannot. */
  private attempt<T>(check: Check, file: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      return this.fail(check, file, error instanceof Malformed ? error.message : 'it cannot be read');
    }
  }
  private file(path: string, limit?: number): Bytes {
    return this.zip.read(path, limit) ?? malformed('the file is missing');
  }
  private readonly paths = (pattern: RegExp): string[] =>
    [...this.zip.places.keys()].filter((path) => pattern.test(path));

  /** Step 1. */
  private readManifest(): boolean {
    const bytes = this.attempt('MANIFEST', 'manifest.json', () => this.file('manifest.json'));
    if (!bytes) return false;
    const trusted = this.attempt('MANIFEST_SIGNATURE', 'manifest.note', () => {
      const { text, lines } = parseNote(textOf(this.file('manifest.note', LIMIT.small)));
      if (text !== `plumbline-bundle/v1\n${sha256(bytes).toString('base64')}\n`)
        malformed('it signs another manifest');
      const [line] = lines.length === 1 ? lines : [];
      const key = this.policy.writers.find(
        (one) => line && isBy(line, one) && signed(one, text, line.signature),
      );
      return key ?? malformed('no writer of the policy signed the manifest');
    });
    if (!trusted && bytes.length > LIMIT.unsignedManifest)
      throw new Unreadable('LIMIT', 'too large for a manifest that nobody signed', 'manifest.json');
    const manifest = this.attempt('MANIFEST', 'manifest.json', () => {
      const found = members(json(bytes));
      const names = Object.keys(found);
      const wrong = Object.keys(MANIFEST).find((name) => !MANIFEST[name]!(found[name]));
      return names.length === Object.keys(MANIFEST).length && wrong === undefined
        ? found
        : malformed(`${wrong ?? 'a member'} is not as it must be`);
    });
    if (!manifest) return false;
    this.manifest = manifest;
    const files = new Map(Object.entries(manifest['files'] as object));
    for (const path of this.paths(/^(?!manifest\.)/)) {
      this.attempt('MANIFEST', path, () =>
        sha256(this.file(path)).toString('hex') === files.get(path)
          ? files.delete(path)
          : malformed(
              files.has(path)
                ? 'it was changed: its hash is not the one in the manifest'
                : 'the manifest does not name it',
            ),
      );
    }
    for (const path of files.keys())
      if (!this.zip.places.has(path)) this.fail('MANIFEST', path, 'the manifest names it and it is missing');
    return true;
  }

  /** Steps 2 and 3. */
  private readCheckpoints(): void {
    const sizes = this.paths(/^checkpoints\/.*\.note$/).map((path) => Number(path.slice(12, -5)));
    if (sizes.length > LIMIT.checkpoints) throw new Unreadable('LIMIT', 'too many checkpoints');
    for (const size of sizes.sort((a, b) => a - b)) {
      const checkpoint = this.readCheckpoint(`checkpoints/${size}.note`, size);
      const before = this.checkpoints.at(-1);
      if (!checkpoint) continue;
      this.attempt('CONSISTENCY', `checkpoints/${size}.consistency`, () => {
        const proof = hashes(textOf(this.file(`checkpoints/${size}.consistency`, LIMIT.small)));
        if (before ? !isBeginning(before, checkpoint, proof) : proof.length > 0)
          malformed('this checkpoint does not continue the one before it: the log was rewritten');
      });
      this.checkpoints.push(checkpoint);
    }
    if (this.paths(/\.consistency$/).length !== sizes.length)
      this.fail('CONSISTENCY', null, 'a proof of consistency belongs to no checkpoint');
    const last = this.checkpoints.at(-1);
    if (last?.size !== this.manifest['checkpoint'])
      return this.fail('MANIFEST', 'manifest.json', 'it names another checkpoint than the last one');
    const times = last && last.seen && new Date(last.seen.first).toISOString();
    if (times)
      this.proven.push(
        `The log of ${last.size} entries was seen by a quorum of the policy's witnesses at ${times}.`,
      );
    else
      this.notProven.push('That this is the one log that everybody else is shown: too few witnesses saw it.');
  }

  private readCheckpoint(path: string, size: number): Checkpoint | undefined {
    const read = this.attempt('NOTE', path, () => {
      const note = textOf(this.file(path, LIMIT.small));
      const parsed = parseNote(note);
      const parts = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n(\S+)\n$/.exec(parsed.text);
      if (!parts || parts[1] !== this.manifest['origin'] || Number(parts[2]) !== size || size < 1)
        malformed('it is no checkpoint of this log and size');
      return { ...parsed, note, root: base64(parts![3], 32) };
    });
    if (!read) return undefined;
    const { note, text, lines, root } = read;
    const log = this.policy.logs.find(
      (key) =>
        key.name === this.manifest['origin'] &&
        lines.some((line) => isBy(line, key) && signed(key, text, line.signature)),
    );
    if (!log) return this.fail('LOG_SIGNATURE', path, 'the log of the policy did not sign it');
    const times = new Map<string, number[]>();
    for (const [name, key] of this.policy.witnesses)
      for (const line of lines.filter((one) => isBy(one, key))) {
        const seconds = line.signature.length === 72 ? line.signature.readBigUInt64BE(0) : 1n << 63n;
        if (
          seconds < 1n << 40n &&
          signed(key, `cosignature/v1\ntime ${seconds}\n${text}`, line.signature.subarray(8))
        )
          times.set(name, [...(times.get(name) ?? []), Number(seconds) * 1000]);
        else this.fail('QUORUM', path, `the cosignature of ${name} is wrong`);
      }
    const seen = this.quorumTimes(times);
    if (!seen) this.limit('QUORUM', path, 'too few witnesses of the policy cosigned it');
    return { note, text, size, root, ...(seen ? { seen } : {}) };
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
  private readEntries(): Map<number, Proven> {
    this.count = this.paths(/^entries\//).length;
    if (this.count > LIMIT.entries) throw new Unreadable('LIMIT', `more than ${LIMIT.entries} entries`);
    if (this.count !== this.manifest['entries'] || this.count === 0)
      this.fail('MANIFEST', 'manifest.json', 'the number of entries is another');
    const proven = new Map<number, Proven>();
    const unproven = new Map<number, Bytes>();
    let before: Bytes | undefined = Buffer.alloc(32);
    let latest: Proven | undefined;
    let values = 0;
    const used = new Set<string>();
    for (let seq = 0; seq < this.count; seq++) {
      const no = String(seq).padStart(6, '0');
      const [path, proof, disclosed] = [
        `entries/${no}.env`,
        `proofs/${no}.tlog-proof`,
        `disclosures/${no}.json`,
      ] as const;
      [path, proof, disclosed, `bodies/${no}.json`].forEach((one) => used.add(one));
      const bytes = this.attempt('SEQUENCE', path, () => this.file(path, LIMIT.small));
      if (!bytes) {
        before = undefined;
        continue;
      }
      const leaf = leafHash(bytes);
      if (!this.zip.places.has(proof)) unproven.set(seq, leaf);
      else {
        const entry = this.readEntry(`${no}`, bytes, leaf, this.manifest['case'] as string);
        if (entry && entry.seq !== seq) this.fail('SEQUENCE', path, `it says that it is number ${entry.seq}`);
        if (entry && before && !entry.prev.equals(before))
          this.fail('LINK', path, 'it does not follow the entry before it');
        if (entry && latest && entry.index <= latest.index)
          this.fail('SEQUENCE', path, 'it stands before an earlier entry in the log');
        if (entry && latest && entry.time < latest.time - SKEW_MS)
          this.fail('TIME_ORDER', path, 'it is older than the entry before it');
        if (entry) {
          proven.set(seq, (latest = entry));
          values += this.attempt('DISCLOSURE', disclosed, () => this.disclosures(disclosed, entry)) ?? 0;
        }
      }
      before = leaf;
    }
    const stray = this.paths(/^(entries|bodies|proofs|disclosures)\//).find((path) => !used.has(path));
    if (stray) this.fail('SEQUENCE', stray, 'it belongs to no entry: an entry is missing before it');
    const waited = this.checkSetAside(unproven, proven);
    let widest = 0;
    for (const [seq, entry] of proven)
      widest = Math.max(widest, this.checkWindow(seq, entry, waited.has(seq)));
    this.proven.push(
      `${proven.size} entries of the case are signed by a writer of the policy and stand in the log, in an unbroken chain; ${values} values fit them.`,
    );
    if (widest > 0 && Number.isFinite(widest))
      this.proven.push(
        `When: witnesses bound the time of every entry to within ${Math.ceil(widest / 1000)} seconds or less.`,
      );
    else
      this.notProven.push(
        'When entries were made, beyond what the server says: for some, no witness bounds it on both sides.',
      );
    return proven;
  }

  private readEntry(no: string, bytes: Bytes, leaf: Bytes, stream: string): Proven | undefined {
    const head = no === 'heads';
    const [path, body, proof] = head
      ? (['heads/entry.env', 'heads/body.json', 'heads/proof.tlog-proof'] as const)
      : ([`entries/${no}.env`, `bodies/${no}.json`, `proofs/${no}.tlog-proof`] as const);
    const envelope = this.attempt('ENVELOPE', path, () => envelopeOf(bytes, stream));
    if (!envelope) return undefined;
    const content = this.attempt('BODY', body, () => {
      const found = this.file(body, LIMIT.body);
      return sha256(found).equals(envelope.body) ? found : malformed('its hash is not the one in the entry');
    });
    const said = content && this.attempt('CANONICAL', body, () => members(json(content)));
    if (said && (said['id'] !== envelope.event || this.events.has(envelope.event)))
      this.fail('EVENT_ID', path, 'its event is another one, or occurs twice');
    this.events.add(envelope.event);
    const key = this.writers.get(
      /^[a-z]+-([0-9a-f]{8})-[0-9]{14}-[0-9a-f]{6}$/.exec(envelope.writer)?.[1] ?? '',
    );
    if (!key) this.fail('WRITER', path, `no key of the policy belongs to the writer ${envelope.writer}`);
    const text = `plumbline-event/v1\n${stream}\n${envelope.event}\n${envelope.body.toString('base64')}\n`;
    if (key && !signed(key, text, envelope.signature))
      this.fail('SIGNATURE', path, 'its writer did not sign it');
    if (said)
      this.attempt('WRITER', body, () => {
        const { id, n } = members(said['w']);
        const number = `${envelope.writer} ${String(n)}`;
        if (id !== envelope.writer || !isCount(n) || this.numbers.has(number))
          malformed('its number is wrong or used before');
        this.numbers.add(number);
      });
    const index = this.attempt('INCLUSION', proof, () =>
      this.place(textOf(this.file(proof, LIMIT.small)), leaf),
    );
    return said && index !== undefined ? { ...envelope, leaf, index, content: said } : undefined;
  }

  /** A C2SP tlog-proof of this leaf under the last checkpoint. @returns its place in the log */
  private place(proof: string, leaf: Bytes): number {
    const last = this.checkpoints.at(-1);
    const parts = /^c2sp\.org\/tlog-proof@v1\nindex (0|[1-9][0-9]{0,15})\n((?:[^\n]+\n)*)\n/.exec(proof);
    if (!parts || !last || proof.slice(parts[0].length) !== last.note)
      malformed('it is no proof under the last checkpoint');
    const index = Number(parts![1]);
    const root = rootFrom(leaf, index, last!.size, hashes(parts![2]!));
    return root?.equals(last!.root)
      ? index
      : malformed('it does not lead to the root of the log: the entry is not in it');
  }

  /** Step 8. @returns how many values there are */
  private disclosures(path: string, { content }: Proven): number {
    if (!this.zip.places.has(path)) return 0;
    const digests = new Set(Array.isArray(content['_sd']) ? (content['_sd'] as unknown[]) : []);
    const list = json(this.file(path));
    if (!Array.isArray(list)) return malformed('it is no list');
    for (const one of list.map(members)) {
      // Each digest once.
      if (!digests.delete(one['digest']))
        malformed('the entry has no such digest: a value was changed or added');
      if (Object.keys(one).length !== 2) malformed('it has other members than it must have');
      if ('erasedBy' in one) {
        const { event, leaf } = members(one['erasedBy']);
        base64(leaf, 32);
        this.notProven.push(
          `A value of ${path.slice(12, -5)}: it was erased by event ${String(event).slice(0, 36)}.`,
        );
        continue;
      }
      const value = base64(one['content']);
      if (sha256(value.toString('base64url')).toString('base64') !== one['digest'])
        malformed('a value was changed');
      const said = json(value);
      if (!Array.isArray(said) || said.length !== 3 || !said.slice(0, 2).every(isText))
        malformed('a value is none');
    }
    return list.length;
  }

  /** @returns the numbers of the entries that waited behind one that was set aside */
  private checkSetAside(unproven: Map<number, Bytes>, proven: ReadonlyMap<number, Proven>): Set<number> {
    const waited = new Set<number>();
    for (const [at, { content }] of proven) {
      if (content['type'] !== 'stream.restart') continue;
      this.attempt('SEQUENCE', entryFile(at), () => {
        const list = members(content['data'])['setAside'];
        for (const { seq, leaf } of Array.isArray(list)
          ? list.map(members)
          : malformed('it sets nothing aside')) {
          if (!isCount(seq) || seq >= at || unproven.get(seq)?.toString('base64') !== leaf) continue;
          unproven.delete(seq);
          for (let n = seq + 1; n < at; n++) waited.add(n);
          this.notProven.push(
            `Entry ${seq}: the log refused it, and two persons set it aside (entry ${at} says so).`,
          );
        }
      });
    }
    for (const seq of unproven.keys())
      this.fail('INCLUSION', entryFile(seq), 'nothing proves that it is in the log');
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
    const [before, after] = [this.checkpoints[low - 1]?.seen?.last, this.checkpoints[low]?.seen?.first];
    const early = !waited && before !== undefined && time < before - SKEW_MS;
    if (early || (after !== undefined && time > after + SKEW_MS))
      this.fail(
        'TIME_WINDOW',
        entryFile(seq),
        `its time lies ${early ? 'before' : 'after'} what witnesses saw`,
      );
    return waited || before === undefined || after === undefined ? Infinity : after - before;
  }

  /** Step 7. */
  private checkHeads(entries: ReadonlyMap<number, Proven>): void {
    if (this.manifest['heads'] === null) {
      this.notProven.push('That these are all entries of the case: the bundle has no map of heads.');
      return this.limit('HEADS', null, 'the bundle does not show that it is complete');
    }
    this.attempt('HEADS', 'heads/line.txt', () => {
      const bytes = this.file('heads/entry.env', LIMIT.small);
      const event = this.readEntry('heads', bytes, leafHash(bytes), SYSTEM_STREAM);
      if (!event) return malformed('its event is not proven');
      const { count, root, atSize } = members(event.content['data']);
      if (
        event.content['type'] !== 'log.heads' ||
        atSize !== this.manifest['heads'] ||
        (atSize as number) > event.index
      )
        malformed('its event is not the map that the manifest names');
      const line = textOf(this.file('heads/line.txt', LIMIT.small));
      const [, of, no, head] = new RegExp(`^(${UUID}) (0|[1-9][0-9]{0,14}) (${HASH})\n$`).exec(line) ?? [];
      if (of !== this.manifest['case']) malformed('its line is that of another case');
      const proof = textOf(this.file('heads/map.proof', LIMIT.small));
      const parts = /^index (0|[1-9][0-9]{0,15}) of (0|[1-9][0-9]{0,15})\n([^]*)$/.exec(proof);
      const found = parts && rootFrom(leafHash(line), Number(parts[1]), Number(parts[2]), hashes(parts[3]!));
      if (!found?.equals(base64(root, 32)) || Number(parts![2]) !== count)
        malformed('its line is not in the map');
      const seq = Number(no);
      const last = entries.get(seq);
      if (!last?.leaf.equals(base64(head, 32)))
        return malformed(
          `the case had ${seq + 1} entries; the bundle has ${this.count}: entries are hidden or others`,
        );
      if (last.index >= (atSize as number)) malformed('the entry that the map names came after it');
      if ([...entries].some(([no, { index }]) => no > seq && index < (atSize as number)))
        malformed('it leaves out entries that stood in the log before it');
      this.asOf = new Date(event.time).toISOString();
      this.proven.push(`These are all entries of the case as of ${this.asOf} (number 0 to ${seq}).`);
      if (seq + 1 < this.count)
        this.limit('HEADS', 'heads/line.txt', 'entries after the map are not shown to be complete');
      if (Date.parse(this.manifest['generatedAt'] as string) - event.time > STALE_MS)
        this.limit('HEADS', 'heads/line.txt', 'the map was more than a day old when the bundle was made');
    });
  }

  /** Step 10. */
  private checkTimeStamps(): void {
    const [tokens, pems] = [this.paths(/\.tsr$/), this.paths(/\.pem$/)];
    if (tokens.length > LIMIT.timestamps || pems.length > LIMIT.certs)
      throw new Unreadable('LIMIT', 'too many time stamps');
    for (const path of tokens)
      this.attempt('TIMESTAMP', path, () => {
        const checkpoint = this.checkpoints.find(({ size }) => size === Number(path.slice(11, -4)));
        const certificates = pems.map((pem) => this.file(pem, LIMIT.small));
        const { at, authority } = timeStamp(
          this.file(path, LIMIT.small),
          checkpoint?.text ?? malformed('of no checkpoint'),
          certificates,
        );
        this.proven.push(
          `A time stamp of ${authority} over the log of ${checkpoint!.size} entries says ${at.toISOString()}.`,
        );
      });
    if (tokens.length > 0)
      this.notProven.push(
        'That the time-stamp authority is one to believe: the policy pins none. Compare its certificate.',
      );
  }
}

// ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Verifies a bundle (a ZIP) against a policy. Never throws: what cannot be read is a verdict too. */
export function verifyBundle(bytes: Uint8Array, policyText: string): Report {
  const policySha256 = sha256(policyText).toString('hex');
  const about = {
    case: null,
    reference: null,
    entries: 0,
    asOf: null,
    policySha256,
    proven: [],
    notProven: [],
  };
  const unreadable = (check: Check, file: string | null, message: string): Report => ({
    ...about,
    ...{ verdict: 'unreadable', exit: 3, checks: [{ check, file, message }] },
  });
  try {
    const policy = parsePolicy(policyText);
    if (bytes.length > LIMIT.bundle) throw new Unreadable('LIMIT', `larger than ${LIMIT.bundle / 1e6} MB`);
    const work = new Verification(new Zip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)), policy);
    work.run();
    const { findings, failed, limited, proven, notProven, manifest, count, asOf } = work;
    if (failed > LIMIT.told) notProven.push(`${failed} checks failed; the first are listed.`);
    const [verdict, exit] = failed
      ? (['invalid', 1] as const)
      : limited
        ? (['limited', 2] as const)
        : (['valid', 0] as const);
    const text = (value: unknown): string | null => (isText(value) ? value : null);
    return {
      ...{ verdict, exit, checks: findings, notProven, policySha256, entries: count },
      // What a bundle that is not valid proves is not for the reader to sort out.
      ...{ proven: failed ? [] : proven, asOf: failed ? null : asOf },
      ...{ case: text(manifest['case']), reference: text(manifest['reference']) },
    };
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error.check, error.file, error.message);
    return unreadable('ZIP', null, 'it cannot be read');
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
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? ['', title, ...lines.map((line) => `  - ${line}`)] : [];
  const { checks, proven, notProven, policySha256 } = report;
  const lines = [
    WORDS[report.verdict],
    ...(report.reference === null
      ? []
      : [`Case ${report.reference} (${report.case}), ${report.entries} entries`]),
    ...checks.map(({ check, file, message }) => `[${check}] ${file === null ? '' : `${file}: `}${message}`),
    ...list('Proven:', proven),
    ...list('Not proven:', notProven),
    '',
    `SHA-256 of the policy: ${policySha256}`,
    'All of this holds only if that is the hash which you were told by another way, such as on paper.',
  ];
  return lines.map((line) => line.replaceAll(/\p{C}/gu, '?')).join('\n');
}

function main(words: readonly string[]): number {
  const at = words.indexOf('--policy');
  const [bundle, ...rest] = words.filter(
    (word, i) => word !== '--json' && (at < 0 || (i !== at && i !== at + 1)),
  );
  const policy = at < 0 ? undefined : words[at + 1];
  if (bundle === undefined || policy === undefined || rest.length > 0) {
    process.stderr.write('Usage: node verify.mjs bundle.zip --policy policy.txt [--json]\n');
    return 3;
  }
  try {
    const size = statSync(bundle).size;
    const bytes = size > LIMIT.bundle ? Buffer.alloc(0) : readFileSync(bundle);
    const report = verifyBundle(bytes, readFileSync(policy, 'utf8'));
    process.stdout.write(`${words.includes('--json') ? JSON.stringify(report, null, 2) : inWords(report)}\n`);
    return report.exit;
  } catch (error) {
    process.stderr.write(`A file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}\n`);
    return 3;
  }
}

const called = process.argv[1];
if (called !== undefined && realpathSync(called) === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
