import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { Allegation } from './allegation.entity.js';
import type { Case } from './case.entity.js';
import { isRecordable, recordableIn } from './case.states.js';
import { CasesService } from './cases.service.js';
import type { RecordMeasureDto } from './dto/measure.dto.js';
import { RecordedMeasureView } from './dto/measure.view.js';
import { immediateActions } from './immediate-actions.js';
import { UrgentMeasure } from './measure.entity.js';

/** What a category calls for at once (lifecycle 4.2, step 6): done, or not done and why. */
@Injectable()
export class MeasuresService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
  ) {}

  /** @throws 409 once it is done: what was done is not done again, and its record not bettered */
  record(actor: Actor, allegationId: string, dto: RecordMeasureDto): Promise<RecordedMeasureView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const allegation = await tx.manager.findOneBy(Allegation, { id: allegationId });
      const row = allegation && (await this.cases.lockIfReadable(tx, allegation.caseId));
      if (!row) throw notFound('allegation');
      tx.require('record-measure', 'Case', row);
      if (!isRecordable('record-measure', row.status)) {
        throw conflict('measure-out-of-turn', `A case that is ${row.status} takes no urgent measures.`, {
          state: row.status,
          recordableIn: recordableIn['record-measure'],
        });
      }
      const { code, outcome, note } = dto;
      refuseUncalledFor(allegation, code);
      const doneAt = doneAtOf(dto, row, tx.now);
      if (await tx.manager.existsBy(UrgentMeasure, { allegationId, code, outcome: 'DONE' })) {
        throw conflict('measure-done', 'This measure is recorded as done already.');
      }
      const measure = tx.manager.create(UrgentMeasure, {
        id: newId(),
        caseId: row.id,
        allegationId,
        code,
        outcome,
        doneAt,
        recordedLate: doneAt !== null && legalDay(doneAt) < legalDay(tx.now),
        note,
        recordedBy: tx.actor.userId,
        recordedAt: tx.now,
      });
      await this.keep(tx, measure, allegation.no);
      return viewOf(measure);
    });
  }

  private async keep(tx: Transaction, measure: UrgentMeasure, no: number): Promise<void> {
    await tx.insert(rowsOf(UrgentMeasure, [measure]));
    const { id, caseId: stream, code, outcome, note, recordedLate } = measure;
    const doneAt = measure.doneAt?.toISOString() ?? null;
    tx.record({
      type: 'measure.recorded',
      stream,
      target: { kind: 'urgent-measure', id },
      values: { allegation: no, measure: code, outcome, doneAt, recordedLate, reason: note },
    });
  }
}

function refuseUncalledFor({ category }: Allegation, code: string): void {
  const codes = immediateActions[category].map((action) => action.code);
  if (codes.includes(code)) return;
  const among = codes.length > 0 ? `must be one of ${codes.join(', ')}` : `calls for nothing: ${category}`;
  throw invalidInput([{ pointer: '/code', message: among }]);
}

/** Never before the report came in, never ahead of time. */
function doneAtOf({ outcome, doneAt }: RecordMeasureDto, { receivedAt }: Case, now: Date): Date | null {
  if (outcome === 'NOT_DONE') {
    if (doneAt === undefined) return null;
    throw invalidInput([{ pointer: '/doneAt', message: 'must be absent when it was not done' }]);
  }
  const at = doneAt === undefined ? now : new Date(doneAt);
  if (at < receivedAt || at > now) {
    const span = `from ${receivedAt.toISOString()} to ${now.toISOString()}`;
    throw invalidInput([{ pointer: '/doneAt', message: `must be an instant ${span}` }]);
  }
  return at;
}

const viewOf = (measure: UrgentMeasure): RecordedMeasureView => {
  const { id, allegationId, code, outcome, doneAt, recordedLate, recordedAt } = measure;
  return Object.assign(new RecordedMeasureView(), {
    id,
    allegationId,
    code,
    outcome,
    doneAt: doneAt?.toISOString() ?? null,
    recordedLate,
    recordedAt: recordedAt.toISOString(),
  });
};
