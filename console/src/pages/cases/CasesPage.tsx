import { Anchor, Checkbox, Highlight } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useOrganName, useOrganOptions, usePageOf } from '../../api/hooks.ts';
import { useMe } from '../../app/me.ts';
import { options, useCodes, type CaseStatus, type Category, type Channel } from '../../i18n/codes.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Excerpt } from '../../ui/Excerpt.tsx';
import { FilterBar, FilterCheck, FilterSelect, SearchField } from '../../ui/FilterBar.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import { useFilters, usePaging, useQuietText } from '../../ui/filters.ts';
import { OfficerFilter } from '../../ui/OfficerFilter.tsx';
import { ListOf } from '../../ui/ListOf.tsx';
import { Page } from '../../ui/Page.tsx';
import { CaseState, Empty, StateBadge } from '../../ui/states.tsx';
import { Day, Due, Time } from '../../ui/values.tsx';
import { dayAfter, dayIn, startOfDay } from '../../i18n/format.ts';
import { SavedViews } from './SavedViews.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['ListedCaseView'];

/** The list of cases. Filters in the address; what one types in the search stays out of it. */
export default function CasesPage(): JSX.Element {
  const words = useWords();
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
    'receivedFrom',
    'receivedTo',
  ]);
  const [q, setQ] = useQuietText('q');
  const paging = usePaging();
  const { values } = filters;
  const [from, to] = [dayIn(values.receivedFrom), dayIn(values.receivedTo)];
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
            receivedFrom: from && startOfDay(from),
            receivedTo: to && startOfDay(dayAfter(to)),
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
  const columns = useColumns(q);
  const organs = useOrganOptions();
  return (
    <Page title={words.title} lead={words.lead}>
      <SavedViews />
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
        <FilterSelect
          label={words.organ}
          data={organs}
          value={values.organId}
          onChange={(organId) => filters.set({ organId })}
        />
        <OfficerFilter
          label={words.subject}
          placeholder={words.subjectHint}
          value={values.officerId}
          onChange={(officerId) => filters.set({ officerId })}
        />
        <FilterDay
          label={words.receivedFrom}
          value={from}
          onChange={(receivedFrom) => filters.set({ receivedFrom })}
        />
        <FilterDay
          label={words.receivedTo}
          value={to}
          onChange={(receivedTo) => filters.set({ receivedTo })}
        />
        <Checkbox
          label={words.mineOnly}
          checked={values.assignedTo === user.id}
          onChange={({ currentTarget }) =>
            filters.set({ assignedTo: currentTarget.checked ? user.id : null })
          }
          mb={8}
        />
        <FilterCheck
          label={words.overdueOnly}
          value={values.overdue}
          onChange={(overdue) => filters.set({ overdue })}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.caption}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="cases.csv"
        filtered={filters.any || q !== ''}
        empty={<Empty title={words.none}>{words.noneHint}</Empty>}
      />
    </Page>
  );
}

function useColumns(q: string): Column<Row>[] {
  const words = useWords();
  const codes = useCodes();
  const organName = useOrganName();
  return [
    {
      key: 'reference',
      header: words.reference,
      cell: ({ id, reference, excerpt }) => (
        <>
          <Anchor component={Link} size="sm" to={`/cases/${id}`}>
            <Highlight component="span" highlight={q}>
              {reference}
            </Highlight>
          </Anchor>
          {excerpt && <Excerpt {...excerpt} />}
        </>
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
          <>
            <Day on={decidedOn} /> <StateBadge tone="done">{words.decided}</StateBadge>
          </>
        ) : decisionDueOn !== null ? (
          <Due on={decisionDueOn} />
        ) : (
          '—'
        ),
      csv: ({ decisionDueOn }) => decisionDueOn,
    },
  ];
}
