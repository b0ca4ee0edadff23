#!/usr/bin/env node
/**
 * Imports published records, each source twice, on a database of its own, and checks the sums: every row read was
 * imported, repeated or rejected, and the second import adds nothing. Also compares the tree with published Merkle
 * vectors. `npm run test:data -- <folder>`, where the folder has `philadelphia/`, `chicago/` and `merkle-vectors/`.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judgeVectors } from './merkle-vectors.mjs';

const [folder] = process.argv.slice(2);
if (!folder || !existsSync(folder)) {
  console.error(folder ? `There is no folder ${folder}.` : 'usage: npm run test:data -- <folder>');
  process.exit(2);
}
const dataDir = mkdtempSync(join(tmpdir(), 'plumbline-data-'));
chmodSync(dataDir, 0o755);
const env = { ...process.env, PLUMBLINE_DATA_DIR: dataDir };
let [passed, failed] = [0, 0];

const plumbline = (args) =>
  new Promise((done) => {
    const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.on('close', (code) => done({ code, out }));
  });

function check(what, holds) {
  console.log(`${holds ? 'ok' : 'NOT OK'}  ${what}`);
  if (holds) passed++;
  else failed++;
}

async function importOnce(source, turn) {
  const from = Date.now();
  const rejects = join(dataDir, `rejects-${source}-${turn}.csv`);
  const { code, out } = await plumbline([
    'import',
    '--json',
    '--mapping',
    `mappings/${source}.yaml`,
    '--rejects',
    rejects,
    resolve(folder, source),
  ]);
  check(`${source}, import ${turn}: exits with 0`, code === 0);
  if (code !== 0) return;
  const summary = JSON.parse(out);
  const seconds = (Date.now() - from) / 1000;
  const read = summary.files.reduce((sum, file) => sum + file.read, 0);
  console.log(
    `    ${read} rows, ${summary.casesAdded} cases in ${seconds.toFixed(1)} s, ${Math.round(read / seconds)} rows/s`,
  );
  check(`${source}, import ${turn}: rows were read`, read > 0);
  for (const { file, read: all, imported, repeated, rejected } of summary.files) {
    const sum = `${all} = ${imported} + ${repeated} + ${rejected}`;
    check(`${source}, import ${turn}, ${file}: ${sum}`, all === imported + repeated + rejected);
    if (turn === 2) check(`${source}, import 2, ${file}: adds nothing`, imported === 0);
  }
  check(
    `${source}, import ${turn}: ${turn === 1 ? 'adds cases' : 'adds no case'}`,
    summary.casesAdded > 0 === (turn === 1),
  );
}

function compareVectors() {
  const file = join(folder, 'merkle-vectors', 'vectors.jsonl');
  if (!existsSync(file)) return check(`${file} is there`, false);
  const { count, good, stricter, wrong } = judgeVectors(file);
  const why = stricter.length > 0 ? `: ${stricter.join(', ')} (a root that is no SHA-256)` : '';
  const agree = count - stricter.length - wrong.length;
  check(
    `${count} Merkle vectors: ${agree} agree, ${stricter.length} stricter${why}`,
    wrong.length === 0 && good > 0 && good < count,
  );
  for (const name of wrong) check(`Merkle vector ${name}`, false);
}

try {
  compareVectors();
  for (const source of ['philadelphia', 'chicago']) {
    if (!existsSync(join(folder, source))) {
      check(`${join(folder, source)} is there`, false);
      continue;
    }
    await importOnce(source, 1);
    await importOnce(source, 2);
  }
  check('the trail is whole', (await plumbline(['verify'])).code === 0);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
