import { Anchor, Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import type { components } from '../../api/client.ts';
import { formatNumber } from '../../i18n/format.ts';
import type { Column } from '../DataTable.tsx';
import { Figure, type Chart } from './Figure.tsx';
import { useFigureTableWords } from './words.ts';

export type Table = components['schemas']['FigureTableView'];

const ALL = 'ALL';

/** A number of a figure; one that is hidden says so, and where there is none stands a dash. */
export function Count({ value, to, what }: CountProps): ReactNode {
  const words = useFigureTableWords();
  if (value === undefined) return '—';
  if (value === null) {
    return (
      <Text span size="xs" c="dimmed" fs="italic">
        {words.hidden}
      </Text>
    );
  }
  const shown = formatNumber(value);
  if (to === undefined || value === 0) return shown;
  return (
    <Anchor component={Link} size="sm" to={to} aria-label={what === undefined ? shown : `${what}: ${shown}`}>
      {shown}
    </Anchor>
  );
}

interface CountProps {
  readonly value: number | null | undefined;
  /** The list with what was counted, for who may see it. */
  readonly to?: string | undefined;
  /** What was counted, for who hears of the link alone. */
  readonly what?: string;
}

export const countIn = ({ cells }: Table, row: string, column: string): number | null =>
  cells.find((cell) => cell.row === row && cell.column === column)?.count ?? null;

/** The sums of the columns, each with its name. */
export const sumsOf = (table: Table): { name: string; count: number | null }[] =>
  table.columns.map((name) => ({ name, count: countIn(table, ALL, name) }));

/** What a chart of bars takes: a group for each column, with a bar for each row; what is hidden is left out. */
export const drawn = (table: Table): Record<string, string | number | null>[] =>
  table.columns.map((name) => ({
    name,
    ...Object.fromEntries(table.rows.map((row) => [row, countIn(table, row, name)])),
  }));

interface Props {
  readonly title: string;
  readonly hint?: string;
  /** What the rows are. */
  readonly corner: string;
  readonly csvName: string;
  readonly table: Table;
  readonly rowName: (row: string) => string;
  readonly columnName: (column: string) => string;
  /** What the list behind a row is called, and where it is. */
  readonly link?: (row: string) => string | undefined;
  readonly drill?: (row: string) => string;
  /** The list behind one number; `ALL` stands for a sum. */
  readonly cellLink?: (row: string, column: string) => string | undefined;
  readonly children?: Chart;
}

/** A table of counts with its sums, under the chart of it. */
export function CrossTable(props: Props): JSX.Element {
  const { title, hint, corner, csvName, table, rowName, columnName, link, drill, cellLink, children } = props;
  const words = useFigureTableWords();
  const heading = (row: string): ReactNode => {
    if (row === ALL) return words.sum;
    const to = link?.(row);
    if (to === undefined) return rowName(row);
    return (
      <Anchor component={Link} size="sm" to={to} aria-label={drill?.(rowName(row))}>
        {rowName(row)}
      </Anchor>
    );
  };
  const columns: Column<string>[] = [
    { key: 'row', header: corner, cell: heading, csv: (row) => (row === ALL ? words.sum : rowName(row)) },
    ...[...table.columns, ALL].map((column): Column<string> => {
      const header = column === ALL ? words.sum : columnName(column);
      return {
        key: column,
        header,
        align: 'end',
        cell: (row) => (
          <Count
            value={countIn(table, row, column)}
            to={cellLink?.(row, column)}
            what={`${row === ALL ? words.sum : rowName(row)}, ${header}`}
          />
        ),
        csv: (row) => countIn(table, row, column) ?? words.hidden,
      };
    }),
  ];
  return (
    <Figure
      title={title}
      {...(hint === undefined ? {} : { hint })}
      csvName={csvName}
      columns={columns}
      rows={table.rows.length === 0 ? [] : [...table.rows, ALL]}
      rowKey={(row) => row}
    >
      {children}
    </Figure>
  );
}
