import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { HeldWork } from '../database/held-work.js';
import {
  ImportRun,
  type ImportProgress,
  type ImportStatus,
  type ImportSummary,
} from './import-run.entity.js';
import type { Mapping } from './mapping.js';
import { WorkerDatabase } from '../database/worker-database.js';

const heldAs = (id: string): string => `import ${id}`;
const nothingYet: ImportProgress = { bytesRead: 0, bytesTotal: 0, rowsRead: 0, casesDone: 0, casesTotal: 0 };
const REPORT_MS = 1000;

/** Says of an import that it ended before its end, for no reason that whoever asked for it could remedy. */
export const BROKEN_OFF =
  'It broke off. The cases that were written stay; send the files again, and the rest is added.';

/** Keeps the books of imports: who asked for one, how far it is, how it ended. */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly worker: WorkerDatabase,
    private readonly clock: Clock,
    private readonly held: HeldWork,
  ) {}

  /** Records in a transaction, which has asked for the permission, that an import begins. */
  async begin(
    tx: Transaction,
    { id, mapping, organId, dryRun }: { id: string; mapping: Mapping; organId: string; dryRun: boolean },
    status: 'QUEUED' | 'READING',
    files: readonly string[],
  ): Promise<ImportRun> {
    const run = tx.manager.create(ImportRun, {
      id,
      system: mapping.system,
      mapping: mapping.text,
      organId,
      dryRun,
      status,
      progress: nothingYet,
      summary: null,
      failure: null,
      createdBy: tx.actor.userId,
      createdAt: tx.now,
      finishedAt: null,
    });
    await tx.manager.insert(ImportRun, run);
    tx.record({
      type: 'import.requested',
      stream: tx.actor.userId,
      target: { kind: 'import', id },
      values: { system: mapping.system, mapping: mapping.name, organId, dryRun, files },
    });
    return run;
  }

  find(id: string): Promise<ImportRun | null> {
    return this.worker.manager.findOneBy(ImportRun, { id });
  }

  /** Writes down how far a run is, once a second at the most. */
  reporter(id: string): (status: ImportStatus, progress: Readonly<ImportProgress>) => Promise<void> {
    let told = 0;
    let last: ImportStatus | undefined;
    return async (status, progress) => {
      // Not the clock of the law: this is about the load on the database.
      const now = performance.now();
      if (status === last && now - told < REPORT_MS) return;
      [told, last] = [now, status];
      await this.update(id, { status, progress: { ...progress } });
    };
  }

  done(id: string, summary: ImportSummary, progress: ImportProgress): Promise<void> {
    return this.update(id, { status: 'DONE', summary, progress, finishedAt: this.clock.now() });
  }

  failed(id: string, failure: string): Promise<void> {
    return this.update(id, { status: 'FAILED', failure, finishedAt: this.clock.now() });
  }

  /**
   * Does an import that is no job, and that nobody takes up again therefore. It is held, so that endDead() can tell
   * when its process has died.
   */
  during<T>(id: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    return this.held.during(heldAs(id), work);
  }

  /** Ends the imports of processes that died. Those with uploaded files are jobs, which are done again. */
  async endDead(): Promise<void> {
    const unfinished = await this.worker.query<{ id: string }[]>(
      `SELECT id FROM app.import_run r WHERE finished_at IS NULL
       AND NOT EXISTS (SELECT FROM app.import_file f WHERE f.import_id = r.id)`,
    );
    for (const { id } of unfinished) {
      await this.held.ifFree(heldAs(id), async (manager) => {
        const change = { status: 'FAILED' as const, failure: BROKEN_OFF, finishedAt: this.clock.now() };
        // Once more: it may have ended since.
        await manager.update(ImportRun, { id, finishedAt: IsNull() }, change);
      });
    }
  }

  private async update(
    id: string,
    change: Partial<Pick<ImportRun, 'status' | 'failure' | 'finishedAt'>> & {
      progress?: ImportProgress;
      summary?: ImportSummary;
    },
  ): Promise<void> {
    await this.worker.manager.update(ImportRun, { id }, change);
  }
}
