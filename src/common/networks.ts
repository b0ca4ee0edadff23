import type { Arc } from './suppression.js';

/** Stands for all rows, or all columns. */
export const ALL = 'ALL';

/** How a count of a table is known to its readers: the sum of a row is the one of the column ALL. */
export const cellKey = (table: string, row: string, column: string): string => `${table} ${row} ${column}`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A table with the sums of its rows and columns, and the sum of all. */
export function tableArcs(
  name: string,
  rows: readonly string[],
  columns: readonly string[],
  count: (row: string, column: string) => number,
): Arc[] {
  const arc = (row: string, column: string, from: string, to: string, value: number): Arc => ({
    key: cellKey(name, row, column),
    from,
    to,
    value,
  });
  return [
    ...rows.flatMap((row) =>
      columns.map((column) => arc(row, column, `row ${row}`, `column ${column}`, count(row, column))),
    ),
    ...rows.map((row) =>
      arc(row, ALL, 'rows', `row ${row}`, sum(columns.map((column) => count(row, column)))),
    ),
    ...columns.map((column) =>
      arc(ALL, column, `column ${column}`, 'columns', sum(rows.map((row) => count(row, column)))),
    ),
    arc(ALL, ALL, 'columns', 'rows', sum(rows.flatMap((row) => columns.map((column) => count(row, column))))),
  ];
}

/**
 * The same counts by row and month, and by row and organ: two tables (`<name>-months`, `<name>-organs`) that share the
 * sums of their rows, so that neither gives away what the other hides. The sums are those of the first.
 */
export function linkedArcs(
  name: string,
  rows: readonly string[],
  months: readonly string[],
  organs: readonly string[],
  count: (row: string, month: string, organ: string) => number,
): Arc[] {
  const [byMonth, byOrgan] = [`${name}-months`, `${name}-organs`];
  const ofMonth = (row: string, month: string): number =>
    sum(organs.map((organ) => count(row, month, organ)));
  const ofOrgan = (row: string, organ: string): number =>
    sum(months.map((month) => count(row, month, organ)));
  const ofRow = (row: string): number => sum(months.map((month) => ofMonth(row, month)));
  const arcs: Arc[] = [
    { key: cellKey(byMonth, ALL, ALL), from: 'organs', to: 'months', value: sum(rows.map(ofRow)) },
  ];
  for (const row of rows) {
    arcs.push({ key: cellKey(byMonth, row, ALL), from: `in ${row}`, to: `out ${row}`, value: ofRow(row) });
    for (const month of months) {
      const value = ofMonth(row, month);
      arcs.push({ key: cellKey(byMonth, row, month), from: `month ${month}`, to: `in ${row}`, value });
    }
    for (const organ of organs) {
      const value = ofOrgan(row, organ);
      arcs.push({ key: cellKey(byOrgan, row, organ), from: `out ${row}`, to: `organ ${organ}`, value });
    }
  }
  for (const month of months) {
    const value = sum(rows.map((row) => ofMonth(row, month)));
    arcs.push({ key: cellKey(byMonth, ALL, month), from: 'months', to: `month ${month}`, value });
  }
  for (const organ of organs) {
    const value = sum(rows.map((row) => ofOrgan(row, organ)));
    arcs.push({ key: cellKey(byOrgan, ALL, organ), from: `organ ${organ}`, to: 'organs', value });
  }
  return arcs;
}

/** What is told apart: a name, and the values that it has. */
export interface Dimension {
  readonly name: string;
  readonly values: readonly string[];
}

/** How the sum of all that have one value is known. */
export const sumKey = (dimension: string, value: string): string => cellKey(dimension, value, ALL);

/** How the sum of all of a chain is known. */
export const WHOLE = cellKey(ALL, ALL, ALL);

/**
 * Tables in a chain: the columns of each are the rows of the next, with the same sums; so what one hides no other gives
 * away. What has a value of the last dimension is told apart once more by each of the `parts`: how many are so; whoever
 * knows that knows how many are not, which nobody is shown.
 */
export function chainArcs(
  dimensions: readonly Dimension[],
  count: (left: Dimension, right: Dimension) => (row: string, column: string) => number,
  parts: readonly { readonly name: string; readonly count: (value: string) => number }[] = [],
): Arc[] {
  const first = dimensions[0]!;
  const last = dimensions.at(-1)!;
  const arcs: Arc[] = [];
  const sums = new Map<string, number>();
  const add = (dimension: Dimension, value: string, n: number): void => {
    const key = sumKey(dimension.name, value);
    sums.set(key, (sums.get(key) ?? 0) + n);
  };
  dimensions.slice(1).forEach((right, i) => {
    const left = dimensions[i]!;
    const counted = count(left, right);
    for (const row of left.values) {
      for (const column of right.values) {
        const value = counted(row, column);
        if (i === 0) add(left, row, value);
        add(right, column, value);
        arcs.push({
          key: cellKey(tableName(left, right), row, column),
          from: `out ${left.name} ${row}`,
          to: `in ${right.name} ${column}`,
          value,
        });
      }
    }
  });
  for (const dimension of dimensions) {
    for (const value of dimension.values) {
      const key = sumKey(dimension.name, value);
      const [from, to] = [
        dimension === first ? 'begin' : `in ${dimension.name} ${value}`,
        dimension === last && parts.length === 0 ? 'end' : `out ${dimension.name} ${value}`,
      ];
      arcs.push({ key, from, to, value: sums.get(key) ?? 0 });
    }
  }
  parts.forEach(({ name, count: part }, i) => {
    for (const value of last.values) {
      const own = `${last.name} ${value}`;
      const from = i === 0 ? `out ${own}` : `part ${i} ${own}`;
      const to = i === parts.length - 1 ? 'end' : `part ${i + 1} ${own}`;
      const n = part(value);
      const rest = (sums.get(sumKey(last.name, value)) ?? 0) - n;
      arcs.push({ key: cellKey(name, value, ALL), from, to, value: n });
      arcs.push({ key: cellKey(name, value, 'rest'), from, to, value: rest, quiet: true });
    }
  });
  const whole = last.values.reduce((all, value) => all + (sums.get(sumKey(last.name, value)) ?? 0), 0);
  arcs.push({ key: WHOLE, from: 'end', to: 'begin', value: whole });
  return arcs;
}

/** How a table of a chain is named in the keys of its counts. */
export const tableName = (left: Dimension, right: Dimension): string => `${left.name}-${right.name}`;

export interface MonthFlow {
  readonly month: string;
  readonly opened: number;
  readonly closed: number;
  /** At its end. */
  readonly open: number;
}

/** What came, went and stayed: whoever knows three of the four numbers of a month knows the fourth. */
export function flowArcs(before: number, months: readonly MonthFlow[]): Arc[] {
  const arcs: Arc[] = [
    {
      key: cellKey('flow', 'before', 'open'),
      from: 'outside',
      to: months[0]?.month ?? 'outside',
      value: before,
    },
    {
      key: cellKey('flow', ALL, 'opened'),
      from: 'outside',
      to: 'in',
      value: sum(months.map((m) => m.opened)),
    },
    {
      key: cellKey('flow', ALL, 'closed'),
      from: 'out',
      to: 'outside',
      value: sum(months.map((m) => m.closed)),
    },
  ];
  months.forEach(({ month, opened, closed, open }, i) => {
    const next = months[i + 1]?.month ?? 'outside';
    arcs.push(
      { key: cellKey('flow', month, 'opened'), from: 'in', to: month, value: opened },
      { key: cellKey('flow', month, 'closed'), from: month, to: 'out', value: closed },
      { key: cellKey('flow', month, 'open'), from: month, to: next, value: open },
    );
  });
  return arcs;
}
