import { TextDecoder } from 'node:util';
import { DomainError } from '../common/errors.js';

/** A file that can be read from its beginning, more than once. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A file that cannot be read as the mapping says; the import stops before anything is written. */
export const badFile = (file: string, where: string, message: string): DomainError =>
  new DomainError('unreadable-file', 400, `${file}${where && `, ${where}`}: ${message}`, { file });

const LINE_FEED = 0x0a;
/** A line that is longer than this is no line of a table. */
const MAX_LINE = 8_000_000;

/** Whole lines of text, with the number of the first of them. */
export interface Lines {
  readonly text: string;
  readonly first: number;
}

/**
 * Decodes a file strictly: bytes that the encoding does not have are refused with the line, never replaced. Line ends
 * become line feeds.
 * @param encoding of the Encoding standard, or `binary` for one character a byte
 * @param setting where the mapping says the encoding, for the remedy
 */
export async function* linesOf(
  file: SourceFile,
  encoding: string,
  setting: string,
  onBytes: (count: number) => void = () => undefined,
): AsyncGenerator<Lines> {
  const decoder = new LineDecoder(file.name, encoding, setting);
  let rest: Uint8Array = Buffer.alloc(0);
  for await (const chunk of file.open()) {
    onBytes(chunk.length);
    if (decoder.wide) {
      yield* decoder.stream(chunk);
      continue;
    }
    // Cut at a line end, which in these encodings is never part of a character.
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    const head = Buffer.concat([rest, chunk.subarray(0, end)]);
    rest = end > 0 ? chunk.subarray(end) : Buffer.concat([rest, chunk]);
    if (rest.length > MAX_LINE) {
      throw badFile(
        file.name,
        `line ${decoder.line}`,
        'is longer than 8 MB. This is no table of rows; save it as CSV.',
      );
    }
    if (end > 0) yield* decoder.decode(head);
  }
  if (rest.length > 0) yield* decoder.decode(rest);
  if (decoder.wide) yield* decoder.stream(undefined);
  decoder.refuseUtf8();
}

class LineDecoder {
  /** The number of the next line. */
  line = 1;
  readonly wide: boolean;
  private readonly binary: boolean;
  private readonly decoder: TextDecoder;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private kept = '';
  /** Lines beyond ASCII, and how many of them are well-formed UTF-8 although the mapping says another encoding. */
  private beyondAscii = 0;
  private wellFormed = 0;

  constructor(
    private readonly file: string,
    private readonly encoding: string,
    private readonly setting: string,
  ) {
    this.wide = encoding.startsWith('utf-16');
    this.binary = encoding === 'binary';
    this.decoder = new TextDecoder(this.binary ? 'utf-8' : encoding, { fatal: true, ignoreBOM: true });
  }

  /** Whole lines. Those before one with wrong bytes still come out, so that the reader knows its row. */
  *decode(bytes: Uint8Array): Generator<Lines> {
    const first = this.line;
    if (this.binary) {
      yield this.lines(Buffer.from(bytes).toString('latin1'), first);
      return;
    }
    if (first === 1) this.refuseOtherKinds(bytes);
    if (this.encoding !== 'utf-8') this.countUtf8(bytes);
    const text = decoded(this.decoder, bytes);
    if (text !== undefined) {
      yield this.lines(text, first);
      return;
    }
    const isWrong = ([from, to]: [number, number]): boolean =>
      decoded(this.decoder, bytes.subarray(from, to)) === undefined;
    const [start] = lineStarts(bytes).find(isWrong) ?? [0];
    if (start > 0) yield this.lines(this.decoder.decode(bytes.subarray(0, start)), first);
    throw this.wrong(this.line, `has bytes that are not ${this.encoding}`);
  }

  /** For UTF-16, in which a byte of a character can look like a line end. */
  *stream(bytes: Uint8Array | undefined): Generator<Lines> {
    const first = this.line;
    if (first === 1 && bytes && this.kept === '') this.refuseOtherKinds(bytes);
    try {
      this.kept += bytes ? this.decoder.decode(bytes, { stream: true }) : this.decoder.decode();
    } catch {
      throw this.wrong(first, `or one of the next lines has bytes that are not ${this.encoding}`);
    }
    const end = bytes ? this.kept.lastIndexOf('\n') + 1 : this.kept.length;
    const text = this.kept.slice(0, end);
    this.kept = this.kept.slice(end);
    if (text !== '') yield this.lines(text, first);
  }

  private lines(decoded: string, first: number): Lines {
    let text = first === 1 && decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
    if (text.includes('\r')) text = text.replaceAll(/\r\n?/g, '\n');
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line++;
    return { text, first };
  }

  private wrong(line: number, what: string): DomainError {
    return badFile(
      this.file,
      `line ${line}`,
      `${what}. Save the file as ${this.encoding}, or set ${this.setting} in the mapping to the encoding that it has ` +
        '(such as utf-8, windows-1252 or gb18030).',
    );
  }

  /** Says at once what a file is that is no text in this encoding. */
  private refuseOtherKinds(bytes: Uint8Array): void {
    const begins = (...start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);
    const refuse = (what: string, remedy: string): never => {
      throw badFile(this.file, 'line 1', `the file is ${what}. ${remedy}`);
    };
    if (begins(0x50, 0x4b, 3, 4))
      refuse('a workbook or a zip archive', 'Save the sheet as CSV (UTF-8), or unpack the archive.');
    if (begins(0x1f, 0x8b)) refuse('compressed with gzip', 'Unpack it first.');
    const marked = begins(0xff, 0xfe)
      ? 'utf-16le'
      : begins(0xfe, 0xff)
        ? 'utf-16be'
        : begins(0xef, 0xbb, 0xbf)
          ? 'utf-8'
          : undefined;
    const head = bytes.subarray(0, 1000);
    const zeros = this.wide ? 0 : head.filter((byte) => byte === 0).length;
    const found = marked ?? (zeros > head.length / 10 ? 'utf-16le' : undefined);
    if (found !== undefined && found !== this.encoding) {
      refuse(`${found} and not ${this.encoding}`, `Set ${this.setting} in the mapping to ${found}.`);
    }
  }

  private countUtf8(bytes: Uint8Array): void {
    for (const [from, to] of lineStarts(bytes)) {
      const line = bytes.subarray(from, to);
      if (!line.some((byte) => byte > 0x7f)) continue;
      this.beyondAscii++;
      if (decoded(this.utf8, line) !== undefined) this.wellFormed++;
    }
  }

  /** Text of another encoding is well-formed UTF-8 by chance in a line, but not in all of several lines. */
  refuseUtf8(): void {
    if (this.wide || this.beyondAscii < 3 || this.wellFormed < this.beyondAscii) return;
    throw badFile(
      this.file,
      '',
      `each of the ${this.beyondAscii} lines beyond ASCII is well-formed UTF-8, although the mapping says ` +
        `${this.encoding}. Set ${this.setting} in the mapping to utf-8.`,
    );
  }
}

/** Undefined when the bytes are none of the encoding. */
function decoded(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where the lines of a block begin and end. */
function lineStarts(bytes: Uint8Array): [from: number, to: number][] {
  const lines: [number, number][] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, from);
    const to = end < 0 ? bytes.length : end + 1;
    lines.push([from, to]);
    from = to;
  }
  return lines;
}
