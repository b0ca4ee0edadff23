import { Text } from '@mantine/core';
import type { JSX, ReactElement } from 'react';
import { DataTable, type Column } from '../DataTable.tsx';
import { Section } from '../Page.tsx';
import { Empty } from '../states.tsx';
import { useFigureTableWords } from './words.ts';

interface Props<R> {
  readonly title: string;
  readonly hint?: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly csvName: string;
  /** The chart, where there is one. */
  readonly children?: Chart | undefined;
}

export type Chart = ReactElement<{ readonly data: readonly Readonly<Record<string, unknown>>[] }>;

/** A chart in which every number is hidden or nought would be an empty frame. */
const showsSomething = ({ props: { data } }: Chart): boolean =>
  data.some((point) => Object.values(point).some((value) => typeof value === 'number' && value > 0));

/** A figure: what it counts, the chart for the eye, and the table with the same numbers. */
export function Figure<R>({ title, hint, columns, rows, rowKey, csvName, children }: Props<R>): JSX.Element {
  const words = useFigureTableWords();
  return (
    <Section title={title}>
      {hint !== undefined && (
        <Text size="sm" c="dimmed" mb="xs">
          {hint}
        </Text>
      )}
      {children && showsSomething(children) && (
        <div role="img" aria-label={words.chartOf(title)}>
          {children}
        </div>
      )}
      <DataTable
        caption={title}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        csvName={csvName}
        empty={<Empty>{words.nothing}</Empty>}
      />
    </Section>
  );
}
