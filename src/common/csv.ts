import { stringify } from 'csv-stringify/sync';

/** Begins a CSV file, so that a spreadsheet reads it as UTF-8 and shows Chinese. */
export const CSV_BOM = '\uFEFF';

export type CsvValue = string | number | boolean | null | undefined;

/** What no cell needs and what hides the beginning of a formula: controls, and characters without width. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]/gu;

/** A spreadsheet takes a cell that begins so for a formula; some fold full-width, small and raised forms first. */
const FORMULA = /^[=+\-@\u2212]/;

/**
 * A text that a spreadsheet shows and never computes: without controls and zero-width characters, without blanks at
 * the beginning, and with an apostrophe before what would begin a formula. Line breaks inside stay.
 */
export function csvSafe(text: string): string {
  const visible = text
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(INVISIBLE, (character) => (character === '\n' ? character : ''))
    .trimStart();
  const first = visible.slice(0, 1);
  return FORMULA.test(first) || FORMULA.test(first.normalize('NFKC')) ? `'${visible}` : visible;
}

/** One line of a CSV file (RFC 4180), every text in it safe against formulas. Numbers stay numbers. */
export const csvLine = (values: readonly CsvValue[]): string =>
  stringify([values.map((value) => (typeof value === 'string' ? csvSafe(value) : value))], {
    record_delimiter: '\r\n',
    // Off by default as soon as a delimiter is given; a lone line feed would then end the row.
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { boolean: String },
  });
