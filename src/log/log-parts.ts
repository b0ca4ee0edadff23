import type { DataSource } from 'typeorm';
import type { StoredEntry } from '../audit/entry-checks.js';
import type { FailureView } from './dto/trail.view.js';
import { failure, type EntryVerifier } from './entry-verifier.js';

/** So many entries are verified at once; between parts others get their turn. */
export const PART = 256;

interface SealedRow {
  o_idx: string;
  o_leaf: Buffer;
  o_stream: string;
  o_seq: string;
  o_prev: Buffer;
  o_event: string;
  o_body: Buffer;
  o_writer: string;
  o_sig: Buffer;
  o_envelope: Buffer;
  o_entry_leaf: Buffer;
}

/** What is wrong in a part of the log: entries that are gone, that are another, or whose signature does not hold. */
export async function verifyPart(
  dataSource: DataSource,
  verifier: EntryVerifier,
  from: number,
  until: number,
): Promise<FailureView[]> {
  const wanted = Math.min(PART, until - from);
  const rows = await dataSource.query<SealedRow[]>('SELECT * FROM audit.sealed_entries($1, $2)', [
    from,
    wanted,
  ]);
  const failures: FailureView[] = [];
  if (rows.length < wanted) {
    const message = `${wanted - rows.length} of the entries ${from} to ${from + wanted - 1} are gone`;
    failures.push({ check: 'MISSING', stream: '', seq: null, message });
  }
  for (const row of rows) {
    const entry = entryOf(row);
    const wrong = row.o_leaf.equals(row.o_entry_leaf)
      ? await verifier.failureOf(entry, Number(row.o_idx))
      : failure(entry, 'LEAF', 'the log has another hash than the entry');
    if (wrong) failures.push(wrong);
  }
  return failures;
}

/** One changed leaf changes the proofs of its neighbours: what is wrong in itself comes first. */
export const worstFirst = (failures: readonly FailureView[]): FailureView[] =>
  failures.toSorted((a, b) => Number(a.check === 'INCLUSION') - Number(b.check === 'INCLUSION'));

const entryOf = (row: SealedRow): StoredEntry => ({
  stream: row.o_stream,
  seq: row.o_seq,
  prev: row.o_prev,
  event: row.o_event,
  body: row.o_body,
  writer: row.o_writer,
  sig: row.o_sig,
  envelope: row.o_envelope,
  leaf: row.o_entry_leaf,
});
