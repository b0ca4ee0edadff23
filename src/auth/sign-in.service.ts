import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { DomainError } from '../common/errors.js';
import { JobsService } from '../database/jobs.service.js';
import { passwordMatches } from './passwords.js';
import { SessionsService, wrongCredentials, type SignedIn } from './sessions.service.js';

const MINUTE_S = 60;
export const TRIES_BEFORE_LOCKOUT = 10;
const LOCKOUT_S = 15 * MINUTE_S;

/**
 * Checks a name and a password. All limits count by the name as typed, whether such an account exists or not, so that
 * an answer never tells which do; they live in the database, so that every node counts together.
 */
@Injectable()
export class SignInService implements OnModuleInit {
  private readonly perAccount: RateLimiterPostgres;
  private readonly perAddress: RateLimiterPostgres;
  private readonly failures: RateLimiterPostgres;

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    private readonly sessions: SessionsService,
    private readonly unitOfWork: UnitOfWork,
  ) {
    const limiter = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        storeClient: (dataSource.driver as PostgresDriver).master as Pool,
        storeType: 'pool',
        schemaName: 'app',
        tableName: 'rate_limit',
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix,
        points,
        duration,
      });
    this.perAccount = limiter('account', 20, MINUTE_S);
    this.perAddress = limiter('address', 100, MINUTE_S);
    this.failures = limiter('failures', TRIES_BEFORE_LOCKOUT, LOCKOUT_S);
  }

  onModuleInit(): void {
    this.jobs.hourly('forget-sign-ins', async () => {
      // In milliseconds of the real clock, as the limiter counts.
      await this.dataSource.query(
        'DELETE FROM app.rate_limit WHERE expire < extract(epoch FROM now()) * 1000',
      );
    });
  }

  /** The actor who signed in. @throws 401 for a wrong name or password, 429 with Retry-After beyond the limits */
  async check(name: string, password: string, address: string, requestId: string): Promise<SignedIn> {
    const username = name.trim().toLowerCase();
    await within(this.perAddress, address);
    await within(this.perAccount, username);
    const locked = await this.failures.get(username);
    if (locked && locked.consumedPoints >= TRIES_BEFORE_LOCKOUT) throw tooMany(locked, 'too-many-failures');

    const account = await this.sessions.accountNamed(username);
    const matches = await passwordMatches(account?.passwordHash, password);
    const actor = account ? await this.sessions.actorFor(account.id, requestId) : undefined;
    if (!account || !matches || !actor) {
      await this.failures.penalty(username);
      if (actor) await this.recordRefusal(actor);
      throw wrongCredentials();
    }
    await this.failures.delete(username);
    return { ...actor, accountVersion: account.version };
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

async function within(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(error, 'too-many-requests');
    throw error;
  }
}

function tooMany(state: RateLimiterRes, code: string): DomainError {
  const retryAfter = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  return new DomainError(code, 429, `Too many attempts to sign in. Try again in ${retryAfter} s.`, {
    retryAfter,
  });
}
