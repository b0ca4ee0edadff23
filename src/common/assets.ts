import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory `assets`, above the sources as well as above the build. @throws Error when it is missing */
export function assetsDirectory(): string {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'assets', 'fonts'))) return join(directory, 'assets');
    if (directory === dirname(directory)) throw new Error('The directory assets is missing');
  }
}
