import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import type { ProblemError } from '../api/problem.ts';
import { useCommonWords } from '../i18n/common.ts';
import { ProblemAlert } from '../ui/ProblemAlert.tsx';

const MIN = 12;

interface Props {
  readonly username: string;
  readonly busy: boolean;
  readonly error: ProblemError | null;
  readonly onChosen: (password: string) => void;
  readonly onStartAgain: () => void;
}

/** Whoever comes with a one-time password chooses their own; nothing else is open to them. */
export default function ChoosePassword({
  username,
  busy,
  error,
  onChosen,
  onStartAgain,
}: Props): JSX.Element {
  const words = useCommonWords();
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const short = tried && next.length < MIN ? words.passwordShort(MIN) : undefined;
  const differs = tried && again !== next ? words.passwordDiffers : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (next.length >= MIN && again === next) onChosen(next);
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        <div>
          <Text fw={600}>{words.ownPassword}</Text>
          <Text size="sm" c="dimmed">
            {words.ownPasswordHint}
          </Text>
        </div>
        {/* A password manager has to know whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordInput
          label={words.newPassword}
          description={words.newPasswordHint(MIN)}
          autoComplete="new-password"
          required
          withAsterisk={false}
          maxLength={200}
          value={next}
          error={short ?? (error?.fields['newPassword'] ? words.passwordGuessable : undefined)}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
          data-autofocus
        />
        <PasswordInput
          label={words.newPasswordAgain}
          autoComplete="new-password"
          required
          withAsterisk={false}
          maxLength={200}
          value={again}
          error={differs}
          onChange={({ currentTarget }) => setAgain(currentTarget.value)}
        />
        <ProblemAlert error={error} shownFields={['newPassword']} />
        <Button type="submit" loading={busy}>
          {words.choosePassword}
        </Button>
        <Button variant="subtle" onClick={onStartAgain}>
          {words.startAgain}
        </Button>
      </Stack>
    </form>
  );
}
