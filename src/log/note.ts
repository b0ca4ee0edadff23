import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { strictBase64 } from '../audit/envelope.js';
import { publicKeyOf, rawPublicKey } from '../audit/writer.js';

/** What a key signs: `01` notes of a log (and our writers' events), `04` timestamped cosignatures of a witness. */
export type KeyType = 1 | 4;

/** A verifier key in the form of C2SP signed-note: `<name>+<8 hex of the id>+<base64 of type and key>`. */
export interface VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  /** First four bytes of SHA-256(name, LF, type, key). */
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly vkey: string;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Buffer;
  /** What follows the key id: 64 bytes of a note signature, 8 of a time and 64 of a cosignature. */
  readonly signature: Buffer;
  /** The line as it stands, without its LF. */
  readonly line: string;
}

/** A signed note (C2SP signed-note): a text, a blank line, signature lines. */
export interface Note {
  /** The text that is signed; ends with LF. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** What a checkpoint's three lines say (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A text is not what its format wants. */
export class NoteError extends Error {}

const MAX_SIGNATURES = 16;
const NAME = /^[^\s+\p{Cc}]{1,255}$/u;

const keyId = (name: string, type: KeyType, raw: Buffer): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([type]))
    .update(raw)
    .digest()
    .subarray(0, 4);

/** The verifier key of an Ed25519 key (private or public) under this name. */
export function verifierKey(name: string, type: KeyType, key: KeyObject): VerifierKey {
  if (!NAME.test(name)) throw new NoteError(`"${name}" cannot name a key: no spaces and no plus`);
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const raw = Buffer.from(rawPublicKey(publicKey), 'base64');
  const id = keyId(name, type, raw);
  const encoded = Buffer.concat([Buffer.from([type]), raw]).toString('base64');
  return { name, type, id, key: publicKey, vkey: `${name}+${id.toString('hex')}+${encoded}` };
}

/** Reads a verifier key. @throws NoteError when it is none or its id does not fit */
export function parseVerifierKey(vkey: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const bytes = match && decode(match[3]!);
  const type = bytes?.[0];
  if (!match || bytes?.length !== 33 || (type !== 1 && type !== 4)) {
    throw new NoteError(`"${vkey.slice(0, 60)}" is not a verifier key for Ed25519`);
  }
  const made = verifierKey(match[1]!, type, publicKeyOf(bytes.subarray(1).toString('base64')));
  if (made.vkey !== vkey)
    throw new NoteError(`the id in the verifier key of ${match[1]} does not fit the key`);
  return made;
}

/** The text of a checkpoint: exactly three lines. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

/** @throws NoteError unless the text is three lines of a checkpoint and nothing else */
export function parseCheckpoint(text: string): Checkpoint {
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const size = Number(match?.[2]);
  const root = match && decode(match[3]!);
  if (!match || !root || !Number.isSafeInteger(size)) throw new NoteError('not the text of a checkpoint');
  return { origin: match[1]!, size, root };
}

/** The signature line of a log, or of whoever signs a text as it stands. */
export const signatureLine = (name: string, key: KeyObject, text: string): string =>
  line(verifierKey(name, 1, key), sign(null, Buffer.from(text), key));

/** A witness's line: "I saw this checkpoint at this time" (C2SP tlog-cosignature, Ed25519). */
export function cosignatureLine(name: string, key: KeyObject, text: string, seconds: number): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  return line(verifierKey(name, 4, key), Buffer.concat([time, sign(null, cosigned(text, seconds), key)]));
}

/** The line of a signature that this key made. */
export const line = ({ name, id }: VerifierKey, signature: Buffer): string =>
  `\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}`;

const cosigned = (text: string, seconds: number | bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

/** A note of a text and signature lines. */
export const noteOf = (text: string, lines: readonly string[]): string =>
  `${text}\n${lines.map((signature) => `${signature}\n`).join('')}`;

/** @throws NoteError unless it is a note with 1 to 16 well-formed signature lines */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new NoteError('not a signed note');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new NoteError(`more than ${MAX_SIGNATURES} signatures`);
  return { text, signatures: lines.map(parseSignatureLine) };
}

/** @throws NoteError unless it is one */
export function parseSignatureLine(text: string): NoteSignature {
  const match = /^\u2014 (\S+) (\S+)$/u.exec(text);
  const bytes = match && decode(match[2]!);
  if (!match || !NAME.test(match[1]!) || !bytes || bytes.length < 5) {
    throw new NoteError('a signature line is malformed');
  }
  return { name: match[1]!, id: bytes.subarray(0, 4), signature: bytes.subarray(4), line: text };
}

const isBy = (signature: NoteSignature, { name, id }: VerifierKey): boolean =>
  signature.name === name && signature.id.equals(id);

/** Whether the note carries this log's signature. */
export const signedBy = ({ text, signatures }: Note, key: VerifierKey): boolean =>
  key.type === 1 &&
  signatures.some((one) => isBy(one, key) && verify(null, Buffer.from(text), key.key, one.signature));

/** The time (seconds since 1970) of this witness's cosignature on the text; undefined when there is no valid one. */
export function cosignedBy(text: string, one: NoteSignature, key: VerifierKey): number | undefined {
  if (key.type !== 4 || !isBy(one, key) || one.signature.length !== 72) return undefined;
  const seconds = one.signature.readBigUInt64BE(0);
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const valid = verify(null, cosigned(text, seconds), key.key, one.signature.subarray(8));
  return valid ? Number(seconds) : undefined;
}

/** Undefined when it is not the base64 that an encoder writes. */
export function decode(text: string): Buffer | undefined {
  try {
    return strictBase64(text);
  } catch {
    return undefined;
  }
}
