import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf, loadKey, rawPublicKey } from '../audit/writer.js';
import { parseVerifierKey, verifierKey, type VerifierKey } from './note.js';

/** The log of another name than the one that this installation began with is wanted. */
export class OriginError extends Error {}

export interface LogKey {
  readonly privateKey: KeyObject;
  /** Its name is the origin of the log. */
  readonly verifier: VerifierKey;
}

const keysIn = (dataDir: string): string => join(dataDir, 'keys');

/**
 * The key with which the sealer signs checkpoints; made on the first start. The log keeps the name of that start.
 * @throws OriginError when another name is asked for
 */
export function loadLogKey(dataDir: string, origin: string | undefined): LogKey {
  const privateKey = loadKey(keysIn(dataDir), 'log');
  const file = join(keysIn(dataDir), 'log.vkey');
  if (!existsSync(file)) {
    const fallback = `plumbline.localhost/${fingerprintOf(rawPublicKey(createPublicKey(privateKey)))}/1`;
    writeFileSync(file, `${verifierKey(origin ?? fallback, 1, privateKey).vkey}\n`, { mode: 0o444 });
  }
  const verifier = parseVerifierKey(readFileSync(file, 'utf8').trimEnd());
  if (origin !== undefined && origin !== verifier.name) {
    throw new OriginError(
      `This log is called ${verifier.name}, PLUMBLINE_LOG_ORIGIN says ${origin}. A log never changes its name.`,
    );
  }
  return { privateKey, verifier };
}

/** The key with which the sealer signs its own events. */
export const loadSealerKey = (dataDir: string): KeyObject => loadKey(keysIn(dataDir), 'sealer');

/** The lines of a policy for the keys of this data directory; those that are wanted and missing are made. */
export function policyLines(
  dataDir: string,
  origin: string | undefined,
  of: 'app' | 'sealer' | 'both' = 'both',
): string[] {
  mkdirSync(dataDir, { recursive: true });
  const writer = (name: string): string => {
    return `writer ${verifierKey(name, 1, loadKey(keysIn(dataDir), name)).vkey}`;
  };
  return [
    ...(of === 'app' ? [] : [`log ${loadLogKey(dataDir, origin).verifier.vkey}`, writer('sealer')]),
    ...(of === 'sealer' ? [] : [writer('writer')]),
  ];
}
