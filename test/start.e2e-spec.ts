import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aDatabase } from './support/database.js';

interface Started {
  readonly process: ChildProcess;
  readonly address: string;
  readonly password: string | undefined;
  /** What a person saw so far, and what went to the log. */
  output(): string;
  log(): string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Starts the compiled program in a process group of its own, as a terminal does, and waits until it serves. */
async function start(env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    detached: true,
    env: { ...process.env, DATABASE_URL: '', PORT: '0', ...env },
  });
  let output = '';
  let log = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (log += data.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const ready = async (): Promise<string> => {
    for (;;) {
      const [, address] = /Plumbline is ready: +(http:\/\/\S+)\/api\/v1/.exec(output) ?? [];
      if (address) return address;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const address = await Promise.race([
    ready(),
    ended.then(() => Promise.reject(new Error(`${output}${log}`))),
  ]);
  const [, password] = /password +(\S+)/.exec(output) ?? [];
  return { process: child, address, password, output: () => output, log: () => log, ended };
}

const signIn = async (address: string, password: string): Promise<number> => {
  const response = await fetch(`${address}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'supervisor', password }),
  });
  return response.status;
};

async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', () => {
  let dataDir: string;
  const running = new Set<Started>();
  const starting = async (env: Record<string, string> = {}): Promise<Started> => {
    const started = await start({ PLUMBLINE_DATA_DIR: dataDir, ...env });
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'plumbline-start-'));
    chmodSync(dataDir, 0o755);
  });
  afterAll(async () => {
    for (const started of running) process.kill(-started.process.pid!, 'SIGKILL');
    await Promise.all([...running].map(({ ended }) => ended));
    // The database ends by itself when its guard sees that the application is gone.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('prints address, accounts and reference, and serves; a second one says that it runs; Ctrl-C ends both in 5 s', async () => {
    const first = await starting();
    for (const words of [
      '/api/docs',
      'intake-officer',
      'investigator-2',
      'deployment-approver',
      'administrator',
    ]) {
      expect(first.output()).toContain(words);
    }
    expect(await signIn(first.address, first.password!)).toBe(200);
    expect((await fetch(`${first.address}/api/docs`)).status).toBe(200);
    expect((await fetch(`${first.address}/health/live`)).status).toBe(200);
    expect(await (await fetch(`${first.address}/metrics`)).text()).toContain('http_request_duration_seconds');
    // Each line of the log is JSON.
    for (const line of first.log().trim().split('\n').filter(Boolean))
      expect(JSON.parse(line)).toHaveProperty('level');
    expect(first.log()).not.toContain(first.password);

    await expect(start({ PLUMBLINE_DATA_DIR: dataDir })).rejects.toThrow(/did not start.*(running|in use)/is);

    const asked = Date.now();
    process.kill(-first.process.pid!, 'SIGINT');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(5000);
  }, 90_000);

  it('goes on with its data after a kill -9 of the whole process group', async () => {
    const first = await starting({ PLUMBLINE_DEMO_PASSWORD: 'is not used any more' });
    expect(first.output()).toContain('keep the password of the first start');
    const users = async (address: string): Promise<number> => signIn(address, 'wrong');
    expect(await users(first.address)).toBe(401);
    process.kill(-first.process.pid!, 'SIGKILL');
    await first.ended;
    const second = await starting();
    expect(await users(second.address)).toBe(401);
    process.kill(-second.process.pid!, 'SIGTERM');
    expect(await second.ended).toEqual({ code: 0, signal: null });
  }, 90_000);

  it('runs a sealer and a witness beside it, which end with it even when it is killed alone', async () => {
    const started = await starting();
    const [, policy] = /policy +(\S+)/.exec(started.output()) ?? [];
    const [, sha256] = /SHA-256 +([0-9a-f]{64})/.exec(started.output()) ?? [];
    expect(createHash('sha256').update(readFileSync(policy!)).digest('hex')).toBe(sha256);
    expect(started.output()).toContain('A witness on the same machine only detects');
    await until(async () => {
      const metrics = await (await fetch(`${started.address}/metrics`)).text();
      return (
        /^plumbline_witness_lag_seconds\{.*\} \d/m.test(metrics) &&
        /^plumbline_unsealed_entries 0$/m.test(metrics) &&
        /^plumbline_log_size [1-9]/m.test(metrics)
      );
    });
    const children = spawnSync('pgrep', ['-P', String(started.process.pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .map(Number);
    // Sealer, witness and PostgreSQL with its guard.
    expect(children.length).toBeGreaterThanOrEqual(3);
    started.process.kill('SIGKILL');
    await started.ended;
    await until(() => Promise.resolve(children.every((pid) => !isAlive(pid))));
  }, 90_000);

  it('uses DATABASE_URL instead and starts nothing, with no demonstration accounts', async () => {
    const database = await aDatabase();
    try {
      const started = await starting({
        DATABASE_URL: database.adminUrl,
        PLUMBLINE_DATA_DIR: join(dataDir, 'outside'),
      });
      expect(started.output()).not.toContain('password');
      expect(started.output()).not.toContain('embedded');
      expect(await signIn(started.address, 'anything')).toBe(401);
      process.kill(-started.process.pid!, 'SIGINT');
      await started.ended;
    } finally {
      await database.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      const logins = await database.sql<{ rolname: string }>(
        `SELECT rolname FROM pg_roles WHERE rolname LIKE '%\\_\\_' || current_database()`,
      );
      for (const { rolname } of logins) await database.sql(`DROP ROLE "${rolname}"`);
      await database.drop();
    }
  }, 90_000);

  it.each([
    [{ PORT: 'seven' }, 'PORT must be'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be'],
  ])('with %p names what is wrong', async (env, words) => {
    await expect(start({ PLUMBLINE_DATA_DIR: dataDir, ...env })).rejects.toThrow(words);
  });
});
