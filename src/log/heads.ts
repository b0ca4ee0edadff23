import { gunzipSync, gzipSync } from 'node:zlib';
import { leafHash } from '../audit/envelope.js';
import type { Clock } from '../common/clock.js';
import { rootOf, type Hash } from './merkle.js';
import type { OwnEvents } from './own-events.js';
import type { Queryable } from './tile-store.js';

/** For so long the lines of old maps are kept, for whoever is still making a bundle with one. */
const KEPT_MS = 86_400_000;

/** A line of the case-heads map, with its LF: the last sealed entry of a stream. */
export const headLine = (stream: string, seq: string | number, leaf: Buffer): string =>
  `${stream} ${seq} ${leaf.toString('base64')}\n`;

/** The leaf hashes of the map's tree. */
export const headLeaves = (lines: readonly string[]): Hash[] =>
  lines.map((line) => leafHash(Buffer.from(line)));

export const packLines = (lines: readonly string[]): Buffer => gzipSync(lines.join(''));

export const unpackLines = (packed: Buffer): string[] =>
  gunzipSync(packed).toString('latin1').match(/.*\n/g) ?? [];

/**
 * Commits to the last sealed entry of every stream as of this size of the log, when somebody asked for it or the last
 * map is older than it may be.
 */
export async function commitHeads(
  db: Queryable,
  events: OwnEvents,
  { atSize, everyMs, clock }: { atSize: number; everyMs: number; clock: Clock },
): Promise<void> {
  const rows = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await db.query(text, values)).rows as T[];
  const now = clock.now();
  const requests = await rows<{ id: string }>('SELECT id FROM audit.heads_request');
  const [last] = await rows<{ at_size: string; at: Date }>(
    'SELECT at_size, at FROM audit.heads ORDER BY at_size DESC LIMIT 1',
  );
  const due = requests.length > 0 || !last || now.getTime() - last.at.getTime() >= everyMs;
  // Of one size there is one map: whoever asks again meanwhile gets it with the next entry.
  if (!due || atSize === 0 || Number(last?.at_size) === atSize) return;

  const heads = await rows<{ stream: string; seq: string; leaf: Buffer }>(
    'SELECT stream, seq, leaf FROM audit.sealed_head ORDER BY stream',
  );
  const lines = heads.map(({ stream, seq, leaf }) => headLine(stream, seq, leaf));
  const root = rootOf(headLeaves(lines));
  const data = { count: lines.length, root: root.toString('base64'), atSize };
  const event = events.add({ type: 'log.heads', target: { kind: 'log', id: String(atSize) }, data });
  await events.append(db);
  await db.query(
    'INSERT INTO audit.heads (at_size, event, count, root, lines, at) VALUES ($1, $2, $3, $4, $5, $6)',
    [atSize, event, lines.length, root, packLines(lines), now],
  );
  await db.query('UPDATE audit.heads SET lines = NULL WHERE lines IS NOT NULL AND at < $1', [
    new Date(now.getTime() - KEPT_MS),
  ]);
  await db.query('DELETE FROM audit.heads_request WHERE id = ANY($1)', [requests.map(({ id }) => id)]);
}
