import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { useOrganName } from '../../../api/hooks.ts';
import { useMe } from '../../../app/me.ts';
import { options, useCodes, type Role } from '../../../i18n/codes.ts';
import { legalToday } from '../../../i18n/format.ts';
import { DeedDialog } from '../../../ui/DeedDialog.tsx';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { Section } from '../../../ui/Page.tsx';
import { Empty, StateBadge, type Tone } from '../../../ui/states.tsx';
import { Day, Time } from '../../../ui/values.tsx';
import { OrganField } from '../OrganField.tsx';
import { useWords } from '../words.ts';
import type { Account } from './account.ts';

type Grant = components['schemas']['GrantView'];
type GrantState = 'FUTURE' | 'IN_FORCE' | 'OVER' | 'REVOKED';

/** How a grant stands on a day. Its first and its last day belong to it. */
export function stateOf({ validFrom, validTo, revokedAt }: Grant, today: string): GrantState {
  if (revokedAt !== null) return 'REVOKED';
  if (validFrom > today) return 'FUTURE';
  return validTo !== null && validTo < today ? 'OVER' : 'IN_FORCE';
}

const tones: Readonly<Record<GrantState, Tone>> = {
  FUTURE: 'waiting',
  IN_FORCE: 'active',
  OVER: 'done',
  REVOKED: 'done',
};

/** The roles of an account, past and present, with their days. */
export function Grants({ user }: { user: Account }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const organName = useOrganName();
  const me = useMe();
  const [granting, setGranting] = useState(false);
  const [revoking, setRevoking] = useState<Grant>();
  const today = legalToday();
  const columns: Column<Grant>[] = [
    {
      key: 'role',
      header: words.role,
      cell: ({ role }) => codes.role[role],
      csv: ({ role }) => codes.role[role],
    },
    {
      key: 'organ',
      header: words.organ,
      cell: ({ organId }) => organName(organId),
      csv: ({ organId }) => organName(organId),
    },
    {
      key: 'state',
      header: words.status,
      cell: (grant) => {
        const state = stateOf(grant, today);
        return <StateBadge tone={tones[state]}>{words.grantState[state]}</StateBadge>;
      },
      csv: (grant) => words.grantState[stateOf(grant, today)],
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
      cell: ({ validTo, revokedAt }) =>
        revokedAt !== null ? <Time at={revokedAt} /> : validTo ? <Day on={validTo} /> : words.open,
      csv: ({ validTo, revokedAt }) => revokedAt ?? validTo,
    },
    { key: 'why', header: words.why, cell: ({ reason }) => reason, csv: ({ reason }) => reason },
    {
      key: 'revoke',
      header: words.revoke,
      cell: (grant) =>
        ['FUTURE', 'IN_FORCE'].includes(stateOf(grant, today)) ? (
          <Button size="compact-xs" variant="default" onClick={() => setRevoking(grant)}>
            {words.revoke}
          </Button>
        ) : (
          '—'
        ),
    },
  ];
  return (
    <Section title={words.grants}>
      <DataTable
        caption={words.grants}
        columns={columns}
        rows={user.grants}
        rowKey={({ id }) => id}
        csvName="roles.csv"
        empty={<Empty title={words.noGrants} />}
      />
      {/* Nobody grants a role to themselves. */}
      {me.user.id !== user.id && (
        <Group mt="sm" data-print="no">
          <Button variant="default" onClick={() => setGranting(true)}>
            {words.grant}
          </Button>
        </Group>
      )}
      {granting && <NewGrant userId={user.id} onClose={() => setGranting(false)} />}
      {revoking && (
        <DeedDialog
          onClose={() => setRevoking(undefined)}
          title={words.revoke}
          explain={words.revokeExplain(codes.role[revoking.role])}
          confirm={words.revoke}
          final
          reason="required"
          request={(reason) =>
            api.POST('/api/v1/users/{id}/grants/{grantId}/revoke', {
              params: { path: { id: user.id, grantId: revoking.id } },
              body: { reason },
            })
          }
          invalidates={[['user'], ['users']]}
          said={words.revoked}
        />
      )}
    </Section>
  );
}

function NewGrant({ userId, onClose }: { userId: string; onClose: () => void }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const [role, setRole] = useState<Role | null>(null);
  const [organId, setOrganId] = useState<string | null>(null);
  const [from, setFrom] = useState(legalToday());
  const [to, setTo] = useState('');
  return (
    <DeedDialog
      onClose={onClose}
      title={words.grant}
      explain={words.grantExplain}
      confirm={words.grant}
      reason="required"
      ready={role !== null && organId !== null}
      request={(reason) =>
        api.POST('/api/v1/users/{id}/grants', {
          params: { path: { id: userId } },
          body: {
            role: role!,
            organId: organId!,
            reason,
            validTo: to || null,
            ...(from === '' ? {} : { validFrom: from }),
          },
        })
      }
      invalidates={[['user'], ['users']]}
      said={words.granted}
      shownFields={['role', 'organId', 'validFrom', 'validTo']}
    >
      {(fields) => (
        <>
          <Select
            label={words.role}
            required
            searchable
            data={options(codes.role)}
            value={role}
            error={fields['role']}
            onChange={(chosen) => setRole(chosen)}
          />
          <OrganField
            label={words.organ}
            description={words.organHint}
            required
            value={organId}
            error={fields['organId']}
            onChange={setOrganId}
          />
          <Group grow align="flex-start">
            <TextInput
              type="date"
              label={words.from}
              value={from}
              error={fields['validFrom']}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <TextInput
              type="date"
              label={words.to}
              description={words.toHint}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={to}
              error={fields['validTo']}
              onChange={({ currentTarget }) => setTo(currentTarget.value)}
            />
          </Group>
        </>
      )}
    </DeedDialog>
  );
}
