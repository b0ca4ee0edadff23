import { randomInt } from 'node:crypto';
import type { Transaction } from '../audit/unit-of-work.js';
import type { UserAccount } from './account.entity.js';
import { hashPassword } from './passwords.js';

/** How long it may lie with the administrator and on its way to the owner. */
export const FIRST_PASSWORD_MS = 72 * 60 * 60_000;

/** Without what is taken for something else when it is read out: 0 o, 1 i l. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 5;

const FORM = new RegExp(`^(?:[${ALPHABET}]{${GROUP}}-){${GROUPS - 1}}[${ALPHABET}]{${GROUP}}$`, 'i');

/** A password that nobody chose: 31^20 of them, some 99 bits (ASVS 5.0, 6.4.1). It follows the rules on passwords. */
export function newFirstPassword({ username }: Pick<UserAccount, 'username'>): string {
  for (;;) {
    const groups = Array.from({ length: GROUPS }, () =>
      Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
    );
    const password = groups.join('-');
    if (!password.includes(username)) return password;
  }
}

/** Nobody keeps one, nor one that looks like it: it would pass for a password that is still to be replaced. */
export const hasFormOfFirstPassword = (password: string): boolean => FORM.test(password);

/**
 * Gives a locked account, or one that is being made, a password that opens the way to one's own and nothing else.
 * @returns the only time that it is known
 */
export async function giveFirstPassword(tx: Transaction, account: UserAccount): Promise<string> {
  const password = newFirstPassword(account);
  account.passwordHash = await hashPassword(password);
  account.firstPasswordUntil = new Date(tx.now.getTime() + FIRST_PASSWORD_MS);
  return password;
}
