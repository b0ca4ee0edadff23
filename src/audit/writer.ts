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

const KEY_FILE = 'writer.key';
const PUBLIC_FILE = 'writer.pub';

/** The key pair of this installation's writers; made on the first start, readable by its owner only. */
export function loadWriterKey(directory: string): KeyObject {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, KEY_FILE);
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    // 'wx' fails when the file exists: of two processes that start at once, one makes the key and both use it.
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o400, flag: 'wx' });
    writeFileSync(join(directory, PUBLIC_FILE), publicKey.export({ type: 'spki', format: 'pem' }), {
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

/** The Ed25519 public key with these 32 bytes in base64. */
export const publicKeyOf = (raw: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(raw, 'base64')]),
    type: 'spki',
    format: 'der',
  });

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
    kind: 'app' | 'cli',
    startedAt: Date,
  ) {
    this.publicKey = rawPublicKey(createPublicKey(key));
    const fingerprint = createHash('sha256').update(this.publicKey).digest('hex').slice(0, 8);
    const started = startedAt.toISOString().replace(/\D/g, '').slice(0, 14);
    // The random end keeps two processes that start in the same second apart.
    this.id = `${kind}-${fingerprint}-${started}-${randomBytes(3).toString('hex')}`;
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
