import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** So long a job may lie between being taken and being held. */
const GRACE = '5 seconds';

/** A job that was begun as often as it may be, and never ended. */
export interface ExhaustedJob {
  readonly id: string;
  readonly task: string;
  readonly payload: unknown;
}

/**
 * Which jobs somebody works at. graphile-worker itself takes a job from a dead process only after four hours. So each
 * job is held by a lock of PostgreSQL on a connection of the process that does it: the lock goes with the process.
 */
export class HeldJobs {
  private client: Promise<pg.Client> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Does the work with the job held, after whoever else may still hold it. */
  async during<T>(jobId: string, work: () => Promise<T>): Promise<T> {
    const client = await this.connection();
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`job ${jobId}`]);
    try {
      return await work();
    } finally {
      await client
        .query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [`job ${jobId}`])
        .catch(() => undefined);
    }
  }

  /** Gives the jobs of dead processes free, to be done again. */
  async freeDead(): Promise<void> {
    await this.dataSource.query(
      `SELECT graphile_worker.force_unlock_workers(array_agg(locked_by)) FROM graphile_worker.jobs
       WHERE locked_at < now() - $1::interval AND pg_try_advisory_xact_lock(hashtextextended('job ' || id, 0))`,
      [GRACE],
    );
  }

  /** What nobody will do any more, although it never ended. */
  exhausted(): Promise<ExhaustedJob[]> {
    return this.dataSource.query<ExhaustedJob[]>(
      `SELECT id, task_identifier AS task, payload FROM graphile_worker.jobs JOIN graphile_worker._private_jobs USING (id)
       WHERE jobs.locked_at IS NULL AND jobs.attempts >= jobs.max_attempts`,
    );
  }

  async forget({ id }: ExhaustedJob): Promise<void> {
    await this.dataSource.query('SELECT FROM graphile_worker.complete_jobs(ARRAY[$1::bigint])', [id]);
  }

  async close(): Promise<void> {
    await this.client?.then((client) => client.end()).catch(() => undefined);
  }

  private connection(): Promise<pg.Client> {
    this.client ??= this.connect();
    // The next job tries again.
    this.client.catch(() => (this.client = undefined));
    return this.client;
  }

  private async connect(): Promise<pg.Client> {
    const { options } = (this.dataSource.driver as PostgresDriver).master as pg.Pool;
    const client = new pg.Client({ ...options, idle_in_transaction_session_timeout: 0, statement_timeout: 0 });
    client.on('error', () => (this.client = undefined));
    await client.connect();
    return client;
  }
}
