import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { conflict, notFound } from '../common/errors.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { JobsService } from '../database/jobs.service.js';
import type { ListJobsQuery } from './dto/job.dto.js';
import { JobPage, JobView, RegularWorkView, type JobRow } from './dto/job.view.js';

/** The whole of the operation is one thing to the policy. */
export const OPERATION = { id: 'operation' };

const JOBS = `
  SELECT j.id::text AS id, t.identifier AS task, j.attempts, j.max_attempts AS "maxAttempts",
         j.created_at AS "createdAt", j.run_at AS "runAt", j.locked_at AS "startedAt",
         CASE WHEN j.locked_at IS NOT NULL THEN 'RUNNING' WHEN j.attempts > 0 THEN 'FAILED' ELSE 'WAITING' END AS state
  FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id`;

const isNumber = (text: string): boolean => /^\d{1,18}$/.test(text);

/** The queue, for whoever runs the program: kinds and times of the work, never what it is about. */
@Injectable()
export class QueueService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: JobsService,
  ) {}

  /** The newest first. */
  async list(actor: Actor, { limit, cursor, count, state, task }: ListJobsQuery): Promise<JobPage> {
    authorize(abilityFor(actor), 'read', 'Operation', OPERATION);
    const after = decodeCursor(cursor, [isNumber])?.[0] ?? null;
    const matching = `FROM (${JOBS}) job WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR task = $2)`;
    const rows = await this.dataSource.query<JobRow[]>(
      `SELECT * ${matching} AND ($3::bigint IS NULL OR id::bigint < $3) ORDER BY id::bigint DESC LIMIT $4`,
      [state ?? null, task ?? null, after, limit + 1],
    );
    const total = count ? await this.count(matching, [state ?? null, task ?? null]) : undefined;
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (row) => JobView.of(row),
      total,
    );
  }

  private async count(matching: string, values: readonly unknown[]): Promise<number> {
    const [row] = await this.dataSource.query<{ n: string }[]>(`SELECT count(*) AS n ${matching}`, [
      ...values,
    ]);
    return Number(row?.n ?? 0);
  }

  /** What is done every hour or minute, by name. */
  async regular(actor: Actor): Promise<RegularWorkView[]> {
    authorize(abilityFor(actor), 'read', 'Operation', OPERATION);
    const rows = await this.dataSource.query<{ identifier: string; last: Date | null }[]>(
      'SELECT identifier, last_execution AS last FROM graphile_worker._private_known_crontabs',
    );
    const last = new Map(rows.map((row) => [row.identifier, row.last]));
    return this.jobs
      .regularWork()
      .map(({ task, every }) =>
        Object.assign(new RegularWorkView(), {
          task,
          every,
          lastQueuedAt: last.get(task)?.toISOString() ?? null,
        }),
      )
      .sort((a, b) => a.task.localeCompare(b.task));
  }

  /** Has a job that failed begun again at once, instead of when its time comes. @throws 409 for any other one */
  retry(actor: Actor, id: string, reason: string): Promise<JobView> {
    return this.unitOfWork.run(actor, async (tx) => {
      tx.require('retry', 'Operation', OPERATION);
      // Locked, so that no process takes it meanwhile.
      const locked = await tx.manager.query<object[]>(
        'SELECT 1 FROM graphile_worker._private_jobs WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (locked.length === 0) throw notFound('job');
      const [job] = await tx.manager.query<JobRow[]>(`SELECT * FROM (${JOBS}) job WHERE id = $1`, [id]);
      if (!job || job.state !== 'FAILED') {
        throw conflict(
          'job-not-failed',
          'Only a job that failed and waits for its time can be begun at once.',
        );
      }
      await tx.manager.query('SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], run_at => now())', [
        id,
      ]);
      tx.record({
        type: 'job.retried',
        stream: SYSTEM_STREAM,
        target: { kind: 'job', id },
        values: { task: job.task, attempts: job.attempts, reason },
      });
      return JobView.of({ ...job, runAt: tx.now });
    });
  }
}
