import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { lazy, Suspense, useState, type FormEvent, type JSX } from 'react';
import { answer, api, type components } from '../api/client.ts';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { sessionOpened } from '../api/session.ts';
import { useCommonWords } from '../i18n/common.ts';
import { ProblemAlert } from '../ui/ProblemAlert.tsx';
import { Loading } from '../ui/states.tsx';
import type { FactorProof } from './FactorForm.tsx';

// Not everybody has a second factor, and not everywhere is there a provider; the first page stays small.
const FactorForm = lazy(() => import('./FactorForm.tsx'));
const ChoosePassword = lazy(() => import('./ChoosePassword.tsx'));
const ProviderSignIn = lazy(() => import('./ProviderSignIn.tsx'));

type Awaited = components['schemas']['AwaitedFactorView'];
type Session = components['schemas']['SessionView'];

interface Props {
  /** The one who has to sign in again; undefined: anybody. */
  readonly username?: string;
  readonly onSignedIn: (session: Session) => void;
}

/** Name and password, then the second factor where the account has one. */
export function SignInForm({ username: fixed, onSignedIn }: Props): JSX.Element {
  const words = useCommonWords();
  const [username, setUsername] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [awaited, setAwaited] = useState<Awaited>();
  const [mustChoose, setMustChoose] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);

  const take = (opened: Session | Awaited): void => {
    setMustChoose(false);
    if ('ticket' in opened) return setAwaited(opened);
    sessionOpened(opened);
    onSignedIn(opened);
  };
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await run();
    } catch (thrown) {
      setError(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void attempt(async () => {
      try {
        take(await answer(api.POST('/api/v1/auth/login', { body: { username, password } })));
      } catch (thrown) {
        if (asProblem(thrown).code !== 'own-password-needed') throw thrown;
        setMustChoose(true);
      }
    });
  };
  const choose = (newPassword: string): void =>
    void attempt(async () =>
      take(
        await answer(
          api.POST('/api/v1/auth/login/own-password', { body: { username, password, newPassword } }),
        ),
      ),
    );
  const prove = (proof: FactorProof): Promise<void> =>
    attempt(async () =>
      take(
        await answer(
          api.POST('/api/v1/auth/login/second-factor', {
            body: { ...proof, ticket: awaited!.ticket },
          }),
        ),
      ),
    );

  if (mustChoose) {
    return (
      <Suspense fallback={<Loading />}>
        <ChoosePassword
          username={username}
          busy={busy}
          error={error}
          onChosen={choose}
          onStartAgain={() => {
            setMustChoose(false);
            setPassword('');
            setError(null);
          }}
        />
      </Suspense>
    );
  }
  if (awaited) {
    return (
      <Stack gap="md">
        <div>
          <Text fw={600}>{words.secondFactor}</Text>
          <Text size="sm" c="dimmed">
            {words.secondFactorHint}
          </Text>
        </div>
        <Suspense fallback={<Loading />}>
          <FactorForm
            kinds={awaited.secondFactor}
            busy={busy}
            onProof={(proof) => void prove(proof)}
            onError={setError}
            challenge={() => Promise.resolve({ options: awaited.webauthn })}
          />
        </Suspense>
        <ProblemAlert error={error} />
        <Button variant="subtle" onClick={() => setAwaited(undefined)}>
          {words.startAgain}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={words.user}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            readOnly={fixed !== undefined}
            value={username}
            onChange={({ currentTarget }) => setUsername(currentTarget.value)}
          />
          <PasswordInput
            label={words.password}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            data-autofocus={fixed !== undefined ? true : undefined}
          />
          <ProblemAlert error={error} />
          <Button type="submit" loading={busy}>
            {words.signIn}
          </Button>
        </Stack>
      </form>
      {/* Over a page only the one who was signed in can sign in again, and leaving the page would lose it. */}
      {fixed === undefined && (
        <Suspense fallback={null}>
          <ProviderSignIn onOpened={take} />
        </Suspense>
      )}
    </Stack>
  );
}
