import { Anchor, Button, Modal, PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type JSX } from 'react';
import { answer, api, type components } from '../api/client.ts';
import { asProblem, type ProblemError } from '../api/problem.ts';
import type { Prompt } from '../api/prompts.ts';
import { sessionClosed, tokenRenewed } from '../api/session.ts';
import { useCommonWords } from '../i18n/common.ts';
import { useFocusBack } from '../ui/focus.ts';
import { ProblemAlert } from '../ui/ProblemAlert.tsx';
import { useMe } from './me.ts';
import FactorForm from './FactorForm.tsx';
import { SignInForm } from './SignInForm.tsx';

/** The dialog over the page while a request waits: an ended session, a deed that wants a fresh proof. */
export default function PromptDialog({ prompt }: { prompt: Prompt }): JSX.Element {
  const words = useCommonWords();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={prompt.cancel}
      closeOnClickOutside={false}
      title={prompt.kind === 'step-up' ? words.stepUp : words.signInAgain}
      closeButtonProps={{ 'aria-label': words.close }}
      zIndex={400}
    >
      {prompt.kind === 'sign-in' ? <SignInAgain prompt={prompt} /> : <StepUp prompt={prompt} />}
    </Modal>
  );
}

/** For the same person only: what stands on the page was typed by them and read with their rights. */
function SignInAgain({ prompt }: { prompt: Prompt }): JSX.Element {
  const words = useCommonWords();
  const { user } = useMe();
  return (
    <Stack gap="md">
      <Text size="sm">{words.signInAgainHint}</Text>
      <SignInForm username={user.username} onSignedIn={prompt.done} />
      <Anchor
        component="button"
        size="sm"
        onClick={() => {
          sessionClosed();
          window.location.assign('/');
        }}
      >
        {words.otherPerson}
      </Anchor>
    </Stack>
  );
}

type Way = 'PASSWORD' | 'TOTP' | 'WEBAUTHN';
const isWay = (method: string): method is Way => ['PASSWORD', 'TOTP', 'WEBAUTHN'].includes(method);

function StepUp({ prompt }: { prompt: Prompt }): JSX.Element {
  const words = useCommonWords();
  const queries = useQueryClient();
  const { session } = useMe();
  const ways = (prompt.problem.methods ?? ['PASSWORD']).filter(isWay);
  const factors = ways.filter((way): way is 'TOTP' | 'WEBAUTHN' => way !== 'PASSWORD');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const [byPassword, setByPassword] = useState(factors.length === 0);
  const prove = async (body: components['schemas']['StepUpDto']): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      tokenRenewed(await answer(api.POST('/api/v1/auth/step-up', { body })));
      prompt.done();
      void queries.invalidateQueries({ queryKey: ['me'] });
    } catch (thrown) {
      setError(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void prove({ kind: 'PASSWORD', password });
  };
  return (
    <Stack gap="md">
      <Text size="sm">{session.secondFactorWanted ? words.secondFactorHint : words.stepUpHint}</Text>
      {factors.length > 0 && ways.includes('PASSWORD') && (
        <SegmentedControl
          aria-label={words.proveBy}
          value={byPassword ? 'password' : 'factor'}
          onChange={(value) => setByPassword(value === 'password')}
          data={[
            { value: 'factor', label: words.secondFactor },
            { value: 'password', label: words.password },
          ]}
        />
      )}
      {byPassword ? (
        <form onSubmit={submit}>
          <Stack gap="md">
            <PasswordInput
              label={words.password}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" loading={busy}>
              {words.confirm}
            </Button>
          </Stack>
        </form>
      ) : (
        <FactorForm
          kinds={factors}
          busy={busy}
          onError={setError}
          onProof={(proof) => void prove(proof)}
          challenge={() => answer(api.POST('/api/v1/auth/step-up/options'))}
        />
      )}
      <ProblemAlert error={error} />
    </Stack>
  );
}
