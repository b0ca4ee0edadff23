import { Button, SimpleGrid, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import { useDeed, useOrganName, useOrganOptions, usePageOf } from '../../../api/hooks.ts';
import { useMay } from '../../../app/ability.ts';
import { useMe } from '../../../app/me.ts';
import { legalToday } from '../../../i18n/format.ts';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import type { Column } from '../../../ui/DataTable.tsx';
import { usePaging } from '../../../ui/filters.ts';
import { ListOf } from '../../../ui/ListOf.tsx';
import { Page } from '../../../ui/Page.tsx';
import { Empty, StateBadge } from '../../../ui/states.tsx';
import { Day } from '../../../ui/values.tsx';
import { bound } from '../fields/binding.ts';
import { CodeSelect } from '../fields/Inputs.tsx';
import { DeputyField } from './DeputyField.tsx';
import { useDelegationWords } from './words.ts';

type Row = components['schemas']['DelegationView'];

/** Who decides in whose place, and on which days. */
export default function DelegationsPage(): JSX.Element {
  const words = useDelegationWords();
  const may = useMay();
  const paging = usePaging();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Row>();
  const query = usePageOf(['deployment-delegations', paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/deployment-delegations', {
        signal,
        params: { query: { cursor: paging.cursor, limit: 50, count: true } },
      }),
    ),
  );
  const columns = useColumns(setEnding);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        may.can('create', 'DeploymentDelegation') && (
          <Button onClick={() => setMaking(true)}>{words.make}</Button>
        )
      }
    >
      <ListOf
        query={query}
        paging={paging}
        caption={words.title}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="deputies.csv"
        empty={<Empty title={words.none} />}
      />
      {making && <Make onClose={() => setMaking(false)} />}
      {ending && <Revoke row={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

function useColumns(onRevoke: (row: Row) => void): Column<Row>[] {
  const words = useDelegationWords();
  const organName = useOrganName();
  const { user } = useMe();
  const today = legalToday();
  const person = (id: string, name: string): string => (id === user.id ? words.you : name);
  const state = ({ revokedAt, validFrom, validTo }: Row): string =>
    revokedAt !== null
      ? words.revoked
      : validTo < today
        ? words.over
        : validFrom > today
          ? words.comes
          : words.inForce;
  return [
    { key: 'deputy', header: words.of, cell: (row) => person(row.userId, row.name), csv: ({ name }) => name },
    {
      key: 'by',
      header: words.by,
      cell: (row) => person(row.delegatedBy, row.delegatedByName),
      csv: ({ delegatedByName }) => delegatedByName,
    },
    {
      key: 'organ',
      header: words.organ,
      cell: ({ organId }) => organName(organId),
      csv: ({ organId }) => organName(organId),
    },
    {
      key: 'from',
      header: words.from,
      cell: ({ validFrom }) => <Day on={validFrom} />,
      csv: ({ validFrom }) => validFrom,
    },
    {
      key: 'to',
      header: words.to,
      cell: ({ validTo }) => <Day on={validTo} />,
      csv: ({ validTo }) => validTo,
    },
    {
      key: 'state',
      header: words.state,
      cell: (row) => (
        <StateBadge tone={state(row) === words.inForce ? 'active' : 'done'}>{state(row)}</StateBadge>
      ),
      csv: state,
    },
    { key: 'reason', header: words.reason, cell: ({ reason }) => reason, csv: ({ reason }) => reason },
    {
      key: 'revoke',
      header: words.revoke,
      cell: (row) =>
        row.delegatedBy === user.id && row.revokedAt === null && row.validTo >= today ? (
          <Button size="xs" variant="default" onClick={() => onRevoke(row)}>
            {words.revoke}
          </Button>
        ) : (
          '—'
        ),
    },
  ];
}

function Make({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useDelegationWords();
  const organs = useOrganOptions();
  const { grants } = useMe();
  const [value, onChange] = useState(() => ({
    userId: '',
    organId: grants.find(({ role }) => role === 'DEPLOYMENT_APPROVER')?.organId ?? '',
    validFrom: legalToday(),
    validTo: legalToday(),
  }));
  const make = useDeed({
    invalidates: [['deployment-delegations']],
    said: words.made,
    run: (reason: string) =>
      api.POST('/api/v1/deployment-delegations', {
        body: { ...value, reason },
      }),
  });
  // Only where one holds the power oneself.
  const own = new Set(
    grants.filter(({ role }) => role === 'DEPLOYMENT_APPROVER').map(({ organId }) => organId),
  );
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={words.make}
      explain={words.explain}
      confirm={words.make}
      reason="required"
      ready={Object.values(value).every((one) => one.trim() !== '')}
      shownFields={Object.keys(value)}
      run={(reason) => make.mutateAsync(reason)}
    >
      {(errors) => {
        const field = bound({ value, onChange, errors });
        return (
          <>
            <CodeSelect
              label={words.organ}
              required
              data={organs.filter((organ) => own.has(organ.value))}
              {...field.one('organId')}
              // Another organ has other people.
              onChange={(organId) => onChange({ ...value, organId: organId ?? '', userId: '' })}
            />
            <DeputyField key={value.organId} organId={value.organId} {...field.one('userId')} />
            <SimpleGrid cols={2} spacing="sm">
              <TextInput type="date" label={words.from} required {...field.text('validFrom')} />
              <TextInput type="date" label={words.to} required {...field.text('validTo')} />
            </SimpleGrid>
          </>
        );
      }}
    </ConfirmDeed>
  );
}

function Revoke({ row, onClose }: { row: Row; onClose: () => void }): JSX.Element {
  const words = useDelegationWords();
  const revoke = useDeed({
    invalidates: [['deployment-delegations']],
    said: words.done,
    run: (reason: string) =>
      api.POST('/api/v1/deployment-delegations/{id}/revoke', {
        params: { path: { id: row.id } },
        body: { reason },
      }),
  });
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={words.revoke}
      explain={words.revokeExplain}
      confirm={words.revoke}
      final
      reason="required"
      run={(reason) => revoke.mutateAsync(reason)}
    />
  );
}
