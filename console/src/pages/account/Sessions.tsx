import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { useCodes } from '../../i18n/codes.ts';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Empty, Loaded, StateBadge } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['OwnSessionView'];

export function Sessions(): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const [asked, setAsked] = useState(false);
  const query = useQuery({
    queryKey: ['own-sessions'],
    queryFn: () => answer(api.GET('/api/v1/auth/sessions')),
  });
  const invalidates = [['own-sessions']];
  const end = useDeed({
    run: (id: string) => api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } }),
    invalidates,
    said: words.ended,
  });
  const endOthers = useDeed({
    run: (_: void) => api.DELETE('/api/v1/auth/sessions'),
    invalidates,
    said: words.ended,
  });
  const columns: Column<Row>[] = [
    { key: 'begun', header: words.begun, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'seen', header: words.lastSeen, cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
    { key: 'ends', header: words.ends, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
    {
      key: 'proof',
      header: words.proof,
      cell: ({ steppedUpWith }) => (steppedUpWith === null ? '—' : codes.proof[steppedUpWith]),
    },
    {
      key: 'end',
      header: words.end,
      cell: ({ id, current }) =>
        current ? (
          <StateBadge tone="active">{words.thisOne}</StateBadge>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => end.mutate(id)}>
            {words.end}
          </Button>
        ),
    },
  ];
  return (
    <Stack gap="sm">
      <ProblemAlert error={end.error} />
      <Loaded query={query}>
        {(sessions) => (
          <>
            <DataTable
              caption={words.sessionsCaption}
              columns={columns}
              rows={sessions}
              rowKey={({ id }) => id}
              empty={<Empty />}
            />
            {sessions.length > 1 && (
              <Group>
                <Button variant="default" onClick={() => setAsked(true)}>
                  {words.endOthers}
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
      <ConfirmDeed
        opened={asked}
        onClose={() => setAsked(false)}
        title={words.endOthers}
        explain={words.endOthersExplain}
        confirm={words.endOthers}
        final
        run={() => endOthers.mutateAsync()}
      />
    </Stack>
  );
}
