import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf } from '../bundle.js';
import { spreadOf, type Measured } from '../report.js';

const VERIFIER = fileURLToPath(new URL('../../src/verifier/verify.mjs', import.meta.url));
const EVENTS = 10_000;

/** Verifies a bundle of 10,000 events as an auditor does: a new process, from the file on the disk to the verdict. */
export async function verify(events = EVENTS): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), 'plumbline-bench-verify-'));
  try {
    const { bundle, policy } = await bundleOf(events);
    writeFileSync(join(directory, 'bundle.zip'), bundle);
    writeFileSync(join(directory, 'policy.txt'), policy);
    const script = `
      import { readFileSync } from 'node:fs';
      const started = performance.now();
      const { verifyBundle } = await import(${JSON.stringify(VERIFIER)});
      const { exit, entries } = await verifyBundle(readFileSync('bundle.zip'), readFileSync('policy.txt', 'utf8'));
      const seconds = (performance.now() - started) / 1000;
      console.log(JSON.stringify({ exit, entries, seconds, kilobytes: process.resourceUsage().maxRSS }));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: directory });
    const said = JSON.parse(run.stdout.toString()) as Record<string, number>;
    if (said['exit'] !== 0) throw new Error(`The bundle was not valid: exit ${said['exit']}`);
    const { entries, seconds, kilobytes } = said as { entries: number; seconds: number; kilobytes: number };
    const of = `verify a bundle of ${entries} events`;
    return [
      { item: 'W10', what: of, unit: 's', value: spreadOf([seconds]), target: 10 },
      {
        ...{ item: 'W10', what: 'the same, an event', unit: 'ms' },
        ...{ value: spreadOf([(seconds * 1000) / entries]), target: 0.5 },
      },
      {
        ...{ item: 'W10', what: 'the same, most memory', unit: 'MB' },
        ...{ value: spreadOf([(kilobytes * 1024) / 1e6]), target: 512 },
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
