import { answer, api } from '../../api/client.ts';
import type { AppAbility } from '../../app/ability.ts';
import type { Waiting } from '../../app/area.ts';
import { words } from './words.ts';

/** The lines of the home page about requests for police; each is a filter of the list. */
export function waiting(_may: AppAbility): Promise<Waiting[]> {
  const text = words().waiting;
  const lines: [key: keyof typeof text, urgency: Waiting['urgency'], query: Record<string, boolean>][] = [
    ['overdue', 'overdue', { overdue: true, waiting: true }],
    ['toDecide', 'waiting', { waiting: true }],
  ];
  return Promise.all(
    lines.map(async ([key, urgency, query]) => {
      const { total } = await answer(
        api.GET('/api/v1/deployments', { params: { query: { ...query, limit: 1, count: true } } }),
      );
      const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      return {
        key: `deployments.${key}`,
        label: text[key],
        count: total ?? 0,
        to: `/deployments?${search}`,
        urgency,
      };
    }),
  );
}
