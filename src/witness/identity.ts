import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifierKey, verifierKey, type VerifierKey } from '../log/note.js';
import { writeDurably } from './durable.js';

/** The witness cannot start or go on; the message says why and what to do. */
export class WitnessError extends Error {}

/** The key of every cosignature, and what others know it by. */
export interface Identity {
  readonly key: KeyObject;
  readonly verifier: VerifierKey;
}

/**
 * The witness's key and name, made on the first start. They never change: the policies of others hold them.
 * @throws WitnessError when the files do not fit together
 */
export function loadIdentity(directory: string, name: string | undefined): Identity {
  const keyFile = join(directory, 'witness.key');
  const vkeyFile = join(directory, 'witness.vkey');
  if (!existsSync(keyFile)) {
    // With another key it would be another witness, and what it remembers would count for nothing.
    if (existsSync(vkeyFile)) {
      throw new WitnessError(
        `The key of ${vkeyFile} is gone. Bring ${keyFile} back, or start in a new directory.`,
      );
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    writeDurably(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o400);
  }
  const key = readKey(keyFile);
  if (!existsSync(vkeyFile)) {
    // Its own id makes the name unlike that of any other witness.
    const id = verifierKey('witness', 4, key).id.toString('hex');
    const { vkey } = verifierKey(name ?? `witness.localhost/${id}`, 4, key);
    writeDurably(vkeyFile, `${vkey}\n`, 0o444);
  }
  const verifier = parseVerifierKey(readFileSync(vkeyFile, 'utf8').trimEnd());
  if (verifierKey(verifier.name, 4, key).vkey !== verifier.vkey) {
    throw new WitnessError(`${vkeyFile} belongs to another key than ${keyFile}.`);
  }
  if (name !== undefined && name !== verifier.name) {
    throw new WitnessError(`This witness has the name ${verifier.name}, and a name cannot change.`);
  }
  return { key, verifier };
}

function readKey(file: string): KeyObject {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new WitnessError(`Others can read ${file}. Make it yours alone: chmod 400 ${file}`);
  }
  const key = privateKeyIn(file);
  if (key?.asymmetricKeyType !== 'ed25519') throw new WitnessError(`${file} holds no private Ed25519 key.`);
  return key;
}

function privateKeyIn(file: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(file));
  } catch {
    // Whatever the parser says may quote the file.
    return undefined;
  }
}
