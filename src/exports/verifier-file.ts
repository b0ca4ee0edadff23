import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A verifier as the build made it: a file of its own and no part of the application. */
export const verifierFile = (name: 'verify.mjs' | 'page.html'): Promise<Buffer> =>
  readFile(join(verifierDirectory(), name));

function verifierDirectory(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const directory = join(at, 'dist', 'src', 'verifier');
    if (existsSync(directory)) return directory;
    if (at === dirname(at)) throw new Error('The verifier is not built');
  }
}
