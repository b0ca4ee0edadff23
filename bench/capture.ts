import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type Logger, type QueryRunner } from 'typeorm';
import type { Actor } from '../src/access/actor.js';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { withAuthority } from '../src/access/authority.js';
import { AppModule } from '../src/app.module.js';
import type { AuditEvent } from '../src/audit/events.js';
import { UnitOfWork } from '../src/audit/unit-of-work.js';
import { SessionsService } from '../src/auth/sessions.service.js';
import { readConfig } from '../src/config.js';
import { atTheEnd, type Database } from './stage.js';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Constructor<T> = abstract new (...args: never[]) => T;

/** The application's own services, run here once for each kind of work to learn the very SQL that they send. */
export class Capture {
  private constructor(private readonly app: INestApplicationContext) {}

  static async open({ appUrl, workerUrl, dataDir }: Database): Promise<Capture> {
    const config = readConfig({ PLUMBLINE_DATA_DIR: dataDir, LOG_LEVEL: 'error' });
    const module = AppModule.with(config, { appUrl, workerUrl }, 'cli');
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    atTheEnd(() => app.close());
    return new Capture(app);
  }

  service<T>(type: Constructor<T>): T {
    return this.app.get<T>(type, { strict: false });
  }

  async actor(userId: string): Promise<Actor> {
    const actor = await this.service(SessionsService).signingIn(userId, 'bench', {});
    if (!actor) throw new Error(`There is no user ${userId}`);
    // As the worker, so that what is measured against it has no row-level security.
    return withAuthority(actor, 'SYSTEM');
  }

  /**
   * The statements of some work and its result. One that repeats an earlier one to the letter is left out, so that
   * what the application asks twice counts against it.
   */
  async statements<T>(work: () => Promise<T>): Promise<{ statements: Statement[]; result: T }> {
    const recorder = new Recorder();
    const result = await this.recorded(recorder, work);
    return { statements: withoutRepeats(recorder.statements), result };
  }

  /** The statements that append an event which stands alone, its stream and the keys being there already. */
  async event(actor: Actor, event: AuditEvent): Promise<Statement[]> {
    const unitOfWork = this.service(UnitOfWork);
    await unitOfWork.record(actor, event);
    const { statements } = await this.statements(() => unitOfWork.record(actor, event));
    return statements;
  }

  /** The transactions of some work that were committed, in the order in which they were, without BEGIN and COMMIT. */
  async transactions(work: () => Promise<unknown>): Promise<Statement[][]> {
    const recorder = new TransactionRecorder();
    await this.recorded(recorder, work);
    return recorder.transactions;
  }

  private async recorded<T>(recorder: Logger, work: () => Promise<T>): Promise<T> {
    const databases = [this.service(DataSource), this.service(WorkerDatabase)];
    const before = databases.map(({ logger }) => logger);
    for (const database of databases) database.logger = recorder;
    try {
      return await work();
    } finally {
      databases.forEach((database, i) => (database.logger = before[i]!));
    }
  }
}

const withoutRepeats = (statements: readonly Statement[]): Statement[] => [
  ...new Map(statements.map((statement) => [JSON.stringify(statement), statement])).values(),
];

class Recorder implements Logger {
  readonly statements: Statement[] = [];

  logQuery(text: string, values: unknown[] = []): void {
    // The level of isolation is the server's default too.
    if (text.startsWith('SET TRANSACTION')) return;
    this.statements.push({ text: text === 'START TRANSACTION' ? 'BEGIN' : text, values });
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

/** Puts the statements of each transaction together, also when two of them run at once. */
class TransactionRecorder extends Recorder {
  readonly transactions: Statement[][] = [];
  private readonly open = new Map<QueryRunner, Statement[]>();

  override logQuery(text: string, values: unknown[] = [], runner?: QueryRunner): void {
    if (!runner || text.startsWith('SET TRANSACTION')) return;
    const statements = this.open.get(runner);
    if (text === 'START TRANSACTION') this.open.set(runner, []);
    else if (text === 'COMMIT' && statements) this.transactions.push(statements);
    else statements?.push({ text, values });
    if (text === 'COMMIT' || text === 'ROLLBACK') this.open.delete(runner);
  }
}

/** Makes a value again with other words in place of those named; `fill` has them in the order of `holes`. */
export type Template = (fill: readonly string[]) => unknown;

export function templateOf(value: unknown, holes: readonly string[]): Template {
  if (Array.isArray(value)) {
    const members = value.map((member) => templateOf(member, holes));
    return (fill) => members.map((member) => member(fill));
  }
  if (typeof value !== 'string' || !holes.some((hole) => value.includes(hole))) return () => value;
  const pattern = new RegExp(`(${holes.map((hole) => hole.replaceAll(/[^\w-]/g, '\\$&')).join('|')})`);
  // Every other piece is one of the words.
  const pieces = value.split(pattern).map((piece, i) => (i % 2 === 0 ? piece : holes.indexOf(piece)));
  return (fill) => pieces.map((piece) => (typeof piece === 'number' ? fill[piece]! : piece)).join('');
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The ids that the application made for these statements: all but those that were there before. */
export const madeIn = (statements: readonly Statement[], given: Iterable<string>): string[] => {
  const known = new Set(given);
  return [...new Set(JSON.stringify(statements).match(UUID))].filter((id) => !known.has(id));
};

/** A statement of which some values change from one use to the next. */
export const statementTemplate = (
  { text, values }: Statement,
  holes: readonly string[],
): ((fill: readonly string[]) => Statement) => {
  const template = templateOf(values, holes);
  return (fill) => ({ text, values: template(fill) as unknown[] });
};
