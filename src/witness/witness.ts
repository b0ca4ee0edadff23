import type { Clock } from '../common/clock.js';
import { emptyRoot, verifyConsistency } from '../log/merkle.js';
import { cosignatureLine, NoteError, noteOf, signedBy, type VerifierKey } from '../log/note.js';
import type { Identity } from './identity.js';
import type { Memory } from './memory.js';
import { parseSubmission, type Submission } from './submission.js';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A line of the witness's own log. */
export type Report = (message: string, facts: Readonly<Record<string, unknown>>) => void;

const answer = (status: number, body: string, type = 'text/plain; charset=utf-8'): Answer => ({
  status,
  type,
  body: `${body}\n`,
});

/**
 * Judges checkpoints (C2SP tlog-witness) and cosigns those that go on from the last one it cosigned, so that of two
 * histories of a log at most one ever carries its signature.
 */
export class Witness {
  private readonly logs: ReadonlyMap<string, readonly VerifierKey[]>;

  constructor(
    readonly identity: Identity,
    logs: readonly VerifierKey[],
    private readonly memory: Memory,
    private readonly clock: Clock,
    private readonly report: Report,
  ) {
    this.logs = new Map(logs.map(({ name }) => [name, logs.filter((log) => log.name === name)]));
  }

  get origins(): string[] {
    return [...this.logs.keys()];
  }

  /**
   * Without an `await` from the look at the last checkpoint to the answer: nothing can come between, so no answer
   * rests on a state that another one has changed.
   */
  addCheckpoint(body: Buffer): Answer {
    let submission: Submission;
    try {
      submission = parseSubmission(body);
    } catch (error) {
      if (error instanceof NoteError) return answer(400, `Malformed: ${error.message}.`);
      throw error;
    }
    const { checkpoint, note, old } = submission;
    const keys = this.logs.get(checkpoint.origin);
    if (!keys) return answer(404, 'This witness does not watch this log.');
    const signature = note.signatures.find((one) =>
      keys.some((key) => signedBy({ text: note.text, signatures: [one] }, key)),
    );
    if (!signature) return answer(403, 'There is no valid signature of this log.');
    if (old > checkpoint.size) return answer(400, 'The old size is larger than the new one.');
    return this.goOn(submission, signature.line);
  }

  private goOn({ old, proof, note, checkpoint }: Submission, signature: string): Answer {
    const { origin, size, root } = checkpoint;
    const known = this.memory.latest(origin) ?? { size: 0, root: emptyRoot };
    if (old !== known.size) return answer(409, String(known.size), 'text/x.tlog.size');
    // What a log signed may be the proof of its misdeed, so it is kept.
    const evidence = { origin, known: known.size, note: noteOf(note.text, [signature]) };
    if (size === known.size && !root.equals(known.root)) {
      this.report('a log signed two trees of one size', evidence);
      return answer(409, 'Another tree of this size was cosigned before.');
    }
    if (!verifyConsistency(old, size, proof, known.root, root)) {
      this.report('a log signed a checkpoint that is not proven to go on from the last one', evidence);
      return answer(422, 'The proof does not lead from the last cosigned checkpoint to this one.');
    }
    const { verifier, key } = this.identity;
    const seconds = Math.floor(this.clock.now().getTime() / 1000);
    const cosignature = cosignatureLine(verifier.name, key, note.text, seconds);
    // Only what is remembered may be answered: a cosignature that a crash makes us forget could be given twice.
    this.memory.remember(origin, noteOf(note.text, [signature, cosignature]));
    return answer(200, cosignature);
  }
}
