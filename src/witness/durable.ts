import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Writes the whole file or leaves the old one; what it wrote outlives a failure of the machine. */
export function writeDurably(file: string, text: string, mode: number): void {
  const fresh = `${file}.new`;
  // Left behind by a process that was killed here.
  rmSync(fresh, { force: true });
  const handle = openSync(fresh, 'wx', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, file);
  syncDirectory(dirname(file));
}

/** Makes a directory that only we may enter; the names on the way to it outlive a failure of the machine too. */
export function makeDirectory(directory: string): void {
  const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  const above = dirname(resolve(firstMade));
  for (let made = resolve(directory); made !== above; made = dirname(made)) syncDirectory(dirname(made));
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
