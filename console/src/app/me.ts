import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { answer, api } from '../api/client.ts';
import { dropDrafts } from '../api/drafts.ts';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { sessionClosed, sessionOpened } from '../api/session.ts';
import type { Me } from './area.ts';

const MeContext = createContext<Me | undefined>(undefined);
export const MeProvider = MeContext.Provider;

/** Who is signed in. Only below the gate, where somebody is. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of a session');
  return me;
}

/** Who is signed in; null: nobody. */
export const useWhoIsIn = () =>
  useQuery<Me | null, ProblemError>({
    queryKey: ['me'],
    // The factor is registered and proven in another window.
    staleTime: ({ state }) => (state.data?.session.secondFactorWanted ? 0 : 60_000),
    queryFn: async () => {
      try {
        const me = await answer(api.GET('/api/v1/auth/me'));
        sessionOpened(me);
        dropDrafts(me.user.id);
        return me;
      } catch (error) {
        if (asProblem(error).status === 401) return null;
        throw error;
      }
    },
  });

/** Ends the session here and at the server, and forgets all that was read. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => {
    void answer(api.POST('/api/v1/auth/logout'))
      .catch(() => undefined)
      .finally(() => {
        sessionClosed();
        queries.setQueryData(['me'], null);
        // Not the whole cache: who looks at the gate would not be told.
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
      });
  };
}
