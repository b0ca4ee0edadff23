import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { conflict, DomainError } from '../common/errors.js';
import { grouped } from '../common/grouped.js';
import { UnsafeDatabaseError } from '../database/boot-checks.js';
import { open, seal } from '../common/seal.js';
import type { Disclosure } from './disclosures.js';
import type { Subject } from './row-changes.js';

/** Unwrapped keys that a process keeps, so that a page of a history asks for none twice. */
const KEPT = 5000;
/** Bytes of a digest. */
const DIGEST = 32;
/** Between two texts. None holds one: RFC 8785 writes it as an escape. */
const LINE_FEED = Buffer.from('\n');

/** Injects the master key. */
export const MASTER_KEY = 'plumbline:master-key';
/** Injects the vault key: for what tells who reported, and for nothing else. */
export const VAULT_KEY = 'plumbline:vault-key';

/** What runs a query: a pool, or the connection of a transaction. */
export interface Queries {
  query<T>(text: string, values: unknown[]): Promise<T>;
}

/** A new key, as the database keeps it: wrapped by the master key, which the database never sees. */
export interface WrappedKey {
  readonly subject: Subject;
  readonly wrapped: Buffer;
}

/** The values of one subject beside one event, as the database keeps them. */
export interface KeptValues {
  readonly subject: Subject;
  /** The digests, 32 bytes each, one after the other. */
  readonly digests: Buffer;
  /** The texts that hash to them, one a line, encrypted; null when the data of the subject were erased. */
  readonly content: Buffer | null;
}

/** Values to be stored with their event. */
export interface NewValues extends KeptValues {
  readonly event: string;
  /** Their place among those of the event. */
  readonly n: number;
  readonly content: Buffer;
}

/** What there is of the keys that somebody asked for. */
export interface FetchedKeys {
  readonly keys: ReadonlyMap<Subject, Buffer>;
  /** Those whose key was destroyed by an erasure. */
  readonly destroyed: readonly Subject[];
  /** Those whose key does not open. */
  readonly damaged: readonly Subject[];
}

/** The master key of this installation; made on the first start, readable by its owner only. */
export const loadMasterKey = (directory: string): Buffer => loadKeyFile(join(directory, 'master.key'));

/** A key of 32 bytes in a file; made on the first start, readable by its owner only. @throws Error when it holds none */
export function loadKeyFile(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o400, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${file} does not hold a key of 32 bytes in base64`);
  return key;
}

/**
 * The values beside the trail, encrypted under a key for each person concerned (AES-256-GCM). To erase somebody's
 * data their key is destroyed; the digests in the trail stay, and with them every proof. The keys of reporters are
 * wrapped by the vault key: the trail is no way around the vault for whoever has the master key alone.
 */
export class KeyRing {
  private readonly cache = new Map<Subject, Buffer>();

  constructor(
    private readonly master: Buffer,
    private readonly vault: Buffer,
  ) {}

  /** What the key of a subject is wrapped by. */
  private wrapping(subject: Subject): Buffer {
    return subject.startsWith('reporter:') ? this.vault : this.master;
  }

  /**
   * Encrypts the disclosures of events, in the transaction that appends them: those of one subject together, since
   * they are read and erased together.
   * @param fresh subjects that this transaction made, which can have no key yet
   * @returns what is to be stored with the events, and the keys that are new
   * @throws 409 when the data of a subject were erased: nothing about them is written any more; 503 when a key does
   *   not open: what cannot be recorded is not done
   */
  async encrypt(
    queries: Queries,
    events: readonly { readonly event: string; readonly disclosures: readonly Disclosure[] }[],
    fresh: ReadonlySet<Subject>,
  ): Promise<{ values: NewValues[]; made: WrappedKey[] }> {
    const groups = events.flatMap(({ event, disclosures }) =>
      [...grouped(disclosures, ({ subject }) => subject)].map(([subject, of], n) => ({
        event,
        n,
        subject,
        of,
      })),
    );
    const subjects = [...new Set(groups.map(({ subject }) => subject))];
    const old = subjects.filter((subject) => !fresh.has(subject));
    const { keys: found, destroyed, damaged } = await this.fetch(queries, old);
    if (damaged.length > 0) throw keyDamaged(damaged[0]!);
    if (destroyed.length > 0) {
      throw conflict(
        'erased',
        'The data of a person concerned were erased; nothing about them is recorded any more.',
      );
    }
    const made: WrappedKey[] = [];
    const keys = new Map<Subject, Buffer>();
    for (const subject of subjects) {
      let key = found.get(subject);
      if (!key) {
        key = randomBytes(32);
        made.push({ subject, wrapped: seal(this.wrapping(subject), subject, key) });
      }
      keys.set(subject, key);
    }
    const values = groups.map(({ event, n, subject, of }) => {
      const digests = Buffer.concat(of.map(({ digest }) => digest));
      const lines = Buffer.concat(of.flatMap(({ content }, i) => (i > 0 ? [LINE_FEED, content] : [content])));
      const content = seal(keys.get(subject)!, boundTo(event, digests), lines);
      return { event, n, subject, digests, content };
    });
    return { values, made };
  }

  /** Forgets a key that was destroyed. */
  forget(subject: Subject): void {
    this.cache.delete(subject);
  }

  /** The keys of these subjects; each caller holds its own, whatever the cache drops meanwhile. */
  async fetch(queries: Queries, subjects: readonly Subject[]): Promise<FetchedKeys> {
    const keys = new Map<Subject, Buffer>();
    for (const subject of subjects) {
      const key = this.cache.get(subject);
      if (key) keys.set(subject, key);
    }
    const [destroyed, damaged]: [Subject[], Subject[]] = [[], []];
    const missing = subjects.filter((subject) => !keys.has(subject));
    if (missing.length === 0) return { keys, destroyed, damaged };
    const rows = await queries.query<{ o_subject: Subject; o_wrapped: Buffer | null }[]>(
      'SELECT * FROM audit.keys($1)',
      [missing],
    );
    for (const { o_subject: subject, o_wrapped: wrapped } of rows) {
      if (!wrapped) {
        destroyed.push(subject);
        continue;
      }
      let key: Buffer;
      try {
        key = open(this.wrapping(subject), subject, wrapped);
      } catch {
        damaged.push(subject);
        continue;
      }
      keys.set(subject, key);
      this.cache.set(subject, key);
      // The oldest goes: a Map keeps the order of insertion.
      if (this.cache.size > KEPT) this.cache.delete(this.cache.keys().next().value!);
    }
    return { keys, destroyed, damaged };
  }
}

/**
 * The texts of values, in the order of their digests; null when they are there no more, or their key is not among
 * those that were fetched.
 * @throws Error when they were changed, or moved from another event
 */
export function decrypt(
  keys: FetchedKeys['keys'],
  event: string,
  { subject, digests, content }: KeptValues,
): Buffer[] | null {
  const key = keys.get(subject);
  return content && key ? linesOf(open(key, boundTo(event, digests), content)) : null;
}

function linesOf(lines: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  for (let from = 0; ;) {
    const end = lines.indexOf(LINE_FEED, from);
    texts.push(lines.subarray(from, end < 0 ? undefined : end));
    if (end < 0) return texts;
    from = end + LINE_FEED.length;
  }
}

/** The digests one by one. */
export const digestsIn = (digests: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(digests.length / DIGEST) }, (_, n) =>
    digests.subarray(n * DIGEST, (n + 1) * DIGEST),
  );

const keyDamaged = (subject: Subject): DomainError =>
  new DomainError(
    'key-damaged',
    503,
    `The key of ${subject} was changed behind the program or is of other keys than this installation's, so nothing can be recorded. ` +
      'Your administrator has to restore it from a backup.',
  );

/**
 * Refuses a master key that opens none of a database's keys: it belongs to another installation, or to a data
 * directory that was empty a moment ago. With it nothing could be read, and what is written nobody else could read.
 * @param subjects some that have keys, as far as there are any yet
 * @throws UnsafeDatabaseError
 */
export async function checkMasterKey(
  queries: Queries,
  keyRing: KeyRing,
  subjects: readonly Subject[],
): Promise<void> {
  const { keys, damaged } = await keyRing.fetch(queries, subjects);
  if (damaged.length === 0 || keys.size > 0) return;
  throw new UnsafeDatabaseError(
    'The master key of this data directory (keys/master.key) is not the one of this database. Put the right one ' +
      'there, from your backup, or set PLUMBLINE_DATA_DIR to the directory that has it.',
  );
}

/** What a database keeps of the vault key, to know it again; of a random key it gives nothing away. */
const vaultFingerprint = (vault: Buffer): Buffer =>
  createHmac('sha256', vault).update('plumbline vault key').digest();

/**
 * Refuses a vault key other than the one of the first start: reporters could not be read with it, and no receipt
 * would be found.
 * @throws UnsafeDatabaseError
 */
export async function checkVaultKey(queries: Queries, vault: Buffer): Promise<void> {
  const [row] = await queries.query<{ same: boolean }[]>('SELECT vault.know_key($1) AS same', [
    vaultFingerprint(vault),
  ]);
  if (row?.same) return;
  throw new UnsafeDatabaseError(
    'The vault key (keys/vault.key in the data directory, or PLUMBLINE_VAULT_KEY_FILE) is not the one of this ' +
      'database. Put the right one there, from your backup.',
  );
}

/** A content belongs to its event and digests: one that is moved elsewhere does not open. */
const boundTo = (event: string, digests: Buffer): string => `${event} ${digests.toString('base64')}`;
