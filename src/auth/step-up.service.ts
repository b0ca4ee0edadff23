import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError } from '../common/errors.js';
import { Session } from './account.entity.js';
import { Authenticators } from './authenticators.js';
import type { StepUpDto } from './dto/step-up.dto.js';
import { ChallengeView } from './dto/second-factor.view.js';
import { SteppedUpView } from './dto/step-up.view.js';
import { FactorProofs, type FactorProof } from './factor-proofs.js';
import { SecondFactor } from './factor.entity.js';
import { factorsInUse } from './factors.js';
import { renewToken } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { STEP_UP_MS } from './step-up.guard.js';
import { issueTicket, punch, takeTicket } from './tickets.js';

/** Proves again who the owner of a session is. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly proofs: FactorProofs,
    private readonly authenticators: Authenticators,
    private readonly signIn: SignInService,
  ) {}

  /** What an authenticator has to sign. @throws 409 for an account that has none */
  async challenge(actor: Actor): Promise<ChallengeView> {
    const { manager } = this.dataSource;
    const { userId, sessionId } = actor;
    const keys = await manager.findBy(SecondFactor, { ...factorsInUse(userId), kind: 'WEBAUTHN' });
    if (keys.length === 0) throw otherProof(await this.proofs.methodsOf(userId));
    const issued = await issueTicket(manager, this.clock.now(), { purpose: 'STEP_UP', userId, sessionId });
    return ChallengeView.of(issued, await this.authenticators.requestOptions(issued.challenge, keys));
  }

  /**
   * The session goes on under a new token, and the old one opens nothing more (ASVS 5.0, 7.2.4): what was proven counts
   * for whoever proved it, not for somebody who had taken the token before.
   * @throws 409 for another thing than the strongest that the account has, 403 when it is wrong
   */
  async prove(actor: Actor, dto: StepUpDto, address: string): Promise<SteppedUpView> {
    const methods = await this.proofs.methodsOf(actor.userId);
    if (!methods.includes(dto.kind)) throw otherProof(methods);
    const view = await (dto.kind === 'PASSWORD'
      ? this.byPassword(actor, dto.password!, address)
      : this.byFactor(actor, { ...dto, kind: dto.kind }, address));
    if (!view) throw new DomainError('step-up-refused', 403, 'That is not right. You are still signed in.');
    return view;
  }

  private async byPassword(
    actor: Actor,
    password: string,
    address: string,
  ): Promise<SteppedUpView | undefined> {
    const right = await this.signIn.passwordOf(actor, password, address);
    return this.unitOfWork.run(actor, (tx) => note(tx, 'PASSWORD', right));
  }

  private byFactor(
    actor: Actor,
    proof: FactorProof & { ticket?: string },
    address: string,
  ): Promise<SteppedUpView | undefined> {
    const { userId, sessionId } = actor;
    return this.signIn.guessing(actor, address, () =>
      this.unitOfWork.run(actor, async (tx) => {
        const ticket =
          proof.kind === 'WEBAUTHN'
            ? await takeTicket(tx.manager, tx.now, proof.ticket!, { purpose: 'STEP_UP', userId, sessionId })
            : undefined;
        const right = await this.proofs.verify(tx, userId, proof, ticket?.tokenHash);
        if (ticket) await punch(tx.manager, ticket, right);
        return note(tx, proof.kind, right);
      }),
    );
  }
}

/** The session as it is after the try, and the event of it. */
async function note(
  tx: Transaction,
  kind: StepUpDto['kind'],
  right: boolean,
): Promise<SteppedUpView | undefined> {
  const id = tx.actor.sessionId!;
  tx.record({
    type: right ? 'auth.stepped-up' : 'auth.step-up-refused',
    stream: tx.actor.userId,
    target: { kind: 'session', id },
    values: { with: kind },
  });
  if (!right) return undefined;
  await tx.manager.update(Session, { id }, { steppedUpAt: tx.now, steppedUpWith: kind });
  return SteppedUpView.of(tx.now, kind, STEP_UP_MS, await renewToken(tx));
}

const otherProof = (methods: readonly string[]): DomainError =>
  conflict('other-proof-needed', `Prove it with ${methods.join(' or ')}.`, { methods });
