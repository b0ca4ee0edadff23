import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { eventWords, type EventType } from './events.js';
import { readDisclosure, type Disclosed } from './disclosures.js';
import { SYSTEM_STREAM } from './streams.js';

const PAGE = 500;

/** The bytes and hashes by which an entry can be proven, as they stand in the trail. */
export interface EntryProof {
  envelope: string;
  body: string;
  leaf: string;
  signature: string;
  writer: string;
  /** What hashes to the digests in the body. */
  disclosures: string[];
}

export interface HistoryEntry {
  seq: number;
  at: Date;
  event: string;
  type: EventType;
  words: string;
  actor: { uid: string; role: string; unit?: string; sid?: string };
  target: { kind: string; id: string; rev?: number };
  values: Disclosed[];
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
  o_disclosures: Buffer[];
}

interface StreamRow extends Row {
  o_stream: string;
}

/** Reads streams of the trail. Who may read it is decided before. */
@Injectable()
export class HistoryService {
  constructor(private readonly dataSource: DataSource) {}

  /** The entries after a number, oldest first. */
  async read(stream: string, after: number, limit: number): Promise<HistoryEntry[]> {
    const rows = await this.dataSource.query<Row[]>('SELECT * FROM audit.history($1, $2, $3)', [
      stream,
      after,
      limit,
    ]);
    return rows.map(entryOf);
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
      for (const row of page) yield { stream: row.o_stream, ...entryOf(row) };
      after = page.at(-1);
      if (!after || page.length < PAGE) return;
    }
  }
}

function entryOf(row: Row): HistoryEntry {
  const body = JSON.parse(row.o_body.toString('utf8')) as Pick<HistoryEntry, 'type' | 'actor' | 'target'>;
  return {
    seq: Number(row.o_seq),
    at: row.o_at,
    event: row.o_event,
    type: body.type,
    words: eventWords[body.type] ?? body.type,
    actor: body.actor,
    target: body.target,
    values: row.o_disclosures.map(readDisclosure),
    proof: {
      envelope: row.o_envelope.toString('utf8'),
      body: row.o_body.toString('utf8'),
      leaf: row.o_leaf.toString('base64'),
      signature: row.o_sig.toString('base64'),
      writer: row.o_writer,
      disclosures: row.o_disclosures.map((content) => content.toString('utf8')),
    },
  };
}
