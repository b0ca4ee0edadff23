import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';
import { EntryVerifier } from './entry-verifier.js';
import { Judge } from './judge.js';
import { PART, verifyPart, worstFirst } from './log-parts.js';
import { PolicyFile } from './policy-file.js';
import { TrailCheck } from './trail-check.entity.js';

export const VERIFY_TRAIL = 'verify-trail';

const MAX_FAILURES = 100;

/** Verifies the whole log part by part, and writes down after each how far it is; begun again, it goes on from there. */
@Injectable()
export class TrailCheckJob implements OnModuleInit {
  private readonly logger = new Logger('TrailCheck');

  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PolicyFile,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ id: string }>(
      VERIFY_TRAIL,
      ({ id }, signal) => this.run(id, signal),
      ({ id }) => this.end(id, 'FAILED'),
    );
  }

  async run(id: string, signal: AbortSignal): Promise<void> {
    const check = await this.dataSource.manager.findOneBy(TrailCheck, { id });
    if (!check || check.finishedAt !== null) return;
    const policy = await this.policy.read();
    const verifier = policy && (await EntryVerifier.latest(this.dataSource, new Judge(policy.writers, [])));
    // What it was to be compared with was taken away meanwhile.
    if (!verifier) return this.end(id, 'FAILED');
    const size = Number(check.size);
    let [checked, wrong, failures] = [Number(check.checked), Number(check.wrong), check.failures];
    while (checked < size) {
      signal.throwIfAborted();
      const found = await verifyPart(this.dataSource, verifier, checked, size);
      checked = Math.min(checked + PART, size);
      wrong += found.length;
      failures = worstFirst([...failures, ...found]).slice(0, MAX_FAILURES);
      await this.dataSource.query(
        `UPDATE app.trail_check SET status = 'RUNNING', checked = $2, wrong = $3, failures = $4
         WHERE id = $1 AND finished_at IS NULL`,
        [id, checked, wrong, JSON.stringify(failures)],
      );
    }
    await this.end(id, 'DONE');
    if (wrong > 0) this.logger.error({ failures: wrong, first: failures[0], message: 'the log was changed' });
  }

  private async end(id: string, status: 'DONE' | 'FAILED'): Promise<void> {
    await this.dataSource.query(
      'UPDATE app.trail_check SET status = $2, finished_at = $3 WHERE id = $1 AND finished_at IS NULL',
      [id, status, this.clock.now()],
    );
  }
}
