import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, type JSX } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';
import { useCommonWords } from '../i18n/common.ts';

/** The state of a navigation that follows a save: nothing is lost by it. */
export const afterSaving = { state: { saved: true } } as const;

/** Asks before a page is left on which something was typed and not saved. */
export function Unsaved({ dirty }: { dirty: boolean }): JSX.Element | null {
  const words = useCommonWords();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty &&
      currentLocation.pathname !== nextLocation.pathname &&
      (nextLocation.state as { saved?: boolean } | null)?.saved !== true,
  );
  useBeforeUnload(
    useCallback(
      (event: BeforeUnloadEvent) => {
        if (dirty) event.preventDefault();
      },
      [dirty],
    ),
  );
  if (blocker.state !== 'blocked') return null;
  return (
    <Modal
      opened
      onClose={() => blocker.reset()}
      title={words.unsaved}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{words.unsavedHint}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.proceed()}>
            {words.leave}
          </Button>
          <Button onClick={() => blocker.reset()} data-autofocus>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
