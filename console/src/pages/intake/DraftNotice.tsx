import { Alert, Button, Group, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import { useDraft } from '../../ui/intake/draft.ts';
import { useWords } from '../../ui/intake/words.ts';

/** What there is to say about the draft: how long it is kept, that it rested, that it is gone. */
export function DraftNotice(): JSX.Element | null {
  const words = useWords();
  const language = useLanguage();
  const { changedAt, rested, ended, kept, goOn, discard } = useDraft();
  if (ended !== undefined) {
    return (
      <Alert variant="light" mb="md" title={words.draftEnded}>
        <Text size="sm">{words.draftEndedHint(formatTime(new Date(ended).toISOString(), language))}</Text>
      </Alert>
    );
  }
  if (!kept) {
    return (
      <Alert variant="light" color="seal" mb="md" title={words.draftNotKept}>
        <Text size="sm">{words.draftNotKeptHint}</Text>
      </Alert>
    );
  }
  if (!rested) return null;
  return (
    <Alert variant="light" color="seal" mb="md" title={words.draftRested} role="alert">
      <Text size="sm">{words.draftRestedHint(formatTime(new Date(changedAt).toISOString(), language))}</Text>
      <Group gap="sm" mt="xs">
        <Button size="xs" onClick={goOn}>
          {words.goOn}
        </Button>
        <Button size="xs" variant="default" onClick={discard}>
          {words.discard}
        </Button>
      </Group>
    </Alert>
  );
}

/** Removes the draft, once the person has said so twice. */
export function Discard(): JSX.Element {
  const words = useWords();
  const { discard } = useDraft();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" color="seal" onClick={() => setOpen(true)}>
        {words.discard}
      </Button>
      <ConfirmDeed
        opened={open}
        onClose={() => setOpen(false)}
        title={words.discard}
        explain={words.discardHint}
        confirm={words.discard}
        final
        run={() => Promise.resolve(discard())}
      />
    </>
  );
}
