import type { StoredEntry } from '../audit/entry-checks.js';
import type { Judge } from './judge.js';
import type { Queryable } from './tile-store.js';

interface Quarantine {
  readonly id: string;
  readonly stream: string;
  readonly seq: string;
  readonly leaf: Buffer;
  readonly good_seq: string | null;
  readonly good_leaf: Buffer | null;
}

interface Named {
  seq?: unknown;
  leaf?: unknown;
}

const QUARANTINES = `
  SELECT q.id, q.stream, q.seq, q.leaf, h.seq AS good_seq, h.leaf AS good_leaf
  FROM audit.quarantine q LEFT JOIN audit.sealed_head h USING (stream) WHERE q.restart IS NULL`;

const RESTARTS = `
  SELECT e.stream, e.seq, e.prev, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf
  FROM audit.unsealed u JOIN audit.entry e USING (id)
  WHERE e.stream = $1 AND e.id > $2 AND position('"stream.restart"'::bytea IN e.body) > 0 ORDER BY e.seq`;

/**
 * Ends the quarantines that two persons have ended: an authentic `stream.restart` behind the refused entry names it,
 * and the last good entry before. The refused entry leaves the queue without a leaf.
 * @returns whether there was one
 */
export async function liftQuarantines(db: Queryable, judge: Judge): Promise<boolean> {
  let lifted = false;
  for (const quarantine of (await db.query(QUARANTINES)).rows as Quarantine[]) {
    const { rows } = await db.query(RESTARTS, [quarantine.stream, quarantine.id]);
    const restart = (rows as StoredEntry[]).find(
      (row) => !judge.authenticity(row) && endsQuarantine(row.body, quarantine),
    );
    if (!restart) continue;
    await db.query('UPDATE audit.quarantine SET restart = $2 WHERE id = $1', [quarantine.id, restart.event]);
    await db.query('DELETE FROM audit.unsealed WHERE id = $1', [quarantine.id]);
    lifted = true;
  }
  return lifted;
}

function endsQuarantine(body: Buffer, quarantine: Quarantine): boolean {
  const { type, data } = JSON.parse(body.toString('utf8')) as {
    type?: unknown;
    data?: { lastGood?: Named | null; setAside?: unknown; proposedBy?: unknown; confirmedBy?: unknown };
  };
  const { lastGood, setAside, proposedBy, confirmedBy } = data ?? {};
  const names = (entry: Named | null | undefined, seq: string, leaf: Buffer): boolean =>
    entry?.seq === Number(seq) && entry.leaf === leaf.toString('base64');
  const good =
    quarantine.good_seq === null
      ? lastGood === null
      : names(lastGood, quarantine.good_seq, quarantine.good_leaf!);
  return (
    type === 'stream.restart' &&
    typeof proposedBy === 'string' &&
    typeof confirmedBy === 'string' &&
    proposedBy !== confirmedBy &&
    good &&
    Array.isArray(setAside) &&
    setAside.some((entry: Named) => names(entry, quarantine.seq, quarantine.leaf))
  );
}
