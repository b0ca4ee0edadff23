import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { eventWords, type EventType } from '../audit/events.js';
import { decodeCursor, encodeCursor, toPage } from '../common/pages.js';
import type { ListCheckpointsQuery, ListEntriesQuery } from './dto/trail.dto.js';
import { CheckpointPage, CheckpointView, EntryPage, EntryView, type PolicyView } from './dto/trail.view.js';
import { noteOf, parseNote } from './note.js';
import { PolicyFile } from './policy-file.js';

/** How many entries one answer looks at when few of them match, so that none takes long. */
const WINDOW = 20_000;
const WINDOWS = 5;

const isPlace = (text: string): boolean => /^\d{1,15}$/.test(text);

interface EntryRow {
  o_id: string;
  o_stream: string;
  o_seq: string;
  o_at: Date;
  o_event: string;
  o_type: string | null;
  o_uid: string | null;
  o_role: string | null;
  o_writer: string;
  o_idx: string | null;
  o_leaf: Buffer;
  o_envelope: Buffer;
}

interface CheckpointRow {
  size: string;
  root: Buffer;
  at: Date;
  note: string;
  cosignatures: { witness: string; t: number; line: string }[] | null;
  timestamps: string;
}

/** Lists of the trail for auditors: which entries and checkpoints there are, with no value of any. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PolicyFile,
  ) {}

  /** The newest first. */
  async entries(actor: Actor, query: ListEntriesQuery): Promise<EntryPage> {
    mayRead(actor);
    const [before] = decodeCursor(query.cursor, [isPlace]) ?? [];
    const [range] = await this.dataSource.query<[{ o_first: string; o_last: string }]>(
      'SELECT * FROM audit.range_of($1, $2)',
      [query.from ?? null, query.to ?? null],
    );
    const first = Number(range.o_first);
    let last = Math.min(Number(range.o_last), before === undefined ? Infinity : Number(before) - 1);
    const found: EntryRow[] = [];
    // A stream is found by its index; anything else by looking through the newest entries.
    const width = query.stream === undefined ? WINDOW : last + 1;
    for (let window = 0; window < WINDOWS && last >= first && found.length < query.limit; window++) {
      const from = Math.max(first, last - width + 1);
      const rows = await this.dataSource.query<EntryRow[]>(
        'SELECT * FROM audit.entries($1, $2, $3, $4, $5, $6, $7)',
        [
          from,
          last,
          query.stream ?? null,
          query.type ?? null,
          query.actor ?? null,
          query.sealed ?? null,
          query.limit - found.length,
        ],
      );
      found.push(...rows);
      last = found.length === query.limit ? Number(found.at(-1)!.o_id) - 1 : from - 1;
    }
    return Object.assign(new EntryPage(), {
      items: found.map(entryView),
      nextCursor: last >= first ? encodeCursor([String(last + 1)]) : null,
    });
  }

  /** The newest first. */
  async checkpoints(actor: Actor, { limit, cursor, count }: ListCheckpointsQuery): Promise<CheckpointPage> {
    mayRead(actor);
    const [before] = decodeCursor(cursor, [isPlace]) ?? [];
    const rows = await this.dataSource.query<CheckpointRow[]>(
      `SELECT c.size, c.root, c.at, c.note,
              (SELECT json_agg(w ORDER BY w.witness) FROM (
                 SELECT DISTINCT ON (witness) witness, t, line FROM audit.cosignature s WHERE s.size = c.size
                 ORDER BY witness, t DESC LIMIT 15) w) AS cosignatures,
              (SELECT count(*) FROM audit.timestamp_token t WHERE t.size = c.size) AS timestamps
       FROM audit.checkpoint c WHERE $1::bigint IS NULL OR c.size < $1 ORDER BY c.size DESC LIMIT $2`,
      [before ?? null, limit + 1],
    );
    const total = count ? await this.total('audit.checkpoint') : undefined;
    return toPage(rows, limit, (row) => [row.size], checkpointView, total);
  }

  policyView(actor: Actor): Promise<PolicyView> {
    mayRead(actor);
    return this.policy.view();
  }

  private async total(table: 'audit.checkpoint'): Promise<number> {
    const [row] = await this.dataSource.query<[{ n: string }]>(`SELECT count(*) AS n FROM ${table}`);
    return Number(row.n);
  }
}

/** @throws 403 unless the actor may read the trail as a whole */
export function mayRead(actor: Actor): void {
  authorize(abilityFor(actor), 'read', 'Trail', { id: 'trail' });
}

const entryView = (row: EntryRow): EntryView =>
  Object.assign(new EntryView(), {
    stream: row.o_stream,
    seq: Number(row.o_seq),
    event: row.o_event,
    type: row.o_type,
    words: eventWords[row.o_type as EventType] ?? null,
    actor: row.o_uid === null ? null : { uid: row.o_uid, role: row.o_role ?? '' },
    at: row.o_at.toISOString(),
    writer: row.o_writer,
    idx: row.o_idx === null ? null : Number(row.o_idx),
    leaf: row.o_leaf.toString('base64'),
    envelope: row.o_envelope.toString('utf8'),
  });

function checkpointView({ size, root, at, note, cosignatures, timestamps }: CheckpointRow): CheckpointView {
  const { text, signatures } = parseNote(note);
  const witnesses = cosignatures ?? [];
  return Object.assign(new CheckpointView(), {
    size: Number(size),
    root: root.toString('base64'),
    at: at.toISOString(),
    note: noteOf(text, [...signatures.map(({ line }) => line), ...witnesses.map(({ line }) => line)]),
    witnesses: witnesses.map(({ witness, t }) => ({ witness, at: new Date(t * 1000).toISOString() })),
    timestamps: Number(timestamps),
  });
}
