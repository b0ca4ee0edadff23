import { Anchor, Checkbox } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useOrganName, usePageOf } from '../../api/hooks.ts';
import { useMe } from '../../app/me.ts';
import { options, useCodes, type CaseStatus, type Category, type Channel } from '../../i18n/codes.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterSelect, SearchField } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging, useQuietText } from '../../ui/filters.ts';
import { Page } from '../../ui/Page.tsx';
import { CaseState, Empty, Loaded } from '../../ui/states.tsx';
import { Day, Due, Time } from '../../ui/values.tsx';
import { useCommonWords } from '../../i18n/common.ts';
import { useWords } from './words.ts';

type Row = components['schemas']['CaseHeaderView'];

/** The list of cases. Filters in the address; what one types in the search stays out of it. */
export default function CasesPage(): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const codes = useCodes();
  const { user } = useMe();
  const filters = useFilters([
    'status',
    'category',
    'channel',
    'assignedTo',
    'overdue',
    'organId',
    'officerId',
  ]);
  const [q, setQ] = useQuietText('q');
  const paging = usePaging();
  const { values } = filters;
  const query = usePageOf(['cases', values, q, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/cases', {
        signal,
        params: {
          query: {
            ...values,
            status: values.status as CaseStatus | undefined,
            category: values.category as Category | undefined,
            channel: values.channel as Channel | undefined,
            overdue: values.overdue === 'true' ? true : undefined,
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
      <FilterBar
        any={filters.any || q !== ''}
        onClear={() => {
          filters.clear();
        }}
      >
        <SearchField label={words.search} value={q} onChange={setQ} />
        <FilterSelect
          label={words.status}
          data={options(codes.caseStatus)}
          value={values.status}
          onChange={(status) => filters.set({ status })}
        />
        <FilterSelect
          label={words.category}
          data={options(codes.category)}
          value={values.category}
          onChange={(category) => filters.set({ category })}
        />
        <FilterSelect
          label={words.channel}
          data={options(codes.channel)}
          value={values.channel}
          onChange={(channel) => filters.set({ channel })}
        />
        <Checkbox
          label={words.mineOnly}
          checked={values.assignedTo === user.id}
          onChange={({ currentTarget }) =>
            filters.set({ assignedTo: currentTarget.checked ? user.id : null })
          }
          mb={8}
        />
        <Checkbox
          label={words.overdueOnly}
          checked={values.overdue === 'true'}
          onChange={({ currentTarget }) => filters.set({ overdue: currentTarget.checked ? 'true' : null })}
          mb={8}
        />
      </FilterBar>
      <Loaded query={query}>
        {({ items, nextCursor, total }) => (
          <DataTable
            caption={words.caption}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            fetching={query.isPlaceholderData}
            paging={{ ...paging, nextCursor, total }}
            csvName="cases.csv"
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
  const codes = useCodes();
  const organName = useOrganName();
  return [
    {
      key: 'reference',
      header: words.reference,
      cell: ({ id, reference }) => (
        <Anchor component={Link} size="sm" to={`/cases/${id}`}>
          {reference}
        </Anchor>
      ),
      csv: ({ reference }) => reference,
    },
    {
      key: 'status',
      header: words.status,
      cell: ({ status }) => <CaseState status={status} />,
      csv: ({ status }) => codes.caseStatus[status],
    },
    {
      key: 'category',
      header: words.category,
      cell: ({ categories }) => categories.map((category) => codes.category[category]).join(', '),
      csv: ({ categories }) => categories.map((category) => codes.category[category]).join(', '),
    },
    {
      key: 'channel',
      header: words.channel,
      cell: ({ channel }) => codes.channel[channel],
      csv: ({ channel }) => codes.channel[channel],
    },
    {
      key: 'organ',
      header: words.organ,
      cell: ({ organId }) => organName(organId),
      csv: ({ organId }) => organName(organId),
    },
    {
      key: 'received',
      header: words.received,
      cell: ({ receivedAt }) => <Time at={receivedAt} />,
      csv: ({ receivedAt }) => receivedAt,
    },
    {
      key: 'due',
      header: words.decisionDue,
      cell: ({ decisionDueOn, decidedOn }) =>
        decidedOn !== null ? (
          <Day on={decidedOn} />
        ) : decisionDueOn !== null ? (
          <Due on={decisionDueOn} />
        ) : (
          '—'
        ),
      csv: ({ decisionDueOn }) => decisionDueOn,
    },
  ];
}
