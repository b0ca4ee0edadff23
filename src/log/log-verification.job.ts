import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { JobsService } from '../database/jobs.service.js';
import type { FailureView, LastVerificationView } from './dto/trail.view.js';
import { EntryVerifier } from './entry-verifier.js';
import { Judge } from './judge.js';
import { PART, verifyPart, worstFirst } from './log-parts.js';
import { PolicyFile } from './policy-file.js';

/** So many entries are looked at in an hour, in parts between which others get their turn. */
const HOURLY = 20_000;
const MAX_FAILURES = 20;

/**
 * Verifies the log itself, a part every hour and from the beginning again at its end, so that a change behind the
 * application shows before an auditor finds it.
 */
@Injectable()
export class LogVerificationJob implements OnModuleInit {
  private readonly logger = new Logger('LogVerification');

  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PolicyFile,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('verify-log', (_, signal) => this.run(signal));
  }

  /** Verifies the next part and keeps how it ended. */
  async run(signal?: AbortSignal): Promise<void> {
    const policy = await this.policy.read();
    const verifier = policy && (await EntryVerifier.latest(this.dataSource, new Judge(policy.writers, [])));
    // Without a policy nobody says which keys are right.
    if (!verifier) return;
    const before = await this.last();
    const from = before && before.to < verifier.size ? before.to : 0;
    const until = Math.min(from + HOURLY, verifier.size);
    const failures: FailureView[] = [];
    let to = from;
    while (to < until && !signal?.aborted) {
      failures.push(...(await verifyPart(this.dataSource, verifier, to, until)));
      to = Math.min(to + PART, until);
    }
    const first = worstFirst(failures).slice(0, MAX_FAILURES);
    await this.dataSource.query(
      `INSERT INTO app.trail_verification (id, at, from_idx, to_idx, log_size, failures)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [newId(), this.clock.now(), from, to, verifier.size, JSON.stringify(first)],
    );
    if (failures.length > 0) {
      this.logger.error({ failures: failures.length, first: first[0], message: 'the log was changed' });
    }
  }

  /** How the latest part ended. */
  async last(): Promise<LastVerificationView | null> {
    const [row] = await this.dataSource.query<
      { at: Date; from_idx: string; to_idx: string; failures: FailureView[] }[]
    >('SELECT at, from_idx, to_idx, failures FROM app.trail_verification ORDER BY at DESC, id DESC LIMIT 1');
    if (!row) return null;
    const [from, to] = [Number(row.from_idx), Number(row.to_idx)];
    return { at: row.at.toISOString(), from, to, failures: row.failures };
  }
}
