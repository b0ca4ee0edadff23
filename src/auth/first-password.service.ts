import { Injectable } from '@nestjs/common';
import { authorityOf, withAuthority } from '../access/authority.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { invalidInput } from '../common/errors.js';
import { UserAccount } from './account.entity.js';
import type { ChoosePasswordDto } from './dto/first-password.dto.js';
import { PasswordPolicy, setPassword } from './password-policy.js';
import { refuseIfChanged, type Proven } from './sessions.service.js';

/** Whoever was given a one-time password chooses their own with it, and can do nothing else (ASVS 5.0, 6.4.1). */
@Injectable()
export class FirstPasswordService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly policy: PasswordPolicy,
  ) {}

  /**
   * A reset stays told to the owner as it was: that they chose the next one themselves takes nothing from it.
   * @returns the same person, proven against the account as it is now
   * @throws 400 for a password that cannot be chosen; the one-time one goes on
   */
  async choose(actor: Proven, { password, newPassword }: ChoosePasswordDto): Promise<Proven> {
    if (newPassword === password) {
      throw invalidInput([
        { pointer: '/newPassword', message: 'must be another one than the one-time password' },
      ]);
    }
    const accountVersion = await this.unitOfWork.run(actor, async (tx) => {
      const { userId: id } = actor;
      // First the stronger lock: two who hold a shared one would wait for each other.
      const account = await tx.manager.findOneOrFail(UserAccount, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      await refuseIfChanged(tx, actor);
      await this.policy.refuseWeak(tx, newPassword, account, '/newPassword');
      await setPassword(account, newPassword);
      account.version++;
      await tx.save(account);
      tx.record({
        type: 'auth.password-chosen',
        stream: id,
        target: { kind: 'user', id, rev: account.version },
      });
      return account.version;
    });
    return withAuthority({ ...actor, accountVersion }, authorityOf(actor));
  }
}
