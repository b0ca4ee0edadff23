import { Injectable, Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { SessionsService } from '../auth/sessions.service.js';
import { Clock } from '../common/clock.js';
import { DomainError, traceOf } from '../common/errors.js';
import { ExportRun } from './export-run.entity.js';
import { WorkerDatabase } from '../database/worker-database.js';

const PIECE_BYTES = 256 * 1024;
const KEPT_DAYS = 7;
const BROKEN_OFF = 'It broke off. Ask for a new export.';

/** Why an export cannot be made, in words for whoever asked for it. */
export class Refused extends Error {}

/** What a kind of export gets to make its file. */
export interface ExportTask {
  readonly run: ExportRun;
  /** Who asked for it, as they are now. */
  readonly actor: Actor;
  readonly file: ExportFile;
  readonly signal: AbortSignal;
  readonly progress: (cases: { casesDone?: number; casesTotal?: number }) => Promise<void>;
}

/**
 * The life of an export's job, whatever is in the file: its maker's permissions as they are now, the pieces, the
 * end. Done again from the start when the process ends in the middle of it.
 */
@Injectable()
export class ExportWork {
  private readonly logger = new Logger('Exports');

  constructor(
    private readonly worker: WorkerDatabase,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  async do(exportId: string, signal: AbortSignal, write: (task: ExportTask) => Promise<void>): Promise<void> {
    const run = await this.worker.manager.findOneBy(ExportRun, { id: exportId });
    if (!run || run.status === 'DONE' || run.status === 'FAILED') return;
    try {
      const actor = await this.maker(run);
      await this.dropPieces(run);
      const progress = (cases: { casesDone?: number; casesTotal?: number }): Promise<void> =>
        this.change(run, { status: 'RUNNING', ...cases });
      const file = new ExportFile(this.worker, run.id);
      await write({ run, actor, file, signal, progress });
      const finishedAt = this.clock.now();
      const expiresAt = new Date(finishedAt.getTime() + KEPT_DAYS * 86_400_000);
      await this.change(run, { ...(await file.end()), status: 'DONE', finishedAt, expiresAt });
    } catch (error) {
      // The process ends: another takes the job over.
      if (signal.aborted) throw error;
      await this.fail(run, error);
    }
  }

  /** Ends an export whose process died so often that it is not begun any more. */
  async giveUp(exportId: string): Promise<void> {
    const run = await this.worker.manager.findOneBy(ExportRun, { id: exportId });
    if (run && run.finishedAt === null) await this.fail(run, new Refused(BROKEN_OFF));
  }

  private async maker(run: ExportRun): Promise<Actor> {
    const actor = await this.sessions.actorBehind(run.id);
    if (!actor) throw new Refused('The account that asked for it is disabled.');
    try {
      authorize(abilityFor(actor), 'create', 'Export', run);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new Refused('The account that asked for it may no longer export.');
    }
    return actor;
  }

  private async change(run: ExportRun, change: Partial<Omit<ExportRun, 'filter'>>): Promise<void> {
    await this.worker.manager.update(ExportRun, { id: run.id }, change);
  }

  private async dropPieces(run: ExportRun): Promise<void> {
    await this.worker.query('DELETE FROM app.export_piece WHERE export_id = $1', [run.id]);
  }

  private async fail(run: ExportRun, error: unknown): Promise<void> {
    if (!(error instanceof Refused)) {
      const thrown = error instanceof Error ? error : new Error();
      this.logger.error({ exportId: run.id, error: thrown.name, stack: traceOf(thrown) });
    }
    const failure = error instanceof Refused ? error.message : BROKEN_OFF;
    await this.dropPieces(run);
    await this.change(run, { status: 'FAILED', failure, finishedAt: this.clock.now() });
  }

  /** What has expired can no longer be downloaded; its content goes. */
  async deleteExpired(): Promise<void> {
    await this.worker.query(
      `DELETE FROM app.export_piece p USING app.export_run r WHERE r.id = p.export_id AND r.expires_at <= $1`,
      [this.clock.now()],
    );
  }
}

/** A file in the database, written in pieces, with its size and digest. */
export class ExportFile {
  private readonly digest = createHash('sha256');
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private readonly waitingCases = new Set<string>();
  private size = 0;
  private count = 0;

  constructor(
    private readonly worker: WorkerDatabase,
    private readonly exportId: string,
  ) {}

  /** @param caseId which case it tells of; absent: none */
  async write(content: string | Uint8Array, caseId?: string): Promise<void> {
    const bytes = Buffer.from(content as string);
    this.waiting.push(bytes);
    if (caseId !== undefined) this.waitingCases.add(caseId);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= PIECE_BYTES) await this.flush();
  }

  async end(): Promise<{ sizeBytes: string; sha256: Buffer }> {
    await this.flush();
    return { sizeBytes: String(this.size), sha256: this.digest.digest() };
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    if (bytes.length === 0) return;
    this.digest.update(bytes);
    this.size += bytes.length;
    const cases = [...this.waitingCases];
    this.waitingCases.clear();
    await this.worker.query(
      'INSERT INTO app.export_piece (export_id, n, bytes, case_ids) VALUES ($1, $2, $3, $4)',
      [this.exportId, this.count++, bytes, cases],
    );
  }
}
