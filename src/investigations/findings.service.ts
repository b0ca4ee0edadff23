import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { Allegation } from '../intake/allegation.entity.js';
import { CaseDeedRecord } from '../intake/case.entity.js';
import { isRecordable, recordableIn, type CaseRecord } from '../intake/case.states.js';
import { CasesService } from '../intake/cases.service.js';
import { refuseSecondOffice } from '../intake/offices.js';
import type { FindingDto } from './dto/investigation.dto.js';
import { RecordedFindingView } from './dto/investigation.view.js';
import { Finding, type FindingStage } from './finding.entity.js';

const recordOf = {
  RECOMMENDED: 'recommend-finding',
  FINAL: 'record-final-finding',
} as const satisfies Readonly<Record<FindingStage, CaseRecord>>;

/** The outcome of each allegation; recommended and final ones are kept apart. */
@Injectable()
export class FindingsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
  ) {}

  record(actor: Actor, allegationId: string, dto: FindingDto): Promise<RecordedFindingView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const allegation = await tx.manager.findOneBy(Allegation, { id: allegationId });
      const row = allegation && (await this.cases.lockIfReadable(tx, allegation.caseId));
      if (!row) throw notFound('allegation');
      const record = recordOf[dto.stage];
      tx.require(record, 'Case', row);
      if (!isRecordable(record, row.status)) {
        throw conflict('finding-out-of-turn', `A case that is ${row.status} takes no ${dto.stage} finding.`, {
          state: row.status,
          recordableIn: recordableIn[record],
        });
      }
      await refuseSecondOffice(tx, row.id, dto.stage === 'FINAL' ? 'DECISION' : 'INVESTIGATION');
      return this.add(tx, row.id, allegationId, dto);
    });
  }

  private async add(
    tx: Transaction,
    caseId: string,
    allegationId: string,
    dto: FindingDto,
  ): Promise<RecordedFindingView> {
    const { stage, outcome, reason, mitigating = [], aggravating = [] } = dto;
    const revision = 1 + (await tx.manager.countBy(Finding, { allegationId, stage }));
    const finding = tx.manager.create(Finding, {
      id: newId(),
      caseId,
      allegationId,
      revision,
      stage,
      outcome,
      reason,
      mitigating,
      aggravating,
      sourceWords: null,
      recordedBy: tx.actor.userId,
      recordedAt: tx.now,
    });
    await tx.insert(rowsOf(Finding, [finding]));
    tx.record({
      type: stage === 'FINAL' ? 'finding.final' : 'finding.recommended',
      stream: caseId,
      target: { kind: 'finding', id: finding.id, rev: revision },
      values: { allegationId, outcome, reason, mitigating, aggravating },
    });
    return Object.assign(new RecordedFindingView(), {
      id: finding.id,
      allegationId,
      stage,
      revision,
      outcome,
      recordedAt: tx.now.toISOString(),
    });
  }

  /** The findings in force of a case, by allegation and stage. A reopened case is judged anew; the old ones stay. */
  async inForce(tx: Transaction, caseId: string): Promise<Finding[]> {
    const reopened = await tx.manager.findOne(CaseDeedRecord, {
      where: { caseId, deed: 'reopen' },
      order: { doneAt: 'DESC' },
    });
    const all = await tx.manager.find(Finding, {
      where: { caseId, ...(reopened ? { recordedAt: MoreThan(reopened.doneAt) } : {}) },
      order: { revision: 'ASC' },
    });
    return [...new Map(all.map((finding) => [`${finding.allegationId} ${finding.stage}`, finding])).values()];
  }
}
