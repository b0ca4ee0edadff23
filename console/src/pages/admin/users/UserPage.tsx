import { Group } from '@mantine/core';
import type { JSX } from 'react';
import { useParams } from 'react-router';
import { answer, api } from '../../../api/client.ts';
import { useRecord } from '../../../api/hooks.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Loaded } from '../../../ui/states.tsx';
import { Lines } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';
import { AccountDeeds } from './AccountDeeds.tsx';
import { FactorResets } from './FactorResets.tsx';
import { Grants } from './Grants.tsx';
import { AccountState } from './UsersPage.tsx';

/** One account: who it is, which roles it has from when to when, and what can be done to it. */
export default function UserPage(): JSX.Element {
  const words = useWords();
  const { id = '' } = useParams();
  const query = useRecord(['user', id], (signal) =>
    answer(api.GET('/api/v1/users/{id}', { signal, params: { path: { id } } })),
  );
  const account = query.data;
  return (
    // No name: titles of tabs end up in histories.
    <Page title={words.users} badge={account && <AccountState status={account.status} />}>
      <Subjects />
      <Loaded query={query}>
        {(user) => (
          <>
            <Section title={user.username}>
              <Lines
                lines={[
                  [words.displayName, user.displayName],
                  [words.created, <Time key="created" at={user.createdAt} />],
                  ...(user.firstPasswordUntil === null
                    ? []
                    : ([
                        [words.firstPasswordOpen, <Time key="first-password" at={user.firstPasswordUntil} />],
                      ] as const)),
                  [words.officerId, user.officerId],
                  [words.subject, user.oidcSubject],
                ]}
              />
              <Group gap="xs" mt="sm" data-print="no">
                <AccountDeeds user={user} onReload={() => void query.refetch()} />
              </Group>
            </Section>
            <Grants user={user} />
            <FactorResets user={user} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
