import { answer, api } from '../../../api/client.ts';

const one = { limit: 1, count: true } as const;

/** How many questions about one's own reading wait: all of the weekly sample, the late among them, and of alerts. */
export async function openQuestions(): Promise<{ questions: number; overdue: number; alerts: number }> {
  const [waiting, late, alerts] = await Promise.all([
    answer(api.GET('/api/v1/read-questions', { params: { query: one } })),
    answer(api.GET('/api/v1/read-questions', { params: { query: { ...one, state: 'OVERDUE' } } })),
    answer(api.GET('/api/v1/access-alerts/own', { params: { query: { ...one, state: 'OPEN' } } })),
  ]);
  return { questions: waiting.total ?? 0, overdue: late.total ?? 0, alerts: alerts.total ?? 0 };
}
