import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { Clock } from '../common/clock.js';
import { LogService } from '../log/log.service.js';
import { LogVerificationJob } from '../log/log-verification.job.js';
import { OperationsHealthView } from './dto/health.view.js';
import { OPERATION } from './queue.service.js';

/** So old an entry that is not sealed is a fault: the sealer works every second. */
const LATE_SECONDS = 60;

/** How the program is, for whoever runs it. */
@Injectable()
export class OperationsHealthService {
  private readonly startedAt: Date;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly verification: LogVerificationJob,
    clock: Clock,
  ) {
    this.startedAt = clock.now();
  }

  async read(actor: Actor): Promise<OperationsHealthView> {
    authorize(abilityFor(actor), 'read', 'Operation', OPERATION);
    const [state, last, witnessedSize, pending] = await Promise.all([
      this.log.state(),
      this.verification.last(),
      this.log.witnessedSize(),
      this.dataSource.query<object[]>(
        `SELECT 1 FROM graphile_worker._private_jobs WHERE locked_at IS NULL AND run_at < now() - interval '5 minutes' LIMIT 1`,
      ),
    ]);
    const checks = [
      // It answered just now.
      { name: 'database', up: true },
      { name: 'jobs', up: pending.length === 0 },
      { name: 'sealer', up: state.sealLagSeconds < LATE_SECONDS },
      { name: 'quarantines', up: state.openQuarantines === 0 },
    ];
    return Object.assign(new OperationsHealthView(), {
      ready: checks.every(({ up }) => up),
      checks,
      startedAt: this.startedAt.toISOString(),
      logSize: state.size,
      sealedAt: state.sealedAt?.toISOString() ?? null,
      waiting: state.waiting,
      sealLagSeconds: Math.round(state.sealLagSeconds),
      openQuarantines: state.openQuarantines,
      witnessedSize,
      lastVerifiedAt: last?.at ?? null,
      lastVerificationHeld: last && last.failures.length === 0,
    });
  }
}
