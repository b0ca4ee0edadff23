import type { DataSource } from 'typeorm';
import type { StoredEntry } from '../audit/entry-checks.js';
import { leafHash } from '../audit/envelope.js';
import type { FailureView } from './dto/trail.view.js';
import type { Judge } from './judge.js';
import { inclusionProof, verifyInclusion, type Hash, type Subtree } from './merkle.js';
import { DatabaseTiles, type Queryable } from './tile-store.js';
import { subtreesOf } from './tiles.js';

/** The pool of the application as what reads tiles expects it. */
export const queryable = (dataSource: DataSource): Queryable => ({
  query: async (text, values) => ({ rows: await dataSource.query<unknown[]>(text, values) }),
});

/** Verifies entries against one checkpoint. */
export class EntryVerifier {
  private constructor(
    readonly size: number,
    private readonly root: Hash,
    private readonly subtrees: Subtree,
    private readonly judge: Judge,
  ) {}

  /** Against the latest checkpoint; undefined while there is none. */
  static async latest(dataSource: DataSource, judge: Judge): Promise<EntryVerifier | undefined> {
    const [checkpoint] = await dataSource.query<{ size: string; root: Buffer }[]>(
      'SELECT size, root FROM audit.checkpoint ORDER BY size DESC LIMIT 1',
    );
    if (!checkpoint) return undefined;
    const subtrees = subtreesOf(new DatabaseTiles(queryable(dataSource)));
    return new EntryVerifier(Number(checkpoint.size), checkpoint.root, subtrees, judge);
  }

  /** What is wrong with the entry at this place of the log; undefined when nothing is. */
  async failureOf(row: StoredEntry, idx: number | null): Promise<FailureView | undefined> {
    const refusal = this.judge.authenticity(row);
    if (refusal) return failure(row, ...refusal);
    if (idx === null || idx >= this.size) return undefined;
    const proof = await inclusionProof(this.subtrees, idx, this.size);
    return verifyInclusion(leafHash(row.envelope), idx, this.size, proof, this.root)
      ? undefined
      : failure(row, 'INCLUSION', `the log has another entry at its place ${idx}`);
  }
}

export const failure = (
  { stream, seq }: Pick<StoredEntry, 'stream' | 'seq'>,
  check: string,
  message: string,
): FailureView => ({ check, stream, seq: Number(seq), message });
