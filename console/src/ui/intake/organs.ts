import { useQuery } from '@tanstack/react-query';
import { answer, api, type components } from '../../api/client.ts';

type Organ = components['schemas']['OrganView'];

/** Every organ, by name. */
export const useOrgans = () =>
  useQuery({
    queryKey: ['organs', 'all'],
    staleTime: 600_000,
    queryFn: async () => {
      const all: Organ[] = [];
      let cursor: string | undefined;
      do {
        const page = await answer(api.GET('/api/v1/organs', { params: { query: { limit: 200, cursor } } }));
        all.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return all;
    },
  });

export const organOptions = (organs: readonly Organ[]): { value: string; label: string }[] =>
  organs.map(({ id, name, code }) => ({ value: id, label: `${name} (${code})` }));
