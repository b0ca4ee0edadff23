import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResult } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { DomainError } from '../common/errors.js';
import { WorkerDatabase } from '../database/worker-database.js';
import type { Actor } from './actor.js';
import { authorityOf, type Authority } from './authority.js';

/** Only hexadecimal digits go into the text. */
const bytes = (text: string): string => `'\\x${Buffer.from(text, 'utf8').toString('hex')}'::bytea`;

/** What begins a transaction in which the database knows who acts. One round trip. */
function beginning(authority: Exclude<Authority, string>): string {
  if ('token' in authority) {
    const { token, purpose } = authority;
    const begin = `BEGIN; SELECT app.begin_ctx(${bytes(token)}, convert_from(${bytes(purpose)}, 'UTF8')) AS who`;
    return authority.followedUp ? `${begin}; ${AS_PERSON}` : begin;
  }
  const job = `convert_from(${bytes(authority.job)}, 'UTF8')::uuid`;
  return `BEGIN; SELECT app.begin_pass(${job}) AS who; ${AS_PERSON}`;
}

/** From here on with the rights of a person, no longer with the worker's. */
const AS_PERSON = 'SET LOCAL ROLE plumbline_app';

/** Whether the transaction is on the worker's connection. */
const isByWorker = (authority: Authority): boolean =>
  authority === 'SYSTEM' ||
  (typeof authority === 'object' && ('job' in authority || authority.followedUp === true));

/**
 * The only way to the tables of cases for whoever acts for a person: one transaction, in which row-level security lets
 * through what this person may see. Without it these tables are empty.
 */
@Injectable()
export class CaseDatabase {
  constructor(
    private readonly dataSource: DataSource,
    private readonly worker: WorkerDatabase,
  ) {}

  /**
   * @param authority the system's for what it does itself; `followedUp` for a deed from which something may follow that
   *   the actor must not see
   * @throws 401 when the session has ended since the request began
   */
  async as<T>(
    actor: Actor,
    work: (manager: EntityManager) => Promise<T>,
    authority: Authority = authorityOf(actor),
  ): Promise<T> {
    const runner = (isByWorker(authority) ? this.worker : this.dataSource).createQueryRunner();
    try {
      if (typeof authority === 'object') beginAs(runner, authority);
      return await runner.manager.transaction(work);
    } finally {
      await runner.release();
    }
  }

  /**
   * What follows from a deed in the same transaction, and its actor must not see: from here to its end the system acts.
   * Only a transaction that began `followedUp` has these rights to take up again.
   */
  async followUp(manager: EntityManager): Promise<void> {
    await manager.query('SET LOCAL ROLE NONE');
  }
}

type Begun = QueryResult<{ who: string | null }>;

/** Lets the next transaction of the runner begin in the name of somebody. */
function beginAs(runner: QueryRunner, authority: Exclude<Authority, string>): void {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const begin = async (): Promise<void> => {
    const client = (await runner.connect()) as PoolClient;
    const results = (await client.query(beginning(authority))) as unknown as Begun | Begun[];
    // TypeORM rolls back what was begun.
    if (Array.isArray(results) && results[1]?.rows[0]?.who === null) {
      throw new DomainError('not-signed-in', 401, 'Your session has ended. Sign in again.');
    }
  };
  runner.query = ((...args: unknown[]) =>
    args[0] === 'START TRANSACTION' ? begin() : query(...args)) as QueryRunner['query'];
}
