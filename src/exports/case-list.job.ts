import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { Clock } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';
import type { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import { caseListHead, caseListRows } from './case-csv.js';
import { CaseExportService } from './case-export.service.js';
import { caseJson } from './case-json.js';
import type { ExportRun } from './export-run.entity.js';
import { ExportWork, type ExportTask } from './export-work.js';

export const EXPORT_CASES = 'export-cases';

/** Cases that are read at once: the memory needed is that of a page. */
const PAGE = 50;
const PROGRESS_MS = 1000;

/** Writes the file of an export of many cases. */
@Injectable()
export class CaseListJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly work: ExportWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly histories: CaseExportService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ exportId: string }>(
      EXPORT_CASES,
      ({ exportId }, signal) => this.run(exportId, signal),
      ({ exportId }) => this.work.giveUp(exportId),
    );
    this.jobs.hourly('delete-expired-exports', () => this.work.deleteExpired());
  }

  run(exportId: string, signal: AbortSignal): Promise<void> {
    return this.work.do(exportId, signal, (task) => this.write(task));
  }

  private async write({ run, actor, file, signal, progress }: ExportTask): Promise<void> {
    const casesTotal = await this.database.as(actor, (manager) =>
      this.matching(manager, run, actor).getCount(),
    );
    await progress({ casesDone: 0, casesTotal });
    let casesDone = 0;
    let told = this.clock.now().getTime();
    if (run.format === 'csv') await file.write(caseListHead());
    for await (const { text, caseId } of this.contents(run, actor)) {
      signal.throwIfAborted();
      await file.write(text, caseId);
      casesDone++;
      const now = this.clock.now().getTime();
      if (now - told >= PROGRESS_MS) {
        told = now;
        await progress({ casesDone });
      }
    }
    await progress({ casesDone, casesTotal: casesDone });
  }

  /** The text of each case in the order of registration. Cases registered after the request are not in it. */
  private async *contents(run: ExportRun, actor: Actor): AsyncGenerator<{ text: string; caseId: string }> {
    const { purpose, format } = run;
    const exportedBy = await this.histories.nameOf(actor);
    for (let after: string | undefined, more = true; more;) {
      const page = (manager: EntityManager): SelectQueryBuilder<Case> => {
        const next = this.matching(manager, run, actor).orderBy('case.id').limit(PAGE);
        return after ? next.andWhere('case.id > :after::uuid', { after }) : next;
      };
      const said = { exportedAt: this.clock.now(), exportedBy, purpose };
      let cases = 0;
      for await (const history of this.histories.histories(actor, page, said, format === 'json')) {
        const lines = format === 'csv' ? caseListRows(history.file) : caseJson(history);
        after = history.file.id;
        yield { text: [...lines].join(''), caseId: after };
        cases++;
      }
      more = cases === PAGE;
    }
  }

  private matching(manager: EntityManager, run: ExportRun, actor: Actor): SelectQueryBuilder<Case> {
    return this.cases
      .matching(manager, actor, run.filter, 'export')
      .andWhere('case.registeredAt <= :asked', { asked: run.createdAt });
  }
}
