import type { Place } from './mapping-place.js';

/** How the files of a source are written. */
export type Format =
  | {
      readonly type: 'csv';
      readonly encoding: string;
      readonly delimiter: string;
      readonly quote: string;
      readonly skipLines: number;
      readonly header: readonly string[] | undefined;
    }
  | {
      readonly type: 'fixed';
      readonly encoding: string;
      readonly skipLines: number;
      /** Whether positions count characters or bytes. */
      readonly unit: 'characters' | 'bytes';
      /** The first and last position of each column, from 1. */
      readonly columns: ReadonlyMap<string, readonly [from: number, to: number]>;
    };

/** Reads the `format` of a source. */
export function formatOf(place: Place): Format {
  const type = place.at('type').oneOf(['csv', 'fixed'], 'csv');
  const known = type === 'csv' ? ['delimiter', 'quote', 'header'] : ['unit', 'columns'];
  if (place.present) place.isRecord(['type', 'encoding', 'skipLines', ...known]);
  const encoding = encodingOf(place.at('encoding'));
  const skipLines = place.at('skipLines').wholeNumber(0, 1000, 0);
  if (type === 'csv') {
    const delimiter =
      { tab: '\t', '\\t': '\t' }[place.at('delimiter').optionalText() ?? ''] ??
      place.at('delimiter').optionalText() ??
      ',';
    const quote = place.at('quote').optionalText() ?? '"';
    if (quote.length > 1 && quote !== 'none') place.at('quote').problem('must be one character, or none');
    const header = place.at('header').present ? place.at('header').texts() : undefined;
    return { type, encoding, delimiter, quote, skipLines, header };
  }
  const columns = new Map<string, readonly [number, number]>();
  for (const [name, at] of place.at('columns').members()) {
    const [from = NaN, to = from] = at.texts().map(Number);
    if (Number.isInteger(from) && Number.isInteger(to) && from >= 1 && to >= from)
      columns.set(name, [from, to]);
    else at.problem('must be the first and the last position, counted from 1, such as [1, 9]');
  }
  if (columns.size === 0)
    place.at('columns').problem('is missing: give each column its positions, such as id: [1, 9]');
  return {
    type,
    encoding,
    skipLines,
    unit: place.at('unit').oneOf(['characters', 'bytes'], 'characters'),
    columns,
  };
}

function encodingOf(place: Place): string {
  const label = place.optionalText() ?? 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    place.problem(
      `there is no encoding ${label}; write one such as utf-8, windows-1252, gb18030 or utf-16le`,
    );
    return 'utf-8';
  }
}
