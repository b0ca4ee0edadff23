import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
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
  ) {}

  /** The actor who signed in. @throws 401 for a wrong name or password, 429 with Retry-After beyond the limits */
  async check(name: string, password: string, address: string, requestId: string): Promise<Proven> {
    const username = name.trim().toLowerCase();
    await this.attempts.admit('password', username, address);
    const account = await this.sessions.accountNamed(username);
    const matches = await passwordMatches(account?.passwordHash, password);
    const proof = { accountVersion: account?.version ?? 0, proof: 'PASSWORD' as const };
    const actor = account ? await this.sessions.signingIn(account.id, requestId, proof) : undefined;
    if (!account || !matches || !actor) {
      await this.attempts.failed('password', username);
      if (actor) await this.recordRefusal(actor);
      throw wrongCredentials();
    }
    await this.attempts.succeeded('password', username);
    return actor;
  }

  /** Whether this is the password of a signed-in person. @throws 429 with Retry-After beyond the limits */
  async passwordOf({ username }: Actor, password: string, address: string): Promise<boolean> {
    await this.attempts.admit('password', username, address);
    const account = await this.sessions.accountNamed(username);
    const matches = await passwordMatches(account?.passwordHash, password);
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

  private recordRefusal(actor: Actor): Promise<void> {
    return this.unitOfWork.run(actor, (tx) => {
      tx.record({
        type: 'auth.sign-in-refused',
        stream: actor.userId,
        target: { kind: 'user', id: actor.userId },
        values: { why: 'WRONG_PASSWORD' },
      });
      return Promise.resolve();
    });
  }
}
