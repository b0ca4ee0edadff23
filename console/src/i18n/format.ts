import { currentLanguage, locales, type Language } from './language.ts';

/** Days and hours of the law are those of China, wherever the reader sits. */
export const LEGAL_ZONE = 'Asia/Shanghai';

const kept = new Map<string, Intl.DateTimeFormat>();
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = kept.get(key);
  if (!format) kept.set(key, (format = new Intl.DateTimeFormat(locales[language], options)));
  return format;
}

/** A day of the law (`YYYY-MM-DD`), or the legal day of an instant. */
export function formatDay(value: string, language = currentLanguage()): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = new Date(isDay ? `${value}T00:00:00+08:00` : value);
  return Number.isNaN(date.getTime())
    ? value
    : dateFormat(language, { timeZone: LEGAL_ZONE, dateStyle: 'medium' }).format(date);
}

/** A month of the law (`YYYY-MM`); whatever else stands in its place, such as a sum, is left as it is. */
export function formatMonth(value: string, language = currentLanguage()): string {
  const date = new Date(/^\d{4}-\d{2}$/.test(value) ? `${value}-01T00:00:00+08:00` : '');
  return Number.isNaN(date.getTime())
    ? value
    : dateFormat(language, { timeZone: LEGAL_ZONE, year: 'numeric', month: 'short' }).format(date);
}

/** An instant, to the minute, in the legal zone. */
export function formatTime(value: string, language = currentLanguage()): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return dateFormat(language, { timeZone: LEGAL_ZONE, dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

export const formatNumber = (value: number, language = currentLanguage()): string =>
  new Intl.NumberFormat(locales[language]).format(value);

/** An amount of the interface: a decimal string, which never becomes a floating number. */
export function formatMoney(
  { amount, currency }: { amount: string; currency: string },
  language = currentLanguage(),
): string {
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency });
  return format.format(amount as unknown as number);
}

/** An instant as a field for date and time has it, to the minute, in the legal zone; '' for none. */
export function localTime(instant: string | null | undefined): string {
  const at = Date.parse(instant ?? '');
  return Number.isNaN(at) ? '' : new Date(at + 8 * 3_600_000).toISOString().slice(0, 16);
}

/** This moment as a field for date and time has it, to the second: it is after whatever was done before it. */
export const localNow = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19);

/** What a field for date and time holds, as an instant of the interface; '' for none. */
export const instantOf = (local: string): string =>
  local === '' ? '' : `${local}${local.length === 16 ? ':00' : ''}+08:00`;

/** Today in the legal zone, as `YYYY-MM-DD`. */
export const legalToday = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: LEGAL_ZONE, dateStyle: 'short' }).format(new Date());

/** A day of an address, where anything can stand; undefined when it is none. */
export const dayIn = (text: string | undefined): string | undefined =>
  text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;

/** The first instant of a day of the law, as the interface takes instants. */
export const startOfDay = (day: string): string => `${day}T00:00:00+08:00`;

export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** Whole days from today to a day of the law; negative when it is past. */
export const daysUntil = (day: string): number =>
  Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${legalToday()}T00:00:00Z`)) / 86_400_000);
