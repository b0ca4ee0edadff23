import { inChina } from './request-columns.js';

const HOUR = 3_600_000;

/** Hours in which the request for police who went at once has to follow (by analogy with 行政强制法 19). */
export const CHECK_HOURS = 24;
/** Hours in which the paper to an oral order has to come (deployment-check 5.5). */
export const PAPER_HOURS = 24;
/** Hours in which the after-action record has to be signed (deployment-check 5.1). */
export const REPORT_HOURS = 24;
/** Late emergencies of one organ in a quarter that heads and auditors are told of (deployment-check 5.5). */
export const LATES_IN_QUARTER = 3;
/** Days for which somebody may be a deputy at the most. */
export const DELEGATION_DAYS = 31;

export const dueAfter = (start: Date, hours: number): Date => new Date(start.getTime() + hours * HOUR);

/** By how many hours, a begun one included, something is too late; null when it is in time. */
export function hoursLate(start: Date, hours: number, now: Date): number | null {
  const late = now.getTime() - dueAfter(start, hours).getTime();
  return late > 0 ? Math.ceil(late / HOUR) : null;
}

/** The quarter of a day in China, such as 2026-Q1. */
export function quarterOf(instant: Date): string {
  const [year, month] = inChina(instant).split('-');
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}
