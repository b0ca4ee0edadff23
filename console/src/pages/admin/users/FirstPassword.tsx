import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCommonWords } from '../../../i18n/common.ts';
import { Time } from '../../../ui/values.tsx';
import { useWords } from '../words.ts';

/** What the server answers once, and nobody can ask for again. */
export interface Issued {
  readonly username: string;
  readonly firstPassword?: string;
  readonly firstPasswordUntil: string | null;
}

/** The one-time password, to be handed to the owner. It is on this page alone and gone with the dialog. */
export function FirstPassword({ issued, onClose }: { issued: Issued; onClose: () => void }): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const { username, firstPassword, firstPasswordUntil } = issued;
  return (
    <Modal
      opened
      onClose={onClose}
      // A click beside it must not throw it away.
      closeOnClickOutside={false}
      title={words.firstPassword}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Stack gap="sm">
        {firstPassword === undefined ? (
          // The answer got lost on its way, and a repeat of the request is not told it.
          <Alert color="seal">{words.firstPasswordLost}</Alert>
        ) : (
          <>
            <Text size="sm">{words.firstPasswordExplain(username)}</Text>
            <Group gap="sm">
              <Code fz="md" p="xs" data-testid="first-password">
                {firstPassword}
              </Code>
              <CopyButton value={firstPassword}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy} aria-live="polite">
                    {copied ? words.copied : words.copy}
                  </Button>
                )}
              </CopyButton>
            </Group>
            {firstPasswordUntil !== null && (
              <Text size="sm">
                {words.firstPasswordUntil} <Time at={firstPasswordUntil} />
              </Text>
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{words.handedOver}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
