import { createHash } from 'node:crypto';
import { unstorable } from '../common/text.js';
import type { Source } from './mapping.js';
import type { SourceRecord } from './source-reader.js';
import { RowRefused, type Row } from './values.js';

/** A row that can be kept until its case is written. */
export interface RowToStage {
  readonly key: string;
  readonly rowNo: number;
  readonly line: number;
  readonly hash: Buffer;
  /** The columns that the mapping uses. */
  readonly cells: readonly string[];
}

/** Why a row is not taken, whatever the rows around it say. */
export interface RefusedRow {
  readonly rowNo: number;
  readonly line: number;
  readonly reason: string;
}

const MAX_KEY = 200;
const C1 = /[\u0080-\u009f]/g;

/**
 * Judges the records of one file on their own: their columns, their texts, and to which complaint they belong.
 * @param columns the columns that the file has
 */
export function rowJudge(
  source: Source,
  columns: readonly string[],
): (record: SourceRecord) => RowToStage | RefusedRow {
  const used = source.columns.map((column) => columns.indexOf(column));
  // In an order of their own, so that a later file with its columns moved is still the same.
  const hashed = columns
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => !source.ignored.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const identity = source.key ?? source.lookupKey;
  return ({ rowNo, line, cells: all, defect }) => {
    const refused = (reason: string): RefusedRow => ({ rowNo, line, reason });
    if (defect !== undefined) return refused(defect);
    const cells = used.map((index) => all[index]!);
    for (const [i, cell] of cells.entries()) {
      const wrong = unstorable(cell);
      if (wrong) return refused(`${source.columns[i]} has ${wrong}`);
      if (source.repairsC1) cells[i] = withoutC1(cell);
    }
    const key = keyOf(identity, { cells, other: () => undefined });
    if (typeof key !== 'string') return refused(key.reason);
    // An empty cell adds nothing: a column that comes later and is empty changes no row.
    const content = hashed.flatMap(({ name, index }) => (all[index] === '' ? [] : [name, all[index]]));
    const hash = createHash('sha256').update(JSON.stringify(content)).digest();
    return { key, rowNo, line, hash, cells };
  };
}

function keyOf(identity: Source['key'], row: Row): string | { reason: string } {
  try {
    const key = identity?.get(row);
    if (key === undefined) return { reason: `has no ${identity?.label ?? 'key'}` };
    return key.length > MAX_KEY ? { reason: `${identity!.label} is longer than ${MAX_KEY} characters` } : key;
  } catch (error) {
    if (error instanceof RowRefused) return { reason: error.message };
    throw error;
  }
}

const windows1252 = new TextDecoder('windows-1252');

/** Quotes and dashes of Windows-1252 that some program took for Latin-1: what was meant instead of the controls. */
const withoutC1 = (text: string): string =>
  text.replaceAll(C1, (control) => windows1252.decode(Uint8Array.of(control.charCodeAt(0))));

/** The reason of a refusal for who looks at the file: with the line, where rows span several. */
export const reasonAt = (reason: string, { rowNo, line }: { rowNo: number; line: number }): string =>
  rowNo === line ? reason : `${reason} (line ${line})`;

/** The hash of the n-th row, from 0, of those that are told apart only by the source's own numbers. */
export const numberedHash = (hash: Buffer, n: number): Buffer =>
  n === 0 ? hash : createHash('sha256').update(hash).update(String(n)).digest();
