import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { dataSourceOptions } from '../src/data-source.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { loginsOf, openDatabase } from '../src/database/open-database.js';

/** The checkout: this file runs as dist/bench/stage.js. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Undone in the opposite order, also after Ctrl-C: a run leaves neither a process nor a file behind. */
const undo: (() => unknown)[] = [];
let cleaning = Promise.resolve();

export const atTheEnd = (work: () => unknown): void => void undo.push(work);

/** Ends everything that was started so far; a second call waits for the first. */
export const cleanUp = (): Promise<void> =>
  (cleaning = cleaning.then(async () => {
    for (let work = undo.pop(); work; work = undo.pop()) {
      try {
        await work();
      } catch (error) {
        process.stderr.write(`While cleaning up: ${(error as Error).message}\n`);
      }
    }
  }));

export function temporaryDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `plumbline-bench-${name}-`));
  // The account that PostgreSQL runs as must be able to pass, when this process is root.
  chmodSync(directory, 0o755);
  atTheEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface Database {
  /** Logs in as the superuser. */
  readonly adminUrl: string;
  /** Logs in as a member of plumbline_app, as the application does. */
  readonly appUrl: string;
  /** As a member of plumbline_worker, as its jobs do. */
  readonly workerUrl: string;
  /** Where the application keeps its keys. */
  readonly dataDir: string;
}

let cluster: EmbeddedPostgres | undefined;

/** A server of this run, with the settings of the product: every commit waits for the disk. */
async function server(): Promise<EmbeddedPostgres> {
  if (cluster) return cluster;
  const started = await startEmbeddedPostgres({ directory: temporaryDirectory('postgres') });
  atTheEnd(async () => {
    cluster = undefined;
    await started.stop();
  });
  return (cluster = started);
}

/** A migrated database of its own. */
export async function database(name: string, template = 'template1'): Promise<Database> {
  const postgres = await server();
  await sql(postgres.url(), (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const dataDir = temporaryDirectory('data');
  const adminUrl = postgres.url(name);
  const opened = await openDatabase({ databaseUrl: adminUrl, dataDir }, dataSourceOptions);
  return { adminUrl, ...loginsOf(opened), dataDir };
}

/** Work on a connection of its own. */
export async function sql<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The process id of the server behind a superuser's connection. */
export const serverOf = (adminUrl: string): Promise<number> =>
  sql(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ pid: string }>(
      "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid",
    );
    return Number(rows[0]!.pid);
  });

/** Only what the program needs: settings of whoever starts the benchmarks must not change what is measured. */
export const environment = (settings: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  TMPDIR: process.env['TMPDIR'],
  ...settings,
});

export interface Application {
  readonly origin: string;
  /** Process id of what was started: the application itself, or npm. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the application as a process of its own, so that it does not share the event loop of the harness. */
export async function application(
  settings: Record<string, string>,
  command: readonly string[] = [process.execPath, 'dist/src/main.js'],
): Promise<Application> {
  const child = spawn(command[0]!, command.slice(1), {
    cwd: root,
    env: environment({ PORT: '0', LOG_LEVEL: 'error', ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a stop reaches what npm started too.
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM');
    await exited;
  };
  atTheEnd(stop);
  const origin = await addressOf(child, exited);
  // From now on it logs errors only: whoever looks for the cause of a failed run needs them.
  child.stdout.pipe(process.stderr, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  return { origin, pid: child.pid!, stop };
}

async function addressOf(child: ChildProcess, exited: Promise<void>): Promise<string> {
  let said = '';
  const address = new Promise<string>((resolve) => {
    child.stdout!.on('data', (text: Buffer) => {
      said += text.toString();
      const [, origin] = /Plumbline is ready:\s+(http:\/\/\S+?)\/api/.exec(said) ?? [];
      if (origin) resolve(origin);
    });
    child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  });
  const failed = exited.then(() => {
    throw new Error(`The application did not start:\n${said}`);
  });
  return Promise.race([address, failed]);
}

/** What a process occupies now. */
export const residentMb = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
