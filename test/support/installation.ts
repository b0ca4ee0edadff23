import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runningPostgres } from '../../src/database/embedded-postgres.js';

export const victims = ['application', 'PostgreSQL', 'sealer', 'witness', 'everything', 'backend'] as const;
export type Victim = (typeof victims)[number];

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const PATIENCE_MS = 240_000;

/** Waits until it is met. @throws Error that says what was waited for */
export async function until(what: string, met: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; !(await met()); await sleep(50)) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
  }
}

/** What `npm start` runs, on a data directory and a database of its own, to be killed and started again. */
export class Installation {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'plumbline-crash-'));
  /** Where the interface is reached since the last start. */
  address = '';
  private main: ChildProcess | undefined;
  private output = '';
  private readonly commands = new Set<ChildProcess>();
  private readonly environment: NodeJS.ProcessEnv;

  constructor(readonly password: string) {
    // The database's account has to get through when we are root.
    chmodSync(this.dataDir, 0o755);
    this.environment = {
      ...process.env,
      DATABASE_URL: '',
      PORT: '0',
      LOG_LEVEL: 'warn',
      PLUMBLINE_DATA_DIR: this.dataDir,
      PLUMBLINE_DEMO_PASSWORD: password,
    };
  }

  /** @returns when it serves, with sealer and witness beside it */
  async start(): Promise<void> {
    const main = spawn(process.execPath, ['dist/src/main.js'], { env: this.environment });
    this.main = main;
    this.output = '';
    const keep = (data: Buffer): void => void (this.output = (this.output + data.toString()).slice(-20_000));
    main.stdout.on('data', keep);
    main.stderr.on('data', keep);
    await until('the installation serves', () => {
      if (ended(main)) throw new Error(`It did not start: ${this.output}`);
      return /^A sealer and a witness run beside it/m.test(this.output);
    });
    this.address = /Plumbline is ready: +(http:\/\/\S+)\/api\/v1/.exec(this.output)![1]!;
  }

  /** Ends it as a service manager does. @returns its exit code */
  async stop(): Promise<number | null> {
    this.main!.kill('SIGTERM');
    await this.ended();
    return this.main!.exitCode;
  }

  /** `kill -9`. */
  kill(victim: Victim): void {
    const all = processes();
    const postmaster = all.filter(({ command }) => command.includes(` -D ${this.dataDir}/postgres/data `));
    const backends = all.filter(({ parent }) => parent === postmaster[0]?.pid);
    const main = all.filter(({ pid }) => pid === this.main!.pid);
    const companion = (name: string): Process[] =>
      all.filter(
        ({ parent, command }) => parent === main[0]?.pid && command.includes(`trail-main.js ${name} `),
      );
    const database = [...postmaster, ...backends];
    const doomed = {
      application: main,
      PostgreSQL: database,
      sealer: companion('sealer'),
      witness: companion('witness'),
      everything: [...database, ...companion('sealer'), ...companion('witness'), ...main],
      // PostgreSQL then ends all the others and recovers by itself.
      backend: backends.filter(({ command }) => command.includes('plumbline_app__')).slice(0, 1),
    }[victim];
    if (doomed.length === 0) throw new Error(`There is no ${victim} to kill`);
    for (const { pid } of doomed) signal(pid, 'SIGKILL');
  }

  /** What is left to a service manager: the application ends with its database; sealer and witness come back by it. */
  async recover(victim: Victim): Promise<void> {
    if (victim === 'application' || victim === 'everything' || victim === 'PostgreSQL') await this.ended();
    if (ended(this.main!)) await this.start();
  }

  /** Runs a command of the product beside it. */
  async command(...words: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['bin/plumbline.mjs', ...words], { env: this.environment });
    this.commands.add(child);
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    this.commands.delete(child);
    return { code: child.exitCode, output };
  }

  /** As superuser, on a connection of its own. */
  async sql<T = any>(text: string, params: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl() });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text, params)).rows;
    } finally {
      await client.end();
    }
  }

  databaseUrl(): string {
    const running = runningPostgres(join(this.dataDir, 'postgres'));
    if (!running) throw new Error('The database does not run');
    return running.url('plumbline');
  }

  /** Leaves nothing behind, whatever state it is in. */
  async remove(): Promise<void> {
    // Once a parent is gone its children cannot be told any more, so they are looked up first; and again, for what was
    // started meanwhile.
    const dead = new Set<number>();
    await until('everything has ended', () => {
      const family = this.family(dead);
      for (const { pid } of family) signal(pid, 'SIGKILL');
      family.forEach(({ pid }) => dead.add(pid));
      return family.length === 0;
    });
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 10 });
  }

  /** What the witness remembers: the last checkpoint that it cosigned, if any. */
  witnessed(): string[] {
    const directory = join(this.dataDir, 'witness', 'state');
    const names = readdirSync(directory).filter((name) => name.endsWith('.checkpoint'));
    return names.map((name) => readFileSync(join(directory, name), 'utf8'));
  }

  /** All its processes, theirs, and those of these parents. */
  private family(parents: ReadonlySet<number>): Process[] {
    const all = processes();
    const roots = [this.main, ...this.commands].map((child) => child?.pid);
    const family = all.filter(
      ({ pid, parent, command }) =>
        roots.includes(pid) ||
        parents.has(pid) ||
        parents.has(parent) ||
        command.includes(`${this.dataDir}/`),
    );
    for (const member of family)
      family.push(...all.filter((one) => one.parent === member.pid && !family.includes(one)));
    return family;
  }

  private ended(): Promise<void> {
    return until('the application has ended', () => ended(this.main!));
  }
}

const ended = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processes(): Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    maxBuffer: 64e6,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? [];
    if (command === undefined || state!.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
