import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { conflictsIn, conflictWords } from '../access/conflicts.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import { conflict, forbidden, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { CasesService } from '../intake/cases.service.js';
import { otherOfficeOf } from '../intake/offices.js';
import type { Case } from '../intake/case.entity.js';
import { isRecordable } from '../intake/case.states.js';
import type { AssignInvestigatorDto, WithdrawInvestigatorDto } from './dto/investigation.dto.js';
import { AssignmentView } from './dto/investigation.view.js';
import { InvestigatorAssignment } from './investigator-assignment.entity.js';
import { WorkerDatabase } from '../database/worker-database.js';

/** Who investigates a case. */
@Injectable()
export class InvestigatorsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
    private readonly worker: WorkerDatabase,
    private readonly clock: Clock,
  ) {}

  assign(
    actor: Actor,
    caseId: string,
    { userId, lead = false }: AssignInvestigatorDto,
  ): Promise<AssignmentView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('assign', 'Case', row);
      refuseEnded(row);
      if (userId === actor.userId) throw forbidden('Nobody assigns a case to themselves.');
      await this.refuseUnfit(tx, row, userId);
      const current = await tx.manager.findBy(InvestigatorAssignment, { caseId, withdrawnAt: IsNull() });
      if (current.some((one) => one.userId === userId)) {
        throw conflict('already-assigned', 'This investigator has the case already.');
      }
      if (lead && current.some((one) => one.isLead)) {
        throw conflict('lead-taken', 'The case has a lead already. Withdraw that assignment first.');
      }
      // The first one leads unless somebody else is named.
      const isLead = lead || current.length === 0;
      const assignment = tx.manager.create(InvestigatorAssignment, {
        id: newId(),
        caseId,
        userId,
        isLead,
        assignedBy: actor.userId,
        assignedAt: tx.now,
        withdrawnAt: null,
        withdrawnReason: null,
      });
      await tx.insert(rowsOf(InvestigatorAssignment, [assignment]));
      await this.keepInStep(tx, row, [...current.map((one) => one.userId), userId]);
      tx.record({
        type: 'investigator.assigned',
        stream: caseId,
        target: { kind: 'investigator', id: assignment.id },
        values: { userId, isLead },
      });
      return view(assignment);
    });
  }

  withdraw(
    actor: Actor,
    caseId: string,
    { userId, reason }: WithdrawInvestigatorDto,
  ): Promise<AssignmentView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('assign', 'Case', row);
      const current = await tx.manager.findBy(InvestigatorAssignment, { caseId, withdrawnAt: IsNull() });
      const assignment = current.find((one) => one.userId === userId);
      if (!assignment) throw notFound('investigator of this case');
      await this.end(tx, row, current, assignment, reason);
      tx.record({
        type: 'investigator.withdrawn',
        stream: caseId,
        target: { kind: 'investigator', id: assignment.id },
        values: { userId, reason },
      });
      return view(assignment);
    });
  }

  /** The cases of which an investigator has to keep away by now. */
  async conflictedCases(): Promise<string[]> {
    const rows = await this.worker.query<{ case_id: string }[]>(
      `SELECT DISTINCT i.case_id
       FROM (SELECT DISTINCT user_id FROM app.investigator_assignment WHERE withdrawn_at IS NULL) u
         CROSS JOIN LATERAL app.conflicts_of(u.user_id, $1::date) c
         JOIN app.investigator_assignment i ON i.case_id = c.o_case AND i.user_id = u.user_id AND i.withdrawn_at IS NULL`,
      [legalDay(this.clock.now())],
    );
    return rows.map(({ case_id: id }) => id);
  }

  /** Ends the assignments to a locked case of those who have to keep away from it by now. */
  async endConflicted(tx: Transaction, row: Case): Promise<void> {
    const current = await tx.manager.findBy(InvestigatorAssignment, {
      caseId: row.id,
      withdrawnAt: IsNull(),
    });
    for (const assignment of current) {
      const grounds = await conflictsIn(tx.manager, assignment.userId, row.id, legalDay(tx.now));
      if (grounds.length === 0) continue;
      await this.end(tx, row, current, assignment, 'Has to keep away from the case.');
      tx.record({
        type: 'recusal.applied',
        stream: row.id,
        target: { kind: 'investigator', id: assignment.id },
        values: { userId: assignment.userId, grounds },
      });
    }
  }

  private async end(
    tx: Transaction,
    row: Case,
    current: readonly InvestigatorAssignment[],
    assignment: InvestigatorAssignment,
    reason: string,
  ): Promise<void> {
    assignment.withdrawnAt = tx.now;
    assignment.withdrawnReason = reason;
    await tx.save(assignment);
    await this.keepInStep(
      tx,
      row,
      current.filter((one) => one.withdrawnAt === null).map((one) => one.userId),
    );
  }

  /** Only who is an investigator there, is not what the case is about, and has not reviewed or decided it. */
  private async refuseUnfit(tx: Transaction, row: Case, userId: string): Promise<void> {
    const [found] = await tx.manager.query<[{ fit: boolean }] | []>(
      `SELECT EXISTS (
         SELECT 1 FROM app.user_grant g JOIN app.organ o ON o.id = $2 AND o.path @> ARRAY[g.organ_id]
         WHERE g.user_id = u.id AND g.role = 'INVESTIGATOR' AND g.revoked_at IS NULL
           AND g.valid_from <= $3::date AND (g.valid_to IS NULL OR g.valid_to >= $3::date)) AS fit
       FROM app.user_account u WHERE u.id = $1 AND u.status = 'ACTIVE'`,
      [userId, row.organId, legalDay(tx.now)],
    );
    if (!found?.fit) {
      throw invalidInput([
        { pointer: '/userId', message: 'is not an investigator of the organ that handles the case' },
      ]);
    }
    const [ground] = await conflictsIn(tx.manager, userId, row.id, legalDay(tx.now));
    if (ground) {
      throw conflict('conflict-of-interest', `This person has to keep away: ${conflictWords[ground]}.`, {
        rule: ground,
      });
    }
    const acted = await otherOfficeOf(tx, row.id, userId, 'INVESTIGATION');
    if (acted) {
      throw conflict('second-office', `This person has acted in the case before (${acted}).`, {
        rule: 'SECOND_OFFICE',
      });
    }
  }

  private async keepInStep(tx: Transaction, row: Case, investigatorIds: string[]): Promise<void> {
    row.investigatorIds = investigatorIds;
    row.version++;
    await tx.save(row);
  }
}

function refuseEnded({ status }: Case): void {
  if (!isRecordable('assign', status)) {
    throw conflict('case-not-open', `Nobody is assigned to a case that is ${status}.`, { state: status });
  }
}

const view = (assignment: InvestigatorAssignment): AssignmentView =>
  Object.assign(new AssignmentView(), {
    id: assignment.id,
    userId: assignment.userId,
    isLead: assignment.isLead,
    assignedAt: assignment.assignedAt.toISOString(),
    withdrawnAt: assignment.withdrawnAt?.toISOString() ?? null,
  });
