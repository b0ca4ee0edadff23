import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryKey,
  type UseMutationResult,
} from '@tanstack/react-query';
import { useCommonWords } from '../i18n/common.ts';
import { currentLanguage } from '../i18n/language.ts';
import { answer, api, receipted } from './client.ts';
import type { ProblemError } from './problem.ts';
import { say } from './say.ts';

/** A request that was sent, as `api.POST(…)` gives it. */
export type Request<T> = Parameters<typeof receipted<T>>[0];

export interface Deed<V, T> {
  /** The request itself: `(v) => api.POST(…)`. */
  readonly run: (values: V) => Request<T>;
  /** What of the caches is out of date afterwards, by the beginning of its key. */
  readonly invalidates: readonly QueryKey[];
  /** Said when it is done. */
  readonly said?: string;
  readonly onDone?: (data: T) => void;
}

/** A write: sends it, says that it is done and under which number of the trail, and refreshes what it changed. */
export function useDeed<V, T>({
  run,
  invalidates,
  said,
  onDone,
}: Deed<V, T>): UseMutationResult<T, ProblemError, V> {
  const queries = useQueryClient();
  const words = useCommonWords();
  return useMutation<T, ProblemError, V>({
    mutationFn: async (values) => {
      const { data, receipt } = await receipted(run(values));
      const [, number] = receipt?.split(' ') ?? [];
      if (said !== undefined) {
        say({ message: said, title: number ? words.recordedAs(number) : undefined });
      }
      return data;
    },
    onSuccess: async (data) => {
      onDone?.(data);
      // What waits for somebody changes with what they do.
      const stale = [...invalidates, ['waiting']];
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}

/** One page of a list; the page before stays on the screen until the next is there. */
export const usePageOf = <T>(key: QueryKey, load: (signal: AbortSignal) => Promise<T>) =>
  useQuery<T, ProblemError>({
    queryKey: key,
    queryFn: ({ signal }) => load(signal),
    placeholderData: keepPreviousData,
  });

/** One record of its own: that of another id is never shown in its place. */
export const useRecord = <T>(key: QueryKey, load: (signal: AbortSignal) => Promise<T>) =>
  useQuery<T, ProblemError>({ queryKey: key, queryFn: ({ signal }) => load(signal) });

/** The names of the organs by id. They change once a year. */
function useOrgans(): ReadonlyMap<string, string> | undefined {
  const { data } = useQuery({
    queryKey: ['organs', 'names'],
    staleTime: 600_000,
    queryFn: async () => {
      const names = new Map<string, string>();
      let cursor: string | undefined;
      do {
        const page = await answer(api.GET('/api/v1/organs', { params: { query: { limit: 200, cursor } } }));
        for (const { id, name } of page.items) names.set(id, name);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return names;
    },
  });
  return data;
}

/** What an organ is called, by its id. */
export function useOrganName(): (id: string) => string {
  const names = useOrgans();
  return (id) => names?.get(id) ?? '…';
}

/** All organs, for a Select, by name. */
export function useOrganOptions(): { value: string; label: string }[] {
  const names = useOrgans();
  return [...(names ?? [])]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label, currentLanguage()));
}
