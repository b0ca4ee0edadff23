import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { eventWords, type EventType } from './events.js';
import { readDisclosure, type Disclosed } from './disclosures.js';
import { KeyRing, type KeptDisclosure } from './key-ring.js';
import type { Subject } from './row-changes.js';
import { SYSTEM_STREAM } from './streams.js';

const PAGE = 500;

/** The bytes and hashes by which an entry can be proven, as they stand in the trail. */
export interface EntryProof {
  envelope: string;
  body: string;
  leaf: string;
  signature: string;
  writer: string;
}

/** A value beside an event, with what proves it. */
export interface HistoryValue extends Disclosed {
  readonly digest: string;
  /** The text that hashes to the digest in the body. */
  readonly content: string;
}

/** A value that is there no more. */
export interface ErasedValue {
  readonly digest: string;
  /** The event that says who erased it, and why. */
  readonly erasedBy: string;
}

export interface HistoryEntry {
  seq: number;
  at: Date;
  event: string;
  type: EventType;
  words: string;
  actor: { uid: string; role: string; unit?: string; sid?: string };
  target: { kind: string; id: string; rev?: number };
  values: HistoryValue[];
  erased: ErasedValue[];
  proof: EntryProof;
}

interface Row {
  o_seq: string;
  o_at: Date;
  o_event: string;
  o_body: Buffer;
  o_writer: string;
  o_sig: Buffer;
  o_envelope: Buffer;
  o_leaf: Buffer;
  o_subjects: Subject[] | null;
  o_digests: Buffer[] | null;
  o_contents: (Buffer | null)[] | null;
  o_erased: (string | null)[] | null;
}

interface StreamRow extends Row {
  o_stream: string;
}

/** Reads streams of the trail. Who may read it is decided before. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(KeyRing) private readonly keyRing: KeyRing,
  ) {}

  /** The entries after a number, oldest first. */
  async read(stream: string, after: number, limit: number): Promise<HistoryEntry[]> {
    const rows = await this.dataSource.query<Row[]>('SELECT * FROM audit.history($1, $2, $3)', [
      stream,
      after,
      limit,
    ]);
    return this.entriesOf(rows);
  }

  /** All entries of a stream, page by page. */
  async *all(stream: string): AsyncGenerator<HistoryEntry> {
    for (let after = -1; ;) {
      const page = await this.read(stream, after, PAGE);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.seq;
    }
  }

  /** All entries of many streams, stream by stream in the order of their ids, with few round trips. */
  async *allOf(streams: readonly string[]): AsyncGenerator<HistoryEntry & { stream: string }> {
    for (let after: Pick<StreamRow, 'o_stream' | 'o_seq'> | undefined; ;) {
      const page = await this.dataSource.query<StreamRow[]>('SELECT * FROM audit.histories($1, $2, $3, $4)', [
        streams,
        after?.o_stream ?? SYSTEM_STREAM,
        after?.o_seq ?? -1,
        PAGE,
      ]);
      const entries = await this.entriesOf(page);
      for (const [i, entry] of entries.entries()) yield { stream: page[i]!.o_stream, ...entry };
      after = page.at(-1);
      if (!after || page.length < PAGE) return;
    }
  }

  private async entriesOf(rows: readonly Row[]): Promise<HistoryEntry[]> {
    const kept = rows.map(keptOf);
    const contents = await this.keyRing.decrypt(this.dataSource, kept.flat());
    let next = 0;
    return rows.map((row, i) =>
      entryOf(
        row,
        kept[i]!.map(({ kept }) => ({ kept, content: contents[next++]! })),
      ),
    );
  }
}

const keptOf = (row: Row): { event: string; kept: KeptDisclosure }[] =>
  (row.o_subjects ?? []).map((subject, n) => ({
    event: row.o_event,
    kept: { subject, digest: row.o_digests![n]!, content: row.o_contents![n]! },
  }));

function entryOf(
  row: Row,
  disclosures: readonly { kept: KeptDisclosure; content: Buffer | null }[],
): HistoryEntry {
  const body = JSON.parse(row.o_body.toString('utf8')) as Pick<HistoryEntry, 'type' | 'actor' | 'target'>;
  const values: HistoryValue[] = [];
  const erased: ErasedValue[] = [];
  disclosures.forEach(({ kept, content }, n) => {
    const digest = kept.digest.toString('base64');
    if (content) values.push({ ...readDisclosure(content), digest, content: content.toString('utf8') });
    else erased.push({ digest, erasedBy: row.o_erased![n]! });
  });
  return {
    seq: Number(row.o_seq),
    at: row.o_at,
    event: row.o_event,
    type: body.type,
    words: eventWords[body.type] ?? body.type,
    actor: body.actor,
    target: body.target,
    values,
    erased,
    proof: {
      envelope: row.o_envelope.toString('utf8'),
      body: row.o_body.toString('utf8'),
      leaf: row.o_leaf.toString('base64'),
      signature: row.o_sig.toString('base64'),
      writer: row.o_writer,
    },
  };
}
