import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../../api/client.ts';

/** How the program is; looked at again now and then while somebody looks at it. */
export const useHealth = () =>
  useQuery({
    queryKey: ['operations', 'health'],
    queryFn: () => answer(api.GET('/api/v1/operations/health')),
    refetchInterval: 30_000,
  });
