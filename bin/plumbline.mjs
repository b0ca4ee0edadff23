#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// The first call in a fresh checkout builds; a later one only looks.
const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status;
// Of a bundle, 1 and 2 are answers.
const failed = process.argv[2] === 'verify-bundle' ? 3 : 1;
if (
  run(process.execPath, ['scripts/built.mjs', 'server']) !== 0 &&
  run('npm', ['run', '--silent', 'build:server']) !== 0
) {
  process.stderr.write('Plumbline could not be built. Run `npm ci` first.\n');
  process.exit(failed);
}
await import('../dist/src/cli.js').catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(failed);
});
