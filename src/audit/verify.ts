import { verify as verifySignature, type KeyObject } from 'node:crypto';
import type { ClientBase } from 'pg';
import { disclosureDigest } from './disclosures.js';
import {
  isRefusal,
  linkRefusal,
  readEntry,
  type Check,
  type ReadEntry,
  type Refusal,
  type StoredEntry,
} from './entry-checks.js';
import { signedText, type Envelope } from './envelope.js';
import {
  checkMasterKey,
  decrypt,
  digestsIn,
  type FetchedKeys,
  type KeptValues,
  type KeyRing,
} from './key-ring.js';
import type { Subject } from './row-changes.js';
import { SYSTEM_STREAM } from './streams.js';
import { countNumbers, Numbers, type WriterNumbers } from './writer-numbers.js';
import { publicKeyOf, writerAdded } from './writer.js';

export interface Failure {
  readonly check: Check;
  readonly stream: string;
  readonly seq: string;
  readonly event: string | null;
  readonly message: string;
}

export interface VerificationReport {
  readonly valid: boolean;
  readonly entries: number;
  readonly streams: number;
  readonly writers: number;
  /** The first ones, in the order of streams and numbers. */
  readonly failures: readonly Failure[];
  readonly failureCount: number;
  /** What is no failure and still worth knowing. */
  readonly notices: readonly string[];
}

interface Row extends StoredEntry {
  /** One for each subject of the values beside the event. */
  readonly subjects: Subject[] | null;
  readonly digests: Buffer[] | null;
  readonly contents: (Buffer | null)[] | null;
  /** Whether an event says that the values were erased. */
  readonly erased: boolean[] | null;
}

const PAGE = 1000;
const MAX_FAILURES = 20;
/** A machine's clock may be set back by so much. */
const CLOCK_TOLERANCE_MS = 5000;

const ENTRIES = `
  SELECT e.stream, e.seq, e.prev, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf, d.*
  FROM audit.entry e CROSS JOIN LATERAL (
    SELECT array_agg(d.subject ORDER BY d.n) AS subjects, array_agg(d.digests ORDER BY d.n) AS digests,
           array_agg(d.content ORDER BY d.n) AS contents,
           array_agg(d.content IS NULL AND EXISTS (
             SELECT FROM audit.subject_key k JOIN audit.entry by ON by.event = k.erased_by
             WHERE k.subject = d.subject AND position('"type":"subject.erase"'::bytea IN by.body) > 0
               AND position(convert_to('"subject":"' || d.subject || '"', 'UTF8') IN by.body) > 0) ORDER BY d.n) AS erased
    FROM audit.disclosure d WHERE d.event = e.event) d`;

/**
 * Derives every chain of the trail anew from its bytes and compares. Shares with the writer only the hash and the
 * canonical form.
 * @param trusted raw public keys (base64) that writers may sign with; none: the trail's own word is taken, and the
 *   report says so
 * @param keyRing opens the values beside the trail; without it their digests are compared only, and the report says so
 * @throws UnsafeDatabaseError when the key ring is another installation's
 */
export async function verifyTrail(
  client: ClientBase,
  trusted: ReadonlySet<string>,
  keyRing?: KeyRing,
  progress: (entries: number) => void = () => undefined,
): Promise<VerificationReport> {
  // One snapshot, so that what is written meanwhile cannot look like a gap.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const queries = {
      query: async <T>(text: string, values: unknown[]) => (await client.query(text, values)).rows as T,
    };
    if (keyRing) {
      // Without this, every value would look altered to whoever verifies with another installation's keys.
      const { rows } = await client.query<{ subject: Subject }>(
        'SELECT subject FROM audit.subject_key WHERE wrapped IS NOT NULL ORDER BY subject LIMIT 50',
      );
      await checkMasterKey(
        queries,
        keyRing,
        rows.map(({ subject }) => subject),
      );
    }
    const trail = new Trail(await writerKeys(client, trusted), keyRing !== undefined);
    await client.query(`DECLARE entries NO SCROLL CURSOR FOR ${ENTRIES} ORDER BY e.stream, e.seq`);
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${PAGE} FROM entries`);
      if (rows.length === 0) break;
      const subjects = [...new Set(rows.flatMap((row) => row.subjects ?? []))];
      const fetched = await keyRing?.fetch(queries, subjects);
      rows.forEach((row) => trail.examine(row, fetched?.keys));
      progress(trail.entries);
    }
    const { rows: heads } = await client.query<{ stream: string; seq: string; leaf: Buffer }>(
      'SELECT stream, seq, leaf FROM audit.head ORDER BY stream',
    );
    trail.compareHeads(heads);
    return trail.report(trusted.size > 0);
  } finally {
    await client.query('ROLLBACK');
  }
}

interface WriterKey {
  readonly key: KeyObject;
  readonly trusted: boolean;
}

/** The keys that the system's stream introduces. */
async function writerKeys(client: ClientBase, trusted: ReadonlySet<string>): Promise<Map<string, WriterKey>> {
  const { rows } = await client.query<Row>(
    `${ENTRIES} WHERE e.stream = $1 AND position('"writer.added"'::bytea IN e.body) > 0 ORDER BY e.seq`,
    [SYSTEM_STREAM],
  );
  const keys = new Map<string, WriterKey>();
  for (const row of rows) {
    const added = writerAdded(row.body);
    if (!added || keys.has(added.writer)) continue;
    const trustedKey = trusted.size === 0 || trusted.has(added.key);
    keys.set(added.writer, { key: publicKeyOf(added.key), trusted: trustedKey });
  }
  return keys;
}

/** The first of a subject's values that is not what its digest says, as far as the keys are at hand; -1 if none is. */
function firstAltered(event: string, kept: KeptValues, keys: FetchedKeys['keys'] | undefined): number {
  // Without the keys there is nothing to open; with them values whose key is gone do not open.
  if (!keys) return -1;
  try {
    const contents = decrypt(keys, event, kept);
    if (!contents) return kept.content ? 0 : -1;
    const digests = digestsIn(kept.digests);
    const altered = contents.findIndex((content, n) => !digests[n]?.equals(disclosureDigest(content)));
    return altered < 0 && contents.length < digests.length ? contents.length : altered;
  } catch {
    return 0;
  }
}

/** What is known of the trail so far while it is walked. */
class Trail {
  entries = 0;
  private readonly failures: Failure[] = [];
  private failureCount = 0;
  private readonly last = new Map<string, { seq: bigint; leaf: Buffer; time: string }>();
  private readonly numbers = new Map<string, WriterNumbers>();

  constructor(
    private readonly keys: ReadonlyMap<string, WriterKey>,
    private readonly opensValues: boolean,
  ) {}

  /** @param keys of the persons of this entry, where they are at hand */
  examine(row: Row, keys: FetchedKeys['keys'] | undefined): void {
    this.entries++;
    const before = this.last.get(row.stream);
    const seq = BigInt(row.seq);
    // Kept before the checks, so that one wrong entry is not reported again with the next one.
    this.last.set(row.stream, { seq, leaf: row.leaf, time: '' });
    const read = readEntry(row);
    if (isRefusal(read)) {
      this.fail(row, ...read);
      return;
    }
    this.last.set(row.stream, { seq, leaf: row.leaf, time: read.envelope.time });
    const failure =
      this.chain(read.envelope, before) ?? this.signature(row, read) ?? this.disclosures(row, read, keys);
    if (failure) this.fail(row, ...failure);
  }

  private chain(
    envelope: Envelope,
    before: { seq: bigint; leaf: Buffer; time: string } | undefined,
  ): Refusal | undefined {
    const refusal = linkRefusal(envelope, before);
    if (refusal) return refusal;
    if (before && Date.parse(envelope.time) < Date.parse(before.time) - CLOCK_TOLERANCE_MS) {
      return ['TIME', 'it is older than the entry before it'];
    }
    return undefined;
  }

  private signature(row: Row, read: ReadEntry): Refusal | undefined {
    const { envelope } = read;
    const writer = this.keys.get(envelope.writer);
    if (!writer) return ['WRITER', `writer ${envelope.writer} was never introduced`];
    if (!writer.trusted) return ['WRITER', `writer ${envelope.writer} signs with a key that is not trusted`];
    if (!verifySignature(null, signedText(row.stream, row.event, row.body), writer.key, row.sig)) {
      return ['SIGNATURE', 'the signature of the writer is wrong'];
    }
    const numbers = this.numbers.get(envelope.writer) ?? { used: new Numbers(), voided: new Numbers() };
    this.numbers.set(envelope.writer, numbers);
    return countNumbers(numbers, read);
  }

  private disclosures(
    row: Row,
    { body: { _sd } }: ReadEntry,
    keys: FetchedKeys['keys'] | undefined,
  ): Refusal | undefined {
    const digests = new Set(Array.isArray(_sd) ? (_sd as unknown[]) : []);
    // Values are counted over all subjects of the event.
    let first = 0;
    for (const [i, subject] of (row.subjects ?? []).entries()) {
      const kept = { subject, digests: row.digests![i]!, content: row.contents![i]! };
      const own = digestsIn(kept.digests);
      const unknown = own.findIndex((digest) => !digests.has(digest.toString('base64')));
      if (unknown >= 0) {
        return ['DISCLOSURE', `value ${first + unknown} was changed: the event has no such digest`];
      }
      if (!kept.content && !row.erased![i]) {
        return ['DISCLOSURE', `value ${first} was removed, and no event erased it`];
      }
      const altered = firstAltered(row.event, kept, keys);
      if (altered >= 0) {
        return ['DISCLOSURE', `value ${first + altered} was changed: it does not hash to its digest`];
      }
      first += own.length;
    }
    return undefined;
  }

  /** The head is a cache; where it differs from the last entry, one of the two was tampered with. */
  compareHeads(heads: readonly { stream: string; seq: string; leaf: Buffer }[]): void {
    const known = new Map(heads.map((head) => [head.stream, head]));
    for (const [stream, last] of this.last) {
      const head = known.get(stream);
      if (!head) {
        this.fail({ stream, seq: String(last.seq), event: null }, 'HEAD', 'the stream has no head');
      } else if (BigInt(head.seq) !== last.seq || !head.leaf.equals(last.leaf)) {
        const message = `the head says ${head.seq}, the last entry is ${last.seq}: entries were removed or added`;
        this.fail({ stream, seq: head.seq, event: null }, 'HEAD', message);
      }
    }
    for (const { stream, seq } of heads) {
      if (!this.last.has(stream))
        this.fail({ stream, seq, event: null }, 'HEAD', 'every entry of the stream is gone');
    }
  }

  private fail(
    at: { stream: string; seq: string; event: string | null },
    check: Check,
    message: string,
  ): void {
    this.failureCount++;
    const { stream, seq, event } = at;
    if (this.failures.length < MAX_FAILURES) this.failures.push({ check, stream, seq, event, message });
  }

  report(pinned: boolean): VerificationReport {
    const notices = [...this.numbers].flatMap(([writer, { used, voided }]) => {
      const missing = used.missing(voided);
      return missing === 0
        ? []
        : [
            `${missing} number(s) of writer ${writer} are missing and were not declared void: it was killed, or events were deleted`,
          ];
    });
    if (!this.opensValues) {
      notices.push(
        'The master key or the vault key is not here: the values beside the trail were not opened.',
      );
    }
    if (!pinned) {
      notices.push(
        'No writer key was given: the keys are taken from the trail itself, which proves less. Pass --writer-key.',
      );
    }
    return {
      valid: this.failureCount === 0,
      entries: this.entries,
      streams: this.last.size,
      writers: this.keys.size,
      failures: this.failures,
      failureCount: this.failureCount,
      notices,
    };
  }
}
