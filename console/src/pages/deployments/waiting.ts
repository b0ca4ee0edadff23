import { answer, api } from '../../api/client.ts';
import type { AppAbility } from '../../app/ability.ts';
import type { Waiting } from '../../app/area.ts';
import { words } from './words.ts';

type Key = keyof ReturnType<typeof words>['waiting'];

/** The lines of the home page about requests for police; each is a filter of the list. */
export function waiting(_may: AppAbility): Promise<Waiting[]> {
  return Promise.all([
    counted('overdue', 'overdue', { overdue: true, waiting: true }),
    counted('toDecide', 'waiting', { waiting: true }),
  ]);
}

async function counted(
  key: Key,
  urgency: Waiting['urgency'],
  query: Readonly<Record<string, boolean>>,
): Promise<Waiting> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const line = {
    key: `deployments.${key}`,
    label: words().waiting[key],
    to: `/deployments?${search}`,
    urgency,
  };
  try {
    const { total = 0 } = await answer(
      api.GET('/api/v1/deployments', { params: { query: { ...query, limit: 1, count: true } } }),
    );
    return { ...line, count: total };
  } catch (error) {
    // The home page says so of this line and shows the others.
    const failed = { ...line, count: 0, error };
    return failed;
  }
}
