import type { JSX } from 'react';
import { useFactWords } from '../../../i18n/facts/words.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { Bars } from '../../../ui/figures/charts.tsx';
import { Count } from '../../../ui/figures/CrossTable.tsx';
import { Figure } from '../../../ui/figures/Figure.tsx';
import { useFigureTableWords } from '../../../ui/figures/words.ts';
import { useFieldWords } from '../fields/words.ts';
import type { Figures } from './figures.ts';
import type { Behind, ListBehind } from './list-behind.ts';
import { useFigureWords } from './words.ts';

type Row = Figures['hoursByDuty'][number];
interface Props {
  readonly figures: Figures;
  readonly behind: ListBehind;
}

/** By duty, and by entry of the list of non-police activities: requests, deployments and hours. */
export function CodeFigures({ figures, behind }: Props): JSX.Element {
  const words = useFigureWords();
  const { codes, duty } = useFieldWords();
  const facts = useFactWords();
  const duties: Readonly<Record<string, string>> = codes.duty;
  return (
    <>
      <ByCode
        title={words.byDuty}
        csvName="requests-by-duty.csv"
        corner={words.duty}
        rows={figures.hoursByDuty}
        name={(code) => (duties[code] === undefined ? code : duty(code, duties[code]))}
        behind={(code, more) => behind({ duty: code, ...more })}
      />
      <ByCode
        title={words.byNp}
        csvName="requests-by-np-code.csv"
        corner={words.entry}
        rows={figures.hoursByNpCode}
        name={(code) => `${code} · ${facts.code('', '', code)}`}
        behind={(code, more) => behind({ npCode: code, ...more })}
      />
    </>
  );
}

interface ByCodeProps {
  readonly title: string;
  readonly csvName: string;
  readonly corner: string;
  readonly rows: readonly Row[];
  readonly name: (code: string) => string;
  readonly behind: (code: string, more: Behind) => string | undefined;
}

function ByCode({ title, csvName, corner, rows, name, behind }: ByCodeProps): JSX.Element {
  const words = useFigureWords();
  const { hidden } = useFigureTableWords();
  const number = (key: 'requests' | 'deployments' | 'officerHours', more: Behind): Column<Row> => ({
    key,
    header: words[key],
    align: 'end',
    cell: (row) => (
      <Count value={row[key]} to={behind(row.code, more)} what={`${name(row.code)}, ${words[key]}`} />
    ),
    csv: (row) => row[key] ?? hidden,
  });
  return (
    <Figure
      title={title}
      hint={words.codesHint}
      csvName={csvName}
      rows={rows}
      rowKey={({ code }) => code}
      columns={[
        { key: 'code', header: corner, cell: ({ code }) => name(code), csv: ({ code }) => name(code) },
        number('requests', {}),
        number('deployments', { reported: 'true' }),
        number('officerHours', { reported: 'true' }),
      ]}
    >
      <Bars
        data={rows.map(({ code, officerHours }) => ({ name: code, officerHours }))}
        bars={[{ name: 'officerHours', label: words.officerHours }]}
      />
    </Figure>
  );
}
