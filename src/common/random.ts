import { randomBytes } from 'node:crypto';

const DRAWN = 4096;
let drawn: Buffer = Buffer.alloc(0);
let used = 0;

/**
 * So many random bytes for a salt or a nonce; each is given out once. They are drawn from the system many at a time,
 * since a draw costs far more than the few bytes that an event needs.
 */
export function fewRandomBytes(size: number): Buffer {
  if (used + size > drawn.length) {
    drawn = randomBytes(DRAWN);
    used = 0;
  }
  return drawn.subarray(used, (used += size));
}
