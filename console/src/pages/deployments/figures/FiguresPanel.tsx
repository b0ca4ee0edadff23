import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api } from '../../../api/client.ts';
import { usePageOf } from '../../../api/hooks.ts';
import type { FiguresAsked } from '../../../app/area.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { useFigureTableWords } from '../../../ui/figures/words.ts';
import { Section } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { Lines } from '../../../ui/tables.tsx';
import type { Figures } from './figures.ts';
import { CodeFigures } from './CodeFigures.tsx';
import { ListFigures } from './ListFigures.tsx';
import { useListBehind } from './list-behind.ts';
import { TableFigures } from './TableFigures.tsx';
import { useFigureWords } from './words.ts';

/** Figures of the requests of a period: charts, each with the same as a table. */
export default function FiguresPanel(asked: FiguresAsked): JSX.Element {
  const { from, to, organId } = asked;
  const query = usePageOf(['deployments', 'figures', from, to, organId], (signal) =>
    answer(api.GET('/api/v1/deployments/figures', { signal, params: { query: { from, to, organId } } })),
  );
  return <Loaded query={query}>{(figures) => <All figures={figures} />}</Loaded>;
}

function All({ figures }: { figures: Figures }): JSX.Element {
  const words = useFigureWords();
  const common = useFigureTableWords();
  const behind = useListBehind(figures);
  const number = (value: number | null): string => (value === null ? common.hidden : formatNumber(value));
  if (figures.requests === 0) return <Empty title={words.none}>{words.noneHint}</Empty>;
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {figures.hiddenBelow === null ? words.inFull : common.smallNumbers(figures.hiddenBelow)}
      </Text>
      <Section title={common.sum}>
        <Lines
          lines={[
            [words.requests, number(figures.requests)],
            [words.officerHours, number(figures.officerHours)],
          ]}
        />
      </Section>
      <TableFigures figures={figures} behind={behind} />
      <CodeFigures figures={figures} behind={behind} />
      <ListFigures figures={figures} behind={behind} />
    </>
  );
}
