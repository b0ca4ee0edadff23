import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import {
  ImportRun,
  type ImportProgress,
  type ImportStatus,
  type ImportSummary,
} from './import-run.entity.js';
import type { Mapping } from './mapping.js';

const nothingYet: ImportProgress = { bytesRead: 0, bytesTotal: 0, rowsRead: 0, casesDone: 0, casesTotal: 0 };
const REPORT_MS = 1000;

/** Keeps the books of imports: who asked for one, how far it is, how it ended. */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
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
    return this.dataSource.manager.findOneBy(ImportRun, { id });
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

  private async update(
    id: string,
    change: Partial<Pick<ImportRun, 'status' | 'failure' | 'finishedAt'>> & {
      progress?: ImportProgress;
      summary?: ImportSummary;
    },
  ): Promise<void> {
    await this.dataSource.manager.update(ImportRun, { id }, change);
  }
}
