import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { DomainError, invalidInput } from '../common/errors.js';
import { Session, UserAccount } from './account.entity.js';
import type { OwnPasswordDto } from './dto/own-password.dto.js';
import { PasswordPolicy, setPassword, tellOfNewPassword } from './password-policy.js';
import { SignInService } from './sign-in.service.js';

/** People change their own password, with the old one and a fresh proof (ASVS 5.0, 6.2.2, 6.2.3, 7.5.1). */
@Injectable()
export class OwnPasswordService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIn: SignInService,
    private readonly policy: PasswordPolicy,
  ) {}

  /** Ends every other session: whoever knew the old password may have one. @throws 403 when the old one is wrong */
  async change(
    actor: Actor,
    { currentPassword, newPassword }: OwnPasswordDto,
    address: string,
  ): Promise<void> {
    if (!(await this.signIn.passwordOf(actor, currentPassword, address))) {
      await this.recordRefusal(actor);
      throw new DomainError('wrong-password', 403, 'That is not your present password. It stays as it is.', {
        errors: [{ pointer: '/currentPassword', message: 'is not your present password' }],
      });
    }
    if (newPassword === currentPassword) {
      throw invalidInput([{ pointer: '/newPassword', message: 'must be another one than the present one' }]);
    }
    await this.unitOfWork.run(actor, async (tx) => {
      const { userId: id, sessionId } = actor;
      const account = await tx.manager.findOneOrFail(UserAccount, {
        where: { id },
        lock: { mode: 'for_no_key_update' },
      });
      await this.policy.refuseWeak(tx, newPassword, account, '/newPassword');
      await setPassword(account, newPassword);
      tellOfNewPassword(tx, account);
      account.version++;
      await tx.save(account);
      await tx.manager.update(
        Session,
        { userId: id, revokedAt: IsNull(), id: Not(sessionId!) },
        { revokedAt: tx.now },
      );
      tx.record({
        type: 'auth.password-changed',
        stream: id,
        target: { kind: 'user', id, rev: account.version },
      });
    });
  }

  private recordRefusal(actor: Actor): Promise<void> {
    return this.unitOfWork.run(actor, (tx) => {
      tx.record({
        type: 'auth.step-up-refused',
        stream: actor.userId,
        target: { kind: 'session', id: actor.sessionId! },
        values: { with: 'PASSWORD' },
      });
      return Promise.resolve();
    });
  }
}
