import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { demandsOf, needOf } from '../access/demands.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { AppRequest } from '../http/current-actor.js';
import { FactorProofs } from './factor-proofs.js';

/** How long a proof of who somebody is holds for deeds that weigh much (ADR 15; ASVS 5.0, 7.5.3 gives no figure). */
export const STEP_UP_MS = 10 * 60_000;

/** Runs after the session guard: where the route's lines of the policy say so, the last proof must be a fresh one. */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly clock: Clock,
    private readonly proofs: FactorProofs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need = needOf(context.getHandler());
    const stepUp = need && demandsOf(need).stepUp;
    if (!stepUp) return true;
    const { user } = context.switchToHttp().getRequest<AppRequest>();
    if (!user) throw new Error('A public route cannot ask for a step-up');
    const since = this.clock.now().getTime() - STEP_UP_MS;
    const proof = stepUp === 'FRESH' ? undefined : stepUp;
    const isFresh = user.steppedUpAt !== null && user.steppedUpAt.getTime() >= since;
    if (isFresh && (proof === undefined || user.steppedUpWith === proof)) return true;
    const methods = await this.proofs.methodsOf(user.userId);
    if (proof !== undefined && !methods.includes(proof)) throw withoutAuthenticator();
    throw new DomainError(
      'step-up-required',
      403,
      `Prove again who you are with POST /auth/step-up, then send this once more: your last proof is ${isFresh ? `not by ${proof}` : `older than ${STEP_UP_MS / 60_000} minutes`}.`,
      { methods },
    );
  }
}

const withoutAuthenticator = (): DomainError =>
  new DomainError(
    'authenticator-required',
    403,
    'This wants the signature of an authenticator (WebAuthn), and your account has none. Register one: POST /auth/factors/webauthn/options, then POST /auth/factors/webauthn with what it signed. Then sign in anew, or prove who you are with POST /auth/step-up.',
  );
