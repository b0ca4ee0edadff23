import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DomainError } from '../common/errors.js';
import { readMapping, type Mapping } from './mapping.js';

const BUILT_IN = /^[a-z][a-z0-9-]{0,31}$/;

/** The directory `mappings`, above the sources as well as above the build. */
function directory(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    if (existsSync(join(at, 'mappings', 'philadelphia.yaml'))) return join(at, 'mappings');
    if (at === dirname(at)) throw new Error('The directory mappings is missing');
  }
}

/** The names of the mappings that come with the program. */
export async function builtInMappings(): Promise<string[]> {
  const files = await readdir(directory());
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** @throws DomainError with the names that there are */
export async function builtInMapping(name: string): Promise<Mapping> {
  const names = await builtInMappings();
  if (!BUILT_IN.test(name) || !names.includes(name)) {
    throw new DomainError(
      'no-such-mapping',
      400,
      `There is no built-in mapping of that name. There are ${names.join(', ')}; any other one is sent as a file.`,
    );
  }
  return readMapping(await readFile(join(directory(), `${name}.yaml`), 'utf8'), name);
}

/** The mapping in a file, or the built-in one of that name. */
export async function mappingAt(path: string): Promise<Mapping> {
  if (!existsSync(path)) {
    if (BUILT_IN.test(path)) return builtInMapping(path);
    throw new DomainError(
      'no-such-mapping',
      400,
      `There is no mapping file ${path}. Name a file, or one of ${(await builtInMappings()).join(', ')}.`,
    );
  }
  return readMapping(await readFile(path, 'utf8'), basename(path));
}
