import { verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import {
  isRefusal,
  linkRefusal,
  readEntry,
  type Link,
  type ReadEntry,
  type Refusal,
  type StoredEntry,
} from '../audit/entry-checks.js';
import { signedText, type Envelope } from '../audit/envelope.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { countNumbers, Numbers, type WriterNumbers } from '../audit/writer-numbers.js';
import { fingerprintOf, rawPublicKey, writerAdded } from '../audit/writer.js';
import type { VerifierKey } from './note.js';

/** Clocks of two machines may differ by so much. */
export const SKEW_MS = 5000;

/** A process that signs events, as far as the log has seen it. */
interface KnownWriter extends WriterNumbers {
  changed: boolean;
}

export interface SealedWriter {
  readonly writer: string;
  readonly used: string;
  readonly voided: string;
}

/** What surrounds an entry: the one before it in its stream, and the time in which it can have been written. */
export interface Surroundings {
  readonly before: Link | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Judges one entry after the other, as they follow in the queue, and remembers the writers' numbers. */
export class Judge {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  private readonly writers: Map<string, KnownWriter>;
  private readonly signed = new WeakMap<StoredEntry, boolean>();

  /** @param trusted the policy's writers */
  constructor(trusted: readonly VerifierKey[], known: readonly SealedWriter[]) {
    this.keys = new Map(trusted.map(({ key }) => [fingerprintOf(rawPublicKey(key)), key]));
    this.writers = new Map(
      known.map(({ writer, used, voided }) => [
        writer,
        { used: Numbers.parse(used), voided: Numbers.parse(voided), changed: false },
      ]),
    );
  }

  knows(writer: string): boolean {
    return this.writers.has(writer);
  }

  /** Checks the signatures of many entries on all processors at once; `examine` finds them checked. */
  async checkSignatures(rows: readonly StoredEntry[]): Promise<void> {
    await Promise.all(
      rows.map(async (row) => {
        const key = this.keyOf(row);
        if (key) this.signed.set(row, await verifyInPool(row, key));
      }),
    );
  }

  /** Why the entry cannot go into the log; undefined when it can, and then it counts as seen. */
  examine(row: StoredEntry, { before, notBefore, notAfter }: Surroundings): Refusal | undefined {
    const read = readEntry(row);
    if (isRefusal(read)) return read;
    return (
      this.signatureRefusal(row) ??
      linkRefusal(read.envelope, before) ??
      this.writerRefusal(row) ??
      timeRefusal(read.envelope, notBefore, notAfter) ??
      this.count(read)
    );
  }

  /** Why the entry is not what one of the trusted keys signed, wherever it stands; undefined when it is. */
  authenticity(row: StoredEntry): Refusal | undefined {
    const read = readEntry(row);
    return isRefusal(read) ? read : this.signatureRefusal(row);
  }

  /** The writers whose numbers are not stored yet. */
  changes(): SealedWriter[] {
    return [...this.writers]
      .filter(([, { changed }]) => changed)
      .map(([writer, known]) => {
        known.changed = false;
        return { writer, used: known.used.toString(), voided: known.voided.toString() };
      });
  }

  private writerRefusal(row: StoredEntry): Refusal | undefined {
    if (this.writers.has(row.writer) || introducesItself(row)) return undefined;
    return ['WRITER', `writer ${row.writer} was never introduced`];
  }

  private signatureRefusal(row: StoredEntry): Refusal | undefined {
    const key = this.keyOf(row);
    if (!key) return ['WRITER', `the key of writer ${row.writer} is not in the policy`];
    const signed =
      this.signed.get(row) ?? verify(null, signedText(row.stream, row.event, row.body), key, row.sig);
    return signed ? undefined : ['SIGNATURE', 'the signature of the writer is wrong'];
  }

  private keyOf({ writer }: StoredEntry): KeyObject | undefined {
    return this.keys.get(writer.split('-')[1] ?? '');
  }

  private count(read: ReadEntry): Refusal | undefined {
    const { writer } = read.envelope;
    const known = this.writers.get(writer) ?? {
      used: new Numbers(),
      voided: new Numbers(),
      changed: true,
    };
    const refusal = countNumbers(known, read);
    if (refusal) return refusal;
    known.changed = true;
    this.writers.set(writer, known);
    return undefined;
  }
}

const verifyAsync = promisify<null, Buffer, KeyObject, Buffer, boolean>(verify);

const verifyInPool = (row: StoredEntry, key: KeyObject): Promise<boolean> =>
  verifyAsync(null, signedText(row.stream, row.event, row.body), key, row.sig);

const introducesItself = (row: StoredEntry): boolean =>
  row.stream === SYSTEM_STREAM && writerAdded(row.body)?.writer === row.writer;

function timeRefusal({ time }: Envelope, notBefore: number, notAfter: number): Refusal | undefined {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return ['TIME', 'its time is none'];
  if (at < notBefore - SKEW_MS) return ['TIME', `its time ${time} is earlier than it can have been written`];
  if (at > notAfter + SKEW_MS) return ['TIME', `its time ${time} is in the future`];
  return undefined;
}
