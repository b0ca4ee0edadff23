import type { JSX } from 'react';
import { formatMonth } from '../../../i18n/format.ts';
import { Bars } from '../../../ui/figures/charts.tsx';
import { CrossTable, drawn, type Table } from '../../../ui/figures/CrossTable.tsx';
import { useFieldWords } from '../fields/words.ts';
import { useWords } from '../words.ts';
import type { Figures } from './figures.ts';
import type { Behind, ListBehind } from './list-behind.ts';
import { useFigureWords } from './words.ts';

interface Props {
  readonly figures: Figures;
  readonly behind: ListBehind;
}

/** By outcome, requester, organ and month: requests, and the hours of those that took place. */
export function TableFigures({ figures, behind }: Props): JSX.Element {
  const words = useFigureWords();
  const { outcomes } = useWords();
  const { codes } = useFieldWords();
  const organs = new Map(figures.organs.map(({ id, name }) => [id, name]));
  const said =
    (names: Readonly<Record<string, string>>) =>
    (code: string): string =>
      names[code] ?? code;
  const outcomeName = said(outcomes);
  const requesterName = said(codes.requester);
  const organName = (id: string): string => organs.get(id) ?? id;
  const month = (text: string): string => formatMonth(text);
  const one = (
    title: string,
    csvName: string,
    table: Table,
    corner: string,
    names: readonly [row: (code: string) => string, column: (code: string) => string],
    link: (row: string, column: string) => Behind,
  ): JSX.Element => (
    <CrossTable
      title={title}
      corner={corner}
      csvName={csvName}
      table={table}
      rowName={names[0]}
      columnName={names[1]}
      cellLink={(row, column) => behind(link(row, column))}
    >
      <Bars
        data={drawn(table).map((column) => ({ ...column, name: names[1](String(column['name'])) }))}
        bars={table.rows.map((row) => ({ name: row, label: names[0](row) }))}
      />
    </CrossTable>
  );
  return (
    <>
      {one(
        words.byOutcome,
        'requests-by-outcome.csv',
        figures.outcomes,
        words.outcome,
        [outcomeName, month],
        (outcome, of) => ({ outcome, month: of }),
      )}
      {one(
        words.byRequester,
        'requests-by-requester.csv',
        figures.byRequester,
        words.requester,
        [requesterName, outcomeName],
        (requesterType, outcome) => ({ requesterType, outcome }),
      )}
      {one(
        words.byOrgan,
        'requests-by-organ.csv',
        figures.byOrgan,
        words.organ,
        [organName, month],
        (organId, of) => ({ ...inOrgan(organId), month: of }),
      )}
      {one(
        words.hoursByRequester,
        'officer-hours-by-requester.csv',
        figures.hoursByRequester,
        words.requester,
        [requesterName, month],
        (requesterType, of) => ({ requesterType, month: of, reported: 'true' }),
      )}
      {one(
        words.hoursByOrgan,
        'officer-hours-by-organ.csv',
        figures.hoursByOrgan,
        words.organ,
        [organName, month],
        (organId, of) => ({ ...inOrgan(organId), month: of, reported: 'true' }),
      )}
    </>
  );
}

/** The sum is of the organ that is asked for, whose list it is already. */
const inOrgan = (organId: string): Behind => (organId === 'ALL' ? {} : { organId });
