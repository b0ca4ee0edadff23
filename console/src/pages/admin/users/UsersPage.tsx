import { Anchor, Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../../api/client.ts';
import { useOrganName, usePageOf } from '../../../api/hooks.ts';
import { options, useCodes, type Role } from '../../../i18n/codes.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { FilterBar, FilterSelect, SearchField } from '../../../ui/FilterBar.tsx';
import { useFilters, usePaging, useQuietText } from '../../../ui/filters.ts';
import { ListOf } from '../../../ui/ListOf.tsx';
import { Page } from '../../../ui/Page.tsx';
import { Empty, StateBadge } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { Subjects } from '../Subjects.tsx';
import classes from '../Admin.module.css';
import { useWords } from '../words.ts';
import { NewUser } from './NewUser.tsx';

type Row = components['schemas']['ListedUserView'];
type Status = 'ACTIVE' | 'DISABLED';

/** The accounts. Names that one searches for stay out of the address. */
export default function UsersPage(): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const organName = useOrganName();
  const filters = useFilters(['status', 'role']);
  const [q, setQ] = useQuietText('q');
  const paging = usePaging();
  const [making, setMaking] = useState(false);
  const { values } = filters;
  const query = usePageOf(['users', values, q, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/users', {
        signal,
        params: {
          query: {
            status: values.status as Status | undefined,
            role: values.role as Role | undefined,
            q: q === '' ? undefined : q,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const columns: Column<Row>[] = [
    {
      key: 'username',
      header: words.username,
      cell: ({ id, username }) => (
        <Anchor component={Link} size="sm" to={`/admin/users/${id}`}>
          {username}
        </Anchor>
      ),
      csv: ({ username }) => username,
    },
    {
      key: 'name',
      header: words.displayName,
      cell: ({ displayName }) => displayName,
      csv: ({ displayName }) => displayName,
    },
    {
      key: 'roles',
      header: words.rolesToday,
      cell: ({ roles }) =>
        roles.length === 0 ? (
          '—'
        ) : (
          <ul className={classes['roles']}>
            {roles.map(({ role, organId }) => (
              <li key={`${role} ${organId}`}>
                <b>{codes.role[role]}</b> · {organName(organId)}
              </li>
            ))}
          </ul>
        ),
      csv: ({ roles }) =>
        roles.map(({ role, organId }) => `${codes.role[role]} · ${organName(organId)}`).join('; '),
    },
    {
      key: 'status',
      header: words.status,
      cell: ({ status }) => <AccountState status={status} />,
      csv: ({ status }) => words.statuses[status as Status],
    },
    {
      key: 'created',
      header: words.created,
      cell: ({ createdAt }) => <Time at={createdAt} />,
      csv: ({ createdAt }) => createdAt,
    },
  ];
  return (
    <Page
      title={words.users}
      lead={words.usersHint}
      actions={<Button onClick={() => setMaking(true)}>{words.newUser}</Button>}
    >
      <Subjects />
      <FilterBar any={filters.any || q !== ''} onClear={() => filters.clear()}>
        <SearchField label={words.search} value={q} onChange={setQ} />
        <FilterSelect
          label={words.status}
          data={options(words.statuses)}
          value={values.status}
          onChange={(status) => filters.set({ status })}
        />
        <FilterSelect
          label={words.role}
          data={options(codes.role)}
          value={values.role}
          onChange={(role) => filters.set({ role })}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.users}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="accounts.csv"
        filtered={filters.any || q !== ''}
        empty={<Empty title={words.noUsers} />}
      />
      {making && <NewUser onClose={() => setMaking(false)} />}
    </Page>
  );
}

export function AccountState({ status }: { status: Row['status'] }): JSX.Element {
  const words = useWords();
  return (
    <StateBadge tone={status === 'ACTIVE' ? 'active' : 'done'}>{words.statuses[status as Status]}</StateBadge>
  );
}
