import { randomInt } from 'node:crypto';
import { grouped } from '../common/grouped.js';
import { fewRandomBytes } from '../common/random.js';
import { canonical } from './canonical.js';
import { sha256 } from './envelope.js';
import type { AuditEvent } from './events.js';
import type { PlacedChange, Subject } from './row-changes.js';

/** The digest of a disclosure, as in SD-JWT (RFC 9901): SHA-256 over the base64url text of `[salt, name, value]`. */
export const disclosureDigest = (content: Buffer): Buffer => sha256(content.toString('base64url'));

export interface Disclosed {
  readonly name: string;
  readonly value: unknown;
}

/** A value beside an event: whose data it is, its RFC 8785 text with a salt, and the digest in the event's body. */
export interface Disclosure {
  readonly subject: Subject;
  readonly content: Buffer;
  readonly digest: Buffer;
}

/** The name and value in a disclosure. @throws Error when it is none */
export function readDisclosure(content: Buffer): Disclosed {
  const parsed: unknown = JSON.parse(content.toString('utf8'));
  if (!Array.isArray(parsed) || parsed.length !== 3 || typeof parsed[1] !== 'string') {
    throw new Error('not a disclosure');
  }
  return { name: parsed[1], value: parsed[2] as unknown };
}

/** What an event did to the rows of tables is kept under this name, what of it tells the reporter under the other. */
const ROWS = 'rows';
const REPORTER_ROWS = 'reporter.rows';

/** Whether a value says what became of rows; a person reads the other values. */
export const tellsRows = (name: string): boolean => name === ROWS || name === REPORTER_ROWS;

/** Facts of an allegation may be nested deeper than a body. */
const MORE_DEPTH = -8;

/** The disclosures of an event: its values, and the changes of rows that it stands for. */
export function disclose(event: AuditEvent, changes: readonly PlacedChange[]): Disclosure[] {
  const values = Object.entries(event.values ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => disclosure(subjectOf(event, name), name, value));
  const rows = [...grouped(changes, ({ subject }) => subject)].map(([subject, placed]) =>
    disclosure(
      subject,
      subject.startsWith('reporter:') ? REPORTER_ROWS : ROWS,
      placed.map(({ change }) => change),
    ),
  );
  return [...values, ...rows];
}

function disclosure(subject: Subject, name: string, value: unknown): Disclosure {
  // Dates as RFC 3339, class instances as plain objects, absent members left out.
  const plain = JSON.parse(JSON.stringify(value)) as unknown;
  const text = canonical([fewRandomBytes(16).toString('base64url'), name, plain], '$', MORE_DEPTH);
  const content = Buffer.from(text, 'utf8');
  return { subject, content, digest: disclosureDigest(content) };
}

/** Whose data a value of an event is, by its name or by what the event is about. */
function subjectOf({ stream, target }: AuditEvent, name: string): Subject {
  if (tellsReporter(name)) return `reporter:${stream}`;
  const [, person] = /^person\.([0-9a-f-]{36})$/.exec(name) ?? [];
  if (person) return `person:${person}`;
  return target.kind === 'officer' ? `officer:${target.id}` : `stream:${stream}`;
}

/** Names that tell who reported; shown to those only who may know. */
export const tellsReporter = (name: string): boolean =>
  name.startsWith('reporter.') && name !== 'reporter.kind';

/**
 * The digests for the event's body. Up to three digests of nothing are mixed in, so that their number does not tell
 * how many fields changed.
 */
export const digestsOf = (disclosures: readonly Disclosure[]): string[] => {
  const decoys = Array.from({ length: randomInt(4) }, () => fewRandomBytes(32));
  return [...disclosures.map(({ digest }) => digest), ...decoys].map((d) => d.toString('base64')).sort();
};
