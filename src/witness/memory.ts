import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cosignedBy, parseCheckpoint, parseNote, type Checkpoint, type VerifierKey } from '../log/note.js';
import { makeDirectory, writeDurably } from './durable.js';
import { WitnessError } from './identity.js';

/**
 * The last checkpoint that the witness cosigned of each log: a file an origin, which holds the checkpoint with the
 * log's signature and the witness's own. A file is believed only with the latter, so none can be slipped in.
 */
export class Memory {
  private readonly directory: string;

  /** @throws WitnessError when a file is not as the witness wrote it: to go on would be to forget what it saw */
  constructor(
    directory: string,
    private readonly own: VerifierKey,
  ) {
    this.directory = join(directory, 'state');
    makeDirectory(this.directory);
    for (const name of readdirSync(this.directory)) {
      if (name.endsWith(SUFFIX)) this.read(join(this.directory, name));
    }
  }

  /** Undefined when there was none yet. Read anew each time: what is on the disk is what a restart will know. */
  latest(origin: string): Checkpoint | undefined {
    const checkpoint = this.read(this.fileOf(origin));
    if (checkpoint && checkpoint.origin !== origin) {
      throw new WitnessError(`${this.fileOf(origin)} tells of another log.`);
    }
    return checkpoint;
  }

  /** Returns when a failure of the machine can no longer take it back. */
  remember(origin: string, note: string): void {
    writeDurably(this.fileOf(origin), note, 0o600);
  }

  private fileOf(origin: string): string {
    return join(this.directory, `${createHash('sha256').update(origin).digest('hex')}${SUFFIX}`);
  }

  private read(file: string): Checkpoint | undefined {
    let note: string;
    try {
      note = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { text, signatures } = parseNote(note);
      if (signatures.some((one) => cosignedBy(text, one, this.own) !== undefined))
        return parseCheckpoint(text);
    } catch {
      // Falls through to the same end.
    }
    throw new WitnessError(
      `${file} is not as this witness wrote it. Bring the file back from where it went; never delete it: a witness ` +
        'that forgets lets a log rewrite its history.',
    );
  }
}

const SUFFIX = '.checkpoint';
