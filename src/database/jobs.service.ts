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
import { DataSource, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { HeldJobs } from './held-jobs.js';

/** What a job gets: its payload, and a signal that the process is about to end. */
export type JobHandler<P> = (payload: P, signal: AbortSignal) => Promise<void>;

/** Writes down that a job was begun as often as it may be, never ended, and is not begun any more. */
export type JobAbandoned<P> = (payload: P) => Promise<void>;

const PARALLEL = 2;
const LOOK_MS = 5000;

export const JOBS_RUN = 'plumbline:jobs-run';

/**
 * Long work in the background, on PostgreSQL (graphile-worker): queued in the transaction that asks for it, done by
 * whichever node is free, done again when that node dies, and given up when that happened five times. Handlers must therefore be idempotent.
 */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly abandoned = new Map<string, JobAbandoned<never>>();
  private readonly held: HeldJobs;
  private readonly crontab: string[] = [];
  private readonly ending = new AbortController();
  private runner: Runner | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(JOBS_RUN) private readonly runs: boolean,
  ) {
    this.held = new HeldJobs(dataSource);
  }

  /** Says who does a kind of job. To be called while the modules start. */
  handle<P>(task: string, handler: JobHandler<P>, abandoned?: JobAbandoned<P>): void {
    this.handlers.set(task, handler);
    if (abandoned) this.abandoned.set(task, abandoned);
  }

  /** As handle, for what has to be done every hour, by one node for all. */
  hourly(task: string, handler: JobHandler<unknown>): void {
    this.handle(task, handler);
    this.crontab.push(`${this.crontab.length % 60} * * * * ${task}`);
  }

  /** Queues a job in the transaction of the manager: it runs when that commits, or never. */
  async enqueue(manager: EntityManager, task: string, payload: object): Promise<void> {
    await manager.query('SELECT graphile_worker.add_job($1, $2::json, max_attempts => 5)', [
      task,
      JSON.stringify(payload),
    ]);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.runs) return;
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool;
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
            this.held.during(job.id, () => handler(payload as never, this.ending.signal)),
        ]),
      ),
    });
    this.looking = this.look();
  }

  /** Now and then: jobs whose process died, wherever it ran, and those that cannot be done. */
  private async look(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        await this.held.freeDead();
        for (const job of await this.held.exhausted()) {
          await this.abandoned.get(job.task)?.(job.payload as never);
          await this.held.forget(job);
        }
      } catch (error) {
        this.logger.warn({ error: (error as Error).name }, 'The jobs could not be looked through');
      }
      await sleep(LOOK_MS, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
    }
  }

  /** Asks running jobs to end, and waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.looking;
    await this.runner?.stop();
    await this.held.close();
  }
}
