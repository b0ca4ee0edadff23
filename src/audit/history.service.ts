import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { eventWords, type EventType } from './events.js';
import { disclosureDigest, readDisclosure, type Disclosed } from './disclosures.js';
import { decrypt, digestsIn, KeyRing, type FetchedKeys, type KeptValues } from './key-ring.js';
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
  /** Digests of values that do not hash to them any more, or are gone and no event erased them. */
  altered: string[];
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
  /** One for each subject of the values beside the event. */
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
  private readonly logger = new Logger('Trail');

  constructor(
    private readonly dataSource: DataSource,
    @Inject(KeyRing) private readonly keyRing: KeyRing,
  ) {}

  /** The entries after a number, oldest first. */
  async read(stream: string, after: number, limit: number): Promise<HistoryEntry[]> {
    const { entries } = await this.opened(() =>
      this.dataSource.query<Row[]>('SELECT * FROM audit.history($1, $2, $3)', [stream, after, limit]),
    );
    return entries;
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
      const from = [after?.o_stream ?? SYSTEM_STREAM, after?.o_seq ?? -1];
      const { rows: page, entries } = await this.opened(() =>
        this.dataSource.query<StreamRow[]>('SELECT * FROM audit.histories($1, $2, $3, $4)', [
          streams,
          ...from,
          PAGE,
        ]),
      );
      for (const [i, entry] of entries.entries()) yield { stream: page[i]!.o_stream, ...entry };
      after = page.at(-1);
      if (!after || page.length < PAGE) return;
    }
  }

  /** The names of those who acted. */
  async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<{ id: string; display_name: string }[]>(
      'SELECT id, display_name FROM app.user_account WHERE id = ANY($1)',
      [[...new Set(ids)]],
    );
    return new Map(rows.map(({ id, display_name }) => [id, display_name]));
  }

  private async opened<R extends Row>(
    read: () => Promise<R[]>,
    again = false,
  ): Promise<{ rows: R[]; entries: HistoryEntry[] }> {
    const rows = await read();
    const { keys, destroyed } = await this.keyRing.fetch(this.dataSource, subjectsIn(rows));
    // Erased between the two queries: read again, and the rows say by which event.
    if (destroyed.length > 0 && !again) return this.opened(read, true);
    const entries = rows.map((row) => entryOf(row, (kept) => opened(keys, row.o_event, kept)));
    const altered = entries.filter((entry) => entry.altered.length > 0).map(({ event }) => event);
    if (altered.length > 0) this.logger.error({ alarm: 'values of the trail were altered', events: altered });
    return { rows, entries };
  }
}

/** The texts, undefined where one is not what the event has the digest of. */
function opened(keys: FetchedKeys['keys'], event: string, kept: KeptValues): (Buffer | undefined)[] {
  try {
    const contents = decrypt(keys, event, kept) ?? [];
    return digestsIn(kept.digests).map((digest, n) => {
      const content = contents[n];
      return content && disclosureDigest(content).equals(digest) ? content : undefined;
    });
  } catch {
    return [];
  }
}

const keptIn = (row: Row): KeptValues[] =>
  (row.o_subjects ?? []).map((subject, n) => ({
    subject,
    digests: row.o_digests![n]!,
    content: row.o_contents![n]!,
  }));

/** Those whose keys it takes to open the values. */
const subjectsIn = (rows: readonly Row[]): Subject[] => [
  ...new Set(
    rows
      .flatMap(keptIn)
      .filter(({ content }) => content)
      .map(({ subject }) => subject),
  ),
];

function entryOf(row: Row, open: (kept: KeptValues) => (Buffer | undefined)[]): HistoryEntry {
  const body = JSON.parse(row.o_body.toString('utf8')) as Pick<HistoryEntry, 'type' | 'actor' | 'target'>;
  const values: HistoryValue[] = [];
  const erased: ErasedValue[] = [];
  const altered: string[] = [];
  for (const [i, kept] of keptIn(row).entries()) {
    const digests = digestsIn(kept.digests).map((digest) => digest.toString('base64'));
    const erasedBy = row.o_erased![i];
    if (erasedBy) {
      erased.push(...digests.map((digest) => ({ digest, erasedBy })));
      continue;
    }
    const contents = open(kept);
    for (const [n, digest] of digests.entries()) {
      const content = contents[n];
      if (content) values.push({ ...readDisclosure(content), digest, content: content.toString('utf8') });
      else altered.push(digest);
    }
  }
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
    altered,
    proof: {
      envelope: row.o_envelope.toString('utf8'),
      body: row.o_body.toString('utf8'),
      leaf: row.o_leaf.toString('base64'),
      signature: row.o_sig.toString('base64'),
      writer: row.o_writer,
    },
  };
}
