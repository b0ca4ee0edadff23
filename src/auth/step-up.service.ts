import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { conflict, DomainError } from '../common/errors.js';
import { Session } from './account.entity.js';
import type { StepUpDto } from './dto/step-up.dto.js';
import { SteppedUpView } from './dto/step-up.view.js';
import { FactorProofs } from './factor-proofs.js';
import { SignInService } from './sign-in.service.js';
import { STEP_UP_MS } from './step-up.guard.js';

/** Proves again who the owner of a session is. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly proofs: FactorProofs,
    private readonly signIn: SignInService,
  ) {}

  /** @throws 409 for another thing than the strongest that the account has, 403 when it is wrong */
  async prove(actor: Actor, dto: StepUpDto, address: string): Promise<SteppedUpView> {
    const methods = await this.proofs.methodsOf(actor.userId);
    if (!methods.includes(dto.kind)) {
      throw conflict('other-proof-needed', `Prove it with ${methods.join(' or ')}.`, { methods });
    }
    const proven = await this.signIn.passwordOf(actor, dto.password!, address);
    const view = await this.unitOfWork.run(actor, async (tx) => {
      const { userId: stream, sessionId: id } = actor;
      const target = { kind: 'session', id: id! };
      tx.record({
        type: proven ? 'auth.stepped-up' : 'auth.step-up-refused',
        stream,
        target,
        values: { with: dto.kind },
      });
      if (!proven) return undefined;
      await tx.manager.update(Session, { id: id! }, { steppedUpAt: tx.now, steppedUpWith: dto.kind });
      return SteppedUpView.of(tx.now, dto.kind, STEP_UP_MS);
    });
    if (!view) throw new DomainError('step-up-refused', 403, 'That is not right. You are still signed in.');
    return view;
  }
}
