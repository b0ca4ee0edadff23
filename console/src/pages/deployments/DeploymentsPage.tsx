import { Anchor, Button } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useOrganName, useOrganOptions, usePageOf } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { options } from '../../i18n/codes.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterCheck, FilterSelect, SearchField } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging, useQuietText } from '../../ui/filters.ts';
import { ListOf } from '../../ui/ListOf.tsx';
import { Page } from '../../ui/Page.tsx';
import { Empty } from '../../ui/states.tsx';
import { SubNav } from '../../ui/SubNav.tsx';
import { Time } from '../../ui/values.tsx';
import { useEmergencyWords } from './emergency/words.ts';
import type { RequesterType } from './fields/codes.ts';
import { useRequestWords } from './request/words.ts';
import { counted, Narrowed } from './Narrowed.tsx';
import { DeploymentState, TestOutcome, type Outcome, type Status } from './states.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['DeploymentHeaderView'];

const FILTERS = ['status', 'outcome', 'waiting', 'overdue', 'emergency', 'organId', 'day'] as const;
const only = (value: string | undefined): boolean | undefined => (value === 'true' ? true : undefined);

/** The requests for police. Filters in the address; what one types in the search stays out of it. */
export default function DeploymentsPage(): JSX.Element {
  const words = useWords();
  const filters = useFilters([...FILTERS, ...counted]);
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
            organId: values.organId,
            day: values.day,
            submittedFrom: values.submittedFrom,
            submittedTo: values.submittedTo,
            requesterType: values.requesterType as RequesterType | undefined,
            npCode: values.npCode,
            duty: values.duty,
            override: values.override,
            refused: only(values.refused),
            late: only(values.late),
            reported: only(values.reported),
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
  const organs = useOrganOptions();
  return (
    <Page title={words.title} lead={words.lead} actions={<Ways />}>
      <Pages />
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
        <FilterSelect
          label={words.organ}
          data={organs}
          value={values.organId}
          onChange={(organId) => filters.set({ organId })}
        />
        <FilterCheck
          label={words.overdueOnly}
          value={values.overdue}
          onChange={(overdue) => filters.set({ overdue })}
        />
        <FilterCheck
          label={words.waitingForMe}
          value={values.waiting}
          onChange={(waiting) => filters.set({ waiting })}
        />
        <FilterCheck
          label={words.emergencies}
          value={values.emergency}
          onChange={(emergency) => filters.set({ emergency })}
        />
      </FilterBar>
      <Narrowed values={values} />
      <ListOf
        query={query}
        paging={paging}
        caption={words.title}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="deployments.csv"
        filtered={filters.any || q !== ''}
        empty={<Empty title={words.none}>{words.noneHint}</Empty>}
      />
    </Page>
  );
}

/** To what else there is about requests, for whom it is meant. */
function Pages(): JSX.Element {
  const words = useWords();
  const may = useMay();
  const pages = [
    { to: '/deployments', label: words.title, shown: true },
    { to: '/deployments/calendar', label: words.calendar, shown: true },
    { to: '/deployments/figures', label: words.figures, shown: may.can('read-figures', 'Deployment') },
    { to: '/deployments/deputies', label: words.delegations, shown: may.can('read', 'DeploymentDelegation') },
    { to: '/deployments/objections', label: words.objections, shown: may.can('read', 'DeploymentObjection') },
  ];
  return <SubNav label={words.pages} pages={pages.filter(({ shown }) => shown)} />;
}

/** To ask, and to send at once, for whom it is meant. */
function Ways(): JSX.Element {
  const { ask } = useRequestWords();
  const { open } = useEmergencyWords();
  const may = useMay();
  return (
    <>
      {may.can('create', 'Deployment') && (
        <Button component={Link} to="/deployments/new">
          {ask}
        </Button>
      )}
      {may.can('send-at-once', 'Deployment') && (
        <Button component={Link} to="/deployments/emergency" color="seal">
          {open}
        </Button>
      )}
    </>
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
      cell: ({ status, hoursLate }) => (
        <>
          <DeploymentState status={status} />{' '}
          {hoursLate !== null && <small>{words.filedLate(hoursLate)}</small>}
        </>
      ),
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
      align: 'end',
      cell: ({ officers }) => String(officers),
      csv: ({ officers }) => String(officers),
    },
  ];
}
