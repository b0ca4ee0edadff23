import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { DomainError } from '../common/errors.js';
import { JobsService } from '../database/jobs.service.js';

const MINUTE_S = 60;
export const TRIES_BEFORE_LOCKOUT = 10;
const LOCKOUT_S = 15 * MINUTE_S;

/** What is guessed at: each is counted by itself, so that knowing the password does not forget wrong codes. */
export type Guessed = 'password' | 'second-factor';

/**
 * How often somebody may try to prove who they are. Everything counts by the name as typed, whether such an account
 * exists or not, so that an answer never tells which do; the counts live in the database, so that every node counts
 * together.
 */
@Injectable()
export class Attempts implements OnModuleInit {
  private readonly perAccount: RateLimiterPostgres;
  private readonly perAddress: RateLimiterPostgres;
  private readonly failures: Readonly<Record<Guessed, RateLimiterPostgres>>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
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
    this.failures = {
      password: limiter('failures', TRIES_BEFORE_LOCKOUT, LOCKOUT_S),
      'second-factor': limiter('factor-failures', TRIES_BEFORE_LOCKOUT, LOCKOUT_S),
    };
  }

  onModuleInit(): void {
    this.jobs.hourly('forget-sign-ins', async () => {
      // In milliseconds of the real clock, as the limiter counts.
      await this.dataSource.query(
        'DELETE FROM app.rate_limit WHERE expire < extract(epoch FROM now()) * 1000',
      );
      await this.dataSource.query('DELETE FROM app.auth_ticket WHERE expires_at < now()');
    });
  }

  /** Counts a try. @throws 429 with Retry-After beyond the limits, and after too many failures */
  async admit(what: Guessed, username: string, address: string): Promise<void> {
    await this.admitAddress(address);
    await within(this.perAccount, username);
    const locked = await this.failures[what].get(username);
    if (locked && locked.consumedPoints >= TRIES_BEFORE_LOCKOUT) throw tooMany(locked, 'too-many-failures');
  }

  /** Counts a try of somebody who gives no name here. @throws 429 with Retry-After beyond the limit */
  admitAddress(address: string): Promise<void> {
    return within(this.perAddress, address);
  }

  async failed(what: Guessed, username: string): Promise<void> {
    await this.failures[what].penalty(username);
  }

  async succeeded(what: Guessed, username: string): Promise<void> {
    await this.failures[what].delete(username);
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
