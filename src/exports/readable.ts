import type { HistoryEntryView } from '../casefiles/dto/case-file.view.js';
import { LEGAL_TIME_ZONE } from '../common/clock.js';
import { isId } from '../common/ids.js';
import { isInstant } from '../common/validators.js';
import { codes } from './codes.js';
import { labelOf, wordsOf } from './words.js';

/** A piece of a value as a person reads it; labels are set apart from what they label. */
export interface Part {
  readonly text: string;
  readonly label?: boolean;
}

const clockFace = new Intl.DateTimeFormat('en-CA', {
  timeZone: LEGAL_TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});

/** An instant on the clocks of the legal time zone, such as `2026-03-02 09:15:00 +08:00`. */
export function localTime(instant: string | Date): { day: string; time: string; offset: string } {
  const parts = new Map(clockFace.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    day: `${of('year')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
    offset: of('timeZoneName').replace('GMT', '') || '+00:00',
  };
}

export function timeText(instant: string | Date): string {
  const { day, time, offset } = localTime(instant);
  return `${day} ${time} ${offset}`;
}

export const moneyText = ({ amount, currency }: { amount: string; currency: string }): string =>
  `${amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')} ${currency}`;

export const textParagraphs = (text: string): string[] => text.split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/);

/** What a reader is told of an event's values that are there no more. */
export function missingValues({ erased, altered }: Pick<HistoryEntryView, 'erased' | 'altered'>): string[] {
  const byEvent = new Map<string, number>();
  for (const { erasedBy } of erased) byEvent.set(erasedBy, (byEvent.get(erasedBy) ?? 0) + 1);
  return [
    ...[...byEvent].map(([event, count]) => `${count} value(s) erased by event ${event}`),
    ...(altered.length > 0 ? [`${altered.length} value(s) altered behind the program, not shown`] : []),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMoney = (value: unknown): value is { amount: string; currency: string } =>
  isObject(value) && typeof value['amount'] === 'string' && typeof value['currency'] === 'string';

export const isVoid = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const isChange = (value: unknown): value is { from?: unknown; to?: unknown } =>
  isObject(value) && 'to' in value && Object.keys(value).every((key) => key === 'from' || key === 'to');

export const isRedacted = (value: unknown): value is { $redacted: string } =>
  isObject(value) && typeof value['$redacted'] === 'string';

const LONG = 90;

/** Members that say on their own what an object is. */
const naming = new Set(['name', 'organisation', 'description', 'title', 'number', 'officerId']);

/** Writes the values of facts and events for people: codes in words, ids as names, instants in local time. */
export class Readable {
  /** @param names what the ids in the values stand for */
  constructor(private readonly names: ReadonlyMap<string, string>) {}

  /** One text, for a value that is one. */
  text(value: unknown): string {
    if (isVoid(value)) return '–';
    if (typeof value === 'boolean') return value ? 'Yes' : 'No';
    if (typeof value === 'string') return this.string(value);
    if (isMoney(value)) return moneyText(value);
    if (isRedacted(value)) return `withheld (${labelOf(value.$redacted).toLowerCase()})`;
    return typeof value === 'number'
      ? String(value)
      : this.inline(value)
          .map(({ text }) => text)
          .join('');
  }

  /** A value in paragraphs: one for each entry of a list, each in pieces. */
  paragraphs(value: unknown): Part[][] {
    if (isChange(value)) return this.change(value);
    if (Array.isArray(value) && value.some((entry) => isObject(entry) && !isMoney(entry))) {
      return value.flatMap((entry, i) => numbered(this.paragraphs(entry), i + 1));
    }
    if (Array.isArray(value) && value.some((entry) => typeof entry === 'string' && entry.length > LONG)) {
      return value.flatMap((entry, i) => numbered(this.paragraphs(entry), i + 1));
    }
    if (typeof value === 'string') return textParagraphs(this.string(value)).map((text) => [{ text }]);
    return [this.inline(value)];
  }

  private change({ from, to }: { from?: unknown; to?: unknown }): Part[][] {
    const [before, after] = [this.before(from), this.text(to)];
    if (before.length + after.length <= LONG) return [[{ text: `${before} → ${after}` }]];
    return [
      [{ text: 'from  ', label: true }, { text: before }],
      [{ text: 'to  ', label: true }, { text: after }],
    ];
  }

  private before(from: unknown): string {
    return isVoid(from) ? 'none' : this.text(from);
  }

  private inline(value: unknown): Part[] {
    if (Array.isArray(value) && value.length > 0) {
      return value.flatMap((entry, i) => [...(i > 0 ? [{ text: ', ' }] : []), ...this.enclosed(entry)]);
    }
    if (!isObject(value) || isMoney(value) || isRedacted(value)) return [{ text: this.text(value) }];
    if (isChange(value)) return [{ text: `${this.before(value.from)} → ${this.text(value.to)}` }];
    const members = Object.entries(value).filter(([, member]) => !isVoid(member));
    if (members.length === 0) return [{ text: '–' }];
    return members.flatMap(([name, member], i) => [
      ...(i > 0 ? [{ text: '  ·  ', label: true }] : []),
      { text: `${labelOf(name)} `, label: true },
      ...this.enclosed(member),
    ]);
  }

  /** An object inside another stands in brackets, or as its name when it has nothing else. */
  private enclosed(value: unknown): Part[] {
    if (!isObject(value) || isMoney(value) || isRedacted(value)) return this.inline(value);
    const [only, ...others] = Object.entries(value).filter(([, member]) => !isVoid(member));
    if (only && others.length === 0 && naming.has(only[0])) return this.inline(only[1]);
    return [{ text: '(', label: true }, ...this.inline(value), { text: ')', label: true }];
  }

  private string(value: string): string {
    if (codes.has(value)) return wordsOf(value);
    if (isInstant(value)) return timeText(value);
    return isId(value) ? (this.names.get(value) ?? value) : value;
  }
}

const numbered = (paragraphs: Part[][], no: number): Part[][] =>
  paragraphs.map((parts, i) => (i === 0 ? [{ text: `${no}.  `, label: true }, ...parts] : parts));
