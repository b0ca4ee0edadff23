#!/usr/bin/env node
/**
 * Is `dist` what the sources would build to? Exits 0 when it is and 1 when `npm run build` is needed, so that a
 * start with nothing new does not wait for the compiler. `--mark` notes that it is.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'dist/.built';
const hash = createHash('sha256');
const roots = [
  'src',
  'migrations',
  'bench',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];

const add = (path) => {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory())
    readdirSync(path)
      .sort()
      .forEach((name) => add(join(path, name)));
  else if (!path.endsWith('.spec.ts')) hash.update(`${path}\0`).update(readFileSync(path));
};
roots.forEach(add);
const now = hash.digest('hex');

if (process.argv.includes('--mark')) writeFileSync(MARK, now);
else process.exit(existsSync(MARK) && readFileSync(MARK, 'utf8') === now ? 0 : 1);
