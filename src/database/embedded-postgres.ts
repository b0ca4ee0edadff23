import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlreadyRunningError, claimDirectory, inspectProcess, ps } from '../common/directory-claim.js';
import {
  accountFor,
  assertOwner,
  assertReachable,
  createCluster,
  findBinaries,
  majorOfCluster,
  removeOtherCopies,
  removeUnfinishedClusters,
  SUPERUSER,
  spawnOptions,
  superuserPassword,
  type Account,
  type Binaries,
} from './postgres-binaries.js';

export interface EmbeddedPostgres {
  readonly port: number;
  /**
   * True when the PostgreSQL of a killed process was still up on the directory. It was shut down in order
   * and started again: one that is kept could at any moment obey the shutdown it was already sent.
   */
  readonly adopted: boolean;
  /** Settles when it ends without having been asked to: killed, or at a failure of its own. */
  readonly failed: Promise<void>;
  /** The connection URL of the superuser `postgres`; it contains the password. */
  url(database?: string): string;
  /** Can be called again; releases the directory too. A fast stop that takes 4 s becomes an immediate one. */
  stop(mode?: StopMode): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** e.g. `.data/postgres`; made when it is missing */
  directory: string;
  settings?: Readonly<Record<string, string>>;
  /** For tests: fast instead of safe against a failure of the machine. */
  ephemeral?: boolean;
}

type StopMode = 'fast' | 'immediate';

interface Place {
  readonly directory: string;
  readonly data: string;
  readonly account: Account | undefined;
}

/** Shown by `ps`, and how we know a server that we started from one that somebody started by hand. */
const CLUSTER_NAME = 'cluster_name=plumbline';

const FAST_STOP_MS = 4_000;
const IMMEDIATE_STOP_MS = 10_000;
/** Recovery after a crash can take minutes; a server that fails ends by itself and is noticed at once. */
const READY_MS = 300_000;
const ORPHAN_SIGNALS = [
  ['SIGINT', FAST_STOP_MS],
  ['SIGQUIT', IMMEDIATE_STOP_MS],
] as const;

const EMPTY_LOCK = 'lock file "postmaster.pid" is empty';
const PASSING = [
  EMPTY_LOCK,
  // A process that was killed in the middle of its start got there first.
  'lock file "postmaster.pid" already exists',
  // The server was killed and its processes are still ending. Deleting its files would lose data here.
  'pre-existing shared memory block',
  // Somebody took the port since we chose it.
  'Address already in use',
];
const ATTEMPTS = 50;
const PATIENT_ATTEMPTS = 10;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

const EPHEMERAL_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: '2GB',
};

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32')
    throw new Error('There is no embedded PostgreSQL for Windows. Set DATABASE_URL.');
  const place = await prepareDirectory(options.directory);
  const release = await claimDirectory(place.directory);
  try {
    return await startOwned(place, options, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** The server that another process of ours runs on the directory, for a command that works beside it. */
export function runningPostgres(requested: string): Pick<EmbeddedPostgres, 'port' | 'url'> | undefined {
  const resolved = path.resolve(requested);
  if (!existsSync(resolved)) return undefined;
  const directory = realpathSync(resolved);
  const data = path.join(directory, 'data');
  const state = readPostmasterFile(data);
  if (state?.status !== 'ready' || serverOn(data, state.pid) !== 'ours') return undefined;
  const password = superuserPassword(directory, false);
  return { port: state.port, url: connectionUrl(state.port, password) };
}

async function startOwned(
  place: Place,
  options: EmbeddedPostgresOptions,
  release: () => void,
): Promise<EmbeddedPostgres> {
  removeUnfinishedClusters(place.directory);
  const major = majorOfCluster(place.data);
  const binaries = await findBinaries(place.account, major, place.directory);
  const password = superuserPassword(place.directory, major === undefined);
  if (major === undefined)
    await createCluster(place.data, password, binaries, place.account, options.ephemeral ?? false);
  const settings = { ...(options.ephemeral ? EPHEMERAL_SETTINGS : {}), ...options.settings };
  const { server, port, adopted } = await launch(place, binaries, settings);
  removeOtherCopies(place.directory, binaries.directory);
  return {
    port,
    adopted,
    failed: server.failed,
    url: connectionUrl(port, password),
    stop: (mode: StopMode = 'fast') => server.stop(mode).finally(release),
  };
}

const connectionUrl =
  (port: number, password: string) =>
  (database = 'postgres'): string =>
    `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

// ---- The directory -------------------------------------------------------------------------------------

async function prepareDirectory(requested: string): Promise<Place> {
  const resolved = path.resolve(requested);
  const firstMade = mkdirSync(resolved, { recursive: true, mode: 0o755 });
  // The real path: it is compared with command lines, and each of its parents must let the account pass.
  const directory = realpathSync(resolved);
  const data = path.join(directory, 'data');
  const account = accountFor(data);
  if (account && firstMade !== undefined) openParents(resolved, firstMade);
  await assertReachable(directory, account);
  assertOwner(data, account);
  return { directory, data, account };
}

/** A strict umask of root would shut PostgreSQL out of the directories that we just made ourselves. */
function openParents(directory: string, firstMade: string): void {
  for (let made = directory; made.length >= firstMade.length; made = path.dirname(made))
    chmodSync(made, 0o755);
}

function commandLine(pid: number): string {
  if (process.platform !== 'linux') return `${ps(pid, 'command=')} `;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

// ---- The server ----------------------------------------------------------------------------------------

/** `postmaster.pid`: the first line is the process id, the fourth the port, the eighth what it is doing. */
function readPostmasterFile(data: string): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
}

/** Whether the process is a PostgreSQL on this directory, and whether it was us who started it. */
function serverOn(data: string, pid: number): 'ours' | 'foreign' | undefined {
  if (inspectProcess(pid) === undefined) return undefined;
  const command = commandLine(pid);
  if (!command.includes(` -D ${data} `)) return undefined;
  return command.includes(CLUSTER_NAME) ? 'ours' : 'foreign';
}

/**
 * Ends the server of a killed process. Its guard is about to do the same, unless that was killed as well.
 * `stalePid` is in a postmaster.pid that was left behind, and is not the process id of a server (any more).
 */
async function endOrphan({ directory, data }: Place): Promise<{ wasRunning: boolean; stalePid?: number }> {
  const pid = readPostmasterFile(data)?.pid;
  if (!pid) return { wasRunning: false };
  if (!serverOn(data, pid)) return { wasRunning: false, stalePid: pid };
  if (serverOn(data, pid) === 'foreign')
    throw new AlreadyRunningError(directory, pid, 'A PostgreSQL that Plumbline did not start');
  for (const [signal, patience] of ORPHAN_SIGNALS) {
    sendSignal(pid, signal);
    const deadline = performance.now() + patience;
    while (serverOn(data, pid) && performance.now() < deadline) await sleep(20);
    if (!serverOn(data, pid)) return { wasRunning: true, stalePid: pid };
  }
  throw new Error(`The PostgreSQL of an earlier run (process ${pid}) on ${directory} does not end.`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself between our look and now.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The server can fail for a reason that passes: then look again at what is left, and try again. */
async function launch(
  place: Place,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
): Promise<{ server: Server; port: number; adopted: boolean }> {
  let adopted = false;
  for (let attempt = 1; ; attempt++) {
    const { wasRunning, stalePid } = await endOrphan(place);
    adopted ||= wasRunning;
    const port = await freePort();
    const log = openLog(place);
    const server = new Server(place, binaries, serverArguments(place, settings, port), log.handle, stalePid);
    closeSync(log.handle);
    if (await server.becomesReady()) return { server, port, adopted };
    await server.stop('immediate');
    const said = server.failure ?? readFileSync(log.file).subarray(log.length).toString('utf8').trim();
    if (attempt === ATTEMPTS || !PASSING.some((reason) => said.includes(reason)))
      throw new Error(`PostgreSQL did not start. Its log is ${log.file}:\n${said.slice(-2_000)}`);
    // Killed between making the file and writing to it. We hold the directory: nobody else still writes it.
    if (attempt === PATIENT_ATTEMPTS && said.includes(EMPTY_LOCK))
      rmSync(path.join(place.data, 'postmaster.pid'), { force: true });
    await sleep(100);
  }
}

/** Options of the command line win over the configuration file and over ALTER SYSTEM; the last one wins. */
function serverArguments(place: Place, settings: Readonly<Record<string, string>>, port: number): string[] {
  const wanted = Object.entries({
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
    logging_collector: 'off',
    log_destination: 'stderr',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
  }).map(([name, value]) => `${name}=${value}`);
  return ['-D', place.data, ...[...wanted, CLUSTER_NAME].flatMap((setting) => ['-c', setting])];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function openLog({ directory, account }: Place): { file: string; handle: number; length: number } {
  const file = path.join(directory, 'postgres.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  const handle = openSync(file, 'a', 0o600);
  // So that an ordinary user can go on with a directory of theirs which root has used once.
  if (account) fchownSync(handle, account.uid, account.gid);
  return { file, handle, length: fstatSync(handle).size };
}

class Server {
  /** why the program could not even be run */
  failure?: string;
  readonly failed: Promise<void>;
  private readonly child: ChildProcess;
  private readonly guard: ChildProcess | undefined;
  private readonly exited: Promise<void>;
  private isRunning = true;
  private stopping?: Promise<void>;

  constructor(
    private readonly place: Place,
    binaries: Binaries,
    args: readonly string[],
    log: number,
    stalePid: number | undefined,
  ) {
    const options = spawnOptions(place.account);
    this.child = spawn(path.join(binaries.directory, 'postgres'), args, {
      ...options,
      // PostgreSQL believes that a server still runs when the process id in a postmaster.pid which was left
      // behind now belongs to something else. We have looked: this is its own way to be told so.
      env: { ...options.env, ...(stalePid && { PG_GRANDPARENT_PID: String(stalePid) }) },
      // A session of its own: Ctrl-C then reaches only us, and we finish our requests before we stop it.
      detached: true,
      stdio: ['ignore', log, log],
    });
    this.child.unref();
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', (error) => {
        this.failure = error.message;
        resolve();
      });
    });
    this.failed = new Promise((resolve) => void this.exited.then(() => this.stopping ?? resolve()));
    this.guard = this.child.pid === undefined ? undefined : startGuard(this.child.pid, place.account);
    void this.exited.then(() => {
      this.isRunning = false;
      // Its process id may now be given to another process, which the guard must not hit.
      this.guard?.kill('SIGKILL');
    });
  }

  /** False when it ended instead. */
  async becomesReady(): Promise<boolean> {
    const deadline = performance.now() + READY_MS;
    while (this.isRunning && performance.now() < deadline) {
      const state = readPostmasterFile(this.place.data);
      if (state?.pid === this.child.pid && state?.status === 'ready') return true;
      await sleep(10);
    }
    return false;
  }

  stop(mode: StopMode): Promise<void> {
    if (mode === 'immediate') this.child.kill('SIGQUIT');
    this.stopping ??= this.end(mode);
    return this.stopping;
  }

  private async end(mode: StopMode): Promise<void> {
    // Otherwise Node could end with nothing left to wait for, before PostgreSQL has.
    this.child.ref();
    if (mode === 'fast') {
      this.child.kill('SIGINT');
      if (await settlesWithin(this.exited, FAST_STOP_MS)) return;
      this.child.kill('SIGQUIT');
    }
    if (await settlesWithin(this.exited, IMMEDIATE_STOP_MS)) return;
    this.child.unref();
    throw new Error(`PostgreSQL (process ${this.child.pid}) does not end.`);
  }
}

/**
 * Shuts the server down when we die, in whatever way: the pipe to it then closes. It runs in a session of
 * its own, so a signal to our whole process group misses it, and as the account of the server.
 */
function startGuard(pid: number, account: Account | undefined): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -INT "$0" 2>/dev/null', String(pid)], {
    ...spawnOptions(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard the next start still finds the server and ends it.
  guard.on('error', () => undefined);
  guard.unref();
  (guard.stdin as Socket).unref();
  return guard;
}

async function settlesWithin(event: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([event.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
