import { SimpleGrid } from '@mantine/core';
import type { JSX } from 'react';
import { formatDay } from '../../../i18n/format.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { Bars } from '../../../ui/figures/charts.tsx';
import { Count } from '../../../ui/figures/CrossTable.tsx';
import { Figure } from '../../../ui/figures/Figure.tsx';
import { useFigureTableWords } from '../../../ui/figures/words.ts';
import { useWarningName } from '../warning-names.ts';
import type { Figures } from './figures.ts';
import type { ListBehind } from './list-behind.ts';
import { useFigureWords } from './words.ts';

interface Props {
  readonly figures: Figures;
  readonly behind: ListBehind;
}

/** What was refused, overridden and late, who asks again and again, and the days where they are told. */
export function ListFigures({ figures, behind }: Props): JSX.Element {
  const words = useFigureWords();
  const warningName = useWarningName();
  const { hidden } = useFigureTableWords();
  const days = columnsOf<NonNullable<Figures['requestsByDay']>[number]>(hidden);
  const refused = columnsOf<Figures['refusals'][number]>(hidden);
  const overridden = columnsOf<Figures['overrides'][number]>(hidden);
  const late = columnsOf<Figures['lates'][number]>(hidden);
  const repeated = columnsOf<Figures['repeatRequesters'][number]>(hidden);
  const warning = (code: string): string => (code === 'OUTCOME' ? words.againstTest : warningName(code));
  const counted = (name: string) => [{ name: 'count', label: name }];
  return (
    <>
      {figures.requestsByDay !== null && (
        <Figure
          title={words.byDay}
          csvName="requests-by-day.csv"
          rows={figures.requestsByDay}
          rowKey={({ day, organ }) => `${day} ${organ}`}
          columns={[
            { key: 'day', header: words.day, cell: ({ day }) => formatDay(day), csv: ({ day }) => day },
            days.text(words.organ, ({ organ }) => organ),
            days.number(words.count, ({ count }) => count),
          ]}
        />
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Figure
          title={words.refusals}
          csvName="refusals.csv"
          rows={figures.refusals}
          rowKey={({ organId }) => organId}
          columns={[
            refused.text(words.organ, ({ organ }) => organ),
            refused.number(
              words.count,
              ({ count }) => count,
              ({ organId }) => behind({ organId, refused: 'true' }),
              ({ organ }) => `${words.refusals}, ${organ}`,
            ),
          ]}
        >
          <Bars
            data={figures.refusals.map(({ organ, count }) => ({ name: organ, count }))}
            bars={counted(words.refusals)}
          />
        </Figure>
        <Figure
          title={words.overrides}
          csvName="overrides.csv"
          rows={figures.overrides}
          rowKey={({ code }) => code}
          columns={[
            overridden.text(words.warning, ({ code }) => warning(code)),
            overridden.number(
              words.count,
              ({ count }) => count,
              ({ code }) => behind({ override: code }),
              ({ code }) => `${words.overrides}, ${warning(code)}`,
            ),
          ]}
        >
          <Bars
            data={figures.overrides.map(({ code, count }) => ({
              name: code === 'OUTCOME' ? words.test : code,
              count,
            }))}
            bars={counted(words.overrides)}
          />
        </Figure>
        <Figure
          title={words.lates}
          csvName="lates.csv"
          rows={figures.lates}
          rowKey={({ organId }) => organId}
          columns={[
            late.text(words.organ, ({ organ }) => organ),
            late.number(
              words.count,
              ({ count }) => count,
              ({ organId }) => behind({ organId, late: 'true' }),
              ({ organ }) => `${words.lates}, ${organ}`,
            ),
            late.number(words.hours, ({ hours }) => hours),
          ]}
        >
          <Bars
            data={figures.lates.map(({ organ, count }) => ({ name: organ, count }))}
            bars={counted(words.lates)}
          />
        </Figure>
        <Figure
          title={words.repeat}
          csvName="repeat-requesters.csv"
          rows={figures.repeatRequesters}
          rowKey={(row) => JSON.stringify(row)}
          columns={[
            repeated.text(words.requester, ({ requester }) => requester ?? words.citizen),
            repeated.number(words.count, ({ count }) => count),
            repeated.number(words.refused, ({ refused }) => refused),
          ]}
        />
      </SimpleGrid>
    </>
  );
}

interface Columns<R> {
  readonly text: (header: string, of: (row: R) => string) => Column<R>;
  /** @param to the list behind the number, and how it is called */
  readonly number: (
    header: string,
    of: (row: R) => number | null,
    to?: (row: R) => string | undefined,
    what?: (row: R) => string,
  ) => Column<R>;
}

const columnsOf = <R,>(hidden: string): Columns<R> => ({
  text: (header, of) => ({ key: header, header, cell: of, csv: of }),
  number: (header, of, to = () => undefined, what = () => header) => ({
    key: header,
    header,
    align: 'end',
    cell: (row) => <Count value={of(row)} to={to(row)} what={what(row)} />,
    csv: (row) => of(row) ?? hidden,
  }),
});
