import { invalidInput } from '../common/errors.js';

/**
 * Judges the day on which something was done on paper.
 * @returns what the record adds when it is entered later, so that nothing is back-dated silently
 */
export function paperDay(
  day: string,
  { from, today, pointer }: { from: string; today: string; pointer: string },
): { recordedLate?: true } {
  if (day < from || day > today) {
    throw invalidInput([{ pointer, message: `must be a day from ${from} to ${today}` }]);
  }
  return day === today ? {} : { recordedLate: true };
}
