import { Anchor, Checkbox } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useOrganName, usePageOf } from '../../api/hooks.ts';
import { options } from '../../i18n/codes.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterSelect, SearchField } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging, useQuietText } from '../../ui/filters.ts';
import { Page } from '../../ui/Page.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { DeploymentState, TestOutcome, type Outcome, type Status } from './states.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['DeploymentHeaderView'];

const only = (value: string | undefined): boolean | undefined => (value === 'true' ? true : undefined);

/** The requests for police. Filters in the address; what one types in the search stays out of it. */
export default function DeploymentsPage(): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const filters = useFilters(['status', 'outcome', 'waiting', 'overdue', 'emergency']);
  const [q, setQ] = useQuietText('q');
  const paging = usePaging();
  const { values } = filters;
  const query = usePageOf(['deployments', values, q, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/deployments', {
        signal,
        params: {
          query: {
            status: values.status as Status | undefined,
            outcome: values.outcome as Outcome | undefined,
            waiting: only(values.waiting),
            overdue: only(values.overdue),
            emergency: only(values.emergency),
            q: q === '' ? undefined : q,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const columns = useColumns();
  return (
    <Page title={words.title} lead={words.lead}>
      <FilterBar any={filters.any || q !== ''} onClear={() => filters.clear()}>
        <SearchField label={words.search} value={q} onChange={setQ} />
        <FilterSelect
          label={words.status}
          data={options(words.statuses)}
          value={values.status}
          onChange={(status) => filters.set({ status })}
        />
        <FilterSelect
          label={words.outcome}
          data={options(words.outcomes)}
          value={values.outcome}
          onChange={(outcome) => filters.set({ outcome })}
        />
        <Checkbox
          label={words.waitingForMe}
          checked={values.waiting === 'true'}
          onChange={({ currentTarget }) => filters.set({ waiting: currentTarget.checked ? 'true' : null })}
          mb={8}
        />
        <Checkbox
          label={words.emergencies}
          checked={values.emergency === 'true'}
          onChange={({ currentTarget }) => filters.set({ emergency: currentTarget.checked ? 'true' : null })}
          mb={8}
        />
      </FilterBar>
      <Loaded query={query}>
        {({ items, nextCursor, total }) => (
          <DataTable
            caption={words.title}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            fetching={query.isPlaceholderData}
            paging={{ ...paging, nextCursor, total }}
            csvName="deployments.csv"
            empty={
              filters.any || q !== '' ? (
                <Empty>{common.nothingFound}</Empty>
              ) : (
                <Empty title={words.none}>{words.noneHint}</Empty>
              )
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<Row>[] {
  const words = useWords();
  const organName = useOrganName();
  return [
    {
      key: 'reference',
      header: words.reference,
      cell: ({ id, reference }) => (
        <Anchor component={Link} size="sm" to={`/deployments/${id}`}>
          {reference}
        </Anchor>
      ),
      csv: ({ reference }) => reference,
    },
    {
      key: 'status',
      header: words.status,
      cell: ({ status }) => <DeploymentState status={status} />,
      csv: ({ status }) => words.statuses[status],
    },
    {
      key: 'outcome',
      header: words.outcome,
      cell: ({ outcome }) => (outcome ? <TestOutcome outcome={outcome} /> : '—'),
      csv: ({ outcome }) => (outcome ? words.outcomes[outcome] : ''),
    },
    {
      key: 'level',
      header: words.level,
      cell: ({ decisionLevel }) => decisionLevel ?? '—',
      csv: ({ decisionLevel }) => decisionLevel,
    },
    {
      key: 'np',
      header: words.warnings,
      cell: ({ npCodes }) => npCodes.join(', ') || '—',
      csv: ({ npCodes }) => npCodes.join(' '),
    },
    { key: 'place', header: words.place, cell: ({ place }) => place, csv: ({ place }) => place },
    {
      key: 'begins',
      header: words.begins,
      cell: ({ startsAt }) => <Time at={startsAt} />,
      csv: ({ startsAt }) => startsAt,
    },
    {
      key: 'organ',
      header: words.organ,
      cell: ({ organId }) => organName(organId),
      csv: ({ organId }) => organName(organId),
    },
    {
      key: 'officers',
      header: words.officers,
      cell: ({ officers }) => String(officers),
      csv: ({ officers }) => String(officers),
    },
  ];
}
