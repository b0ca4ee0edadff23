import type { OccurredPrecision } from '../intake/allegation.entity.js';
import { dateReader, formatProblem, isTimeZone, type SourceDate } from './dates.js';
import type { Place } from './mapping-place.js';
import { compileValue, quoted, RowRefused, type Row, type Scope } from './values.js';

/** Counts an oddity for which a row is not refused. */
export type Warn = (kind: string) => void;

/** A value that is one of the codes of this system. */
export interface Code<T extends string> {
  get(row: Row): T | undefined;
}

export interface DateValue {
  get(row: Row, warn: Warn): SourceDate | undefined;
}

export interface DateScope extends Scope {
  readonly timeZone: string;
  /** How dates are written unless a field says otherwise. */
  readonly dateFormats: readonly string[];
}

/** A value that is one of these codes. What the mapping's tables lead to is checked at once, the rest row by row. */
export function codeValue<T extends string>(place: Place, scope: Scope, codes: readonly T[]): Code<T>;
export function codeValue<T extends string>(
  place: Place,
  scope: Scope,
  codes: readonly T[],
  fallback: T,
): { get(row: Row): T };
export function codeValue<T extends string>(
  place: Place,
  scope: Scope,
  codes: readonly T[],
  fallback?: T,
): Code<T> {
  if (!place.present) return { get: () => fallback };
  checkCodes(place, scope, codes);
  const value = compileValue(place, scope);
  return {
    get: (row) => {
      const text = value.get(row);
      if (text === undefined) return fallback;
      if (!(codes as readonly string[]).includes(text)) {
        throw new RowRefused(
          `${value.label} ${quoted(text)} is none of ${codes.join(', ')}; give the mapping a table for it`,
        );
      }
      return text as T;
    },
  };
}

function checkCodes(place: Place, scope: Scope, codes: readonly string[]): void {
  if (typeof place.value !== 'object' || place.value === null) return;
  const values = place.at('values');
  if (values.present) {
    if (typeof values.value === 'string') {
      const table = scope.table(values.value, values);
      const wrong = [...(table?.values() ?? [])].find((code) => code !== '' && !codes.includes(code));
      if (wrong !== undefined) values.problem(`leads to ${wrong}, which is none of ${codes.join(', ')}`);
      return;
    }
    for (const [, member] of values.members()) {
      if (typeof member.value === 'string' && member.value !== '') member.oneOf(codes);
    }
    return;
  }
  if (place.at('constant').present) place.at('constant').oneOf(codes);
  for (const option of place.at('first').list()) checkCodes(option, scope, codes);
}

const precisions: readonly OccurredPrecision[] = ['INSTANT', 'DAY', 'MONTH'];

export function dateValue(place: Place, scope: DateScope): DateValue {
  const own = typeof place.value === 'object';
  const formats = own && place.at('format').present ? place.at('format').texts() : scope.dateFormats;
  for (const format of formats) {
    const wrong = formatProblem(format);
    if (wrong) (own ? place.at('format') : place).problem(`the date format ${format} ${wrong}`);
  }
  const zone = (own ? place.at('timeZone').optionalText() : undefined) ?? scope.timeZone;
  if (!isTimeZone(zone)) {
    place.problem(`there is no time zone ${zone}; write one such as Asia/Shanghai`);
    return { get: () => undefined };
  }
  const precision =
    own && place.at('precision').present ? place.at('precision').oneOf(precisions) : undefined;
  const invalid = own ? place.at('invalid').oneOf(['reject', 'missing'], 'reject') : 'reject';
  const value = compileValue(place, scope, ['format', 'timeZone', 'precision', 'invalid']);
  if (formats.some((format) => formatProblem(format) !== undefined)) return { get: () => undefined };
  const read = dateReader(formats, zone, precision);
  return {
    get: (row, warn) => {
      const text = value.get(row);
      if (text === undefined) return undefined;
      const date = read(text.trim());
      if (date) return date;
      if (invalid === 'missing') {
        warn('unusable-date-left-out');
        return undefined;
      }
      throw new RowRefused(
        `${value.label} ${quoted(text)} is no existing date in the form ${formats.join(' or ')}`,
      );
    },
  };
}
