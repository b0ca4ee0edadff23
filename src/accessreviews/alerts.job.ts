import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { systemActor } from '../audit/writer-registration.js';
import { SYSTEM_USER } from '../audit/streams.js';
import { legalDay } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { JobsService } from '../database/jobs.service.js';
import { WorkerDatabase } from '../database/worker-database.js';
import { AccessAlert, type AlertKind } from './access-alert.entity.js';
import { kindsOf, thresholds, type JudgedRead } from './alert-rules.js';

const BATCH = 200;

interface ReadRow extends JudgedRead {
  readonly id: string;
  readonly userId: string;
  readonly organId: string;
}

/** What an alert is raised about. */
export interface AlertCause {
  readonly userId: string;
  readonly organId: string;
  readonly kind: AlertKind;
  readonly caseId: string | null;
  readonly readId: string | null;
  readonly readAt: Date;
  readonly asked: boolean;
}

/** Kinds that tell something of one case; the others are about how somebody reads. */
const ofOneCase: readonly AlertKind[] = ['LOOKED_UP_SELF', 'OWN_UNIT', 'COLLEAGUE', 'DENIED'];

/** Looks at every read within a minute, and raises the alerts that its rules ask for. May be run twice over the same. */
@Injectable()
export class AlertsJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.minutely('raise-access-alerts', () => this.run());
  }

  async run(): Promise<void> {
    for (;;) {
      const reads = await unjudged(this.worker.manager);
      for (const read of reads) await this.judge(read);
      await this.worker.manager.query('UPDATE app.read_log SET judged = true WHERE id = ANY ($1::uuid[])', [
        reads.map(({ id }) => id),
      ]);
      if (reads.length < BATCH) return;
    }
  }

  private async judge(read: ReadRow): Promise<void> {
    if (read.userId === SYSTEM_USER) return;
    const denied = read.type === 'read.denied';
    for (const kind of kindsOf(read)) {
      const one = ofOneCase.includes(kind);
      const cause = {
        userId: read.userId,
        organId: read.organId,
        kind,
        caseId: one ? read.caseId : null,
        readId: read.id,
        readAt: read.at,
        asked: !(one && denied),
      };
      // Asked first, since a transaction must not end without an event.
      if (!(await isRaised(this.worker.manager, cause))) await this.raise(cause);
    }
  }

  /** Another process may have looked at the same read a moment ago. */
  private async raise(cause: AlertCause): Promise<void> {
    await this.unitOfWork
      .run(systemActor, (tx) => raise(tx, cause))
      .catch((error: unknown) => {
        if (sqlState(error) !== '23505') throw error;
      });
  }
}

const keyOf = ({ userId, kind, caseId, readAt }: AlertCause): unknown[] => [
  userId,
  kind,
  legalDay(readAt),
  caseId,
];

export async function isRaised(manager: EntityManager, cause: AlertCause): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `SELECT 1 FROM app.access_alert
     WHERE user_id = $1 AND kind = $2 AND day = $3 AND case_id IS NOT DISTINCT FROM $4`,
    keyOf(cause),
  );
  return rows.length > 0;
}

/** Raises an alert in the stream of the person whom it is about. */
export async function raise(tx: Transaction, cause: AlertCause): Promise<void> {
  const alert = Object.assign(new AccessAlert(), {
    ...cause,
    id: newId(),
    day: legalDay(cause.readAt),
    raisedAt: tx.now,
    answer: null,
    answeredAt: null,
    verdict: null,
    closedBy: null,
    closedAt: null,
    closeReason: null,
    version: 1,
  });
  await tx.insert(rowsOf(AccessAlert, [alert]));
  tx.record({
    type: 'access-alert.raised',
    stream: cause.userId,
    target: { kind: 'access-alert', id: alert.id },
    values: { kind: cause.kind, caseId: cause.caseId, readId: cause.readId },
  });
}

/** The oldest reads that nobody has looked at, each with what it has to do with its reader and what went before it. */
async function unjudged(manager: EntityManager): Promise<ReadRow[]> {
  return manager.query<ReadRow[]>(
    `SELECT r.id, r.at, r.user_id AS "userId", r.type, r.case_id AS "caseId",
            coalesce(r.organ_id, app.organ_of_look(r.case_id)) AS "organId",
            ARRAY(SELECT unnest(r.hits) UNION SELECT unnest(k.kinds) ORDER BY 1) AS hits,
            walk.cases AS "casesBefore", walk.pages AS "pagesBefore"
     FROM app.read_log r
       CROSS JOIN LATERAL (
         SELECT CASE
           WHEN r.case_id IS NOT NULL THEN app.kinds_of_look(r.user_id, r.case_id, '{}', NULL, NULL, d.day)
           WHEN r.target_kind = 'officer' THEN
             app.kinds_of_look(r.user_id, NULL, ARRAY[r.target_id::uuid], NULL, NULL, d.day)
           ELSE '{}' END AS kinds
         FROM (SELECT (r.at AT TIME ZONE 'Asia/Shanghai')::date AS day) d) k
       CROSS JOIN LATERAL (
         SELECT count(DISTINCT w.case_id)::int AS cases,
                count(*) FILTER (WHERE w.type = 'search.run')::int AS pages
         FROM app.read_log w
         WHERE w.user_id = r.user_id AND w.at <= r.at AND w.at > r.at - make_interval(mins => $2::int)) walk
     WHERE NOT r.judged
     ORDER BY r.at, r.id LIMIT $1`,
    [BATCH, thresholds.walkMinutes],
  );
}
