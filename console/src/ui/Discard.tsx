import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { useInputWords } from './input-words.ts';

/** Asks before a dialog takes with it what was typed there. */
export function Discard({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }): JSX.Element {
  const common = useCommonWords();
  const words = useInputWords();
  return (
    <Modal
      opened
      onClose={onKeep}
      title={words.discard}
      size="sm"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{words.discardHint}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDiscard}>
            {words.discardIt}
          </Button>
          <Button onClick={onKeep} data-autofocus>
            {words.keep}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
