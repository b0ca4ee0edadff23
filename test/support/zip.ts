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
export async function zipOf(
  files: Iterable<readonly [string, Buffer | string]>,
  options: { compress?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  const fixed = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 };
  for (const [path, content] of files) {
    zip.addBuffer(Buffer.from(content as string), path, { ...fixed, compress: options.compress ?? false });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as unknown as Buffer);
  return Buffer.concat(chunks);
}

/** A ZIP made by hand, for what no honest program writes. */
export function rawZip(
  entries: readonly { name: string; data: Buffer; size?: number; method?: number; flags?: number }[],
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, size = data.length, method = 0, flags = 0x0800 } of entries) {
    const path = Buffer.from(name);
    const head = Buffer.alloc(26);
    [20, flags, method, 0, 33].forEach((value, i) => head.writeUInt16LE(value, i * 2));
    [method === 0 ? crc32(data) : 0, data.length, size].forEach((value, i) =>
      head.writeUInt32LE(value, 10 + i * 4),
    );
    head.writeUInt16LE(path.length, 22);
    locals.push(Buffer.from('504b0304', 'hex'), head, path, data);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('504b01023f03', 'hex'), head, place, path);
    offset += 30 + path.length + data.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
