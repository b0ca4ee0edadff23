import type { components } from '../../../api/client.ts';

export const stages = ['WAITING', 'ANSWERED', 'JUDGED'] as const;
export type Stage = (typeof stages)[number];

type QuestionState = components['schemas']['OwnQuestionView']['state'];
type AlertState = components['schemas']['OwnAlertView']['state'];

/** The questions of a stage as the interface calls them; without a state it answers what waits, late or not. */
export const questionState: Readonly<Record<Stage, QuestionState | undefined>> = {
  WAITING: undefined,
  ANSWERED: 'ANSWERED',
  JUDGED: 'JUDGED',
};
export const alertState: Readonly<Record<Stage, AlertState>> = {
  WAITING: 'OPEN',
  ANSWERED: 'ANSWERED',
  JUDGED: 'CLOSED',
};
