import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useNavigate } from 'react-router';
import { answer, api, type components } from '../api/client.ts';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { useCommonWords } from '../i18n/common.ts';
import { ProblemAlert } from '../ui/ProblemAlert.tsx';
import { Loading } from '../ui/states.tsx';

type Opened = components['schemas']['SessionView'] | components['schemas']['AwaitedFactorView'];

/** Where the server leads a browser that comes back from the provider (src/auth/back-to-console.ts). */
const isBack = (): boolean =>
  location.pathname === '/sign-in' && new URLSearchParams(location.search).has('state');

/** The way over the provider of OpenID Connect, where this installation has one; and the end of that way. */
export default function ProviderSignIn({
  onOpened,
}: {
  onOpened: (opened: Opened) => void;
}): JSX.Element | null {
  const words = useCommonWords();
  const navigate = useNavigate();
  const [arriving, setArriving] = useState(isBack);
  const [error, setError] = useState<ProblemError | null>(null);
  const begun = useRef(false);
  const query = useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: () => answer(api.GET('/api/v1/auth/oidc/offered')),
    staleTime: Infinity,
  });
  useEffect(() => {
    // The code counts once, and an effect may run twice.
    if (!arriving || begun.current) return;
    begun.current = true;
    // The interface does not name what a provider may send.
    const params = { query: Object.fromEntries(new URLSearchParams(location.search)) } as object;
    // Out of the address at once: it stays in no history.
    void navigate('/', { replace: true });
    answer(api.GET('/api/v1/auth/oidc/callback', { params }))
      .then((opened) => onOpened(opened))
      .catch((thrown: unknown) => setError(asProblem(thrown)))
      .finally(() => setArriving(false));
  }, [arriving, navigate, onOpened]);
  if (arriving) return <Loading />;
  if (query.data?.oidc !== true && error === null) return null;
  return (
    <Stack gap="md">
      <ProblemAlert error={error} />
      <Button component="a" href="/api/v1/auth/oidc" variant="default">
        {words.signInElsewhere}
      </Button>
    </Stack>
  );
}
