import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Logger as WorkerLogger, run, type Runner } from 'graphile-worker';
import type { Pool } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** What a job gets: its payload, and a signal that the process is about to end. */
export type JobHandler<P> = (payload: P, signal: AbortSignal) => Promise<void>;

const PARALLEL = 2;

export const JOBS_RUN = 'plumbline:jobs-run';

/**
 * Long work in the background, on PostgreSQL (graphile-worker): queued in the transaction that asks for it, done by
 * whichever node is free, done again when that node dies. Handlers must therefore be idempotent.
 */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly crontab: string[] = [];
  private readonly ending = new AbortController();
  private runner: Runner | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(JOBS_RUN) private readonly runs: boolean,
  ) {}

  /** Says who does a kind of job. To be called while the modules start. */
  handle<P>(task: string, handler: JobHandler<P>): void {
    this.handlers.set(task, handler);
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
          (payload: unknown) => handler(payload as never, this.ending.signal),
        ]),
      ),
    });
  }

  /** Asks running jobs to end, and waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.runner?.stop();
  }
}
