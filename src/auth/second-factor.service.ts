import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { DomainError } from '../common/errors.js';
import { Authenticators } from './authenticators.js';
import type { SecondFactorDto } from './dto/second-factor.dto.js';
import { AwaitedFactorView } from './dto/second-factor.view.js';
import { FactorProofs } from './factor-proofs.js';
import { SecondFactor } from './factor.entity.js';
import { factorsInUse } from './factors.js';
import { openSession, refuseIfChanged, type Proven, type SignedIn } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { issueTicket, punch, takeTicket } from './tickets.js';

/** The way from a right password to a session: straight, or over the second factor that the account has. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIn: SignInService,
    private readonly proofs: FactorProofs,
    private readonly authenticators: Authenticators,
  ) {}

  /**
   * @returns the token of a session, or what is awaited of an account with a second factor
   * @throws 401 when the account was disabled or its password changed since the password was checked
   */
  begin(actor: Proven): Promise<string | AwaitedFactorView> {
    return this.unitOfWork.run(actor, async (tx) => {
      await refuseIfChanged(tx, actor);
      const { userId, accountVersion, proof } = actor;
      const factors = await tx.manager.findBy(SecondFactor, factorsInUse(userId));
      if (factors.length === 0) return openSession(tx, actor, proof);
      const issued = await issueTicket(tx.manager, tx.now, {
        purpose: 'SIGN_IN',
        userId,
        sessionId: null,
        accountVersion,
      });
      tx.record({
        type: 'auth.first-factor-proven',
        stream: userId,
        target: { kind: 'user', id: userId },
        values: { with: proof ?? 'OIDC' },
      });
      return AwaitedFactorView.of(issued, factors, await this.optionsFor(factors, issued.challenge));
    });
  }

  /** @returns the token of the session. @throws 401 for a wrong proof, 429 after too many of them */
  async finish(actor: SignedIn, dto: SecondFactorDto, address: string): Promise<string> {
    const { userId } = actor;
    const token = await this.signIn.guessing(actor, address, () =>
      this.unitOfWork.run(actor, async (tx) => {
        await refuseIfChanged(tx, actor);
        const of = { purpose: 'SIGN_IN', userId, sessionId: null } as const;
        const ticket = await takeTicket(tx.manager, tx.now, dto.ticket, of);
        const right = await this.proofs.verify(tx, userId, dto, ticket.tokenHash);
        await punch(tx.manager, ticket, right);
        if (right) return openSession(tx, actor, dto.kind);
        tx.record({
          type: 'auth.sign-in-refused',
          stream: userId,
          target: { kind: 'user', id: userId },
          values: { why: `WRONG_${dto.kind}` },
        });
        return undefined;
      }),
    );
    if (token !== undefined) return token;
    throw new DomainError('wrong-second-factor', 401, 'The second factor is wrong, or was used already.');
  }

  private async optionsFor(factors: readonly SecondFactor[], challenge: Buffer): Promise<object | undefined> {
    const keys = factors.filter(({ kind }) => kind === 'WEBAUTHN');
    return keys.length > 0 ? this.authenticators.requestOptions(challenge, keys) : undefined;
  }
}
