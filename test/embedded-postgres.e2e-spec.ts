import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { AlreadyRunningError } from '../src/common/directory-claim.js';
import {
  runningPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../src/database/embedded-postgres.js';

/**
 * These run with DATABASE_URL set, too: they are about the programs of PostgreSQL on this machine and about
 * directories of their own, and never connect to that database.
 */
const compiled = path.resolve(__dirname, '../dist/src/database/embedded-postgres.js');
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
const onLinux = process.platform === 'linux' ? it : it.skip;

/** What a process of the product does: starts the database, says so, and lives until it is killed. */
const script = `
  const { startEmbeddedPostgres } = await import(process.argv[1]);
  process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
  const server = await startEmbeddedPostgres(JSON.parse(process.argv[2])).catch((error) => error);
  const { name, message, port } = server;
  process.stdout.write(JSON.stringify({ name, message, port, url: server.url?.() }) + '\\n');
  if (server instanceof Error) process.exit(1);
  setInterval(() => undefined, 60_000);
`;

interface Answer {
  name?: string;
  message?: string;
  port?: number;
  url?: string;
}

const roots: string[] = [];
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

/** A directory for one case, not made yet. */
function newDirectory(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'plumbline-embedded-'));
  roots.push(root);
  // mkdtemp closes it to the account that PostgreSQL runs as when we are root.
  chmodSync(root, 0o755);
  return path.join(makeOpen(path.join(root, 'data dir')), 'postgres');
}

/** With whatever umask the tests run. */
function makeOpen(directory: string): string {
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  return directory;
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options);
  servers.push(server);
  return server;
}

/** As from a shell: a process group of its own, with the child as its leader. */
function spawnProduct(options: EmbeddedPostgresOptions): ChildProcess {
  const args = ['--input-type=module', '-e', script, pathToFileURL(compiled).href, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function answerOf(child: ChildProcess): Promise<Answer> {
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line) as Answer;
  throw new Error('The process ended without an answer.');
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid!, 'SIGKILL');
  await exited;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // A server that is killed breaks its connections, which is what these cases are about.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const write = (url: string): Promise<unknown[]> =>
  query(url, `CREATE TABLE kept (note text); INSERT INTO kept VALUES ('committed')`);

const read = (url: string): Promise<unknown[]> => query(url, 'SELECT note FROM kept');

const postmasterOf = (directory: string): number =>
  Number.parseInt(readFileSync(path.join(directory, 'data', 'postmaster.pid'), 'utf8'), 10);

const claimsIn = (directory: string): string[] =>
  readdirSync(directory).filter((name) => name.startsWith('owner-'));

const isRunning = (pid: number): boolean => {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

beforeAll(() => {
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: run npm run build first.`);
});

afterEach(async () => {
  await Promise.all(children.splice(0).map(killGroup));
  await Promise.all(servers.splice(0).map((server) => server.stop('immediate')));
});

afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true, maxRetries: 10 });
});

describe('the embedded PostgreSQL', () => {
  it('starts, stops in order, and starts again with its data', async () => {
    const directory = newDirectory();
    const first = await start({ directory, ephemeral: true, settings: { work_mem: '5MB' } });
    expect(first).toMatchObject({ port: expect.any(Number), adopted: false });
    expect(await query(first.url(), 'SHOW work_mem')).toEqual([{ work_mem: '5MB' }]);
    await write(first.url());
    const pid = postmasterOf(directory);
    await first.stop();
    await first.stop();
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(path.join(directory, 'data', 'postmaster.pid'))).toBe(false);

    const second = await start({ directory, ephemeral: true });
    expect(second.adopted).toBe(false);
    expect(await read(second.url())).toEqual([{ note: 'committed' }]);
    // The handle of the first run must not release what now belongs to the second.
    await first.stop();
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(AlreadyRunningError);
  });

  it('listens for this machine only, wants the password, and keeps it and its log to the owner', async () => {
    const directory = newDirectory();
    const server = await start({ directory, ephemeral: true });
    expect(await query(server.url(), 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(server.url(), 'SHOW unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    const wrong = new URL(server.url());
    wrong.password = 'postgres';
    await expect(connect(wrong.href)).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(path.join(directory, 'superuser.password')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(directory, 'postgres.log')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(directory, 'data')).mode & 0o777).toBe(0o700);
  });

  it('stops within 5 s although clients are connected and a transaction is open', async () => {
    const directory = newDirectory();
    const server = await start({ directory, ephemeral: true });
    await write(server.url());
    const client = await connect(server.url());
    await client.query(`BEGIN; INSERT INTO kept VALUES ('not committed')`);
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(5_000);

    const again = await start({ directory, ephemeral: true });
    expect(await read(again.url())).toEqual([{ note: 'committed' }]);
  });

  it('says why when PostgreSQL does not start, and lets go of the directory', async () => {
    const directory = newDirectory();
    const wrong = startEmbeddedPostgres({ directory, ephemeral: true, settings: { work_mem: 'much' } });
    await expect(wrong).rejects.toThrow(/did not start.*work_mem/s);
    await expect(wrong).rejects.not.toThrow(readFileSync(path.join(directory, 'superuser.password'), 'utf8'));
    expect(claimsIn(directory)).toEqual([]);
    await start({ directory, ephemeral: true });
  });
});

describe('two processes and one directory', () => {
  it('refuses the second with the directory, the process and what to do', async () => {
    const directory = newDirectory();
    const server = await start({ directory, ephemeral: true });
    await write(server.url());

    const here = await startEmbeddedPostgres({ directory }).catch((error: unknown) => error);
    const elsewhere = await answerOf(spawnProduct({ directory }));

    const alias = path.join(path.dirname(directory), 'alias');
    symlinkSync(directory, alias);
    const byAlias = await answerOf(spawnProduct({ directory: alias }));

    for (const refusal of [here, elsewhere, byAlias]) {
      expect(refusal).toMatchObject({ name: 'AlreadyRunningError' });
      const { message } = refusal as Error;
      expect(message).toContain(`already running on ${directory} (process ${process.pid})`);
      expect(message).toContain('PLUMBLINE_DATA_DIR');
    }
    expect(await read(server.url())).toEqual([{ note: 'committed' }]);
  });

  it('lets one of several that start at the same time win', async () => {
    const directory = newDirectory();
    const contenders = Array.from({ length: 4 }, () => spawnProduct({ directory, ephemeral: true }));
    const answers = await Promise.all(contenders.map(answerOf));
    expect(answers.filter(({ url }) => url !== undefined)).toHaveLength(1);
    expect(answers.filter(({ name }) => name === 'AlreadyRunningError')).toHaveLength(3);
  });

  it('tells a command of ours how to reach the server that another process runs', async () => {
    const directory = newDirectory();
    expect(runningPostgres(directory)).toBeUndefined();
    const server = await start({ directory, ephemeral: true });
    expect(runningPostgres(directory)?.port).toBe(server.port);
    expect(runningPostgres(directory)?.url('a b')).toBe(server.url('a b'));
    await server.stop();
    expect(runningPostgres(directory)).toBeUndefined();
  });
});

describe('after kill -9', () => {
  it('of the whole process group, PostgreSQL ends by itself', async () => {
    const directory = newDirectory();
    const child = spawnProduct({ directory, ephemeral: true });
    await answerOf(child);
    const pid = postmasterOf(directory);
    await killGroup(child);
    for (let waited = 0; isRunning(pid) && waited < 10_000; waited += 50) await sleep(50);
    expect(isRunning(pid)).toBe(false);
  });

  it('of the whole process group, the next start has all that was committed', async () => {
    const directory = newDirectory();
    const child = spawnProduct({ directory });
    const { url } = await answerOf(child);
    await write(url!);
    const client = await connect(url!);
    await client.query(`BEGIN; INSERT INTO kept VALUES ('not committed')`);
    await killGroup(child);
    expect(claimsIn(directory)).toHaveLength(1);

    const server = await start({ directory });
    expect(await read(server.url())).toEqual([{ note: 'committed' }]);
    expect(claimsIn(directory)).toEqual([expect.stringMatching(`^owner-${process.pid}-`)]);
  });

  it('of the process group and of PostgreSQL itself, too', async () => {
    const directory = newDirectory();
    const child = spawnProduct({ directory });
    const { url } = await answerOf(child);
    await write(url!);
    const client = await connect(url!);
    await client.query(`BEGIN; INSERT INTO kept VALUES ('not committed')`);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // One that outlives its server, and could still write to the files: PostgreSQL does not start until it ends.
    process.kill(rows[0]!.pid, 'SIGSTOP');
    process.kill(postmasterOf(directory), 'SIGKILL');
    await killGroup(child);
    const continued = sleep(500).then(() => process.kill(rows[0]!.pid, 'SIGCONT'));

    const server = await start({ directory });
    await continued;
    expect(await read(server.url())).toEqual([{ note: 'committed' }]);
  });

  it('in the middle of the very first start, the leftover is removed and a database is made', async () => {
    const directory = newDirectory();
    const child = spawnProduct({ directory, ephemeral: true });
    const unfinished = () =>
      existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith('data.initdb-')) : [];
    while (unfinished().length === 0) await sleep(5);
    await sleep(100);
    await killGroup(child);
    expect(existsSync(path.join(directory, 'data'))).toBe(false);
    expect(unfinished()).toHaveLength(1);

    const server = await start({ directory, ephemeral: true });
    await write(server.url());
    expect(unfinished()).toEqual([]);
  });

  it('takes over the claim of a process that is gone', async () => {
    const directory = makeOpen(newDirectory());
    const gone = spawnSync(process.execPath, ['--version']).pid;
    writeFileSync(path.join(directory, `owner-${gone}-12345`), '');
    await start({ directory, ephemeral: true });
    expect(claimsIn(directory)).toEqual([expect.stringMatching(`^owner-${process.pid}-`)]);
  });

  onLinux(
    'takes over a claim and a postmaster.pid whose process id something else has got (only on Linux, by /proc)',
    async () => {
      const directory = newDirectory();
      const first = await start({ directory, ephemeral: true });
      await write(first.url());
      await first.stop();
      // The same account as PostgreSQL's, or PostgreSQL would itself see that it cannot be a server of its own.
      const owner = statSync(path.join(directory, 'data'));
      const account = isRoot ? { uid: owner.uid, gid: owner.gid } : {};
      const other = spawn('sleep', ['600'], { ...account, cwd: '/', stdio: 'ignore', detached: true });
      children.push(other);
      const lines = [other.pid, path.join(directory, 'data'), 1, 1, '', '127.0.0.1', '', 'ready'];
      const left = path.join(directory, 'data', 'postmaster.pid');
      writeFileSync(left, `${lines.join('\n')}\n`);
      chmodSync(left, 0o644);
      writeFileSync(path.join(directory, `owner-${other.pid}-1`), '');

      const second = await start({ directory, ephemeral: true });
      expect(second.adopted).toBe(false);
      expect(await read(second.url())).toEqual([{ note: 'committed' }]);
      expect(isRunning(other.pid!)).toBe(true);
    },
  );
});

describe('a directory that does not serve', () => {
  it('is not overwritten when it holds something else', async () => {
    const directory = makeOpen(newDirectory());
    const file = path.join(makeOpen(path.join(directory, 'data')), 'letter.txt');
    writeFileSync(file, 'mine');
    // As root a directory of root is refused because of its owner already.
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/holds files|belongs to/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('is refused with the versions when another PostgreSQL made the database', async () => {
    const directory = newDirectory();
    const server = await start({ directory, ephemeral: true });
    await server.stop();
    writeFileSync(path.join(directory, 'data', 'PG_VERSION'), '9\n');
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/made by PostgreSQL 9.*PG_BIN_DIR/);
  });

  asRoot('is refused (only as root) with the closed parent and two remedies', async () => {
    const directory = newDirectory();
    const closed = path.dirname(path.dirname(directory));
    chmodSync(closed, 0o700);
    const refused = startEmbeddedPostgres({ directory });
    await expect(refused).rejects.toThrow(`cannot enter ${closed}. `);
    await expect(refused).rejects.toThrow(`chmod o+x '${closed}'`);
    await expect(refused).rejects.toThrow('PLUMBLINE_DATA_DIR');
  });
});
