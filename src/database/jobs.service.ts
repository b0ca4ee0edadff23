import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Logger as WorkerLogger, run, type JobHelpers, type Runner } from 'graphile-worker';
import type { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { freeDeadJobs, heldAs, type DeadJob } from './dead-jobs.js';
import { HeldWork } from './held-work.js';
import { WorkerDatabase } from './worker-database.js';

/** What a job gets: its payload, and a signal that it must end, since the process does or another may have begun it. */
export type JobHandler<P> = (payload: P, signal: AbortSignal) => Promise<void>;

/** Writes down that a job was begun as often as it may be and never ended: it is not begun any more. */
export type JobGivenUp<P> = (payload: P) => Promise<void>;

const PARALLEL = 2;
const MAX_ATTEMPTS = 5;
const LOOK_MS = 5000;

export const JOBS_RUN = 'plumbline:jobs-run';

/**
 * Long work in the background, on PostgreSQL (graphile-worker): queued in the transaction that asks for it, done by
 * whichever node is free, done again when that node dies, and given up when that happened five times. Handlers must
 * therefore be idempotent.
 */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly givenUp = new Map<string, JobGivenUp<never>>();
  private readonly crontab: string[] = [];
  private readonly regular: { readonly task: string; readonly every: 'HOUR' | 'MINUTE' }[] = [];
  private readonly ending = new AbortController();
  private runner: Runner | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly worker: WorkerDatabase,
    private readonly held: HeldWork,
    @Inject(JOBS_RUN) private readonly runs: boolean,
  ) {}

  /** Says who does a kind of job. To be called while the modules start. */
  handle<P>(task: string, handler: JobHandler<P>, givenUp?: JobGivenUp<P>): void {
    this.handlers.set(task, handler);
    if (givenUp) this.givenUp.set(task, givenUp);
  }

  /** As handle, for what has to be done every hour, by one node for all. */
  hourly(task: string, handler: JobHandler<unknown>): void {
    this.handle(task, handler);
    this.crontab.push(`${this.crontab.length % 60} * * * * ${task}`);
    this.regular.push({ task, every: 'HOUR' });
  }

  /** As hourly, for what must not wait longer than a minute. */
  minutely(task: string, handler: JobHandler<unknown>): void {
    this.handle(task, handler);
    this.crontab.push(`* * * * * ${task}`);
    this.regular.push({ task, every: 'MINUTE' });
  }

  /** What hourly and minutely were told. */
  regularWork(): readonly { readonly task: string; readonly every: 'HOUR' | 'MINUTE' }[] {
    return this.regular;
  }

  /** Queues a job in the transaction of the manager: it runs when that commits, or never. */
  async enqueue(manager: EntityManager, task: string, payload: object): Promise<void> {
    await manager.query('SELECT graphile_worker.add_job($1, $2::json, max_attempts => $3)', [
      task,
      JSON.stringify(payload),
      MAX_ATTEMPTS,
    ]);
  }

  /** As enqueue, for a job with an id of its own that acts with the rights of whoever asks for it. */
  async enqueueAs(manager: EntityManager, id: string, task: string, payload: object): Promise<void> {
    await manager.query('SELECT app.leave_pass($1)', [id]);
    await this.enqueue(manager, task, payload);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.runs) return;
    const pool = (this.worker.driver as PostgresDriver).master as Pool;
    // A connection that breaks while idle is replaced; without a listener it would end the process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => void client.on('error', () => undefined));
    this.runner = await run({
      pgPool: pool,
      concurrency: PARALLEL,
      noHandleSignals: true,
      crontab: this.crontab.join('\n'),
      pollInterval: 2000,
      // Debug and information only say that it polls.
      logger: new WorkerLogger(() => (level, message) => {
        if (['error', 'warning'].includes(level)) this.logger.warn({ level, message });
      }),
      taskList: Object.fromEntries(
        [...this.handlers].map(([task, handler]) => [
          task,
          (payload: unknown, { job }: JobHelpers) =>
            this.held.during(heldAs(job.id), (lost) =>
              handler(payload as never, AbortSignal.any([this.ending.signal, lost])),
            ),
        ]),
      ),
    });
    this.looking = this.look();
  }

  /** Now and then: are there jobs whose process died, wherever it ran? */
  private async look(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await freeDeadJobs(this.worker, this.held, (job) => this.giveUp(job));
      } catch (error) {
        this.logger.warn({ error: (error as Error).name }, 'The jobs could not be looked through');
      }
      await sleep(LOOK_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  private async giveUp({ task, payload }: DeadJob): Promise<void> {
    this.logger.warn({ task }, 'A job was begun as often as it may be, and is given up');
    await this.givenUp.get(task)?.(payload as never);
  }

  /** Asks running jobs to end, and waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.looking;
    await this.runner?.stop();
  }
}
