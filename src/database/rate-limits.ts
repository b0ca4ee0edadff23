import { type Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { DomainError } from '../common/errors.js';

/** A counter in the database, so that every node counts together. @param duration in seconds */
export const rateLimiter = (
  dataSource: DataSource,
  keyPrefix: string,
  points: number,
  duration: number,
): RateLimiterPostgres =>
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

/** Counts one. @throws 429 with Retry-After beyond the limit */
export async function within(limiter: RateLimiterPostgres, key: string, what: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(error, 'too-many-requests', what);
    throw error;
  }
}

/** @param what there was too much of, as the detail names it */
export function tooMany(state: RateLimiterRes, code: string, what: string): DomainError {
  const retryAfter = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  return new DomainError(code, 429, `Too many ${what}. Try again in ${retryAfter} s.`, { retryAfter });
}
