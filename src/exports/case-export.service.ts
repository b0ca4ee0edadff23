import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { recordedFirst } from '../audit/recorded-reads.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { UserAccount } from '../auth/account.entity.js';
import type { CaseHistory } from '../casefiles/dto/case-file.view.js';
import { CaseFilesService } from '../casefiles/casefiles.service.js';
import type { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import { caseCsv } from './case-csv.js';
import { caseJson } from './case-json.js';
import { casePdf } from './case-pdf.js';
import type { Download } from './download.js';
import type { CaseFormat, ExportCaseQuery } from './dto/export.dto.js';

const UNSAID = 'case history for the file';

/** What an export says of itself. */
interface Said {
  readonly exportedAt: Date;
  readonly exportedBy: string;
  readonly purpose: string;
}

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
    private readonly database: CaseDatabase,
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
  async history(actor: Actor, id: string, said: Said): Promise<CaseHistory> {
    const [file, events] = await Promise.all([this.files.get(actor, id), this.files.history(actor, id)]);
    return { ...said, exportedAt: said.exportedAt.toISOString(), file, events };
  }

  /** How an export names whoever took it. */
  async nameOf(actor: Actor): Promise<string> {
    const { displayName } = await this.database.as(actor, (manager) =>
      manager.findOneByOrFail(UserAccount, { id: actor.userId }),
    );
    return `${displayName} (${actor.username})`;
  }

  /**
   * As `history`, for those cases of a query that the actor may read, in its order: that of their ids.
   * @param withEvents false where nobody looks at them; then there are none
   */
  async *histories(
    actor: Actor,
    page: (manager: EntityManager) => SelectQueryBuilder<Case>,
    said: Said,
    withEvents: boolean,
  ): AsyncGenerator<CaseHistory, void, undefined> {
    const found = await this.files.filesOf(actor, page);
    const cases = found.map(({ row }) => row);
    const events = this.files.historiesOf(actor, withEvents ? cases : []);
    for (const { file } of found) {
      const next = await events.next();
      const own = next.done === true ? [] : next.value;
      yield { ...said, exportedAt: said.exportedAt.toISOString(), file, events: own };
    }
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
