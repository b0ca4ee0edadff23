import type { JSX } from 'react';
import type { components } from '../../api/client.ts';
import { StateBadge, type Tone } from '../../ui/states.tsx';
import { useWords } from './words.ts';

export type Deployment = components['schemas']['DeploymentView'];
export type Status = Deployment['status'];
export type Outcome = NonNullable<Deployment['outcome']>;

const statusTones: Readonly<Record<Status, Tone>> = {
  DRAFT: 'new',
  EMERGENCY: 'late',
  SUBMITTED: 'waiting',
  LATE: 'late',
  RETURNED: 'waiting',
  WITHDRAWN: 'done',
  APPROVED: 'active',
  STAND_BY: 'active',
  REFUSED: 'done',
  UNDER_REVIEW: 'waiting',
  REFUSED_FINALLY: 'done',
};
const outcomeTones: Readonly<Record<Outcome, Tone>> = {
  POLICE_WORK: 'active',
  LAWFUL_ASSISTANCE: 'active',
  STANDBY_ONLY: 'waiting',
  NOT_POLICE_WORK: 'late',
  EMERGENCY_PROVISIONAL: 'waiting',
  NEEDS_HIGHER_APPROVAL: 'late',
};

export const DeploymentState = ({ status }: { status: Status }): JSX.Element => (
  <StateBadge tone={statusTones[status]}>{useWords().statuses[status]}</StateBadge>
);
export const TestOutcome = ({ outcome }: { outcome: Outcome }): JSX.Element => (
  <StateBadge tone={outcomeTones[outcome]}>{useWords().outcomes[outcome]}</StateBadge>
);
