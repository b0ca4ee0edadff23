import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../common/errors.js';

/** The path of the list, or undefined where there is none. */
export const BREACHED_PASSWORDS = 'plumbline:breached-passwords';

/** `<SHA-1 in hex>:<how often>`, as the downloader of Pwned Passwords writes them into one file. */
const LINE = /^([0-9A-F]{40})(?::\d+)?$/i;
/** More than two lines: a piece of this length has a whole one in it, wherever it begins. */
const PIECE = 256;
/** How many places are looked at when the program starts. */
const PROBES = 64;

/** Reads a piece of the list at a place. */
type Read<T> = (position: number, length: number) => T;

/** The first line that begins at or after a place, and where the next one begins; undefined at the end. */
function lineIn(
  piece: string,
  isBeginning: boolean,
): { line: string; begins: number; ends: number } | undefined {
  const begins = isBeginning ? 0 : piece.indexOf('\n') + 1;
  if (!isBeginning && begins === 0) return undefined;
  if (begins === piece.length) return undefined;
  const newline = piece.indexOf('\n', begins);
  const ends = newline < 0 ? piece.length : newline + 1;
  return { line: piece.slice(begins, newline < 0 ? undefined : newline).replace(/\r$/, ''), begins, ends };
}

/**
 * What is wrong with a list of breached passwords, as far as a look at some places of it tells.
 * @returns undefined when it can be searched
 */
export function faultOfBreachedPasswords(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return 'names no file that can be read';
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size === 0) return 'names no file, or an empty one';
    const read: Read<string> = (position, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, position));
    };
    return faultIn(read, stat.size);
  } catch {
    return 'names a file that could not be read to its end';
  } finally {
    closeSync(file);
  }
}

function faultIn(read: Read<string>, size: number): string | undefined {
  let last = '';
  let lastAt = -1;
  for (let probe = 0; probe < PROBES; probe++) {
    const position = Math.floor((size / PROBES) * probe);
    // From one byte before, so that a line that begins exactly here is found too.
    const from = Math.max(position - 1, 0);
    const found = lineIn(read(from, PIECE), position === 0);
    if (!found) continue;
    const at = from + found.begins;
    const [, hash] = LINE.exec(found.line) ?? [];
    if (hash === undefined) {
      return `names a file that has no line such as <SHA-1 in 40 hexadecimal digits>:<count> at byte ${at}`;
    }
    if (at > lastAt && hash.toUpperCase() <= last)
      return `names a file that is not in the order of its hashes at byte ${at}`;
    [last, lastAt] = [hash.toUpperCase(), at];
  }
  return undefined;
}

/** Whether a hash is in the list: some thirty reads of a sorted file of any size. @throws Error for a line that is none */
async function holds(read: Read<Promise<string>>, size: number, wanted: string): Promise<boolean> {
  // A line that begins in [low, high) may be the one.
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const from = Math.max(middle - 1, 0);
    const found = lineIn(await read(from, PIECE), middle === 0);
    if (!found || from + found.begins >= high) {
      high = middle;
      continue;
    }
    const [, hash] = LINE.exec(found.line) ?? [];
    if (hash === undefined) throw new Error('a line of the list of breached passwords is none');
    const order = hash.toUpperCase();
    if (order === wanted) return true;
    if (order < wanted) low = from + found.ends;
    else high = middle;
  }
  return false;
}

async function search(path: string, wanted: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read: Read<Promise<string>> = async (position, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    return await holds(read, size, wanted);
  } finally {
    await file.close();
  }
}

/** Passwords that are known from breaches: a file that the operator gives, such as that of Pwned Passwords. */
@Injectable()
export class BreachedPasswords {
  private readonly logger = new Logger('BreachedPasswords');

  constructor(@Inject(BREACHED_PASSWORDS) private readonly list: { readonly path: string | undefined }) {}

  /**
   * Whether the password is in the list; false where there is none. The file is opened each time, so that another may
   * take its place while the program runs.
   * @throws 503 when the list can no longer be read: no password is taken unlooked at
   */
  async has(password: string): Promise<boolean> {
    const { path } = this.list;
    if (path === undefined) return false;
    const wanted = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    try {
      return await search(path, wanted);
    } catch (error) {
      this.logger.error({
        error: error instanceof Error ? error.message.replace(path, '<list>') : 'unknown',
      });
      throw new DomainError(
        'breached-passwords-unreadable',
        503,
        'The list of passwords that are known from breaches cannot be read, so no password can be set. Tell whoever runs this program.',
      );
    }
  }
}
