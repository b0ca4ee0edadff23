import type { Refusal } from '../audit/entry-checks.js';
import type { SealedWriter } from './judge.js';
import type { OwnEvents } from './own-events.js';
import type { QueuedEntry } from './queue.js';
import { storeTiles, type Queryable } from './tile-store.js';
import type { Tile } from './tiles.js';

export interface SealedEntries {
  /** The place of the first one in the log. */
  readonly first: number;
  readonly entries: readonly QueuedEntry[];
  readonly tiles: readonly Tile[];
  readonly writers: readonly SealedWriter[];
}

/** Gives entries their places in the log and takes them out of the queue, in a few statements for all of them. */
export async function storeSealed(
  db: Queryable,
  { first, entries, tiles, writers }: SealedEntries,
): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    'INSERT INTO audit.leaf (idx, id, leaf) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])',
    [entries.map((_, i) => first + i), entries.map(({ id }) => id), entries.map(({ leaf }) => leaf)],
  );
  await storeTiles(db, tiles);
  const heads = [...new Map(entries.map((row, i) => [row.stream, { ...row, idx: first + i }])).values()];
  await db.query(
    `INSERT INTO audit.sealed_head (stream, seq, leaf, idx)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[])
     ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, leaf = excluded.leaf, idx = excluded.idx`,
    [
      heads.map(({ stream }) => stream),
      heads.map(({ seq }) => seq),
      heads.map(({ leaf }) => leaf),
      heads.map(({ idx }) => idx),
    ],
  );
  await db.query(
    `INSERT INTO audit.sealed_writer (writer, used, voided)
     SELECT * FROM unnest($1::text[], $2::int8multirange[], $3::int8multirange[])
     ON CONFLICT (writer) DO UPDATE SET used = excluded.used, voided = excluded.voided`,
    [
      writers.map(({ writer }) => writer),
      writers.map(({ used }) => used),
      writers.map(({ voided }) => voided),
    ],
  );
  await db.query('DELETE FROM audit.unsealed WHERE id = ANY($1::bigint[])', [entries.map(({ id }) => id)]);
}

export interface Refused {
  readonly row: QueuedEntry;
  readonly refusal: Refusal;
}

/** An entry that was refused, and with it its stream. */
export interface Alarm {
  readonly entry: number;
  readonly stream: string;
  readonly seq: number;
  readonly check: string;
  readonly reason: string;
}

/** Sets the streams of refused entries apart and says so in the trail. */
export async function quarantine(
  db: Queryable,
  events: OwnEvents,
  refused: readonly Refused[],
  now: Date,
): Promise<Alarm[]> {
  const alarms: Alarm[] = [];
  for (const { row, refusal } of refused) {
    const [check, reason] = refusal;
    const alarm = { entry: Number(row.id), stream: row.stream, seq: Number(row.seq), check };
    const id = events.add({
      type: 'log.alarm',
      target: { kind: 'stream', id: row.stream },
      data: { ...alarm, leaf: row.leaf.toString('base64') },
    });
    await db.query(
      `INSERT INTO audit.quarantine (id, stream, seq, leaf, check_failed, reason, at, alarm)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [row.id, row.stream, row.seq, row.leaf, check, reason, now, id],
    );
    alarms.push({ ...alarm, reason });
  }
  return alarms;
}
