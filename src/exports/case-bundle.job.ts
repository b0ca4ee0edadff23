import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CaseDatabase } from '../access/case-database.js';
import { JobsService } from '../database/jobs.service.js';
import { CasesService } from '../intake/cases.service.js';
import { CaseBundleService } from './case-bundle.service.js';
import { ExportWork, Refused, type ExportTask } from './export-work.js';

export const EXPORT_BUNDLE = 'export-bundle';

/** Writes the file of a CASE_BUNDLE. */
@Injectable()
export class CaseBundleJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly work: ExportWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly bundles: CaseBundleService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ exportId: string }>(
      EXPORT_BUNDLE,
      ({ exportId }, signal) => this.work.do(exportId, signal, (task) => this.write(task)),
      ({ exportId }) => this.work.giveUp(exportId),
    );
  }

  private async write({ run, actor, file, signal, progress }: ExportTask): Promise<void> {
    await progress({ casesDone: 0, casesTotal: 1 });
    const caseId = run.filter['caseId'] as string;
    const may = await this.database.as(actor, (manager) =>
      this.cases.matching(manager, actor, {}, 'export').andWhere('case.id = :caseId', { caseId }).getExists(),
    );
    if (!may) {
      throw new Refused('The account that asked for it may no longer export this case.');
    }
    const order = { caseId, purpose: run.purpose, recipient: run.recipient, signal };
    for await (const bytes of await this.bundles.make(actor, order)) {
      signal.throwIfAborted();
      await file.write(bytes, caseId);
    }
    await progress({ casesDone: 1 });
  }
}
