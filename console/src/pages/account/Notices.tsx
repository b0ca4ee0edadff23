import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { useMe } from '../../app/me.ts';
import { isRefusable, keyOfNotice, useNoticeWords } from '../../i18n/notices.ts';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

/** What was done to one's account; a reset of second factors can be refused until it takes effect. */
export function Notices(): JSX.Element | null {
  const words = useWords();
  const { notices } = useMe();
  const said = useNoticeWords();
  const [refusing, setRefusing] = useState<string>();
  const refuse = useDeed({
    run: ({ id, reason }: { id: string; reason: string }) =>
      api.POST('/api/v1/factor-resets/{id}/refuse', { params: { path: { id } }, body: { reason } }),
    invalidates: [['me'], ['factors']],
    said: words.resetRefused,
  });
  if (notices.length === 0) return null;
  return (
    <Stack gap="sm" mb="lg">
      {notices.map((notice) => (
        <Alert key={keyOfNotice(notice)} color="seal" title={<Time at={notice.proposedAt} />}>
          <Text size="sm">{said(notice)}</Text>
          {notice.takesEffectAt !== null && isRefusable(notice) && (
            <Text size="sm">
              {words.takesEffect} <Time at={notice.takesEffectAt} />
            </Text>
          )}
          {isRefusable(notice) && (
            <Button mt="xs" size="xs" color="seal" onClick={() => setRefusing(notice.resetId!)}>
              {words.refuseReset}
            </Button>
          )}
        </Alert>
      ))}
      <ConfirmDeed
        opened={refusing !== undefined}
        onClose={() => setRefusing(undefined)}
        title={words.refuseReset}
        explain={words.refuseResetExplain}
        confirm={words.refuseReset}
        reason="required"
        run={(reason) => refuse.mutateAsync({ id: refusing!, reason })}
      />
    </Stack>
  );
}
