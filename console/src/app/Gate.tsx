import { AbilityProvider } from '@casl/react';
import { lazy, Suspense, useMemo, type JSX } from 'react';
import { usePrompt } from '../api/prompts.ts';
import { Loaded } from '../ui/states.tsx';
import { abilityOf } from './ability.ts';
import type { Me } from './area.ts';
import { Layout } from './Layout.tsx';
import { MeProvider, useWhoIsIn } from './me.ts';
import { SignInPage } from './SignInPage.tsx';

const PromptDialog = lazy(() => import('./PromptDialog.tsx'));

/** In front of every page: the sign-in, or the page with who is signed in and what they may do. */
export function Gate(): JSX.Element {
  const query = useWhoIsIn();
  if (query.data === null) return <SignInPage />;
  return <Loaded query={query}>{(me) => (me ? <SignedIn me={me} /> : null)}</Loaded>;
}

function SignedIn({ me }: { me: Me }): JSX.Element {
  const ability = useMemo(() => abilityOf(me), [me]);
  const prompt = usePrompt();
  return (
    <MeProvider value={me}>
      <AbilityProvider value={ability}>
        <Layout />
        <Suspense>{prompt && <PromptDialog prompt={prompt} />}</Suspense>
      </AbilityProvider>
    </MeProvider>
  );
}
