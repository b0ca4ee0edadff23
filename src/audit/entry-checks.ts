import { canonical } from './canonical.js';
import { leafHash, parseEnvelope, sha256, type Envelope } from './envelope.js';

/** An entry as its table holds it. */
export interface StoredEntry {
  readonly stream: string;
  readonly seq: string;
  readonly prev: Buffer;
  readonly event: string;
  readonly body: Buffer;
  readonly writer: string;
  readonly sig: Buffer;
  readonly envelope: Buffer;
  readonly leaf: Buffer;
}

/** Which check an entry failed. */
export type Check =
  | 'ENVELOPE'
  | 'COLUMNS'
  | 'BODY'
  | 'CANONICAL'
  | 'LEAF'
  | 'SEQUENCE'
  | 'LINK'
  | 'WRITER'
  | 'SIGNATURE'
  | 'COUNTER'
  | 'TIME'
  | 'DISCLOSURE'
  | 'HEAD';

export type Refusal = readonly [check: Check, why: string];

/** The entry before in a stream, as far as the next one has to follow it. */
export interface Link {
  readonly seq: bigint;
  readonly leaf: Buffer;
}

const FIRST: Link = { seq: -1n, leaf: Buffer.alloc(32) };

/** What the bytes of an entry say. */
export interface ReadEntry {
  readonly envelope: Envelope;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Reads an entry once for all checks: whether its envelope is one, the columns say what it says, the leaf is its hash,
 * and the body is that of the envelope, written in the one way that there is.
 */
export function readEntry(row: StoredEntry): ReadEntry | Refusal {
  let envelope: Envelope;
  try {
    envelope = parseEnvelope(row.envelope);
  } catch (error) {
    return ['ENVELOPE', `the envelope cannot be read: ${(error as Error).message}`];
  }
  if (!sayTheSame(row, envelope)) return ['COLUMNS', 'a column differs from the envelope'];
  if (!sha256(row.body).equals(envelope.bodyHash)) return ['BODY', 'the body was changed: its hash differs'];
  if (!leafHash(row.envelope).equals(row.leaf)) return ['LEAF', 'the leaf is not the hash of the envelope'];
  try {
    const body: unknown = JSON.parse(row.body.toString('utf8'));
    if (!Buffer.from(canonical(body)).equals(row.body))
      return ['CANONICAL', 'the body is not in canonical form'];
    const members = body as ReadEntry['body'];
    if (members['id'] !== row.event) return ['BODY', 'the body is that of another event'];
    return { envelope, body: members };
  } catch {
    return ['CANONICAL', 'the body cannot be read'];
  }
}

export const isRefusal = (read: ReadEntry | Refusal): read is Refusal => Array.isArray(read);

const sayTheSame = (row: StoredEntry, envelope: Envelope): boolean =>
  envelope.stream === row.stream &&
  envelope.seq === BigInt(row.seq) &&
  envelope.prev.equals(row.prev) &&
  envelope.event === row.event &&
  envelope.writer === row.writer &&
  envelope.signature.equals(row.sig);

/** Whether the entry follows the one before it in its stream. */
export function linkRefusal({ seq, prev }: Envelope, before: Link = FIRST): Refusal | undefined {
  if (seq !== before.seq + 1n)
    return ['SEQUENCE', `number ${before.seq + 1n} was expected: an entry is missing or repeated`];
  if (!prev.equals(before.leaf)) return ['LINK', 'it does not follow the entry before it'];
  return undefined;
}
