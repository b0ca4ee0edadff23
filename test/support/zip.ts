import { crc32 } from 'node:zlib';
import { ZipFile } from 'yazl';

/** The files of a bundle, which are stored one after the other. */
export function filesOf(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [size, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const start = at + 30 + name;
    files.set(bytes.toString('latin1', at + 30, start), bytes.subarray(start, start + size));
    at = start + size;
  }
  return files;
}

/** A ZIP of these files, made as bundles are. */
export async function zipOf(files: Iterable<readonly [string, Buffer | string]>): Promise<Buffer> {
  const zip = new ZipFile();
  const fixed = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644, compress: false };
  for (const [path, content] of files) {
    zip.addBuffer(Buffer.from(content as string), path, fixed);
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as unknown as Buffer);
  return Buffer.concat(chunks);
}

/** A file of a ZIP that is made by hand: like a bundle's, but for what is given. */
export interface RawFile {
  readonly name: string;
  readonly data: Buffer;
  readonly size?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly madeBy?: number;
  /** Of MS-DOS. */
  readonly time?: number;
  readonly date?: number;
  readonly crc?: number;
  readonly attributes?: number;
  /** Further fields, before the file and in the directory. */
  readonly extra?: Buffer;
  readonly directoryExtra?: Buffer;
  readonly comment?: Buffer;
  /** What stands before it and belongs to no file. */
  readonly gap?: Buffer;
}

const none = Buffer.alloc(0);
const le = (width: 2 | 4, ...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(width * numbers.length);
  numbers.forEach((n, i) => bytes.writeUIntLE(n, i * width, width));
  return bytes;
};

/** A ZIP made by hand, for what no honest program writes. */
export function rawZip(files: readonly RawFile[], comment: Buffer = none): Buffer {
  const [locals, directory]: Buffer[][] = [[], []];
  let offset = 0;
  for (const { name, data, size = data.length, method = 0, flags = 0x0800, ...more } of files) {
    const { madeBy = 0x033f, time = 0, date = 33, attributes = 0o100644 * 2 ** 16 } = more;
    const { extra = none, directoryExtra = extra, gap = none, crc = method === 0 ? crc32(data) : 0 } = more;
    const path = Buffer.from(name);
    const about = Buffer.concat([le(2, 20, flags, method, time, date), le(4, crc, data.length, size)]);
    const local = [le(4, 0x04034b50), about, le(2, path.length, extra.length), path, extra, data];
    offset += gap.length;
    const lengths = [path.length, directoryExtra.length, more.comment?.length ?? 0];
    const place = [le(2, ...lengths, 0, 0), le(4, attributes, offset)];
    const names = [path, directoryExtra, more.comment ?? none];
    directory!.push(le(4, 0x02014b50), le(2, madeBy), about, ...place, ...names);
    locals!.push(gap, ...local);
    offset += Buffer.concat(local).length;
  }
  const central = Buffer.concat(directory!);
  const end = [le(2, 0, 0, files.length, files.length), le(4, central.length, offset), le(2, comment.length)];
  return Buffer.concat([...locals!, central, le(4, 0x06054b50), ...end, comment]);
}
