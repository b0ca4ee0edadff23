import { Injectable } from '@nestjs/common';
import type { Transaction } from '../audit/unit-of-work.js';
import { invalidInput } from '../common/errors.js';
import type { UserAccount } from './account.entity.js';
import { BreachedPasswords } from './breached-passwords.js';
import { PASSWORD_MAX, PASSWORD_MIN } from './dto/user.dto.js';
import { hasFormOfFirstPassword } from './first-passwords.js';
import { weaknessOf } from './password-rules.js';
import { hashPassword } from './passwords.js';

type Owner = Pick<UserAccount, 'username' | 'displayName'>;

/** Names of organs that the password holds: everybody here would think of them. */
async function organsIn({ manager }: Transaction, password: string): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(
    `SELECT n AS name FROM app.organ, LATERAL (VALUES (name), (code)) v(n)
     WHERE length(n) >= 2 AND strpos(lower($1), lower(n)) > 0 LIMIT 20`,
    [password],
  );
  return rows.map(({ name }) => name);
}

/** Which passwords people may choose. */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly breached: BreachedPasswords) {}

  /** @throws 400 at the pointer for a password that is too short or too long, or that somebody would guess */
  async refuseWeak(tx: Transaction, password: string, owner: Owner, pointer = '/password'): Promise<void> {
    const wrong = await this.faultOf(tx, password, owner);
    if (wrong) throw invalidInput([{ pointer, message: wrong }]);
  }

  private async faultOf(tx: Transaction, password: string, owner: Owner): Promise<string | undefined> {
    const { username, displayName } = owner;
    if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
      return `must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`;
    }
    if (password.toLowerCase().includes(username)) return 'must not contain the user name';
    if (hasFormOfFirstPassword(password)) return 'must not look like a one-time password';
    const weakness = weaknessOf(password, [displayName, ...(await organsIn(tx, password))]);
    if (weakness) return weakness;
    return (await this.breached.has(password))
      ? 'is known from a breach elsewhere, so that somebody will try it. Take another one'
      : undefined;
  }
}

/** Gives a locked account the password that its owner chose. */
export async function setPassword(account: UserAccount, password: string): Promise<void> {
  account.passwordHash = await hashPassword(password);
  account.firstPasswordUntil = null;
}

/** The owner is told at their next sign-ins that another one was set, and whether it was they. */
export function tellOfNewPassword({ now, actor }: Transaction, account: UserAccount): void {
  account.passwordChangedAt = now;
  account.passwordChangedBy = actor.userId;
}
