import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isForEverybody, needOf } from '../access/demands.js';
import { DomainError } from '../common/errors.js';
import type { AppRequest } from '../http/current-actor.js';
import { FactorProofs } from './factor-proofs.js';

export const SECOND_FACTOR = 'plumbline:second-factor';
export interface SecondFactorDemand {
  readonly required: boolean;
}

/** Whether a session whose last proof this was opens only what everybody may. */
export const wantsSecondFactor = ({ required }: SecondFactorDemand, proof: string | null): boolean =>
  required && (proof ?? 'PASSWORD') === 'PASSWORD';

/**
 * Where the operator wants a second factor of everybody (`PLUMBLINE_SECOND_FACTOR`), a session that was proven with a
 * password alone does only what everybody may: registering one, for a start. ASVS 5.0, V6.3.3. Runs after the session
 * guard.
 */
@Injectable()
export class SecondFactorGuard implements CanActivate {
  constructor(
    @Inject(SECOND_FACTOR) private readonly demand: SecondFactorDemand,
    private readonly proofs: FactorProofs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need = needOf(context.getHandler());
    // A public route; no other lacks a rule.
    if (!need || isForEverybody(need)) return true;
    const { user } = context.switchToHttp().getRequest<AppRequest>();
    if (!user || !wantsSecondFactor(this.demand, user.steppedUpWith)) return true;
    const methods = await this.proofs.methodsOf(user.userId);
    if (methods.includes('PASSWORD')) throw withoutFactor();
    throw new DomainError(
      'step-up-required',
      403,
      'A second factor is wanted here, and this session was opened without one. Prove who you are with POST /auth/step-up, then send this once more.',
      { methods },
    );
  }
}

const withoutFactor = (): DomainError =>
  new DomainError(
    'second-factor-required',
    403,
    'A second factor is wanted here, and this session was opened without one. Register one on the page of your account, or with POST /auth/factors/totp or POST /auth/factors/webauthn/options. Then sign in anew, or prove who you are with POST /auth/step-up.',
  );
