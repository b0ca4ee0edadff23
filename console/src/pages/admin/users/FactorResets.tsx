import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import { useDeed } from '../../../api/hooks.ts';
import { useMe } from '../../../app/me.ts';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { Section } from '../../../ui/Page.tsx';
import { Empty, Loaded, StateBadge, type Tone } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { useWords } from '../words.ts';
import type { Account } from './account.ts';

type Reset = components['schemas']['FactorResetView'];
type Asked = { readonly deed: 'propose' } | { readonly deed: 'confirm' | 'refuse'; readonly reset: Reset };

const tones: Readonly<Record<Reset['status'], Tone>> = {
  PROPOSED: 'waiting',
  CONFIRMED: 'active',
  DONE: 'done',
  REFUSED: 'done',
};

/** Removing the second factors of somebody who lost them: one proposes, another confirms, a day passes. */
export function FactorResets({ user }: { user: Account }): JSX.Element {
  const words = useWords();
  const me = useMe();
  const [asked, setAsked] = useState<Asked>();
  const key = ['factor-resets', user.id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => answer(api.GET('/api/v1/users/{id}/factor-resets', { params: { path: { id: user.id } } })),
  });
  const own = me.user.id === user.id;
  const columns: Column<Reset>[] = [
    {
      key: 'status',
      header: words.status,
      cell: ({ status }) => <StateBadge tone={tones[status]}>{words.resetStatus[status]}</StateBadge>,
    },
    { key: 'proposed', header: words.proposed, cell: ({ proposedAt }) => <Time at={proposedAt} /> },
    { key: 'why', header: words.why, cell: ({ reason }) => reason },
    {
      key: 'confirmed',
      header: words.confirmedBy,
      cell: ({ confirmedAt }) => (confirmedAt ? <Time at={confirmedAt} /> : '—'),
    },
    {
      key: 'effect',
      header: words.takesEffect,
      cell: ({ takesEffectAt }) => (takesEffectAt ? <Time at={takesEffectAt} /> : '—'),
    },
    {
      key: 'deeds',
      header: words.confirmReset,
      cell: (reset) => (
        <Group gap="xs">
          {reset.status === 'PROPOSED' &&
            !own &&
            // The second person is another one.
            (reset.proposedBy === me.user.id ? (
              <Text size="sm" c="dimmed">
                {words.yours}
              </Text>
            ) : (
              <Button size="compact-xs" onClick={() => setAsked({ deed: 'confirm', reset })}>
                {words.confirmReset}
              </Button>
            ))}
          {reset.endedAt === null && (
            <Button size="compact-xs" variant="default" onClick={() => setAsked({ deed: 'refuse', reset })}>
              {words.refuseReset}
            </Button>
          )}
        </Group>
      ),
    },
  ];
  return (
    <Section title={words.resets}>
      <Text size="sm" c="dimmed" mb="sm">
        {words.resetsHint}
      </Text>
      <Loaded query={query}>
        {(resets) => (
          <>
            <DataTable
              caption={words.resets}
              columns={columns}
              rows={resets}
              rowKey={({ id }) => id}
              empty={<Empty title={words.noResets} />}
            />
            {!own && resets.every(({ endedAt }) => endedAt !== null) && (
              <Group mt="sm" data-print="no">
                <Button variant="default" onClick={() => setAsked({ deed: 'propose' })}>
                  {words.proposeReset}
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
      {asked && <ResetDeed userId={user.id} asked={asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}

function ResetDeed(props: { userId: string; asked: Asked; onClose: () => void }): JSX.Element {
  const { userId, asked, onClose } = props;
  const words = useWords();
  const texts = {
    propose: [words.proposeReset, words.proposeResetExplain, words.resetProposed],
    confirm: [words.confirmReset, words.confirmResetExplain, words.resetConfirmed],
    refuse: [words.refuseReset, words.refuseResetExplain, words.resetRefused],
  } as const;
  const [title, explain, said] = texts[asked.deed];
  const run = useDeed({
    run: (reason: string) => {
      const body = { reason };
      if (asked.deed === 'propose') {
        return api.POST('/api/v1/users/{id}/factor-resets', { params: { path: { id: userId } }, body });
      }
      const params = { path: { id: asked.reset.id } };
      return asked.deed === 'confirm'
        ? api.POST('/api/v1/factor-resets/{id}/confirm', { params, body })
        : api.POST('/api/v1/factor-resets/{id}/refuse', { params, body });
    },
    invalidates: [['factor-resets', userId]],
    said,
  });
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={title}
      explain={explain}
      confirm={title}
      final={asked.deed !== 'refuse'}
      reason="required"
      run={(reason) => run.mutateAsync(reason)}
    />
  );
}
