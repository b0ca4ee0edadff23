import { Button, SegmentedControl, Text, TextInput } from '@mantine/core';
import { lazy, Suspense, useState, type JSX } from 'react';
import { answer, api } from '../../api/client.ts';
import { useDownload } from '../../api/download.ts';
import { usePageOf } from '../../api/hooks.ts';
import { useOrganOptions } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { areas, type FiguresAsked } from '../../app/area.ts';
import { legalToday } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useFigureTableWords } from '../../ui/figures/words.ts';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { useFilters } from '../../ui/filters.ts';
import { DownloadIcon, PrintIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Loaded, Loading } from '../../ui/states.tsx';
import { Figures } from './Figures.tsx';
import { useWords } from './words.ts';

const CASES = 'cases';

/** The figures of other areas; each is loaded when somebody looks at it. */
const panels = areas.flatMap(({ title, to = '', figures }) =>
  figures ? [{ key: to.slice(1), title, figures, Shown: lazy(figures.panel) }] : [],
);

interface Source {
  readonly key: string;
  readonly title: string;
  /** Absent: those of cases, which are this page's own. */
  readonly panel?: (typeof panels)[number];
}

const MONTH = /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/;

/** A month of an address, where anything can stand; undefined when it is none. */
const monthIn = (text: string | undefined): string | undefined =>
  text !== undefined && MONTH.test(text) ? text : undefined;

/** The year that ends with the present month. */
function lastYear(): { from: string; to: string } {
  const to = legalToday().slice(0, 7);
  const [year, month] = to.split('-').map(Number) as [number, number];
  const first = new Date(Date.UTC(year, month - 12, 1));
  return { from: first.toISOString().slice(0, 7), to };
}

/** Whose figures: those of cases, and of each area that has some. */
function useSources(): readonly Source[] {
  const words = useWords();
  const may = useMay();
  const language = useLanguage();
  const sources: Source[] = may.can('read-figures', 'Case') ? [{ key: CASES, title: words.cases }] : [];
  for (const panel of panels) {
    if (panel.figures.mayOpen(may)) sources.push({ key: panel.key, title: panel.title[language], panel });
  }
  return sources;
}

/** Charts with their tables. The period, the organ and what is counted are in the address. */
export default function StatisticsPage(): JSX.Element {
  const words = useWords();
  const organs = useOrganOptions();
  const filters = useFilters(['from', 'to', 'organId', 'of']);
  const sources = useSources();
  const source = sources.find(({ key }) => key === filters.values.of) ?? sources[0]!;
  const usual = lastYear();
  const asked = {
    from: monthIn(filters.values.from) ?? usual.from,
    to: monthIn(filters.values.to) ?? usual.to,
    organId: filters.values.organId,
  };
  const csv = useDownload();
  const file = (): void => {
    const search = new URLSearchParams({ from: asked.from, to: asked.to });
    if (asked.organId !== undefined) search.set('organId', asked.organId);
    const path = source.panel?.figures.csv(inDays(asked)) ?? `/api/v1/statistics/csv?${search}`;
    csv.mutate({ path, name: `${source.key}.csv` });
  };
  const wrongOrder = asked.to < asked.from ? words.wrongOrder : undefined;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<DownloadIcon size={15} />}
            loading={csv.isPending}
            onClick={file}
          >
            {words.csv}
          </Button>
          <Button variant="default" leftSection={<PrintIcon size={15} />} onClick={() => window.print()}>
            {words.print}
          </Button>
        </>
      }
    >
      {sources.length > 1 && (
        <SegmentedControl
          aria-label={words.what}
          mb="md"
          data={sources.map(({ key, title }) => ({ value: key, label: title }))}
          value={source.key}
          onChange={(of) => filters.set({ of })}
        />
      )}
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <Month label={words.from} value={asked.from} onChange={(from) => filters.set({ from })} />
        <Month label={words.to} value={asked.to} error={wrongOrder} onChange={(to) => filters.set({ to })} />
        <FilterSelect
          label={words.organ}
          data={organs}
          value={asked.organId}
          onChange={(organId) => filters.set({ organId })}
        />
      </FilterBar>
      <ProblemAlert error={csv.error} />
      {source.panel ? (
        <Suspense fallback={<Loading />}>
          <source.panel.Shown {...inDays(asked)} />
        </Suspense>
      ) : (
        <Cases asked={asked} />
      )}
    </Page>
  );
}

/** Months as the days of the law, both included. */
function inDays({ from, to, organId }: FiguresAsked): FiguresAsked {
  const [year, month] = to.split('-').map(Number) as [number, number];
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { from: `${from}-01`, to: last, organId };
}

function Cases({ asked }: { asked: FiguresAsked }): JSX.Element {
  const common = useFigureTableWords();
  const query = usePageOf(['statistics', asked], (signal) =>
    answer(api.GET('/api/v1/statistics', { signal, params: { query: asked } })),
  );
  return (
    <Loaded query={query}>
      {(view) => (
        <>
          <Text size="sm" c="dimmed" mb="md">
            {common.smallNumbers(view.hiddenBelow)}
          </Text>
          <Figures view={view} />
        </>
      )}
    </Loaded>
  );
}

interface MonthProps {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (month: string) => void;
}

/** A month; what is half typed stays in the field and asks for nothing. */
function Month({ label, value, error, onChange }: MonthProps): JSX.Element {
  const [typed, setTyped] = useState<string>();
  return (
    <TextInput
      type="month"
      label={label}
      placeholder="YYYY-MM"
      value={typed ?? value}
      error={error}
      onBlur={() => setTyped(undefined)}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        if (MONTH.test(currentTarget.value)) onChange(currentTarget.value);
      }}
      w={{ base: '100%', xs: 170 }}
    />
  );
}
