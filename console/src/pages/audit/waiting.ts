import { answer, api } from '../../api/client.ts';
import type { AppAbility } from '../../app/ability.ts';
import type { Waiting } from '../../app/area.ts';
import { words } from './words.ts';

const one = { limit: 1, count: true } as const;

/** Alerts to close and answers to judge. */
export async function waiting(may: AppAbility): Promise<Waiting[]> {
  const text = words().toDo;
  const asked: Promise<Waiting>[] = [];
  if (may.can('close', 'AccessAlert')) {
    for (const state of ['ANSWERED', 'OPEN'] as const) {
      asked.push(
        counted(
          {
            key: `alerts.${state}`,
            label: text.alerts[state],
            to: `/audit/alerts?state=${state}`,
            urgency: 'waiting',
          },
          answer(api.GET('/api/v1/access-alerts', { params: { query: { ...one, state } } })),
        ),
      );
    }
  }
  if (may.can('judge', 'ReadQuestion')) {
    for (const state of ['OVERDUE', 'ANSWERED'] as const) {
      asked.push(
        counted(
          {
            key: `questions.${state}`,
            label: text.questions[state],
            to: `/audit/questions?state=${state}`,
            urgency: state === 'OVERDUE' ? 'overdue' : 'waiting',
          },
          answer(api.GET('/api/v1/read-questions/review', { params: { query: { ...one, state } } })),
        ),
      );
    }
  }
  // All at once: one after the other they would be the slowest of the home page.
  return Promise.all(asked);
}

async function counted(line: Omit<Waiting, 'count'>, page: Promise<{ total?: number }>): Promise<Waiting> {
  try {
    const { total = 0 } = await page;
    return { ...line, count: total };
  } catch (error) {
    // The home page says so of this line and shows the others.
    const failed = { ...line, count: 0, error };
    return failed;
  }
}
