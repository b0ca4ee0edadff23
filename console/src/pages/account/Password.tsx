import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import { api } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { useMe } from '../../app/me.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { useWords } from './words.ts';

const MIN = 12;

/** Changes one's own password. What is refused is said beside the field, and what was typed stays. */
export function Password(): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const { user } = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const change = useDeed({
    run: (_: void) =>
      api.PUT('/api/v1/auth/password', { body: { currentPassword: current, newPassword: next } }),
    invalidates: [['own-sessions'], ['me']],
    said: words.passwordChanged,
    onDone: () => {
      setCurrent('');
      setNext('');
      setAgain('');
      setTried(false);
    },
  });
  const fields = change.error?.fields ?? {};
  const short = tried && next.length < MIN ? common.passwordShort(MIN) : undefined;
  const differs = tried && again !== next ? common.passwordDiffers : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (next.length >= MIN && again === next && current !== '') change.mutate();
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="sm" maw={420}>
        <Text size="sm" c="dimmed">
          {words.passwordHint}
        </Text>
        {/* A password manager has to know whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
        <PasswordInput
          label={words.currentPassword}
          autoComplete="current-password"
          required
          value={current}
          error={fields['currentPassword'] ? words.passwordWrong : undefined}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
        />
        <PasswordInput
          label={common.newPassword}
          description={common.newPasswordHint(MIN)}
          autoComplete="new-password"
          required
          maxLength={200}
          value={next}
          error={short ?? (fields['newPassword'] ? common.passwordGuessable : undefined)}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
        />
        <PasswordInput
          label={common.newPasswordAgain}
          autoComplete="new-password"
          required
          maxLength={200}
          value={again}
          error={differs}
          onChange={({ currentTarget }) => setAgain(currentTarget.value)}
        />
        <ProblemAlert error={change.error} shownFields={['currentPassword', 'newPassword']} />
        <Group>
          <Button type="submit" loading={change.isPending}>
            {words.changePassword}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
