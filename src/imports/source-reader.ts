import { parse, type CsvError } from 'csv-parse';
import { PassThrough, pipeline } from 'node:stream';
import { DomainError } from '../common/errors.js';
import { badFile, linesOf, type SourceFile } from './decoding.js';
import type { Format } from './file-format.js';
import { didYouMean } from './mapping-place.js';
import type { Source } from './mapping.js';
import { quoted } from './values.js';

/** One record of a file. */
export interface SourceRecord {
  /** Its number as a spreadsheet counts: the header is row 1. */
  readonly rowNo: number;
  /** The line on which it begins. */
  readonly line: number;
  /** The cells of all columns, or why there are none. */
  readonly cells: readonly string[];
  readonly defect?: string;
}

/** What a file turned out to hold. */
export interface Table {
  /** The names of all columns, in the order of the cells. */
  readonly columns: readonly string[];
  /** In batches, so that a large file does not cost one turn a row. */
  readonly records: AsyncIterable<SourceRecord[]>;
}

const BATCH = 500;
const MAX_RECORD = 2_000_000;

/**
 * Opens a file of a source and checks its columns.
 * @throws DomainError that names file, row and remedy when the file is empty, broken, of another encoding or shape
 */
export async function openTable(
  source: Source,
  file: SourceFile,
  onBytes?: (count: number) => void,
): Promise<Table> {
  const setting = `sources.${source.name}.format.encoding`;
  const { format } = source;
  const binary = format.type === 'fixed' && format.unit === 'bytes';
  const decoded = linesOf(file, binary ? 'binary' : format.encoding, setting, onBytes);
  const lines = skipping(format.skipLines, decoded);
  const batches =
    format.type === 'csv'
      ? csvRecords(file.name, format, lines, source.name)
      : fixedRecords(file.name, format, lines, setting);
  const iterator = batches[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) throw emptyFile(file.name);
  const columns =
    format.type === 'fixed'
      ? [...format.columns.keys()]
      : (format.header ?? headerOf(source, file.name, first.value));
  return { columns, records: checked(file.name, columns.length, iterator, first.value) };
}

const emptyFile = (file: string): DomainError =>
  badFile(
    file,
    'row 1',
    'the file is empty. Send it with its header and rows, or leave it out if the mapping lets you.',
  );

async function* checked(
  file: string,
  width: number,
  iterator: AsyncIterator<SourceRecord[]>,
  first: SourceRecord[],
): AsyncGenerator<SourceRecord[]> {
  let seen = 0;
  try {
    for (let batch = first; ;) {
      const records = batch.filter(
        ({ cells, defect }) => defect !== undefined || width === 1 || cells.length > 1 || cells[0] !== '',
      );
      seen += records.length;
      yield records.map((record) =>
        record.defect !== undefined || record.cells.length === width
          ? record
          : {
              ...record,
              defect: `has ${record.cells.length} column${record.cells.length === 1 ? '' : 's'} instead of ${width}; a comma too many or too few, or a quote that is missing`,
            },
      );
      const next = await iterator.next();
      if (next.done) break;
      batch = next.value;
    }
  } finally {
    await iterator.return?.();
  }
  if (seen === 0) {
    throw badFile(
      file,
      'row 2',
      'the file has a header and no rows. Send the whole file, or leave it out if the mapping lets you.',
    );
  }
}

/** Takes the header off the first batch and checks it against what the mapping uses. */
function headerOf(source: Source, file: string, batch: SourceRecord[]): string[] {
  const header = batch.shift()!.cells.map((cell) => cell.trim());
  if (header.every((name) => name === '')) throw emptyFile(file);
  const problem = (message: string): DomainError => badFile(file, 'row 1', message);
  const list = header.map((name) => quoted(name)).join(', ');
  for (const column of source.columns) {
    const count = header.filter((name) => name === column).length;
    if (count === 1) continue;
    if (count > 1)
      throw problem(`the column ${quoted(column)} is there ${count} times. Name the columns differently.`);
    const other = [';', '\t', '|', ','].find((sign) => header.length === 1 && header[0]!.includes(sign));
    const hint = other
      ? ` It seems to be separated by ${other === '\t' ? 'tabs' : other}: set sources.${source.name}.format.delimiter.`
      : '';
    throw problem(
      `there is no column ${quoted(column)}, which the mapping names in sources.${source.name}; the file has ${list}` +
        `${didYouMean(column, header)}${hint ? `.${hint}` : '. Correct the name in the mapping or in the header of the file.'}`,
    );
  }
  return header;
}

interface TextLines {
  readonly text: string;
  readonly first: number;
}

async function* skipping(count: number, blocks: AsyncIterable<TextLines>): AsyncGenerator<TextLines> {
  let left = count;
  for await (const { text, first } of blocks) {
    let from = 0;
    let line = first;
    for (; left > 0 && from < text.length; left--, line++) {
      const end = text.indexOf('\n', from);
      from = end < 0 ? text.length : end + 1;
    }
    if (from < text.length) yield from === 0 ? { text, first } : { text: text.slice(from), first: line };
  }
}

async function* csvRecords(
  file: string,
  format: Extract<Format, { type: 'csv' }>,
  blocks: AsyncIterable<TextLines>,
  source: string,
): AsyncGenerator<SourceRecord[]> {
  // Both count the lines that are skipped.
  let [lastLine, lastRow] = [format.skipLines, format.skipLines];
  let failure: unknown;
  // A wrong byte ends the text early: the parser still counts the rows before it, so that the row can be told.
  const text = async function* (): AsyncGenerator<string> {
    try {
      for await (const block of blocks) yield block.text;
    } catch (error) {
      failure = error;
    }
  };
  const parser = parse({
    delimiter: format.delimiter,
    quote: format.quote === 'none' ? false : format.quote,
    record_delimiter: '\n',
    relax_column_count: true,
    max_record_size: MAX_RECORD,
    on_record: (cells: string[], { records, lines }) => {
      const line = lastLine + 1;
      [lastLine, lastRow] = [format.skipLines + lines, format.skipLines + records];
      const record: SourceRecord = { rowNo: lastRow, line, cells };
      // The parser passes on whatever this returns; its types know of cells only.
      return record as unknown as string[];
    },
  });
  const output = pipeline(
    text,
    parser,
    new PassThrough({ objectMode: true, highWaterMark: BATCH }),
    () => undefined,
  );
  try {
    let batch: SourceRecord[] = [];
    for await (const record of output as AsyncIterable<SourceRecord>) {
      batch.push(record);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && failure === undefined) yield batch;
  } catch (error) {
    if (failure === undefined) throw readable(error, file, source, lastRow + 1, lastLine + 1);
  }
  if (failure !== undefined) throw withRow(failure, file, lastRow + 1);
}

/** What the parser complains about, in words for who has to mend the file. */
function readable(error: unknown, file: string, source: string, row: number, line: number): unknown {
  const { code, lines } = error as CsvError & { lines?: number };
  const where = `row ${row} (line ${line})`;
  const remedy = `Close the quote, or write a quote inside a cell twice; a file without quotes needs sources.${source}.format.quote: none.`;
  switch (code as string | undefined) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return badFile(file, where, `a quote is opened and never closed. ${remedy}`);
    case 'CSV_INVALID_CLOSING_QUOTE':
      return badFile(
        file,
        where,
        `a quote is closed and followed by something else than the next column${lines ? ` on or after line ${line}` : ''}; one that was opened before may not have been closed. ${remedy}`,
      );
    case 'INVALID_OPENING_QUOTE':
      return badFile(file, where, `a quote stands in the middle of a cell. ${remedy}`);
    case undefined:
    default:
      return error;
  }
}

/** The same refusal, with the row beside the line. */
const withRow = (failure: unknown, file: string, row: number): unknown =>
  failure instanceof DomainError
    ? new DomainError(
        failure.code,
        failure.status,
        failure.message.replace(`${file}, line`, `${file}, row ${row}, line`),
        failure.extra,
      )
    : failure;

async function* fixedRecords(
  file: string,
  format: Extract<Format, { type: 'fixed' }>,
  blocks: AsyncIterable<TextLines>,
  setting: string,
): AsyncGenerator<SourceRecord[]> {
  const positions = [...format.columns.values()];
  const width = Math.max(...positions.map(([, to]) => to));
  const cut = format.unit === 'bytes' ? byteCutter(file, format.encoding, setting) : cutCharacters;
  for await (const { text, first } of blocks) {
    const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
    const records = lines.flatMap((content, i): SourceRecord[] => {
      const line = first + i;
      if (content.trim() === '') return [];
      const { cells, length } = cut(content, positions, line);
      const defect = length > width ? `has ${length} ${format.unit} instead of ${width}` : undefined;
      return [{ rowNo: line, line, cells, ...(defect === undefined ? {} : { defect }) }];
    });
    for (let at = 0; at < records.length; at += BATCH) yield records.slice(at, at + BATCH);
  }
}

/** Cuts a line at its positions. Blanks at its end may be missing. */
type Cutter = (
  content: string,
  positions: readonly (readonly [from: number, to: number])[],
  line: number,
) => { cells: string[]; length: number };

const cutCharacters: Cutter = (content, positions) => {
  const trimmed = content.trimEnd();
  // A character outside the basic plane is two units of a JavaScript text.
  if (!/[\ud800-\udfff]/.test(trimmed)) {
    return { cells: positions.map(([from, to]) => trimmed.slice(from - 1, to)), length: trimmed.length };
  }
  const characters = Array.from(trimmed);
  return {
    cells: positions.map(([from, to]) => characters.slice(from - 1, to).join('')),
    length: characters.length,
  };
};

/** For lines whose bytes were taken one by one: decodes each column by itself. */
function byteCutter(file: string, encoding: string, setting: string): Cutter {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (content, positions, line) => {
    // Not trimEnd(): a byte of a character can look like a no-break space.
    const bytes = Buffer.from(content.replace(/ +$/, ''), 'latin1');
    try {
      return {
        cells: positions.map(([from, to]) => decoder.decode(bytes.subarray(from - 1, to))),
        length: bytes.length,
      };
    } catch {
      throw badFile(
        file,
        `row ${line}`,
        `has bytes that are not ${encoding}, or a column that begins or ends inside a character. ` +
          `Correct the positions of the columns, or set ${setting}.`,
      );
    }
  };
}
