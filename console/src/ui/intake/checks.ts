import { textMistake as mistakeIn } from '../../ui/typed.ts';
import type { Moment } from './draft.ts';
import type { Words } from './words.ts';

/** What is wrong with a text, in words. */
export const textMistake = (text: string, max: number, { mistakes }: Words): string | undefined =>
  mistakeIn(text, max, mistakes);

/** A day as people write it: 2026-03-02, 2026/3/2, 20260302, 2026年3月2日. Undefined: there is no such day. */
export function parseDay(text: string): string | undefined {
  const trimmed = text.trim();
  const [, year, month, day] =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(trimmed) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(trimmed) ??
    [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${written}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(written);
  return exists && Number(year) >= 1900 && Number(year) <= 2199 ? written : undefined;
}

/** A time as people write it: 9:15, 09:15, 0915, 9时15分. */
export function parseTime(text: string): string | undefined {
  const [, hour, minute] =
    /^(\d{1,2})\s*[:：.时]\s*(\d{2})\s*分?$/.exec(text.trim()) ?? /^(\d{2})(\d{2})$/.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59)
    return undefined;
  return `${hour.padStart(2, '0')}:${minute}`;
}

export const isBlankMoment = ({ day, time }: Moment): boolean => day.trim() === '' && time.trim() === '';

/** The instant of a typed day and time in the legal zone; without a time, the beginning of the day. */
export function parseMoment(moment: Moment, words: Words): { at: string } | { mistake: string } {
  if (moment.day.trim() === '') return { mistake: words.mistakes.dayMissing };
  const day = parseDay(moment.day);
  if (day === undefined) return { mistake: words.mistakes.noSuchDay };
  const time = moment.time.trim() === '' ? '00:00' : parseTime(moment.time);
  if (time === undefined) return { mistake: words.mistakes.noSuchTime };
  return { at: `${day}T${time}:00+08:00` };
}

/** A clock may run ahead by so much. */
const TOLERANCE_MS = 5 * 60_000;
export const isFuture = (instant: string): boolean => Date.parse(instant) > Date.now() + TOLERANCE_MS;
