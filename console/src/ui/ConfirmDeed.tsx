import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useId, useState, type FormEvent, type JSX, type ReactNode } from 'react';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { useCommonWords } from '../i18n/common.ts';
import { CheckedText } from './CheckedText.tsx';
import { Discard } from './Discard.tsx';
import { useFocusBack } from './focus.ts';
import { ProblemAlert } from './ProblemAlert.tsx';
import { firstMistake } from './typed.ts';

/** What the interface takes as the reason of a deed. */
const REASON_LENGTH = 4000;

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
  /** Looks at the further fields before anything is sent, and marks what is missing; false: it is not sent. */
  readonly check?: () => boolean;
  /** Refusals of this deed in the words of the area, by their code. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** Further fields; a function gets what the server refused, by the names of the fields. */
  readonly children?: ReactNode | ((errors: Readonly<Record<string, string>>) => ReactNode);
  /** Names of fields whose refusal the further fields show themselves. */
  readonly shownFields?: readonly string[];
  /** It stays when the deed is done: its answer comes in its place. */
  readonly keepOpen?: boolean;
  /** For a form with many fields. */
  readonly wide?: boolean;
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
    check,
    refusals,
    shownFields = [],
    wide = false,
    keepOpen = false,
    ready = true,
  } = props;
  const words = useCommonWords();
  useFocusBack();
  const form = useId();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);

  const leave = (): void => (typed ? setAsking(true) : onClose());
  const discard = (): void => {
    setAsking(false);
    setTyped(false);
    setText('');
    onClose();
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const complete = check?.() ?? true;
    const unreasoned = reason === 'required' && text.trim() === '';
    if (unreasoned) setMissing(true);
    const mistake = firstMistake(event.currentTarget);
    mistake?.focus();
    if (unreasoned || !complete || mistake) return;
    setBusy(true);
    setError(null);
    try {
      await run(text);
      setTyped(false);
      if (keepOpen) return;
      setText('');
      onClose();
    } catch (thrown) {
      setError(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened={opened}
      onClose={leave}
      // While it asks whether to discard, Escape answers that.
      closeOnEscape={!asking}
      // A click beside it must not throw away what was typed.
      closeOnClickOutside={false}
      title={title}
      size={wide ? 'xl' : 'md'}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form id={form} noValidate onInput={() => setTyped(true)} onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm" component="div">
            {explain}
          </Text>
          {typeof children === 'function' ? children(error?.fields ?? {}) : children}
          {reason && (
            <CheckedText
              label={words.reason}
              description={words.reasonHint}
              required={reason === 'required'}
              max={REASON_LENGTH}
              rows={[3, 12]}
              value={text}
              error={missing ? words.reasonMissing : error?.fields['reason']}
              onChange={(reason) => {
                setText(reason);
                setMissing(false);
              }}
              // A form with many fields is read from its beginning.
              {...(wide ? {} : { 'data-autofocus': true })}
            />
          )}
          <ProblemAlert
            error={error}
            shownFields={reason ? ['reason', ...shownFields] : shownFields}
            {...(refusals ? { refusals } : {})}
            {...(onReload ? { onReload } : {})}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} {...(final ? { color: 'seal' } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
      {asking && <Discard onKeep={() => setAsking(false)} onDiscard={discard} />}
    </Modal>
  );
}
