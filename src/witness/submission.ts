import { decode, NoteError, parseCheckpoint, parseNote, type Checkpoint, type Note } from '../log/note.js';

/** What a log hands in: the size that it believes the witness to know, the proof from there, the new checkpoint. */
export interface Submission {
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

const MAX_PROOF = 63;

/** Reads the body of `add-checkpoint` (C2SP tlog-witness). @throws NoteError that says what is wrong */
export function parseSubmission(body: Buffer): Submission {
  const text = utf8(body);
  const end = text.indexOf('\n\n');
  if (end < 0) throw new NoteError('there is no blank line before the checkpoint');
  const [first, ...lines] = text.slice(0, end).split('\n');
  const size = /^old (0|[1-9][0-9]{0,15})$/.exec(first!)?.[1];
  if (size === undefined || !Number.isSafeInteger(Number(size))) {
    throw new NoteError('the first line must be "old" and a size');
  }
  if (lines.length > MAX_PROOF) throw new NoteError(`more than ${MAX_PROOF} lines of proof`);
  const note = parseNote(text.slice(end + 2));
  return { old: Number(size), proof: lines.map(hash), note, checkpoint: parseCheckpoint(note.text) };
}

/** What is signed are bytes, so no byte may be replaced or left out on the way to a text. */
function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new NoteError('not UTF-8');
  }
}

function hash(line: string): Buffer {
  const bytes = decode(line);
  if (bytes?.length !== 32) throw new NoteError('a line of the proof is not a hash in base64');
  return bytes;
}
