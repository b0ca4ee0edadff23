import { findingOutcomes } from '../investigations/finding.entity.js';
import { allegationCategories } from '../intake/categories.js';
import { sanctionKinds } from '../sanctions/sanction.entity.js';
import type { FigureTableView } from '../common/dto/figure-table.view.js';
import { monthsBetween, present, tableOf as tableFrom } from '../common/figure-tables.js';
import { StatisticsView, type FlowView, type DurationView } from './dto/statistics.view.js';
import { ALL, cellKey, flowArcs, linkedArcs, tableArcs, type MonthFlow } from '../common/networks.js';
import type { RawFigures } from './statistics.sql.js';
import { suppressed, THRESHOLD, type Arc } from '../common/suppression.js';

type Told = ReadonlyMap<string, number | null>;
/** Of the counts that are told: their number by row and column. */
type Count = (row: string, column: string) => number;

/** The figures with what may be told of them. */
export function told(
  raw: RawFigures,
  { from, to, organId }: { from: string; to: string; organId: string | null },
): StatisticsView {
  const months = monthsBetween(from, to);
  const organs = [...new Map(raw.categories.map(({ organ, name }) => [organ, name]))]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const ids = organs.map(({ id }) => id);
  const categories = suppressed(categoryArcs(raw, months, ids));
  return Object.assign(new StatisticsView(), {
    from,
    to,
    organId,
    hiddenBelow: THRESHOLD,
    ...flowOf(raw, months),
    timeToDecision: durationsOf(raw, months),
    findings: tableOf(
      'findings',
      present(
        [...findingOutcomes, 'NONE'],
        raw.findings.map(({ recommended }) => recommended),
      ),
      present(
        findingOutcomes,
        raw.findings.map(({ final }) => final),
      ),
      counted(raw.findings.map(({ recommended, final, n }) => [recommended, final, n])),
    ),
    categoriesByMonth: viewOf(categories, 'categories-months', categoriesIn(raw), months),
    categoriesByOrgan: viewOf(categories, 'categories-organs', categoriesIn(raw), ids, 'categories-months'),
    sanctions: tableOf(
      'sanctions',
      present(
        sanctionKinds,
        raw.sanctions.map(({ kind }) => kind),
      ),
      months,
      counted(raw.sanctions.map(({ kind, month, n }) => [kind, month, n])),
    ),
    organs,
  });
}

const categoriesIn = (raw: RawFigures): string[] =>
  present(
    allegationCategories,
    raw.categories.map(({ category }) => category),
  );

const counted = (rows: readonly (readonly [string, string, number])[]): Count => {
  const counts = new Map(rows.map(([row, column, n]) => [`${row} ${column}`, n]));
  return (row, column) => counts.get(`${row} ${column}`) ?? 0;
};

function categoryArcs(raw: RawFigures, months: readonly string[], organs: readonly string[]): Arc[] {
  const counts = new Map(raw.categories.map((one) => [`${one.category} ${one.month} ${one.organ}`, one.n]));
  const count = (category: string, month: string, organ: string): number =>
    counts.get(`${category} ${month} ${organ}`) ?? 0;
  return linkedArcs('categories', categoriesIn(raw), months, organs, count);
}

function tableOf(
  name: string,
  rows: readonly string[],
  columns: readonly string[],
  count: Count,
): FigureTableView {
  return viewOf(suppressed(tableArcs(name, rows, columns, count)), name, rows, columns);
}

/** @param sums the table that has the sums of the rows, where it is another */
function viewOf(
  counts: Told,
  name: string,
  rows: readonly string[],
  columns: readonly string[],
  sums = name,
): FigureTableView {
  return tableFrom(rows, columns, (row, column) =>
    counts.get(cellKey(column === ALL ? sums : name, row, column)),
  );
}

function flowOf(
  { flow }: RawFigures,
  months: readonly string[],
): Pick<StatisticsView, 'flow' | 'openBefore' | 'openedInAll' | 'closedInAll'> {
  let open = 0;
  for (const { month, opened, closed } of flow) if (month < months[0]!) open += opened - closed;
  const before = open;
  const byMonth = new Map(flow.map((one) => [one.month, one]));
  const all = months.map((month): MonthFlow => {
    const { opened = 0, closed = 0 } = byMonth.get(month) ?? {};
    open += opened - closed;
    return { month, opened, closed, open };
  });
  const counts = suppressed(flowArcs(before, all));
  const of = (month: string, what: string): number | null => counts.get(cellKey('flow', month, what)) ?? null;
  return {
    openBefore: of('before', 'open'),
    openedInAll: of(ALL, 'opened'),
    closedInAll: of(ALL, 'closed'),
    flow: months.map((month): FlowView => ({
      month,
      opened: of(month, 'opened'),
      closed: of(month, 'closed'),
      open: of(month, 'open'),
    })),
  };
}

function durationsOf({ durations }: RawFigures, months: readonly string[]): DurationView[] {
  const byMonth = new Map(durations.map((one) => [one.month ?? ALL, one]));
  const counts = suppressed(tableArcs('decided', months, ['n'], (month) => byMonth.get(month)?.decided ?? 0));
  return [...months, ALL].map((month): DurationView => {
    const decided = counts.get(cellKey('decided', month, month === ALL ? ALL : 'n')) ?? null;
    const one = byMonth.get(month);
    const days = (value: number | undefined): number | null =>
      // Of a hidden number of cases its days are hidden, too: of one case they are that case's.
      decided === null || decided === 0 || value === undefined ? null : Math.round(value * 10) / 10;
    return { month, decided, medianDays: days(one?.median), p90Days: days(one?.p90) };
  });
}
