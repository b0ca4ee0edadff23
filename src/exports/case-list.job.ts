import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { SessionsService } from '../auth/sessions.service.js';
import { Clock } from '../common/clock.js';
import { DomainError, traceOf } from '../common/errors.js';
import { JobsService } from '../database/jobs.service.js';
import { CasesService } from '../intake/cases.service.js';
import { caseListHead, caseListRows } from './case-csv.js';
import { CaseExportService } from './case-export.service.js';
import { caseJson } from './case-json.js';
import { ExportRun } from './export-run.entity.js';

export const EXPORT_CASES = 'export-cases';

/** Cases that are read at once: the memory needed is that of a page. */
const PAGE = 50;
const PIECE_BYTES = 256 * 1024;
const PROGRESS_MS = 1000;
const KEPT_DAYS = 7;

/** Why an export cannot be made, in words for whoever asked for it. */
class Refused extends Error {}

/**
 * Writes the file of an export, with the permissions that its maker has now. Done again from the start when the
 * process ends in the middle of it.
 */
@Injectable()
export class CaseListJob implements OnModuleInit {
  private readonly logger = new Logger('Exports');

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    private readonly sessions: SessionsService,
    private readonly cases: CasesService,
    private readonly histories: CaseExportService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ exportId: string }>(EXPORT_CASES, ({ exportId }, signal) =>
      this.run(exportId, signal),
    );
    this.jobs.hourly('delete-expired-exports', () => this.deleteExpired());
  }

  async run(exportId: string, signal: AbortSignal): Promise<void> {
    const run = await this.dataSource.manager.findOneBy(ExportRun, { id: exportId });
    if (!run || run.status === 'DONE' || run.status === 'FAILED') return;
    try {
      await this.write(run, await this.maker(run), signal);
    } catch (error) {
      // The process ends: another takes the job over.
      if (signal.aborted) throw error;
      await this.fail(run, error);
    }
  }

  /** Who asked for it, as they are now. */
  private async maker(run: ExportRun): Promise<Actor> {
    const actor = await this.sessions.actorFor(run.createdBy);
    if (!actor) throw new Refused('The account that asked for it is disabled.');
    try {
      authorize(abilityFor(actor), 'create', 'Export', run);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new Refused('The account that asked for it may no longer export.');
    }
    return actor;
  }

  private async write(run: ExportRun, actor: Actor, signal: AbortSignal): Promise<void> {
    await this.dataSource.query('DELETE FROM app.export_piece WHERE export_id = $1', [run.id]);
    const casesTotal = await this.matching(run, actor).getCount();
    await this.progress(run, { status: 'RUNNING', casesDone: 0, casesTotal });
    const file = new Pieces(this.dataSource, run.id);
    let casesDone = 0;
    let told = this.clock.now().getTime();
    if (run.format === 'csv') await file.write(caseListHead());
    for await (const text of this.contents(run, actor)) {
      signal.throwIfAborted();
      await file.write(text);
      casesDone++;
      const now = this.clock.now().getTime();
      if (now - told >= PROGRESS_MS) {
        told = now;
        await this.progress(run, { casesDone });
      }
    }
    const finishedAt = this.clock.now();
    await this.progress(run, {
      ...(await file.end()),
      status: 'DONE',
      casesDone,
      casesTotal: casesDone,
      finishedAt,
      expiresAt: new Date(finishedAt.getTime() + KEPT_DAYS * 86_400_000),
    });
  }

  /** The text of each case in the order of registration. Cases registered after the request are not in it. */
  private async *contents(run: ExportRun, actor: Actor): AsyncGenerator<string> {
    const { purpose, format } = run;
    const exportedBy = await this.histories.nameOf(actor);
    for (let after: string | undefined, more = true; more;) {
      const page = this.matching(run, actor).orderBy('case.id').limit(PAGE);
      if (after) page.andWhere('case.id > :after::uuid', { after });
      const said = { exportedAt: this.clock.now(), exportedBy, purpose };
      let cases = 0;
      for await (const history of this.histories.histories(actor, page, said, format === 'json')) {
        yield [...(format === 'csv' ? caseListRows(history.file) : caseJson(history))].join('');
        after = history.file.id;
        cases++;
      }
      more = cases === PAGE;
    }
  }

  private matching(run: ExportRun, actor: Actor) {
    return this.cases
      .matching(actor, run.filter, 'export')
      .andWhere('case.registeredAt <= :asked', { asked: run.createdAt });
  }

  private async progress(run: ExportRun, change: Partial<Omit<ExportRun, 'filter'>>): Promise<void> {
    await this.dataSource.manager.update(ExportRun, { id: run.id }, change);
  }

  private async fail(run: ExportRun, error: unknown): Promise<void> {
    if (!(error instanceof Refused)) {
      const thrown = error instanceof Error ? error : new Error();
      this.logger.error({ exportId: run.id, error: thrown.name, stack: traceOf(thrown) });
    }
    const failure = error instanceof Refused ? error.message : 'It broke off. Ask for a new export.';
    await this.dataSource.query('DELETE FROM app.export_piece WHERE export_id = $1', [run.id]);
    await this.progress(run, { status: 'FAILED', failure, finishedAt: this.clock.now() });
  }

  /** What has expired can no longer be downloaded; its content goes. */
  async deleteExpired(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM app.export_piece p USING app.export_run r WHERE r.id = p.export_id AND r.expires_at <= $1`,
      [this.clock.now()],
    );
  }
}

/** A file in the database, written in pieces, with its size and digest. */
class Pieces {
  private readonly digest = createHash('sha256');
  private waiting: string[] = [];
  private waitingLength = 0;
  private size = 0;
  private count = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly exportId: string,
  ) {}

  async write(text: string): Promise<void> {
    this.waiting.push(text);
    this.waitingLength += text.length;
    if (this.waitingLength >= PIECE_BYTES) await this.flush();
  }

  async end(): Promise<{ sizeBytes: string; sha256: Buffer }> {
    await this.flush();
    return { sizeBytes: String(this.size), sha256: this.digest.digest() };
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.waiting.join(''), 'utf8');
    this.waiting = [];
    this.waitingLength = 0;
    if (bytes.length === 0) return;
    this.digest.update(bytes);
    this.size += bytes.length;
    await this.dataSource.query('INSERT INTO app.export_piece (export_id, n, bytes) VALUES ($1, $2, $3)', [
      this.exportId,
      this.count++,
      bytes,
    ]);
  }
}
