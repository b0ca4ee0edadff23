import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { useDownload } from '../../../api/download.ts';
import { useOrganOptions } from '../../../api/hooks.ts';
import { dayIn, legalToday } from '../../../i18n/format.ts';
import { FilterBar, FilterSelect } from '../../../ui/FilterBar.tsx';
import { FilterDay } from '../../../ui/FilterDay.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { DownloadIcon } from '../../../ui/icons.tsx';
import { Page } from '../../../ui/Page.tsx';
import { ProblemAlert } from '../../../ui/ProblemAlert.tsx';
import { area } from '../area.ts';
import FiguresPanel from './FiguresPanel.tsx';
import { useFigureWords } from './words.ts';

/** This year, to the end of the present month: small numbers are told of no part of a month. */
function thisYear(): { from: string; to: string } {
  const [year, month] = legalToday().split('-').map(Number) as [number, number, number];
  return { from: `${year}-01-01`, to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}

/** Figures of the requests of some days, and all of them as CSV. */
export default function FiguresPage(): JSX.Element {
  const words = useFigureWords();
  const organs = useOrganOptions();
  const filters = useFilters(['from', 'to', 'organId']);
  const usual = thisYear();
  const { organId } = filters.values;
  const from = dayIn(filters.values.from) ?? usual.from;
  const to = dayIn(filters.values.to) ?? usual.to;
  const save = useDownload();
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button
          variant="default"
          leftSection={<DownloadIcon size={16} />}
          loading={save.isPending}
          onClick={() =>
            save.mutate({ path: area.figures!.csv({ from, to, organId }), name: 'deployments.csv' })
          }
        >
          {words.saveAll}
        </Button>
      }
    >
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterDay label={words.from} value={from} onChange={(day) => filters.set({ from: day })} />
        <FilterDay label={words.to} value={to} onChange={(day) => filters.set({ to: day })} />
        <FilterSelect
          label={words.organ}
          data={organs}
          value={organId}
          onChange={(chosen) => filters.set({ organId: chosen })}
        />
      </FilterBar>
      <ProblemAlert error={save.error} />
      <FiguresPanel from={from} to={to} organId={organId} />
    </Page>
  );
}
