import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from './canonical.js';
import { signedText } from './envelope.js';

/**
 * The private key `<name>.key` of this installation, with its public half beside; made on the first start, readable
 * by its owner only. The application's processes sign with `writer`, the sealer with `sealer`.
 */
export function loadKey(directory: string, name: string): KeyObject {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${name}.key`);
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    // 'wx' fails when the file exists: of two processes that start at once, one makes the key and both use it.
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o400, flag: 'wx' });
    writeFileSync(join(directory, `${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }), {
      mode: 0o444,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return createPrivateKey(readFileSync(file));
}

/** The raw 32 bytes of an Ed25519 public key, in base64. */
export const rawPublicKey = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');

/** The beginning of a writer's key that stands in its id. */
export const fingerprintOf = (raw: string): string =>
  createHash('sha256').update(raw).digest('hex').slice(0, 8);

const WRITER_ID = /^(?:app|cli|sealer)-([0-9a-f]{8})-[0-9]{14}-[0-9a-f]{6}$/;

/**
 * The writer and the key that the body of a `writer.added` introduces; undefined when it is another event, or when
 * the id is not one of this key.
 */
export function writerAdded(body: Buffer): { readonly writer: string; readonly key: string } | undefined {
  let event: { type?: unknown; data?: { writer?: unknown; key?: unknown } | null };
  try {
    event = JSON.parse(body.toString('utf8')) as typeof event;
  } catch {
    return undefined;
  }
  const { writer, key } = event.data ?? {};
  if (event.type !== 'writer.added' || typeof writer !== 'string' || typeof key !== 'string')
    return undefined;
  const fits = /^[A-Za-z0-9+/]{43}=$/.test(key) && WRITER_ID.exec(writer)?.[1] === fingerprintOf(key);
  return fits ? { writer, key } : undefined;
}

/** The Ed25519 public key with these 32 bytes in base64. */
export const publicKeyOf = (raw: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(raw, 'base64')]),
    type: 'spki',
    format: 'der',
  });

/** Which kind of process writes; its id begins with it. */
export type WriterKind = 'app' | 'cli' | 'sealer';

/**
 * Signs the events of one process. Each event carries the writer's counter `n`, which has no gaps: a number whose
 * transaction rolled back is declared void by a later event, so that a missing number means a deleted event.
 */
export class Writer {
  readonly id: string;
  readonly publicKey: string;
  private next = 0;
  private readonly burnt: number[] = [];

  constructor(
    private readonly key: KeyObject,
    kind: WriterKind,
    startedAt: Date,
  ) {
    this.publicKey = rawPublicKey(createPublicKey(key));
    const started = startedAt.toISOString().replace(/\D/g, '').slice(0, 14);
    // The random end keeps two processes that start in the same second apart.
    this.id = `${kind}-${fingerprintOf(this.publicKey)}-${started}-${randomBytes(3).toString('hex')}`;
  }

  /** The exact bytes of an event's body, with the writer's next number, and the signature over them. */
  seal(stream: string, event: { readonly id: string } & Record<string, unknown>): SealedEvent {
    const n = this.next++;
    const voided = this.burnt.splice(0, MAX_VOID);
    const w = { id: this.id, n, ...(voided.length > 0 ? { void: voided } : {}) };
    try {
      const body = Buffer.from(canonical({ ...event, w }), 'utf8');
      return {
        stream,
        event: event.id,
        body,
        signature: sign(null, signedText(stream, event.id, body), this.key),
        numbers: [n, ...voided],
      };
    } catch (error) {
      this.burn([n, ...voided]);
      throw error;
    }
  }

  /** Signs a text of another kind than an event, which its first line says. */
  sign(text: string): Buffer {
    return sign(null, Buffer.from(text, 'utf8'), this.key);
  }

  /** Declares the numbers of events whose transaction rolled back. */
  burn(numbers: readonly number[]): void {
    this.burnt.push(...numbers);
  }
}

/** Keeps a body with many voided numbers far below its limit of 32 KiB; the rest waits for the next event. */
const MAX_VOID = 500;

export interface SealedEvent {
  readonly stream: string;
  readonly event: string;
  readonly body: Buffer;
  readonly signature: Buffer;
  /** The counter numbers that this event uses or declares void. */
  readonly numbers: readonly number[];
}
