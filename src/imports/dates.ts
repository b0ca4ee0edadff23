import type { OccurredPrecision } from '../intake/allegation.entity.js';

/** A date as a source gives it: the instant at which it begins, and how exact the source is. */
export interface SourceDate {
  readonly instant: Date;
  /** The day in the source's own time zone, `YYYY-MM-DD`. */
  readonly day: string;
  readonly precision: OccurredPrecision;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAMES = '[A-Za-z]{3,9}';

/** What a token of a format matches, and which part of a date it is. The longer tokens stand first. */
const tokens = {
  YYYY: ['year', '\\d{4}'],
  YY: ['shortYear', '\\d{2}'],
  MMMM: ['monthName', NAMES],
  MMM: ['monthName', NAMES],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour12', '\\d{2}'],
  h: ['hour12', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  m: ['minute', '\\d{1,2}'],
  ss: ['second', '\\d{2}'],
  s: ['second', '\\d{1,2}'],
  SSS: ['fraction', '\\d{1,9}'],
  A: ['half', '[AaPp]\\.?[Mm]\\.?'],
  Z: ['offset', '[Zz]|[+-]\\d{2}:?\\d{2}'],
} as const;
type Token = keyof typeof tokens;
type Part = (typeof tokens)[Token][0];

const TOKEN = new RegExp(
  `\\[([^\\]]*)\\]|${Object.keys(tokens)
    .sort((a, b) => b.length - a.length)
    .join('|')}`,
  'g',
);

interface Format {
  readonly expression: RegExp;
  readonly parts: readonly Part[];
  readonly precision: OccurredPrecision;
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The format, or what is wrong with it. */
function compile(format: string): Format | string {
  const parts: Part[] = [];
  let [source, last] = ['', 0];
  for (const found of format.matchAll(TOKEN)) {
    source += escape(format.slice(last, found.index));
    last = found.index + found[0].length;
    if (found[1] !== undefined) {
      source += escape(found[1]);
      continue;
    }
    const [part, pattern] = tokens[found[0] as Token];
    if (parts.includes(part)) return `names its ${part} twice`;
    parts.push(part);
    source += `(${pattern})`;
  }
  source += escape(format.slice(last));
  const has = (...wanted: Part[]): boolean => wanted.some((part) => parts.includes(part));
  if (!has('year', 'shortYear')) return 'has no year (YYYY)';
  if (!has('month', 'monthName')) return 'has no month (MM)';
  const precision = has('hour', 'hour12') ? 'INSTANT' : has('day') ? 'DAY' : 'MONTH';
  if (precision === 'INSTANT' && !has('day')) return 'has an hour and no day (DD)';
  return { expression: new RegExp(`^${source}$`), parts, precision };
}

/** What is wrong with a date format such as `M/D/YYYY`; undefined when it can be used. */
export function formatProblem(format: string): string | undefined {
  const compiled = compile(format);
  return typeof compiled === 'string' ? compiled : undefined;
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads dates that are written in one of these formats, as times in this zone unless they name their offset.
 * @param precision how exact they are, where the format promises more than the source keeps
 * @returns undefined for a text in none of the formats, and for a day or time that does not exist
 */
export function dateReader(
  formats: readonly string[],
  timeZone: string,
  precision?: OccurredPrecision,
): (text: string) => SourceDate | undefined {
  const compiled = formats.map((format) => {
    const one = compile(format);
    if (typeof one === 'string') throw new Error(`The date format ${format} ${one}`);
    return one;
  });
  const clock = wallClock(timeZone);
  return (text) => {
    for (const format of compiled) {
      const found = format.expression.exec(text);
      const date = found && dateOf(found.slice(1), format, clock, precision);
      if (date) return date;
    }
    return undefined;
  };
}

function dateOf(
  values: readonly string[],
  { parts, precision }: Format,
  clock: WallClock,
  wanted: OccurredPrecision = precision,
): SourceDate | undefined {
  const of = Object.fromEntries(parts.map((part, i) => [part, values[i]!])) as Partial<Record<Part, string>>;
  const year = of.year ? Number(of.year) : fullYear(Number(of.shortYear));
  const month = of.monthName ? MONTHS.indexOf(of.monthName.slice(0, 3).toLowerCase()) + 1 : Number(of.month);
  const day = wanted === 'MONTH' ? 1 : Number(of.day ?? 1);
  const hour = wanted === 'INSTANT' ? hourOf(of) : 0;
  const [minute, second] = wanted === 'INSTANT' ? [Number(of.minute ?? 0), Number(of.second ?? 0)] : [0, 0];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const existing =
    year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay && hour >= 0;
  if (!existing || hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = of.offset === undefined ? undefined : offsetOf(of.offset);
  return {
    instant: new Date(offset === undefined ? clock(wall) : wall - offset),
    day: new Date(wall).toISOString().slice(0, 10),
    precision: wanted,
  };
}

/** Two digits from 69 on belong to the last century (POSIX, strptime). */
const fullYear = (year: number): number => year + (year < 69 ? 2000 : 1900);

/** The hour of 24, or -1 for one that does not exist. */
function hourOf({ hour, hour12, half }: Partial<Record<Part, string>>): number {
  if (hour12 === undefined) return Number(hour ?? 0);
  const value = Number(hour12);
  if (value < 1 || value > 12) return -1;
  return (value % 12) + (half?.toLowerCase().startsWith('p') ? 12 : 0);
}

function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The instant at which clocks of a zone show a wall time, which is given as if it were UTC. */
type WallClock = (wall: number) => number;

const HOUR = 3_600_000;
const CACHED_HOURS = 20_000;

function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (instant: number): number => {
    const of = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
    return Date.UTC(of.year, of.month - 1, of.day, of.hour, of.minute, of.second) - instant;
  };
  // Formatting is slow and sources repeat their days: one look-up an hour that occurs.
  const offsets = new Map<number, number>();
  return (wall) => {
    const hour = Math.floor(wall / HOUR);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      const start = hour * HOUR;
      const first = offsetAt(start);
      offset = offsetAt(start - first);
      if (offsets.size >= CACHED_HOURS) offsets.clear();
      offsets.set(hour, offset);
    }
    return wall - offset;
  };
}
