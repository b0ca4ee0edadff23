import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.js';
import { loadLogKey, policyLines } from './log/keys.js';

const PROGRAM = fileURLToPath(new URL('./trail-main.js', import.meta.url));
const AGAIN_AFTER_MS = 5000;
const PATIENCE_MS = 2000;

/** The programs that stand beside an application on the embedded database. */
export interface Companions {
  readonly policyFile: string;
  /** SHA-256 of the policy in hexadecimal: what an auditor compares by another way. */
  readonly policySha256: string;
  stop(): Promise<void>;
}

/**
 * Starts a sealer under a login of its own and a witness. A witness on the same machine is in the same hands as the
 * log: it detects, and prevents nothing; that the demonstration says so itself.
 */
export async function startCompanions(config: Config, sealerUrl: string): Promise<Companions> {
  const log = loadLogKey(config.dataDir, config.logOrigin);
  const running = new Set<Companion>();
  const stop = async (): Promise<void> => {
    await Promise.all([...running].map((companion) => companion.stop()));
  };
  try {
    const witness = new Companion(({ Address: before }) => {
      // Started again, it is where the sealer knows it.
      const port = before === undefined ? '0' : new URL(before).port;
      const data = join(config.dataDir, 'witness');
      return ['witness', '--data', data, '--port', port, '--log', log.verifier.vkey];
    });
    running.add(witness);
    const said = await witness.said('Address');
    writePolicy(config, said);
    const address = `${said['Witness']}=${said['Address']}`;
    const sealer = new Companion(() => ['sealer', '--witness', address], { DATABASE_URL: sealerUrl });
    running.add(sealer);
    const policy = readFileSync(config.policyFile);
    return {
      policyFile: config.policyFile,
      policySha256: createHash('sha256').update(policy).digest('hex'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Names this installation's keys and its own witness; a policy that is there stays as it is. */
function writePolicy({ policyFile, dataDir, logOrigin }: Config, said: Record<string, string>): void {
  if (existsSync(policyFile)) return;
  const lines = [
    '# Whom to believe about this installation. Compare the SHA-256 of this file by another way than you got it.',
    '# The witness runs on the same machine: it detects, and prevents nothing.',
    ...policyLines(dataDir, logOrigin, 'both'),
    `witness ${said['Witness']} ${said['Key']}`,
    `quorum ${said['Witness']}`,
  ];
  writeFileSync(policyFile, `${lines.join('\n')}\n`, { flag: 'wx' });
}

/** A child process that is started again when it ends by itself, and ends when this process does. */
class Companion {
  private child: ChildProcess | undefined;
  private stopping = false;
  private readonly lines: Record<string, string> = {};
  private waiting: { word: string; resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(
    /** Its command line, from what it said when it ran before. */
    private readonly words: (said: Readonly<Record<string, string>>) => readonly string[],
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {
    this.start();
  }

  /** What it said about itself, once it has said this. @throws Error when it ends before */
  async said(word: string): Promise<Record<string, string>> {
    if (!(word in this.lines)) {
      await new Promise<void>((resolve, reject) => (this.waiting = { word, resolve, reject }));
    }
    return this.lines;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin?.end();
    if ((await Promise.race([ended, sleep(PATIENCE_MS, 'late', { ref: false })])) === 'late') {
      child.kill('SIGKILL');
      await ended;
    }
  }

  private start(): void {
    // It ends when its standard input closes, which a killed parent cannot prevent.
    const child = spawn(process.execPath, [PROGRAM, ...this.words(this.lines), '--with-parent'], {
      env: { ...process.env, ...this.environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child = child;
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, word, rest] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (word !== undefined && rest !== undefined) this.lines[word] = rest;
      if (word === this.waiting?.word) this.waiting?.resolve();
    });
    child.once('exit', () => {
      this.waiting?.reject(new Error(`${this.words(this.lines)[0]}: it did not start`));
      if (!this.stopping) setTimeout(() => this.stopping || this.start(), AGAIN_AFTER_MS).unref();
    });
  }
}
