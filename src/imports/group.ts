import type { CasePlan, StagedRow } from './case-plan.js';
import type { Mapping } from './mapping.js';
import { planCase, type Lookup } from './row-mapper.js';
import { numberedHash, reasonAt } from './staged-rows.js';
import { rowId, type KnownCase, type Staged } from './staging.js';

export interface GroupContext {
  readonly mapping: Mapping;
  readonly importId: string;
  readonly now: Date;
  readonly lookup: Lookup;
  fileName(index: number): string;
}

export interface SortedRow {
  readonly fileIndex: number;
  readonly rowNo: number;
  readonly line: number;
  readonly outcome: 'imported' | 'repeated' | 'rejected';
  readonly reason: string;
}

export interface SortedGroup {
  readonly rows: readonly SortedRow[];
  readonly plan: CasePlan | undefined;
  /** The case is here already, written by an earlier attempt of the same run. */
  readonly written: boolean;
  readonly warnings: readonly string[];
}

type Unlinked = Omit<StagedRow, 'other'>;
type Verdict = Pick<SortedRow, 'outcome' | 'reason'>;

const imported: Verdict = { outcome: 'imported', reason: '' };
const repeated: Verdict = { outcome: 'repeated', reason: '' };
const rejected = (reason: string): Verdict => ({ outcome: 'rejected', reason });

/**
 * Decides about each row of one complaint: it is imported, it repeats a row that is imported or was before, or it is
 * rejected. A complaint that is here already is never changed.
 */
export function sortOut(
  context: GroupContext,
  key: string,
  staged: readonly Staged[],
  known: KnownCase | undefined,
): SortedGroup {
  const { firsts, repeats } = distinct(context, staged);
  const {
    plan,
    rejected: refused,
    warnings,
  } = planCase(context.mapping, key, [...firsts.values()], context.lookup, context.now);
  const reasons = new Map(refused.map(({ row, reason }) => [rowKey(row), reason]));
  // The same run, begun again: what it wrote before counts as its own.
  const written = known?.importId === context.importId;
  const verdictOf = (row: Unlinked): Verdict => {
    if (known && !written && known.rows.has(rowId(row.source.name, row.hash))) return repeated;
    const reason = reasons.get(rowKey(row));
    if (reason !== undefined) return rejected(reason);
    if (!known || written) return imported;
    return rejected(
      `${row.source.key?.label ?? 'key'} ${key} was imported before as ${known.reference} and this row was not part ` +
        'of it. What is recorded is not changed by an import; enter the difference in the case.',
    );
  };
  const verdicts = new Map([...firsts].map(([one, row]) => [one, verdictOf(row)]));
  const rows = staged.map(({ fileIndex, rowNo, line }, i): SortedRow => {
    const one = staged[i]!;
    const first = repeats.get(one);
    const verdict = verdicts.get(first ?? one)!;
    const { outcome, reason } = first && verdict.outcome === 'imported' ? repeated : verdict;
    const because =
      first && outcome === 'rejected' ? `like row ${first.rowNo}, which it repeats: ${reason}` : reason;
    return {
      fileIndex,
      rowNo,
      line,
      outcome,
      reason: outcome === 'rejected' ? reasonAt(because, { rowNo, line }) : '',
    };
  });
  const taken = plan && (!known || written) ? plan : undefined;
  return { rows, plan: taken, written, warnings };
}

const rowKey = ({ source, hash }: Unlinked): string => rowId(source.name, hash);

/** Sets exact repeats apart. Rows with a number of the source's own repeat only when that is the same as well. */
function distinct(
  context: GroupContext,
  staged: readonly Staged[],
): { firsts: Map<Staged, Unlinked>; repeats: Map<Staged, Staged> } {
  const firsts = new Map<Staged, Unlinked>();
  const repeats = new Map<Staged, Staged>();
  const seen = new Map<string, Map<string, Staged>>();
  for (const row of staged) {
    const { source, hash, cells, fileIndex, rowNo, line } = row;
    const number = source.numberedBy === undefined ? '' : cells[source.columns.indexOf(source.numberedBy)]!;
    const id = rowId(source.name, hash);
    const same = seen.get(id) ?? new Map<string, Staged>();
    seen.set(id, same);
    const first = same.get(number);
    if (first) {
      repeats.set(row, first);
      continue;
    }
    firsts.set(row, {
      source,
      cells,
      file: context.fileName(fileIndex),
      rowNo,
      line,
      hash: numberedHash(hash, same.size),
    });
    same.set(number, row);
  }
  return { firsts, repeats };
}
