import type { Link, StoredEntry } from '../audit/entry-checks.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import type { Queryable } from './tile-store.js';

/** An entry that waits for the sealer. */
export interface QueuedEntry extends StoredEntry {
  readonly id: string;
}

/** What the log knows of the streams of a batch. */
export interface StreamContext {
  /** The last entry of each stream, in the log or set aside. */
  readonly heads: ReadonlyMap<string, Link>;
  readonly quarantined: ReadonlySet<string>;
  /** The time before which this entry cannot have been written. */
  readonly notBefore: (row: QueuedEntry) => number;
}

/** The entries that wait, in the order in which they were written, without those of streams that are stopped. */
export async function queueOf(db: Queryable, held: readonly string[], limit: number): Promise<QueuedEntry[]> {
  const { rows } = await db.query(
    `SELECT e.id, e.stream, e.seq, e.prev, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf
     FROM audit.unsealed u JOIN audit.entry e USING (id)
     WHERE e.stream <> ALL($1::uuid[])
       AND NOT EXISTS (SELECT 1 FROM audit.quarantine q WHERE q.stream = e.stream AND q.restart IS NULL)
       AND NOT EXISTS (SELECT 1 FROM audit.quarantine q WHERE q.id = u.id)
     ORDER BY u.id LIMIT $2`,
    [held, limit],
  );
  return rows as QueuedEntry[];
}

/** @param drained no entry older than this can still come, save from a stream that was stopped */
export async function contextOf(
  db: Queryable,
  rows: readonly QueuedEntry[],
  drained: number,
): Promise<StreamContext> {
  const streams = [...new Set([SYSTEM_STREAM, ...rows.map(({ stream }) => stream)])];
  const { rows: heads } = await db.query(
    `SELECT DISTINCT ON (stream) stream, seq, leaf FROM (
       SELECT stream, seq, leaf FROM audit.sealed_head WHERE stream = ANY($1::uuid[])
       UNION ALL
       SELECT stream, seq, leaf FROM audit.quarantine WHERE stream = ANY($1::uuid[]) AND restart IS NOT NULL
     ) AS known ORDER BY stream, seq DESC`,
    [streams],
  );
  // Entries behind a refused one waited until its restart, so that they were already waiting when it was refused.
  const { rows: waits } = await db.query(
    `SELECT q.stream, q.restart IS NULL AS open, e.id AS until,
            (SELECT max(c.drained_at) FROM audit.checkpoint c WHERE c.at <= q.at) AS drained
     FROM audit.quarantine q LEFT JOIN audit.entry e ON e.event = q.restart WHERE q.stream = ANY($1::uuid[])`,
    [streams],
  );
  const known = waits as { stream: string; open: boolean; until: string | null; drained: Date | null }[];
  return {
    heads: new Map(
      (heads as { stream: string; seq: string; leaf: Buffer }[]).map(({ stream, seq, leaf }) => [
        stream,
        { seq: BigInt(seq), leaf },
      ]),
    ),
    quarantined: new Set(known.filter(({ open }) => open).map(({ stream }) => stream)),
    notBefore: ({ id, stream }) =>
      known
        // The system's stream may have held others back that wanted an introduction from it.
        .filter(
          (wait) => [stream, SYSTEM_STREAM].includes(wait.stream) && BigInt(wait.until ?? 0) >= BigInt(id),
        )
        .reduce((time, wait) => Math.min(time, wait.drained?.getTime() ?? 0), drained),
  };
}
