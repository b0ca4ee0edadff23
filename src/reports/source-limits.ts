import { Injectable } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { rateLimiter, within } from '../database/rate-limits.js';
import { Vault } from '../vault/vault.js';

const MINUTE_S = 60;
const EVERYBODY = 'all';

/**
 * How much may come through the source channel. Counted for everybody together and for a code, never by address: who
 * reports must leave none. The price is that somebody can make others wait.
 */
@Injectable()
export class SourceLimits {
  private readonly reports: RateLimiterPostgres;
  private readonly codes: RateLimiterPostgres;
  private readonly perCode: RateLimiterPostgres;

  constructor(
    dataSource: DataSource,
    private readonly vault: Vault,
  ) {
    this.reports = rateLimiter(dataSource, 'source-reports', 60, MINUTE_S);
    // Of 10^16 codes: a hundred thousand receipts would be met once in two thousand years.
    this.codes = rateLimiter(dataSource, 'source-codes', 120, MINUTE_S);
    this.perCode = rateLimiter(dataSource, 'source-code', 10, MINUTE_S);
  }

  /** @throws 429 with Retry-After */
  admitReport(): Promise<void> {
    return within(this.reports, EVERYBODY, 'reports at once');
  }

  /** Counts a code alike whether there is a receipt for it or not. @throws 429 with Retry-After */
  async admitCode(code: string): Promise<void> {
    await within(this.codes, EVERYBODY, 'codes at once');
    await within(this.perCode, this.vault.countedAs(code), 'requests with this code');
  }
}
