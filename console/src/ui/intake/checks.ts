import type { Moment } from './draft.ts';
import type { Words } from './words.ts';

/** Characters that no text wants: controls but line breaks and tabs, and halves of characters. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;
const HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Marks that nobody sees and that can make a text read as another one. */
const TURNING = /[\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF]/g;
/** Marks of direction that a script written from right to left may need. */
const DIRECTION = /[\u200E\u200F\u061C]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** How many characters of the text are ones that nobody typed. */
export const strayCharacters = (text: string): number =>
  count(text, CONTROL) +
  count(text, HALF) +
  count(text, TURNING) +
  (RIGHT_TO_LEFT.test(text) ? 0 : count(text, DIRECTION));

export function withoutStrays(text: string): string {
  const clean = text.replaceAll(CONTROL, '').replaceAll(HALF, '').replaceAll(TURNING, '');
  return RIGHT_TO_LEFT.test(clean) ? clean : clean.replaceAll(DIRECTION, '');
}

/** What is wrong with a text, in words. */
export function textMistake(text: string, max: number, words: Words): string | undefined {
  const strays = strayCharacters(text);
  if (strays > 0) return words.mistakes.strays(strays);
  return text.length > max ? words.mistakes.tooLong(text.length - max, max) : undefined;
}

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
