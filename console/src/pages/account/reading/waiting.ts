import type { AppAbility } from '../../../app/ability.ts';
import type { Waiting } from '../../../app/area.ts';
import { openQuestions } from './open.ts';
import { words } from './words.ts';

/** The lines of the home page about one's own reading. */
export async function waiting(may: AppAbility): Promise<Waiting[]> {
  if (!may.can('answer', 'ReadQuestion')) return [];
  const { lines } = words();
  const { questions, overdue, alerts } = await openQuestions();
  const to = '/account/reading';
  return [
    {
      key: 'own-reading.questions',
      label: lines.questions,
      count: questions,
      to,
      urgency: overdue > 0 ? 'overdue' : 'soon',
    },
    { key: 'own-reading.alerts', label: lines.alerts, count: alerts, to, urgency: 'waiting' },
  ];
}
