#!/usr/bin/env node
/** Runs the benchmarks of bench/main.ts, after a build when the sources changed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const run = (...args) => spawnSync(args[0], args.slice(1), { stdio: 'inherit' }).status;
if (run(process.execPath, 'scripts/built.mjs', 'server') !== 0 && run('npm', 'run', 'build:server') !== 0)
  process.exit(1);
await import('../dist/bench/main.js');
