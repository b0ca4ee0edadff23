import { setTimeout as sleep } from 'node:timers/promises';
import { nodeHash, rootAt, type Hash } from '../../src/log/merkle.js';
import { parseCheckpoint, parseNote } from '../../src/log/note.js';
import type { Person } from './crash-writers.js';

interface Shown {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly witnesses: readonly unknown[];
}

const EVERY_MS = 200;

/** An auditor who keeps every checkpoint that was ever shown to anybody. */
export class PublishedCheckpoints {
  readonly roots = new Map<number, string>();
  /** Each way in which one was taken back. */
  readonly faults: string[] = [];
  /** The largest one, and the largest that carries a cosignature. */
  largest = 0;
  witnessed = 0;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;

  constructor(private readonly auditor: Person) {
    this.ended = this.watch();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  /** Keeps what a witness remembers: it was shown to that one. */
  keep(notes: readonly string[]): void {
    for (const note of notes) {
      const { size, root } = parseCheckpoint(parseNote(note).text);
      this.seen(size, root.toString('base64'), 'the witness');
    }
  }

  /** Those that the interface does not list any more, or lists with another root. */
  async missing(): Promise<number[]> {
    const wanted = new Map(this.roots);
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, body } = await this.auditor.get(
        `/audit/checkpoints?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      if (status !== 200) throw new Error(`The checkpoints cannot be read: ${status}`);
      for (const { size, root } of body.items as Shown[]) {
        if (wanted.get(size) === root) wanted.delete(size);
      }
      cursor = body.nextCursor;
    }
    return [...wanted.keys()];
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await sleep(EVERY_MS);
      const before = this.largest;
      const answer = await this.auditor.get('/audit/checkpoints?limit=20').catch(() => undefined);
      if (answer?.status !== 200) continue;
      const shown = answer.body.items as Shown[];
      const newest = shown[0]?.size ?? 0;
      if (newest < before) this.faults.push(`after ${before} the newest was ${newest}`);
      for (const { size, root, note, witnesses } of shown) {
        this.seen(size, root, 'the interface');
        this.keep([note]);
        if (witnesses.length > 0) this.witnessed = Math.max(this.witnessed, size);
      }
    }
  }

  private seen(size: number, root: string, by: string): void {
    const before = this.roots.get(size);
    if (before !== undefined && before !== root) this.faults.push(`${by} shows another root for ${size}`);
    this.roots.set(size, before ?? root);
    this.largest = Math.max(this.largest, size);
  }
}

/** Of these checkpoints, those whose root is not that of the first leaves of the log. */
export async function notOf(leaves: readonly Hash[], roots: ReadonlyMap<number, string>): Promise<number[]> {
  const known = new Map<string, Hash>();
  const subtree = (level: number, n: number): Hash => {
    if (level === 0) return leaves[n]!;
    const name = `${level} ${n}`;
    const hash = known.get(name) ?? nodeHash(subtree(level - 1, 2 * n), subtree(level - 1, 2 * n + 1));
    known.set(name, hash);
    return hash;
  };
  const wrong: number[] = [];
  for (const [size, root] of roots) {
    const same = size <= leaves.length && (await rootAt(subtree, size)).toString('base64') === root;
    if (!same) wrong.push(size);
  }
  return wrong;
}
