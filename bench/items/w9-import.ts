import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pg from 'pg';
import { ImportCommand } from '../../src/imports/import-command.js';
import { Capture, type Statement } from '../capture.js';
import { FLOOR, spreadOf, type Result } from '../report.js';
import { database, environment, root, sql, temporaryDirectory, type Database } from '../stage.js';

const FULL_SIZE = 30_000;
/** The generator makes a set with all of its warts. */
const LEAST = 150;
/** The import writes two batches at once. */
const CONNECTIONS = 2;
const SAMPLE_MS = 50;

/**
 * `plumbline import` of so many complaints against the same transactions sent straight through the driver, each time
 * into an empty database. The time of an import is from its record to its summary: reading, joining and writing.
 */
export async function importing(
  scale: number,
  rounds: number,
  tell: (text: string) => void,
): Promise<Result[]> {
  const folder = join(temporaryDirectory('import'), 'files');
  const complaints = Math.max(LEAST, Math.round(FULL_SIZE * scale));
  const generator = ['samples/generate.mjs', '--complaints', String(complaints), '--out', folder];
  execFileSync(process.execPath, generator, { cwd: root });
  let made = 0;
  const fresh = (): Promise<Database> => database(`import_${made++}`);

  const transactions = await captured(await fresh(), folder);
  const app: number[] = [];
  const db: number[] = [];
  const memory: number[] = [];
  let summary: Summary | undefined;
  for (let round = 0; round < rounds; round++) {
    tell(`W9 round ${round + 1} ...`);
    const imported = await byCommand(await fresh(), folder);
    summary = imported.summary;
    app.push(summary.casesAdded / imported.seconds);
    if (imported.peakMb !== undefined) memory.push(imported.peakMb);
    db.push(summary.casesAdded / (await straight(await fresh(), transactions, summary.casesAdded)));
  }
  const rows = summary!.files.reduce((sum, { read }) => sum + read, 0);
  const what = 'import of complaints';
  return [
    {
      item: 'W9',
      what,
      // What is to be reached in the end is given in complaints a second and not as a share.
      target: FLOOR,
      app: spreadOf(app),
      db: spreadOf(db),
      ratio: spreadOf(app.map((perSecond, i) => perSecond / db[i]!)),
      note: `${summary!.casesAdded} complaints of ${rows} rows a turn; ${(rows / summary!.casesAdded).toFixed(1)} rows each.`,
    },
    ...(memory.length > 0
      ? [{ item: 'W9', what: `${what}, most memory`, unit: 'MB', value: spreadOf(memory), target: 300 }]
      : []),
  ];
}

interface Summary {
  readonly casesAdded: number;
  readonly files: readonly { readonly read: number }[];
}

/** The transactions of an import, as its own statements; those that make organs and officers come first. */
async function captured(
  place: Database,
  folder: string,
): Promise<{ first: Statement[][]; then: Statement[][] }> {
  const capture = await Capture.open(place);
  const options = {
    mapping: 'philadelphia',
    folder,
    dryRun: false,
    json: true,
    rejects: join(folder, '..', 'rejects'),
  };
  const sink = () => new PassThrough().resume();
  const all = await capture.transactions(() =>
    capture.service(ImportCommand).run(options, { out: sink(), err: sink() }),
  );
  const isOfCases = (statements: readonly Statement[]): boolean =>
    statements.some(({ text }) => text.includes('app.import_provenance'));
  return { first: all.filter((one) => !isOfCases(one)), then: all.filter(isOfCases) };
}

/** Sends the transactions. @returns the seconds that it took */
async function straight(
  { workerUrl }: Database,
  { first, then }: { first: readonly Statement[][]; then: readonly Statement[][] },
  expected: number,
): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: workerUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    const begun = performance.now();
    for (const transaction of first) await send(clients[0]!, transaction);
    const waiting = [...then];
    await Promise.all(
      clients.map(async (client) => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await send(client, next);
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const { rows } = await clients[0]!.query<{ n: number }>('SELECT count(*)::int AS n FROM app."case"');
    if (rows[0]!.n !== expected) throw new Error(`${rows[0]!.n} cases instead of ${expected}`);
    return seconds;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function send(client: pg.Client, transaction: readonly Statement[]): Promise<void> {
  await client.query('BEGIN');
  for (const { text, values } of transaction)
    await client.query({ text, values: [...values], rowMode: 'array' });
  await client.query('COMMIT');
}

async function byCommand(
  { adminUrl, dataDir }: Database,
  folder: string,
): Promise<{ summary: Summary; seconds: number; peakMb: number | undefined }> {
  const rejects = join(folder, '..', 'rejects.csv');
  const child = spawn(
    process.execPath,
    ['dist/src/cli.js', 'import', '--json', '--mapping', 'philadelphia', '--rejects', rejects, folder],
    {
      cwd: root,
      env: environment({ DATABASE_URL: adminUrl, PLUMBLINE_DATA_DIR: dataDir, LOG_LEVEL: 'error' }),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  let peakMb: number | undefined;
  const sampling = setInterval(() => (peakMb = peakOf(child.pid!) ?? peakMb), SAMPLE_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampling);
  if (code !== 0) throw new Error(`The import failed:\n${err}`);
  const seconds = await sql(adminUrl, async (client) => {
    const { rows } = await client.query<{ s: string }>(
      'SELECT extract(epoch FROM finished_at - created_at) AS s FROM app.import_run',
    );
    return Number(rows[0]!.s);
  });
  return { summary: JSON.parse(out) as Summary, seconds, peakMb };
}

/** The most memory that a living process has had; undefined where there is no /proc. */
function peakOf(pid: number): number | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
