import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Report } from '../../src/verifier/verify.mjs';

export type TimedReport = Report & { ms: number; rss: number };

/** The verifier as it lies in bundles, in a process of its own. */
export class Verifier {
  readonly directory = mkdtempSync(join(tmpdir(), 'plumbline-verifier-'));
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private fail: (error: Error) => void = () => undefined;
  private readonly answers: ((line: string) => void)[] = [];

  constructor() {
    this.child = spawn(process.execPath, ['test/support/verify-many.mjs']);
    this.child.once('exit', () => this.fail(new Error('The verifier ended')));
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => this.answers.shift()!(line));
  }

  async verify(bundle: Uint8Array, policy: string): Promise<TimedReport> {
    writeFileSync(join(this.directory, 'bundle.zip'), bundle);
    writeFileSync(join(this.directory, 'policy.txt'), policy);
    return this.ask({
      bundle: join(this.directory, 'bundle.zip'),
      policy: join(this.directory, 'policy.txt'),
    });
  }

  /** The bundle of the last call, with these bytes in these places. */
  edited(edits: readonly (readonly [at: number, byte: number])[]): Promise<TimedReport> {
    return this.ask({ edits });
  }

  private ask(request: object): Promise<TimedReport> {
    return new Promise((resolve, reject) => {
      this.answers.push((line) => resolve(JSON.parse(line) as TimedReport));
      this.fail = reject;
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  stop(): void {
    this.child.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
