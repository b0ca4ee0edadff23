import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app knows it: SHA-1, six digits, thirty seconds. */
const PERIOD_S = 30;
/** RFC 6238, 5.2: one step before or after is allowed for, and a code counts once. */
const DRIFT_STEPS = 1;

/** RFC 4226, 4 (R6): 160 bits. */
export const newTotpSecret = (): Buffer => randomBytes(20);

const totpOf = (secret: Buffer, username = ''): TOTP =>
  new TOTP({
    issuer: 'Plumbline',
    label: username,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    period: PERIOD_S,
  });

/** What an app reads: the secret to type in, and the address that a QR code shows. */
export function totpToEnrol(secret: Buffer, username: string): { secret: string; uri: string } {
  const totp = totpOf(secret, username);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The time step that a code belongs to.
 * @param used the last step of which a code was accepted
 * @returns undefined when the code is wrong, or not of a later step
 */
export function totpStep(secret: Buffer, code: string, now: Date, used: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, window: DRIFT_STEPS, timestamp: now.getTime() });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / 1000 / PERIOD_S) + delta;
  return step > used ? step : undefined;
}
