import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { systemActor } from '../audit/writer-registration.js';
import { Clock, legalDay } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';
import { Case } from '../intake/case.entity.js';
import { finalStatuses } from '../intake/case.states.js';
import { InvestigatorsService } from '../investigations/investigators.service.js';
import { WorkerDatabase } from '../database/worker-database.js';

/** Supervisors in force on a day ($1), and the cases from which each has to keep away. */
const SUPERVISORS = `
  WITH supervisor AS (
    SELECT DISTINCT g.user_id, g.organ_id FROM app.user_grant g JOIN app.user_account u ON u.id = g.user_id
    WHERE g.role = 'SUPERVISOR' AND u.status = 'ACTIVE' AND g.revoked_at IS NULL AND g.valid_from <= $1::date
      AND (g.valid_to IS NULL OR g.valid_to >= $1::date)
  ), away AS (
    SELECT DISTINCT s.user_id, c.o_case FROM (SELECT DISTINCT user_id FROM supervisor) s
      CROSS JOIN LATERAL app.conflicts_of(s.user_id, $1::date) c
  )`;

/**
 * Reading is refused from the request on after a conflict arises. What follows from it in the records is done here,
 * every hour: assignments end, and a case for which nobody is left who could lead it goes to the outside body.
 */
@Injectable()
export class RecusalSweep implements OnModuleInit {
  private readonly logger = new Logger('Recusals');

  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly investigators: InvestigatorsService,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('apply-recusals', () => this.run());
  }

  async run(): Promise<void> {
    for (const caseId of await this.investigators.conflictedCases()) {
      await this.unitOfWork.run(systemActor, async (tx) => {
        const row = await lock(tx.manager, caseId);
        await this.investigators.endConflicted(tx, row);
      });
    }
    for (const caseId of await this.orphaned()) await this.route(caseId);
  }

  /** Open cases all of whose supervisors have to keep away. */
  private async orphaned(): Promise<string[]> {
    const rows = await this.worker.query<{ id: string }[]>(
      `${SUPERVISORS}
       SELECT c.id FROM app."case" c JOIN app.organ o ON o.id = c.organ_id
       WHERE c.id IN (SELECT o_case FROM away) AND c.status <> ALL ($2)
         AND NOT EXISTS (
           SELECT FROM supervisor s WHERE o.path @> ARRAY[s.organ_id]
             AND NOT EXISTS (SELECT FROM away a WHERE a.user_id = s.user_id AND a.o_case = c.id))
       ORDER BY c.id`,
      [legalDay(this.clock.now()), finalStatuses],
    );
    return rows.map(({ id }) => id);
  }

  /** Gives the case to the nearest outside body where somebody may lead it. */
  private route(caseId: string): Promise<void> {
    return this.unitOfWork.run(systemActor, async (tx) => {
      const row = await lock(tx.manager, caseId);
      const [outside] = await tx.manager.query<{ id: string }[]>(
        `${SUPERVISORS}
         SELECT o.id FROM app.organ o, app.organ here
         WHERE o.level = 'OVERSIGHT' AND here.id = $2 AND EXISTS (
           SELECT FROM supervisor s WHERE o.path @> ARRAY[s.organ_id]
             AND NOT EXISTS (SELECT FROM away a WHERE a.user_id = s.user_id AND a.o_case = $3))
         ORDER BY cardinality(ARRAY(SELECT unnest(o.path) INTERSECT SELECT unnest(here.path))) DESC, o.id LIMIT 1`,
        [legalDay(tx.now), row.organId, caseId],
      );
      const target = { kind: 'case', id: caseId } as const;
      if (!outside) {
        this.logger.error(
          { caseId },
          'Everybody who could lead a case has to keep away from it, also outside',
        );
        tx.record({ type: 'recusal.nobody-left', stream: caseId, target });
        return;
      }
      const organId = { from: row.organId, to: outside.id };
      row.organId = outside.id;
      row.version++;
      await tx.save(row);
      tx.record({
        type: 'case.routed-outside',
        stream: caseId,
        target: { ...target, rev: row.version },
        values: { organId },
      });
    });
  }
}

const lock = (manager: EntityManager, id: string): Promise<Case> =>
  manager.findOneOrFail(Case, { where: { id }, lock: { mode: 'pessimistic_write' } });
