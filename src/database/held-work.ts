import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { WorkerDatabase } from './worker-database.js';

/** An installation may end connections that idle; this one idles as long as the work lasts. A dead machine is noticed. */
const SESSION = [
  'idle_session_timeout=0',
  'lock_timeout=30s',
  'tcp_keepalives_idle=30',
  'tcp_keepalives_interval=10',
  'tcp_keepalives_count=3',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

const LOCK = 'hashtextextended($1, 0)';

/**
 * Which long work somebody does at this moment. Whoever does it holds a lock of PostgreSQL on a connection of their
 * own, so that the lock goes when their process does, however it dies.
 */
@Injectable()
export class HeldWork {
  constructor(private readonly worker: WorkerDatabase) {}

  /**
   * Does work and holds it meanwhile. The signal is given when the connection breaks: then others may begin the same.
   * @throws when somebody else holds it and does not end
   */
  async during<T>(name: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    const { options } = (this.worker.driver as PostgresDriver).master as pg.Pool;
    const client = new pg.Client({ ...options, options: SESSION, application_name: 'plumbline-held' });
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    try {
      await client.connect();
      await client.query(`SELECT pg_advisory_lock(${LOCK})`, [name]);
      return await work(lost.signal);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Does something about work that nobody does, in a transaction during which nobody can begin it. */
  async ifFree(name: string, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.worker.transaction(async (manager) => {
      const [row] = await manager.query<[{ free: boolean }]>(
        `SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`,
        [name],
      );
      if (row.free) await work(manager);
    });
  }
}
