import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { consistencyProof, rootOf, type Hash } from '../../src/log/merkle.js';
import { checkpointText, noteOf, signatureLine, verifierKey } from '../../src/log/note.js';

/** A log in memory. Two with one key and different branches are a log that lies. */
export class MemoryLog {
  constructor(
    readonly origin = 'log.example/1',
    readonly key: KeyObject = generateKeyPairSync('ed25519').privateKey,
    private readonly leafAt: (index: number) => string = (index) => `leaf ${index}`,
  ) {}

  /** The same log as it tells the story to somebody else: from this index on its leaves are others. */
  forkedAt(index: number, branch = 'fork'): MemoryLog {
    const other = (i: number): string => (i < index ? this.leafAt(i) : `${branch} ${i}`);
    return new MemoryLog(this.origin, this.key, other);
  }

  get vkey(): string {
    return verifierKey(this.origin, 1, this.key).vkey;
  }

  leaves(from: number, to: number): Hash[] {
    return Array.from({ length: to - from }, (_, i) =>
      createHash('sha256')
        .update(this.leafAt(from + i))
        .digest(),
    );
  }

  root(size: number): Hash {
    return rootOf(this.leaves(0, size));
  }

  text(size: number): string {
    return checkpointText({ origin: this.origin, size, root: this.root(size) });
  }

  note(size: number): string {
    return noteOf(this.text(size), [signatureLine(this.origin, this.key, this.text(size))]);
  }

  async proof(old: number, size: number): Promise<string[]> {
    const subtree = (level: number, n: number): Hash =>
      rootOf(this.leaves(n * 2 ** level, (n + 1) * 2 ** level));
    return (await consistencyProof(subtree, old, size)).map((hash) => hash.toString('base64'));
  }

  /** The body of `add-checkpoint`. */
  async submission(old: number, size: number): Promise<string> {
    const proof = old <= size ? await this.proof(old, size) : [];
    return submissionOf(old, proof, this.note(size));
  }
}

export const submissionOf = (old: number | string, proof: readonly string[], note: string): string =>
  `${[`old ${old}`, ...proof].join('\n')}\n\n${note}`;
