import { fieldsOf, type FactField } from '../../i18n/facts/description.ts';
import { isBlankMoment, parseDay, parseMoment, textMistake } from './checks.ts';
import type { ChosenOfficer, FactValues, Moment } from './draft.ts';
import type { Path } from './paths.ts';
import type { Words } from './words.ts';

/** Where mistakes are noted on the way from what was typed to what is sent. */
export interface Report {
  readonly words: Words;
  readonly mistakes: Record<Path, string>;
}

const MAX_CODE = 64;

/** Nothing but blanks, empty lists and groups of such: not answered. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (typeof value !== 'object') return false;
  // A currency alone is no amount.
  if ('currency' in value && 'amount' in value) return isBlank(value.amount);
  return Object.values(value).every(isBlank);
}

/** What is sent of the facts as typed; what is wrong is noted at its place. */
export function factsToSend(type: string, values: FactValues, path: Path, report: Report): object {
  return Object.fromEntries(
    fieldsOf(type).flatMap((field) => {
      const typed = values[field.name];
      if (isBlank(typed) && field.kind !== 'list') return [];
      const value = toSend(field, typed, `${path}.${field.name}`, report);
      return value === undefined ? [] : [[field.name, value] as const];
    }),
  );
}

function toSend(field: FactField, typed: unknown, path: Path, report: Report): unknown {
  switch (field.kind) {
    case 'text':
    case 'long':
      return textToSend(typed as string, field.max ?? 4000, path, report);
    case 'code':
      return codeToSend(field, typed as string, path, report);
    case 'integer':
      return integerToSend(field, typed as string, path, report);
    case 'boolean':
      return typed === 'yes';
    case 'choice':
    case 'choices':
      return typed;
    case 'day':
      return dayToSend(typed as string, path, report);
    case 'instant':
      return momentToSend(typed as Moment, path, report);
    case 'money':
      return moneyToSend(typed as { amount: string; currency: string }, path, report);
    case 'officer':
      return (typed as ChosenOfficer).id;
    case 'group':
      return factsToSend(field.of ?? '', typed as FactValues, path, report);
    case 'list':
      return listToSend(field, typed as readonly FactValues[] | undefined, path, report);
  }
}

export function textToSend(
  typed: string,
  max: number,
  path: Path,
  { words, mistakes }: Report,
): string | undefined {
  const mistake = textMistake(typed, max, words);
  if (mistake !== undefined) mistakes[path] = mistake;
  return typed.trim() === '' ? undefined : typed;
}

function codeToSend(field: FactField, typed: string, path: Path, report: Report): string {
  const code = typed.trim();
  const { mistakes, words } = report;
  if (!new RegExp(field.pattern ?? '').test(code)) {
    mistakes[path] = field.name === 'recordingHash' ? words.mistakes.hash : words.mistakes.code(MAX_CODE);
  }
  return code;
}

function integerToSend(
  { minimum = 0, maximum = 1_000_000 }: FactField,
  typed: string,
  path: Path,
  { mistakes, words }: Report,
): number {
  const number = /^\d{1,9}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN;
  if (!(number >= minimum && number <= maximum)) mistakes[path] = words.mistakes.integer(minimum, maximum);
  return number;
}

function dayToSend(typed: string, path: Path, { mistakes, words }: Report): string | undefined {
  const day = parseDay(typed);
  if (day === undefined) mistakes[path] = words.mistakes.noSuchDay;
  return day;
}

export function momentToSend(typed: Moment, path: Path, { mistakes, words }: Report): string | undefined {
  if (isBlankMoment(typed)) return undefined;
  const parsed = parseMoment(typed, words);
  if ('at' in parsed) return parsed.at;
  mistakes[path] = parsed.mistake;
  return undefined;
}

export function moneyToSend(
  { amount, currency }: { amount: string; currency: string },
  path: Path,
  { mistakes, words }: Report,
): { amount: string; currency: string } {
  // As people write it, with or without separators of thousands.
  const plain = amount.trim().replaceAll(/[,，\s¥￥]/g, '');
  if (!/^\d{1,13}(\.\d{1,2})?$/.test(plain)) mistakes[path] = words.mistakes.amount;
  return { amount: plain, currency };
}

function listToSend(
  field: FactField,
  typed: readonly FactValues[] | undefined,
  path: Path,
  report: Report,
): object[] | undefined {
  if (typed === undefined || typed.length === 0) return undefined;
  return typed.map((entry, i) => {
    // An entry that is left out would move the others, and a refusal to the wrong one.
    if (isBlank(entry)) report.mistakes[`${path}.${i}`] = report.words.mistakes.emptyEntry;
    return factsToSend(field.of ?? '', entry, `${path}.${i}`, report);
  });
}
