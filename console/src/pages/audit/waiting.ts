import { answer, api } from '../../api/client.ts';
import type { AppAbility } from '../../app/ability.ts';
import type { Waiting } from '../../app/area.ts';
import { words } from './words.ts';

/** Alerts to close and answers to judge. */
export async function waiting(may: AppAbility): Promise<Waiting[]> {
  const text = words().toDo;
  const one = { limit: 1, count: true } as const;
  const asked: Promise<Waiting>[] = [];
  if (may.can('close', 'AccessAlert')) {
    for (const state of ['ANSWERED', 'OPEN'] as const) {
      asked.push(
        answer(api.GET('/api/v1/access-alerts', { params: { query: { ...one, state } } })).then(
          ({ total = 0 }) => ({
            key: `alerts.${state}`,
            label: text.alerts[state],
            count: total,
            to: `/audit/alerts?state=${state}`,
            urgency: 'waiting',
          }),
        ),
      );
    }
  }
  if (may.can('judge', 'ReadQuestion')) {
    for (const state of ['OVERDUE', 'ANSWERED'] as const) {
      asked.push(
        answer(api.GET('/api/v1/read-questions/review', { params: { query: { ...one, state } } })).then(
          ({ total = 0 }) => ({
            key: `questions.${state}`,
            label: text.questions[state],
            count: total,
            to: `/audit/questions?state=${state}`,
            urgency: state === 'OVERDUE' ? 'overdue' : 'waiting',
          }),
        ),
      );
    }
  }
  // All at once: one after the other they would be the slowest of the home page.
  return Promise.all(asked);
}
