import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { JobsService } from '../database/jobs.service.js';
import { rateLimiter, tooMany, within } from '../database/rate-limits.js';

const MINUTE_S = 60;
export const TRIES_BEFORE_LOCKOUT = 10;
const LOCKOUT_S = 15 * MINUTE_S;
const TRIES = 'attempts to sign in';

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
      rateLimiter(dataSource, keyPrefix, points, duration);
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
    await within(this.perAccount, username, TRIES);
    const locked = await this.failures[what].get(username);
    if (locked && locked.consumedPoints >= TRIES_BEFORE_LOCKOUT)
      throw tooMany(locked, 'too-many-failures', TRIES);
  }

  /** Counts a try of somebody who gives no name here. @throws 429 with Retry-After beyond the limit */
  admitAddress(address: string): Promise<void> {
    return within(this.perAddress, address, TRIES);
  }

  async failed(what: Guessed, username: string): Promise<void> {
    await this.failures[what].penalty(username);
  }

  async succeeded(what: Guessed, username: string): Promise<void> {
    await this.failures[what].delete(username);
  }
}
