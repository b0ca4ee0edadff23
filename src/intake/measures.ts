import { addLegalDays, legalDay, startOfLegalDay } from '../common/clock.js';
import type { AllegationCategory } from './categories.js';
import { immediateActions, type ImmediateAction } from './immediate-actions.js';

/** What an allegation calls for at once, with the instant by which; null where the law and the organ name none. */
export interface DueMeasure extends ImmediateAction {
  readonly dueAt: Date | null;
}

/** @param since when the allegation came in: with the case, or later */
export const measuresOf = (category: AllegationCategory, since: Date): DueMeasure[] =>
  immediateActions[category].map((action) => ({ ...action, dueAt: dueAt(action, since) }));

/** A limit in days ends with its day, one in hours on the minute. */
function dueAt({ within }: ImmediateAction, since: Date): Date | null {
  if (!within) return null;
  if (within.unit === 'HOUR') return new Date(since.getTime() + within.n * 3_600_000);
  const dayAfter = addLegalDays(legalDay(since), within.n + 1);
  return new Date(startOfLegalDay(dayAfter).getTime() - 1);
}

/** What came with the case counts from its receipt, an allegation that was added later from then. */
export const cameInAt = (
  { receivedAt, registeredAt }: { receivedAt: Date; registeredAt: Date },
  addedAt: Date,
): Date => (addedAt > registeredAt ? addedAt : receivedAt);
