import type { AllegationPlan, CasePlan, GroupPlan, Rejected, StagedRow } from './case-plan.js';
import { allegationOf, saidBy, sanctionsOf, type Said } from './allegation-mapper.js';
import type { SourceDate } from './dates.js';
import type { Mapping, Source } from './mapping.js';
import type { AddsPart, AllegationPart, Pair } from './mapping-parts.js';
import { folded, RowRefused, type Row } from './values.js';

/** Finds a row of a source to look things up in. */
export type Lookup = (source: string, key: string) => Row | undefined;

type Unlinked = Omit<StagedRow, 'other'>;

interface Head {
  readonly row: StagedRow;
  readonly receivedAt: SourceDate;
  readonly statement: string;
  readonly status: 'REGISTERED' | 'CLOSED' | undefined;
  readonly reporter: CasePlan['reporter'];
}

/** Where a row stands, for a message. */
export const placeOf = ({ file, rowNo }: Pick<StagedRow, 'file' | 'rowNo'>): string =>
  `${file}, row ${rowNo}`;

/**
 * Makes a case of the rows of one complaint, or says of each row why it is not taken. Pure: the same rows give the
 * same plan, which is why an import that was broken off can be begun again.
 * @param rows of all sources, each source's in the order of its file, without exact repeats
 * @param now rows from later than that are refused
 */
export function planCase(
  mapping: Mapping,
  key: string,
  rows: readonly Unlinked[],
  lookup: Lookup,
  now: Date,
): GroupPlan {
  return new Group(mapping, key, rows, lookup, now).plan();
}

class Group {
  private readonly rejected: Rejected[] = [];
  private readonly warnings = new Set<string>();
  private readonly bySource = new Map<Source, StagedRow[]>();
  /** Rows that another row asked something of. */
  private readonly asked = new Set<StagedRow>();
  private readonly allegations = new Map<StagedRow, AllegationPlan>();
  private readonly said: { readonly allegation: AllegationPlan; readonly sanctions: Said['sanctions'] }[] =
    [];

  constructor(
    private readonly mapping: Mapping,
    private readonly key: string,
    rows: readonly Unlinked[],
    private readonly lookup: Lookup,
    private readonly now: Date,
  ) {
    for (const source of mapping.sources) this.bySource.set(source, []);
    for (const unlinked of rows) {
      const row: StagedRow = { ...unlinked, other: (name) => this.other(row, name) };
      this.bySource.get(row.source)!.push(row);
    }
  }

  plan(): GroupPlan {
    const heads = this.heads();
    const head = heads[0];
    if (!head) {
      this.rejectOrphans();
      return this.result(undefined);
    }
    for (const source of this.mapping.sources) {
      if (source.allegation && !source.case) this.allege(source, source.allegation, head);
    }
    this.dropCovered();
    for (const source of this.mapping.sources) if (source.adds) this.add(source, source.adds);
    if (this.allegations.size === 0) {
      this.rejectAll('the complaint has no row that says what is alleged');
      return this.result(undefined);
    }
    this.rejectUnasked();
    return this.result(this.caseOf(head));
  }

  private readonly warn = (kind: string): void => void this.warnings.add(kind);

  private result(plan: CasePlan | undefined): GroupPlan {
    return { plan, rejected: this.rejected, warnings: plan ? [...this.warnings] : [] };
  }

  private reject(row: StagedRow, reason: string): void {
    this.rejected.push({ row, reason });
    const rows = this.bySource.get(row.source)!;
    rows.splice(rows.indexOf(row), 1);
  }

  /** Runs what may refuse a row; undefined when it did. */
  private judged<T>(row: StagedRow, judge: () => T): T | undefined {
    try {
      return judge();
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      this.reject(row, error.message);
      return undefined;
    }
  }

  /** The row of another source that belongs to a row. */
  private other(row: StagedRow, name: string): Row | undefined {
    const looked = row.source.lookups.get(name);
    if (looked) {
      const value = looked.get(row);
      return value === undefined ? undefined : this.lookup(name, value);
    }
    const source = this.mapping.sources.find((one) => one.name === name);
    const candidates = (source && this.bySource.get(source)) ?? [];
    const join = row.source.joins.get(name) ?? [];
    // What a complaint says holds for all of its rows; another source's row belongs to those only that it names.
    const found =
      candidates.find((candidate) => agree(join, row, candidate)) ??
      (source?.case ? candidates[0] : undefined);
    if (found) this.asked.add(found);
    return found;
  }

  /** The rows that say what the case is. The first one counts; the others must be acceptable as well. */
  private heads(): Head[] {
    const heads: Head[] = [];
    for (const source of this.mapping.sources.filter((one) => one.case)) {
      for (const row of [...this.bySource.get(source)!]) {
        const first = heads.find((one) => one.row.source === source);
        const head = this.judged(row, () => {
          if (first && source.perCase === 'one') {
            throw new RowRefused(
              `another row has the same ${source.key?.label ?? 'key'} and says something else (${placeOf(first.row)})`,
            );
          }
          const head = this.headOf(row);
          // Also where other rows will give the allegations: what is wrong with a complaint's row is always said.
          if (source.allegation?.when(row)) this.allegation(source.allegation, row, head.receivedAt);
          return head;
        });
        if (head) heads.push(head);
      }
    }
    const [head, ...others] = heads;
    const says = (one: Head): string =>
      JSON.stringify([one.receivedAt.day, one.statement, one.status, one.reporter]);
    if (head && others.some((one) => says(one) !== says(head))) this.warn('rows-of-a-case-differ');
    return heads;
  }

  private headOf(row: StagedRow): Head {
    const part = row.source.case!;
    const receivedAt = part.receivedAt.get(row, this.warn);
    if (!receivedAt) throw new RowRefused('has no date on which the complaint was received');
    if (receivedAt.instant > this.now) throw new RowRefused(`was received in the future (${receivedAt.day})`);
    const statement = part.statement.get(row);
    if (statement === undefined) {
      throw new RowRefused(
        'has no words of a complaint; let the mapping compose a statement for rows without',
      );
    }
    const kind = part.reporter?.kind.get(row) ?? 'ANONYMOUS';
    const known = kind !== 'ANONYMOUS';
    return {
      row,
      receivedAt,
      statement,
      status: part.status?.get(row),
      reporter: {
        kind,
        name: (known && part.reporter?.name?.get(row)) || null,
        contact: (known && part.reporter?.contact?.get(row)) || null,
      },
    };
  }

  private allege(source: Source, part: AllegationPart, head: Head): void {
    for (const row of [...this.bySource.get(source)!]) {
      this.judged(row, () => {
        if (!part.when(row)) throw new RowRefused('the mapping leaves it out (when)');
        this.allegation(part, row, head.receivedAt);
      });
    }
  }

  private allegation(part: AllegationPart, row: StagedRow, received: SourceDate): void {
    const allegation = allegationOf(part, row, received, this.warn);
    this.apply(saidBy(part, row, this.mapping.system, this.warn), allegation);
    this.allegations.set(row, allegation);
  }

  private apply({ affectedPersons, findings, sanctions }: Said, allegation: AllegationPlan): void {
    allegation.affectedPersons.push(...affectedPersons);
    allegation.findings.push(...findings);
    if (sanctions.length > 0) this.said.push({ allegation, sanctions });
  }

  /** A complaint's own row gives an allegation only where no row of another source gives the same. */
  private dropCovered(): void {
    for (const row of [...this.allegations.keys()]) {
      const only = row.source.allegation?.onlyWithout;
      const others = only ? [...this.bySource].find(([{ name }]) => name === only.source)?.[1] : undefined;
      if (only && others?.some((other) => agree(only.same, row, other))) this.allegations.delete(row);
    }
  }

  private add(source: Source, part: AddsPart): void {
    for (const row of [...this.bySource.get(source)!]) {
      const wanted = [...this.allegations.values()].filter(
        ({ row: theirs }) => theirs.source.name === part.to && agree(part.same, row, theirs),
      );
      this.judged(row, () => {
        if (wanted.length === 0) {
          const labels = part.same.map(([mine]) => mine.label).join(' and ');
          throw new RowRefused(
            `no row of ${part.to} of this complaint ${labels ? `has the same ${labels}` : 'was taken'}`,
          );
        }
        const said = saidBy(part, row, this.mapping.system, this.warn);
        wanted.forEach((allegation) => this.apply(said, allegation));
      });
    }
  }

  private caseOf(head: Head): CasePlan {
    const allegations = [...this.allegations.values()];
    const told = this.said
      .filter(({ allegation }) => this.allegations.get(allegation.row) === allegation)
      .flatMap(({ allegation, sanctions }) => sanctions.map((one) => ({ ...one, allegation })));
    const final = allegations.every(({ findings }) => findings.some(({ stage }) => stage === 'FINAL'));
    if (head.receivedAt.precision === 'MONTH') this.warn('month-of-receipt-only');
    return {
      key: this.key,
      receivedAt: head.receivedAt.instant,
      receivedPrecision: head.receivedAt.precision,
      statement: head.statement,
      status: head.status ?? (final ? 'CLOSED' : 'REGISTERED'),
      reporter: head.reporter,
      allegations,
      sanctions: sanctionsOf(told, this.warn),
      head: head.row,
      rows: [...this.bySource.values()].flat(),
    };
  }

  private rejectOrphans(): void {
    const [refused] = this.rejected;
    this.rejectAll(
      refused ? `its complaint was rejected (${placeOf(refused.row)})` : undefined,
      (row) => `${row.source.key?.label ?? 'key'} ${this.key} matches no complaint`,
    );
  }

  private rejectAll(reason: string | undefined, reasonOf: (row: StagedRow) => string = () => ''): void {
    for (const row of [...this.bySource.values()].flat()) this.reject(row, reason ?? reasonOf(row));
  }

  /** A row of a source that others only ask must have been asked, or what it says would be lost silently. */
  private rejectUnasked(): void {
    for (const [source, rows] of this.bySource) {
      if (source.case ?? source.allegation ?? source.adds) continue;
      for (const row of [...rows]) {
        if (!this.asked.has(row)) this.reject(row, 'no other row of this complaint belongs to it');
      }
    }
  }
}

/** True when each pair of values is the same in the two rows, or missing in both. */
const agree = (pairs: readonly Pair[], mine: Row, theirs: Row): boolean =>
  pairs.every(([one, other]) => folded(one.get(mine) ?? '') === folded(other.get(theirs) ?? ''));
