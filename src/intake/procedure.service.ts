import { Injectable } from '@nestjs/common';
import type { Transaction } from '../audit/unit-of-work.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { CaseDeedRecord, type Case } from './case.entity.js';
import { deedsFrom, transitions, type CaseStatus, type Step } from './case.states.js';
import { CaseDeedView, CaseHeaderView } from './dto/case.view.js';
import { refuseSecondOffice } from './offices.js';

type ChangingField = 'filedOn' | 'decisionDueOn' | 'decidedOn' | 'masterCaseId';

export interface StepDone {
  readonly reason: string;
  /** Which of the step's states, where it has several. */
  readonly to?: CaseStatus;
  /** What else was said or decided; it is kept with the deed and goes into the trail. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Fields of the case that change together with the state. */
  readonly changes?: Partial<Pick<Case, ChangingField>>;
}

/** Moves a case along the procedure. Every deed of every module passes here. */
@Injectable()
export class ProcedureService {
  /** Judges whether the actor may take this step on this case now, moves the case and records it. */
  async perform(tx: Transaction, row: Case, step: Step, done: StepDone): Promise<CaseDeedView> {
    tx.require(step === 'deliberate' ? 'decide' : step, 'Case', row);
    const { office } = transitions[step];
    if (office) await refuseSecondOffice(tx, row.id, office);
    const { from, to } = row.advance(step, done.to);
    const fields = Object.keys(done.changes ?? {}) as ChangingField[];
    const before = Object.fromEntries(fields.map((field) => [field, row[field]]));
    Object.assign(row, done.changes);
    const changed = Object.fromEntries(
      fields.map((field) => [field, { from: before[field], to: row[field] }]),
    );
    // What it was is known, so it need not be loaded once more.
    await tx.save(row, { status: from, version: row.version - 1, ...before });
    const deed = {
      id: newId(),
      caseId: row.id,
      deed: step,
      fromStatus: from,
      toStatus: to,
      doneBy: tx.actor.userId,
      doneAt: tx.now,
      reason: done.reason,
      details: done.details ?? {},
    };
    await tx.insert(rowsOf(CaseDeedRecord, [deed]));
    tx.record({
      type: `case.${step}`,
      stream: row.id,
      target: { kind: 'case', id: row.id, rev: row.version },
      values: { status: { from, to }, reason: done.reason, ...changed, ...done.details },
    });
    return caseDeedView(row);
  }

  /** How this step was taken in the case the last time; null when it never was. */
  latest(tx: Transaction, caseId: string, step: Step): Promise<CaseDeedRecord | null> {
    return tx.manager.findOne(CaseDeedRecord, { where: { caseId, deed: step }, order: { doneAt: 'DESC' } });
  }
}

export const caseDeedView = (row: Case): CaseDeedView =>
  Object.assign(new CaseDeedView(), CaseHeaderView.of(row), { allowed: deedsFrom(row.status) });
