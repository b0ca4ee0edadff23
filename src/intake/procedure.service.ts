import { Injectable } from '@nestjs/common';
import type { CaseDeed } from '../access/shapes.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { conflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { CaseDeedRecord, type Case } from './case.entity.js';
import { deedsFrom, transitions, type CaseStatus, type Step } from './case.states.js';
import { CaseDeedView, CaseHeaderView } from './dto/case.view.js';

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
    await refuseSecondOffice(tx, row.id, step);
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

  /** Who took this step in the case, the latest first. */
  async doneBy(tx: Transaction, caseId: string, step: CaseDeed): Promise<string[]> {
    const deeds = await tx.manager.find(CaseDeedRecord, {
      where: { caseId, deed: step },
      order: { doneAt: 'DESC' },
    });
    return deeds.map((deed) => deed.doneBy);
  }
}

export const caseDeedView = (row: Case): CaseDeedView =>
  Object.assign(new CaseDeedView(), CaseHeaderView.of(row), { allowed: deedsFrom(row.status) });

/**
 * Who investigated a case neither reviews nor decides it, and the other way round, even at different times
 * (separation of duties). Being assigned counts as investigating.
 */
async function refuseSecondOffice(tx: Transaction, caseId: string, step: Step): Promise<void> {
  const office = transitions[step].office;
  if (!office) return;
  const steps = Object.keys(transitions) as Step[];
  const others = steps.filter((other) => {
    const otherOffice = transitions[other].office;
    return otherOffice !== undefined && otherOffice !== office;
  });
  const [found] = await tx.manager.query<{ what: string }[]>(
    `SELECT deed AS what FROM app.case_deed WHERE case_id = $1 AND done_by = $2 AND deed = ANY($3)
     UNION ALL
     SELECT 'investigator' FROM app.investigator_assignment WHERE case_id = $1 AND user_id = $2 AND $4
     LIMIT 1`,
    [caseId, tx.actor.userId, others, office !== 'INVESTIGATION'],
  );
  if (found) {
    throw conflict(
      'second-office',
      `You have acted in this case before (${found.what}). Who investigates, who reviews and who decides are different persons.`,
    );
  }
}
