import { Anchor } from '@mantine/core';
import { BarChart, LineChart } from '@mantine/charts';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useCodes, type Category } from '../../i18n/codes.ts';
import { formatMonth } from '../../i18n/format.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Bars, chart, color, quiet, still } from '../../ui/figures/charts.tsx';
import { Count, countIn, CrossTable, drawn, sumsOf, type Table } from '../../ui/figures/CrossTable.tsx';
import { Figure } from '../../ui/figures/Figure.tsx';
import { useFigureTableWords } from '../../ui/figures/words.ts';
import { useCasesBehind } from './cases-behind.ts';
import type { Statistics } from './statistics.ts';
import { useWords } from './words.ts';

/** Each figure as a chart and as a table. */
export function Figures({ view }: { view: Statistics }): JSX.Element {
  return (
    <>
      <Flow view={view} />
      <TimeToDecision view={view} />
      <Findings view={view} />
      <Categories view={view} />
      <Sanctions view={view} />
    </>
  );
}

/** For an axis or a heading. */
const monthName = (month: string): string => formatMonth(month);
const withMonthNames = <R extends { readonly month: string }>(rows: readonly R[]): R[] =>
  rows.map((row) => ({ ...row, month: formatMonth(row.month) }));

/** What a chart draws of a table whose columns are months. */
const byMonths = (table: Table): ReturnType<typeof drawn> =>
  drawn(table).map((column) => ({ ...column, name: formatMonth(String(column['name'])) }));

function Flow({ view }: { view: Statistics }): JSX.Element {
  const words = useWords();
  const behind = useCasesBehind(view);
  const common = useFigureTableWords();
  const names = { opened: words.opened, closed: words.closed, open: words.open } as const;
  const keys = ['opened', 'closed', 'open'] as const;
  type Row = Pick<Statistics['flow'][number], 'month'> & Partial<Statistics['flow'][number]>;
  const columns: Column<Row>[] = [
    {
      key: 'month',
      header: words.month,
      // Not on the number of those opened: it counts reopened cases too, which the list does not know.
      cell: ({ month }) => (
        <Month
          month={month}
          to={view.flow.some((row) => row.month === month) ? behind({ month }) : undefined}
        />
      ),
      csv: ({ month }) => month,
    },
    ...keys.map((key) => ({
      key,
      header: names[key],
      align: 'end' as const,
      cell: (row: Row) => <Count value={row[key]} />,
      csv: (row: Row) => (row[key] === null ? common.hidden : row[key]),
    })),
  ];
  const before = { month: words.before, open: view.openBefore };
  const sum = {
    month: common.sum,
    opened: view.openedInAll,
    closed: view.closedInAll,
    open: view.flow.at(-1)?.open ?? null,
  };
  return (
    <Figure
      title={words.flow}
      hint={words.flowHint}
      csvName="flow.csv"
      columns={columns}
      rows={[before, ...view.flow, sum]}
      rowKey={({ month }) => month}
    >
      <LineChart
        {...chart}
        data={withMonthNames(view.flow)}
        dataKey="month"
        connectNulls={false}
        series={keys.map((name, i) => ({ name, label: names[name], color: color(i) }))}
        lineChartProps={quiet}
        lineProps={still}
      />
    </Figure>
  );
}

/** A month, which leads to the cases received in it. */
function Month({ month, to }: { month: string; to: string | undefined }): JSX.Element | string {
  const words = useWords();
  const name = formatMonth(month);
  if (to === undefined) return name;
  return (
    <Anchor component={Link} size="sm" to={to} aria-label={words.receivedIn(name)}>
      {name}
    </Anchor>
  );
}

function TimeToDecision({ view }: { view: Statistics }): JSX.Element {
  const words = useWords();
  const common = useFigureTableWords();
  const names = { medianDays: words.median, p90Days: words.p90 } as const;
  const days = ['medianDays', 'p90Days'] as const;
  type Row = Statistics['timeToDecision'][number];
  const columns: Column<Row>[] = [
    {
      key: 'month',
      header: words.month,
      cell: ({ month }) => (month === 'ALL' ? common.sum : formatMonth(month)),
      csv: ({ month }) => month,
    },
    {
      key: 'decided',
      header: words.decided,
      align: 'end',
      cell: ({ decided }) => <Count value={decided} />,
      csv: ({ decided }) => decided ?? common.hidden,
    },
    ...days.map((key) => ({
      key,
      header: names[key],
      align: 'end' as const,
      cell: (row: Row) => (row.decided === 0 ? '—' : <Count value={row[key]} />),
      csv: (row: Row) => (row.decided === 0 ? null : (row[key] ?? common.hidden)),
    })),
  ];
  return (
    <Figure
      title={words.time}
      hint={words.timeHint}
      csvName="time-to-decision.csv"
      columns={columns}
      rows={view.timeToDecision}
      rowKey={({ month }) => month}
    >
      <BarChart
        {...chart}
        data={withMonthNames(view.timeToDecision.filter(({ month }) => month !== 'ALL'))}
        dataKey="month"
        series={days.map((name, i) => ({ name, label: names[name], color: color(i) }))}
        barChartProps={quiet}
        barProps={still}
      />
    </Figure>
  );
}

function Findings({ view: { findings } }: { view: Statistics }): JSX.Element {
  const words = useWords();
  const common = useFigureTableWords();
  const outcomes: Readonly<Record<string, string>> = words.outcomes;
  const named = (code: string): string => outcomes[code] ?? code;
  const rows = sumsOf(findings).map(({ name, count }) => ({ name: named(name), count }));
  return (
    <>
      <Figure
        title={words.findings}
        hint={words.findingsHint}
        csvName="findings.csv"
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { key: 'name', header: words.findings, cell: ({ name }) => name, csv: ({ name }) => name },
          {
            key: 'count',
            header: words.number,
            align: 'end',
            cell: ({ count }) => <Count value={count} />,
            csv: ({ count }) => count ?? common.hidden,
          },
        ]}
      >
        <BarChart
          {...chart}
          withLegend={false}
          data={rows}
          dataKey="name"
          series={[{ name: 'count', label: words.number, color: color(0) }]}
          barChartProps={quiet}
          barProps={still}
        />
      </Figure>
      <CrossTable
        title={words.against}
        hint={words.againstHint}
        corner={words.recommended}
        csvName="recommended-against-final.csv"
        table={findings}
        rowName={named}
        columnName={named}
      >
        <Bars
          data={drawn(findings).map((column) => ({ ...column, name: named(String(column['name'])) }))}
          bars={findings.rows.map((name) => ({ name, label: named(name) }))}
        />
      </CrossTable>
    </>
  );
}

function Categories({ view }: { view: Statistics }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const named = (category: string): string => codes.category[category as Category] ?? category;
  const organs = new Map(view.organs.map(({ id, name }) => [id, name]));
  const { categoriesByMonth: byMonth, categoriesByOrgan: byOrgan } = view;
  const behind = useCasesBehind(view);
  const shared = {
    corner: words.category,
    rowName: named,
    link: (category: string) => behind({ category }),
    drill: words.drill,
  };
  return (
    <>
      <CrossTable
        {...shared}
        title={words.categoriesByMonth}
        hint={words.categoriesMonthHint}
        csvName="categories-by-month.csv"
        table={byMonth}
        columnName={monthName}
        cellLink={(category, month) => behind({ category, month })}
      >
        <BarChart
          {...chart}
          type="stacked"
          data={byMonths(byMonth)}
          dataKey="name"
          series={byMonth.rows.map((name, i) => ({ name, label: named(name), color: color(i) }))}
          barChartProps={quiet}
          barProps={still}
        />
      </CrossTable>
      <CrossTable
        {...shared}
        title={words.categoriesByOrgan}
        hint={words.categoriesHint}
        csvName="categories-by-organ.csv"
        table={byOrgan}
        columnName={(id) => organs.get(id) ?? id}
      >
        <BarChart
          {...chart}
          withLegend={false}
          data={byOrgan.columns.map((id) => ({
            name: organs.get(id) ?? id,
            count: countIn(byOrgan, 'ALL', id),
          }))}
          dataKey="name"
          series={[{ name: 'count', label: words.number, color: color(0) }]}
          barChartProps={quiet}
          barProps={still}
        />
      </CrossTable>
    </>
  );
}

function Sanctions({ view: { sanctions } }: { view: Statistics }): JSX.Element {
  const words = useWords();
  const kinds: Readonly<Record<string, string>> = words.kinds;
  const named = (kind: string): string => kinds[kind] ?? kind;
  return (
    <CrossTable
      title={words.sanctions}
      hint={words.sanctionsHint}
      corner={words.kind}
      csvName="sanctions.csv"
      table={sanctions}
      rowName={named}
      columnName={monthName}
    >
      <BarChart
        {...chart}
        type="stacked"
        data={byMonths(sanctions)}
        dataKey="name"
        series={sanctions.rows.map((name, i) => ({ name, label: named(name), color: color(i) }))}
        barChartProps={quiet}
        barProps={still}
      />
    </CrossTable>
  );
}
