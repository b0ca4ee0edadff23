import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DomainError } from '../common/errors.js';
import { KeyRing, loadKeyFile, loadMasterKey } from './key-ring.js';
import { rawPublicKey } from './writer.js';
import { verifyTrail, type VerificationReport } from './verify.js';

/**
 * The writer keys to trust: the files named, or this installation's own.
 * @throws DomainError when a file holds no public key
 */
export function trustedKeys(files: readonly string[], dataDir: string): ReadonlySet<string> {
  const own = ['writer.pub', 'sealer.pub'].map((name) => join(dataDir, 'keys', name)).filter(existsSync);
  const paths = files.length > 0 ? files : own;
  return new Set(paths.map(trustedKey));
}

function trustedKey(path: string): string {
  const text = readFileSync(path);
  try {
    return rawPublicKey(createPublicKey(text));
  } catch {
    throw new DomainError('invalid-input', 400, `${path} holds no public key of a writer (PEM, Ed25519).`);
  }
}

/** The keys of this installation, where its data directory is at hand. */
export function keyRingAt(
  dataDir: string,
  vaultKeyFile = join(dataDir, 'keys', 'vault.key'),
): KeyRing | undefined {
  const directory = join(dataDir, 'keys');
  return existsSync(join(directory, 'master.key')) && existsSync(vaultKeyFile)
    ? new KeyRing(loadMasterKey(directory), loadKeyFile(vaultKeyFile))
    : undefined;
}

/** Verifies the trail of a database. The login must be able to read the audit schema. */
export async function verifyDatabase(
  url: string,
  trusted: ReadonlySet<string>,
  keyRing?: KeyRing,
  progress?: (entries: number) => void,
): Promise<VerificationReport> {
  const client = new pg.Client({ connectionString: url, application_name: 'plumbline-verify' });
  await client.connect();
  try {
    return await verifyTrail(client, trusted, keyRing, progress);
  } finally {
    await client.end();
  }
}

/** The report as a person reads it. */
export function inWords(report: VerificationReport): string {
  const counts = `${report.entries} entries in ${report.streams} streams by ${report.writers} writers`;
  const lines = report.valid
    ? [`The trail is whole: ${counts}.`]
    : [
        `The trail is NOT whole: ${report.failureCount} wrong of ${counts}.`,
        ...report.failures.map(
          ({ check, stream, seq, event, message }, i) =>
            `${i === 0 ? 'First wrong entry' : 'Then'}: stream ${stream}, entry ${seq}${event ? `, event ${event}` : ''}: ${message} [${check}]`,
        ),
      ];
  return [...lines, ...report.notices.map((notice) => `Notice: ${notice}`)].join('\n');
}
