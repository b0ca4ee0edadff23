import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { AppRequest } from '../http/current-actor.js';
import { STEP_UP } from '../http/step-up.js';
import { FactorProofs } from './factor-proofs.js';

/** How long a proof of who somebody is holds for deeds that weigh much (ADR 15; ASVS 5.0, 7.5.3 gives no figure). */
export const STEP_UP_MS = 10 * 60_000;

/** Runs after the session guard: on the routes marked `@StepUp()` the last proof must be a fresh one. */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
    private readonly proofs: FactorProofs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<boolean | undefined>(STEP_UP, context.getHandler()) !== true) return true;
    const { user } = context.switchToHttp().getRequest<AppRequest>();
    if (!user) throw new Error('A public route cannot ask for a step-up');
    const since = this.clock.now().getTime() - STEP_UP_MS;
    if (user.steppedUpAt && user.steppedUpAt.getTime() >= since) return true;
    throw new DomainError(
      'step-up-required',
      403,
      `Prove again who you are with POST /auth/step-up, then send this once more: your last proof is older than ${STEP_UP_MS / 60_000} minutes.`,
      { methods: await this.proofs.methodsOf(user.userId) },
    );
  }
}
