#!/usr/bin/env node
/**
 * Is what was built what the sources would build to? Exits 0 when it is and 1 when that part has to be built again,
 * so that a start with nothing new does not wait for a compiler. `--mark` notes that it is.
 *
 *   node scripts/built.mjs server|console [--mark]
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const parts = {
  server: {
    mark: 'dist/.built',
    roots: ['src', 'migrations', 'bench', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'],
  },
  console: {
    mark: 'console/dist/.built',
    roots: [
      'console/src',
      'console/scripts',
      'console/index.html',
      'console/package.json',
      'console/tsconfig.json',
      'console/vite.config.ts',
      'docs/openapi.json',
    ],
  },
};
const part = parts[process.argv[2]];
if (!part) {
  process.stderr.write(`usage: node scripts/built.mjs ${Object.keys(parts).join('|')} [--mark]\n`);
  process.exit(2);
}

const hash = createHash('sha256');
const add = (path) => {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory())
    readdirSync(path)
      .sort()
      .forEach((name) => add(join(path, name)));
  // A spec changes nothing, and the types of the interface are made from docs/openapi.json by the build itself.
  else if (!/\.(spec|gen)\.tsx?$/.test(path)) hash.update(`${path}\0`).update(readFileSync(path));
};
[...part.roots, 'package.json', 'package-lock.json'].forEach(add);
const now = hash.digest('hex');

if (process.argv.includes('--mark')) writeFileSync(part.mark, now);
else process.exit(existsSync(part.mark) && readFileSync(part.mark, 'utf8') === now ? 0 : 1);
