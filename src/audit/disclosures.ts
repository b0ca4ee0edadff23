import { randomBytes, randomInt } from 'node:crypto';
import { canonical } from './canonical.js';
import { sha256 } from './envelope.js';

/** The digest of a disclosure, as in SD-JWT (RFC 9901): SHA-256 over the base64url text of `[salt, name, value]`. */
export const disclosureDigest = (content: Buffer): string =>
  sha256(content.toString('base64url')).toString('base64');

export interface Disclosed {
  readonly name: string;
  readonly value: unknown;
}

/** The name and value in a disclosure. @throws Error when it is none */
export function readDisclosure(content: Buffer): Disclosed {
  const parsed: unknown = JSON.parse(content.toString('utf8'));
  if (!Array.isArray(parsed) || parsed.length !== 3 || typeof parsed[1] !== 'string') {
    throw new Error('not a disclosure');
  }
  return { name: parsed[1], value: parsed[2] as unknown };
}

/**
 * The contents of the disclosures of these values, and the digests for the event's body. Up to three digests of
 * nothing are mixed in, so that their number does not tell how many fields changed.
 */
export function disclose(values: Readonly<Record<string, unknown>>): {
  contents: Buffer[];
  digests: string[];
} {
  const contents = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      Buffer.from(canonical([randomBytes(16).toString('base64url'), name, plain(value)]), 'utf8'),
    );
  const decoys = Array.from({ length: randomInt(4) }, () => randomBytes(32).toString('base64'));
  return { contents, digests: [...contents.map(disclosureDigest), ...decoys].sort() };
}

/** Dates as RFC 3339, class instances as plain objects, absent members left out. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
