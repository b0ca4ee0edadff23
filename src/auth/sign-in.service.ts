import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError } from '../common/errors.js';
import type { UserAccount } from './account.entity.js';
import { Attempts } from './attempts.js';
import { passwordMatches } from './passwords.js';
import { SessionsService, wrongCredentials, type Proven } from './sessions.service.js';

/** Checks a name and a password. */
@Injectable()
export class SignInService {
  constructor(
    private readonly attempts: Attempts,
    private readonly sessions: SessionsService,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The actor who signed in.
   * @throws 401 for a wrong name or password, 403 for a one-time password, 429 with Retry-After beyond the limits
   */
  async check(name: string, password: string, address: string, requestId: string): Promise<Proven> {
    const { actor, account } = await this.proven(name, password, address, requestId);
    if (account.firstPasswordUntil === null) return actor;
    await this.refuseOver(actor, account.firstPasswordUntil);
    await this.recordRefusal(actor, 'FIRST_PASSWORD');
    throw new DomainError(
      'own-password-needed',
      403,
      'This is a one-time password. Choose your own with it: POST /auth/login/own-password.',
      { until: account.firstPasswordUntil.toISOString() },
    );
  }

  /** The same for whoever holds a one-time password. @throws 409 when they have chosen their own already */
  async checkFirst(name: string, password: string, address: string, requestId: string): Promise<Proven> {
    const { actor, account } = await this.proven(name, password, address, requestId);
    if (account.firstPasswordUntil === null) {
      throw conflict('own-password-chosen', 'You have chosen your password already. Sign in with it.');
    }
    await this.refuseOver(actor, account.firstPasswordUntil);
    return actor;
  }

  private async proven(
    name: string,
    password: string,
    address: string,
    requestId: string,
  ): Promise<{ actor: Proven; account: UserAccount }> {
    const username = name.trim().toLowerCase();
    await this.attempts.admit('password', username, address);
    const account = await this.sessions.accountNamed(username);
    const matches = await passwordMatches(account?.passwordHash, password);
    const proof = { accountVersion: account?.version ?? 0, proof: 'PASSWORD' as const };
    const actor = account ? await this.sessions.signingIn(account.id, requestId, proof) : undefined;
    if (!account || !matches || !actor) {
      await this.attempts.failed('password', username);
      if (actor) await this.recordRefusal(actor, 'WRONG_PASSWORD');
      throw wrongCredentials();
    }
    await this.attempts.succeeded('password', username);
    return { actor, account };
  }

  /** Only whoever knows the one-time password hears that its time is over. */
  private async refuseOver(actor: Actor, until: Date): Promise<void> {
    if (until > this.clock.now()) return;
    await this.recordRefusal(actor, 'FIRST_PASSWORD_OVER');
    throw new DomainError(
      'first-password-over',
      403,
      'The time of this one-time password is over. Ask an administrator for another one.',
      { until: until.toISOString() },
    );
  }

  /** Whether this is the password of a signed-in person. @throws 429 with Retry-After beyond the limits */
  async passwordOf({ username }: Actor, password: string, address: string): Promise<boolean> {
    await this.attempts.admit('password', username, address);
    const account = await this.sessions.accountNamed(username);
    // A one-time password proves nothing but that its owner may choose another.
    const own = account?.firstPasswordUntil === null ? account.passwordHash : undefined;
    const matches = await passwordMatches(own, password);
    await (matches
      ? this.attempts.succeeded('password', username)
      : this.attempts.failed('password', username));
    return matches;
  }

  /**
   * Lets somebody whose first factor is known try a second one.
   * @returns what the try returns; undefined when it was wrong, which counts
   * @throws 429 with Retry-After beyond the limits
   */
  async guessing<T>(
    { username }: Actor,
    address: string,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    await this.attempts.admit('second-factor', username, address);
    const result = await attempt();
    await (result === undefined
      ? this.attempts.failed('second-factor', username)
      : this.attempts.succeeded('second-factor', username));
    return result;
  }

  private recordRefusal(actor: Actor, why: string): Promise<void> {
    return this.unitOfWork.run(actor, (tx) => {
      tx.record({
        type: 'auth.sign-in-refused',
        stream: actor.userId,
        target: { kind: 'user', id: actor.userId },
        values: { why },
      });
      return Promise.resolve();
    });
  }
}
