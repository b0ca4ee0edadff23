import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fewRandomBytes } from './random.js';

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Encrypts and authenticates (AES-256-GCM). @param bound what it belongs to: moved elsewhere it does not open */
export function seal(key: Buffer, bound: string, clear: Buffer): Buffer {
  const nonce = fewRandomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when the bytes were changed, or belong elsewhere */
export function open(key: Buffer, bound: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
}
