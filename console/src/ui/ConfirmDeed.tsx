import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useId, useState, type FormEvent, type JSX, type ReactNode } from 'react';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { useCommonWords } from '../i18n/common.ts';
import { ProblemAlert } from './ProblemAlert.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly explain: ReactNode;
  /** The verb on the button. */
  readonly confirm: string;
  /** A deed that is final: its button has the colour of the seal. */
  readonly final?: boolean;
  /** Without it no reason is asked. */
  readonly reason?: 'required' | 'optional';
  /** The request; the dialog closes when it is done, and keeps what was typed when it is refused. */
  readonly run: (reason: string) => Promise<unknown>;
  /** Loads the present version after 412. */
  readonly onReload?: () => void;
  /** Whether the further fields are filled as far as they must be. */
  readonly ready?: boolean;
  /** Further fields. */
  readonly children?: ReactNode;
}

/** Asks before a deed: what it does, with a reason, and with the refusal beside it when there is one. */
export function ConfirmDeed(props: Props): JSX.Element {
  const {
    opened,
    onClose,
    title,
    explain,
    confirm,
    final = false,
    reason,
    run,
    onReload,
    children,
    ready = true,
  } = props;
  const words = useCommonWords();
  const form = useId();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (reason === 'required' && text.trim() === '') return setMissing(true);
    setBusy(true);
    setError(null);
    try {
      await run(text);
      setText('');
      onClose();
    } catch (thrown) {
      setError(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': words.close }}>
      <form id={form} noValidate onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm" component="div">
            {explain}
          </Text>
          {children}
          {reason && (
            <Textarea
              label={words.reason}
              description={words.reasonHint}
              required={reason === 'required'}
              autosize
              minRows={3}
              maxRows={12}
              value={text}
              error={missing ? words.reasonMissing : error?.fields['reason']}
              onChange={({ currentTarget }) => {
                setText(currentTarget.value);
                setMissing(false);
              }}
              data-autofocus
            />
          )}
          <ProblemAlert error={error} shownFields={['reason']} {...(onReload ? { onReload } : {})} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} {...(final ? { color: 'seal' } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
