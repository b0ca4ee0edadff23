import { hash, verify } from '@node-rs/argon2';

/** RFC 9106's second recommended choice: Argon2id (the library's default) with 64 MiB and three passes. */
const cost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

let decoy: Promise<string> | undefined;

/** True when the password is right. Without an account it takes as long, so that time does not tell which exist. */
export async function passwordMatches(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await decoy), password);
  return matches && typeof stored === 'string';
}
