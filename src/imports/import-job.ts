import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SessionsService } from '../auth/sessions.service.js';
import { DomainError, traceOf } from '../common/errors.js';
import { JobsService } from '../database/jobs.service.js';
import { ImportEngine } from './import-engine.js';
import type { ImportProgress, ImportRun } from './import-run.entity.js';
import { BROKEN_OFF, ImportRuns } from './import-runs.js';
import { readMapping } from './mapping.js';
import { UploadedFiles } from './uploaded-files.js';

export const IMPORT_FILES = 'import-files';

/**
 * Imports what was uploaded, with the permissions that its maker has now. Done again from the start when the process
 * ends in the middle of it: what is here already is not written twice.
 */
@Injectable()
export class ImportJob implements OnModuleInit {
  private readonly logger = new Logger('Imports');

  constructor(
    private readonly jobs: JobsService,
    private readonly sessions: SessionsService,
    private readonly engine: ImportEngine,
    private readonly runs: ImportRuns,
    private readonly files: UploadedFiles,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ importId: string }>(
      IMPORT_FILES,
      ({ importId }, signal) => this.run(importId, signal),
      ({ importId }) => this.giveUp(importId),
    );
    this.jobs.hourly('end-dead-imports', () => this.runs.endDead());
  }

  async run(importId: string, signal: AbortSignal): Promise<void> {
    const run = await this.runs.find(importId);
    if (!run || run.status === 'DONE' || run.status === 'FAILED') return;
    try {
      await this.import(run, signal);
    } catch (error) {
      // The process ends: another takes the job over.
      if (signal.aborted) throw error;
      await this.fail(run, error);
    }
    await this.files.remove(importId);
  }

  private async giveUp(importId: string): Promise<void> {
    const run = await this.runs.find(importId);
    if (run?.finishedAt === null) await this.runs.failed(importId, BROKEN_OFF);
    await this.files.remove(importId);
  }

  private async import(run: ImportRun, signal: AbortSignal): Promise<void> {
    const actor = await this.sessions.actorBehind(run.id);
    if (!actor) throw new DomainError('forbidden', 403, 'The account that asked for it is disabled.');
    let progress: ImportProgress = run.progress;
    const report = this.runs.reporter(run.id);
    const summary = await this.engine.run({
      id: run.id,
      actor,
      mapping: readMapping(run.mapping, run.system),
      organId: run.organId,
      files: await this.files.of(run.id),
      dryRun: run.dryRun,
      signal,
      report: (phase, now) => {
        progress = { ...now };
        return report(phase, now);
      },
    });
    await this.runs.done(run.id, summary, progress);
  }

  private async fail(run: ImportRun, error: unknown): Promise<void> {
    if (!(error instanceof DomainError)) {
      const thrown = error instanceof Error ? error : new Error();
      this.logger.error({ importId: run.id, error: thrown.name, stack: traceOf(thrown) });
    }
    await this.runs.failed(run.id, error instanceof DomainError ? error.message : BROKEN_OFF);
  }
}
