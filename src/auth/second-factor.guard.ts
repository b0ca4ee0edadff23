import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isForEverybody, needOf } from '../access/demands.js';
import { DomainError } from '../common/errors.js';
import type { AppRequest } from '../http/current-actor.js';

export const SECOND_FACTOR = 'plumbline:second-factor';

/**
 * Where the operator wants a second factor of everybody (`PLUMBLINE_SECOND_FACTOR`), a session that was proven with a
 * password alone does only what everybody may: registering one, for a start. ASVS 5.0, V6.3.3. Runs after the session
 * guard.
 */
@Injectable()
export class SecondFactorGuard implements CanActivate {
  constructor(@Inject(SECOND_FACTOR) private readonly factor: { readonly required: boolean }) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.factor.required) return true;
    const need = needOf(context.getHandler());
    // A public route; no other lacks a rule.
    if (!need || isForEverybody(need)) return true;
    const { user } = context.switchToHttp().getRequest<AppRequest>();
    const proof = user?.steppedUpWith ?? 'PASSWORD';
    if (proof !== 'PASSWORD') return true;
    throw new DomainError(
      'second-factor-required',
      403,
      'A second factor is wanted here, and this session was opened without one. Register one on the page of your account, or with POST /auth/factors/totp or POST /auth/factors/webauthn/options. Then sign in anew, or prove who you are with POST /auth/step-up.',
    );
  }
}
