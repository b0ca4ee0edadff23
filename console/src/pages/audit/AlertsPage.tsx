import { useState, type JSX } from 'react';
import { answer, api, ifMatch, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { options } from '../../i18n/codes.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { ListOf } from '../../ui/ListOf.tsx';
import { Page } from '../../ui/Page.tsx';
import { Empty, StateBadge, type Tone } from '../../ui/states.tsx';
import { useDeedColumn, useReadColumns } from './columns.tsx';
import { DeskNav } from './DeskNav.tsx';
import { Verdict } from './Verdict.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['AccessAlertView'];
type State = Row['state'];
type Kind = Row['kind'];

const tones: Readonly<Record<State, Tone>> = { OPEN: 'new', ANSWERED: 'waiting', CLOSED: 'done' };
const key = ['audit', 'alerts'];

/** Alerts about how people read, with what they said and what was found. */
export default function AlertsPage(): JSX.Element {
  const words = useWords();
  const filters = useFilters(['state', 'kind']);
  const paging = usePaging();
  const { values } = filters;
  const [closing, setClosing] = useState<Row>();
  const query = usePageOf([...key, values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/access-alerts', {
        signal,
        params: {
          query: {
            state: values.state as State | undefined,
            kind: values.kind as Kind | undefined,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const columns = useColumns(setClosing);
  return (
    <Page title={words.alerts} lead={words.alertsLead}>
      <DeskNav />
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterSelect
          label={words.stateOf}
          data={options(words.alertStates)}
          value={values.state}
          onChange={(state) => filters.set({ state })}
        />
        <FilterSelect
          label={words.kind}
          data={options(words.alertKinds)}
          value={values.kind}
          onChange={(kind) => filters.set({ kind })}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.alerts}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="alerts.csv"
        empty={<Empty>{words.noAlerts}</Empty>}
      />
      {closing && (
        <Verdict
          title={words.close}
          said={closing.answer}
          verdicts={words.alertVerdicts}
          onClose={() => setClosing(undefined)}
          onReload={() => void query.refetch()}
          request={(body) =>
            api.POST('/api/v1/access-alerts/{id}/close', {
              params: { path: { id: closing.id }, header: ifMatch(closing.version) },
              body,
            })
          }
          list={key}
          done={words.alertClosed}
        />
      )}
    </Page>
  );
}

function useColumns(onClose: (row: Row) => void): Column<Row>[] {
  const words = useWords();
  const may = useMay();
  const shared = useReadColumns<Row>();
  const deed = useDeedColumn<Row>(words.close, ({ state }) => state !== 'CLOSED', onClose);
  const columns: Column<Row>[] = [
    shared.at,
    {
      key: 'kind',
      header: words.kind,
      cell: ({ kind }) => words.alertKinds[kind],
      csv: ({ kind }) => words.alertKinds[kind],
    },
    shared.who,
    shared.case,
    {
      key: 'state',
      header: words.stateOf,
      cell: ({ state }) => <StateBadge tone={tones[state]}>{words.alertStates[state]}</StateBadge>,
      csv: ({ state }) => words.alertStates[state],
    },
    {
      key: 'answer',
      header: words.answer,
      cell: ({ answer: said, asked }) => said ?? (asked ? words.notYet : words.notAsked),
      csv: (row) => row.answer,
    },
    {
      key: 'verdict',
      header: words.verdict,
      cell: ({ verdict, closeReason }) =>
        verdict === null ? '—' : `${words.alertVerdicts[verdict]}: ${closeReason ?? ''}`,
      csv: ({ verdict }) => verdict,
    },
  ];
  if (!may.can('close', 'AccessAlert')) return columns;
  return [...columns, deed];
}
