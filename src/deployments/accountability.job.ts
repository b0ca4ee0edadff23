import { Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../audit/writer-registration.js';
import { Clock } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';
import { WorkerDatabase } from '../database/worker-database.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import type { AccountabilityGround } from './accountability.entity.js';
import { AccountabilityService } from './accountability.service.js';
import { Deployment } from './deployment.entity.js';
import { REPORT_HOURS } from './time-limits.js';

/** What no deed makes so, but time going by. Not of what is held to account for it already. */
const OVERDUE = `
  SELECT d.id, g.ground FROM app.deployment d CROSS JOIN LATERAL (
    SELECT 'REPORT_MISSING' AS ground WHERE
      d.operation = 'COMPLETED' AND d.ended_at < $1::timestamptz - interval '${REPORT_HOURS} hours'
      OR d.operation = 'DISPATCHED' AND d.ends_at < $1::timestamptz - interval '${REPORT_HOURS} hours'
    UNION ALL
    -- Never filed, or filed and never decided: silence is no consent.
    SELECT 'NOT_APPROVED' WHERE d.emergency AND d.status IN ('EMERGENCY', 'SUBMITTED', 'LATE', 'RETURNED')
      AND d.dispatched_at < $1::timestamptz - $2 * interval '1 hour'
  ) g
  WHERE NOT EXISTS (SELECT FROM app.accountability a WHERE a.deployment_id = d.id AND a.ground = g.ground)
  ORDER BY d.id`;

/** Every hour: after-action records that are missing, and what nobody approved after police had gone. */
@Injectable()
export class AccountabilityJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
    private readonly accountability: AccountabilityService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('hold-to-account', () => this.run());
  }

  async run(): Promise<void> {
    const asked = [this.clock.now(), deploymentRules.accountability.unfiledHours];
    const overdue = await this.worker.query<{ id: string; ground: AccountabilityGround }[]>(OVERDUE, asked);
    for (const { id, ground } of overdue) {
      await this.hold(id, ground, asked).catch((error: unknown) => {
        if (!(error instanceof NoLonger)) throw error;
      });
    }
  }

  private hold(id: string, ground: AccountabilityGround, asked: readonly unknown[]): Promise<void> {
    return this.accountability.run(systemActor, async (tx) => {
      const row = await tx.manager.findOneOrFail(Deployment, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      const still = await tx.manager.query<{ id: string; ground: string }[]>(OVERDUE, [...asked]);
      if (!still.some((one) => one.id === id && one.ground === ground)) throw new NoLonger();
      await this.accountability.hold(tx, row, [ground]);
    });
  }
}

/** A deed came first, or another process did the same: nothing is to be done, and nothing recorded. */
class NoLonger extends Error {}
