#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// The first call in a fresh checkout builds; a later one only looks.
const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status;
if (run(process.execPath, ['scripts/built.mjs']) !== 0 && run('npm', ['run', '--silent', 'build']) !== 0)
  process.exit(2);

await import('../dist/src/cli.js');
