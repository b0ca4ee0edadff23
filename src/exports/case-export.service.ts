import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { UserAccount } from '../auth/account.entity.js';
import type { CaseFileView, CaseHistory } from '../casefiles/dto/case-file.view.js';
import { CaseFilesService } from '../casefiles/casefiles.service.js';
import { CasesService } from '../intake/cases.service.js';
import { caseCsv } from './case-csv.js';
import { caseJson } from './case-json.js';
import { casePdf } from './case-pdf.js';
import { recordedFirst, type Download } from './download.js';
import type { ExportCaseQuery, CaseFormat } from './dto/export.dto.js';

const UNSAID = 'case history for the file';

type Renderer = readonly [type: string, render: (history: CaseHistory) => Download['content']];

const renderers: Readonly<Record<CaseFormat, Renderer>> = {
  json: ['application/json; charset=utf-8', caseJson],
  csv: ['text/csv; charset=utf-8', caseCsv],
  pdf: ['application/pdf', casePdf],
};

/** Hands out the whole history of one case, as far as whoever asks may see it. */
@Injectable()
export class CaseExportService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly cases: CasesService,
    private readonly files: CaseFilesService,
  ) {}

  /** The event is written first, so that the history holds its own export. */
  async export(actor: Actor, id: string, { format, purpose }: ExportCaseQuery): Promise<Download> {
    const taken = { format, purpose: purpose ?? UNSAID, purposeGiven: purpose !== undefined };
    const exportedAt = await recordedFirst(
      this.unitOfWork.run(actor, async (tx) => {
        await this.record(tx, id, taken);
        return tx.now;
      }),
    );
    const exportedBy = await this.nameOf(actor);
    const history = await this.history(actor, id, { exportedAt, exportedBy, purpose: taken.purpose });
    const [type, render] = renderers[format];
    return { name: `${history.file.reference}.${format}`, type, content: render(history) };
  }

  /** What an export of the case holds, for this actor. @throws 404 unless they may read it */
  async history(
    actor: Actor,
    id: string,
    said: { exportedAt: Date; exportedBy: string; purpose: string },
  ): Promise<CaseHistory> {
    const [file, events] = await Promise.all([this.files.get(actor, id), this.files.history(actor, id)]);
    return { ...said, exportedAt: said.exportedAt.toISOString(), file, events };
  }

  /** How an export names whoever took it. */
  async nameOf(actor: Actor): Promise<string> {
    const { displayName } = await this.dataSource.manager.findOneByOrFail(UserAccount, { id: actor.userId });
    return `${displayName} (${actor.username})`;
  }

  /** @throws 404 unless the actor may read the case */
  file(actor: Actor, id: string): Promise<CaseFileView> {
    return this.files.get(actor, id);
  }

  /** Says in the case's own stream that it leaves. @throws 404 or 403 unless the actor may export it */
  async record(tx: Transaction, id: string, taken: Readonly<Record<string, unknown>>): Promise<void> {
    const row = await this.cases.lock(tx, id);
    tx.require('export', 'Case', row);
    tx.record({
      type: 'case.exported',
      stream: row.id,
      target: { kind: 'case', id: row.id, rev: row.version },
      values: { ...taken, requestedBy: tx.actor.username },
    });
  }
}
