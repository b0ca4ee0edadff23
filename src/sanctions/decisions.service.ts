import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { Allegation } from '../intake/allegation.entity.js';
import type { Case } from '../intake/case.entity.js';
import type { CaseStatus } from '../intake/case.states.js';
import { CasesService } from '../intake/cases.service.js';
import type { CaseDeedView } from '../intake/dto/case.view.js';
import type { ReasonDto } from '../intake/dto/deeds.dto.js';
import { paperDay } from '../intake/paper-day.js';
import { ProcedureService } from '../intake/procedure.service.js';
import { FindingsService } from '../investigations/findings.service.js';
import { addMonths } from '../rulebook/periods.js';
import { rulebookOf } from '../rulebook/rulebook.js';
import type { DecideDto, DecisionOutcome, ReopenDto, ServeDecisionDto } from './dto/sanction.dto.js';
import { SanctionsService } from './sanctions.service.js';

const statusOf: Readonly<Record<DecisionOutcome, CaseStatus>> = {
  SANCTION: 'DECIDED_SANCTION',
  EXEMPT: 'DECIDED_EXEMPT',
  WITHDRAWN: 'DECIDED_WITHDRAWN',
  REFER: 'DECIDED_REFER',
};

/** From the meeting that decides to the closing of the case. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
    private readonly procedure: ProcedureService,
    private readonly findings: FindingsService,
    private readonly sanctions: SanctionsService,
  ) {}

  /** Records the meeting and its decision: every allegation has a final finding, and a sanction its proposal. */
  decide(
    actor: Actor,
    id: string,
    version: number,
    { outcome, meeting, reason }: DecideDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('decide', 'Case', row);
      const late = await this.sanctions.judgeMeeting(tx, row, meeting);
      await this.procedure.perform(tx, row, 'deliberate', { reason, details: { meeting, ...late } });
      await this.refuseWithoutFindings(tx, row);
      if (outcome === 'SANCTION') {
        const decided = await this.sanctions.decideOpen(tx, row, meeting.heldOn, reason);
        if (decided.length === 0) {
          throw conflict(
            'no-sanction',
            'No sanction was proposed. Propose one, or decide EXEMPT, WITHDRAWN or REFER.',
          );
        }
      } else {
        await this.refuseIfDecided(tx, row.id, outcome);
        await this.sanctions.refuseOpen(tx, row.id, reason);
      }
      return this.procedure.perform(tx, row, 'decide', {
        reason,
        to: statusOf[outcome],
        details: { outcome, ...late },
        changes: { decidedOn: meeting.heldOn },
      });
    });
  }

  /** Records that the decision was served, and its sanctions with it. */
  serve(
    actor: Actor,
    id: string,
    version: number,
    { servedOn, reason }: ServeDecisionDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('serve-decision', 'Case', row);
      const late = paperDay(servedOn, {
        from: row.decidedOn ?? legalDay(row.receivedAt),
        today: legalDay(tx.now),
        pointer: '/servedOn',
      });
      const view = await this.procedure.perform(tx, row, 'serve-decision', {
        reason,
        details: { servedOn, ...late },
      });
      await this.sanctions.serveDecided(tx, id, servedOn, reason);
      return view;
    });
  }

  close(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'close', { reason });
    });
  }

  /** Opens a closed case again: filed anew, so the limit runs from today. The old decision stays in the record. */
  reopen(actor: Actor, id: string, version: number, { reason, ground }: ReopenDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('reopen', 'Case', row);
      const today = legalDay(tx.now);
      const { months } = rulebookOf(row.rulebookVersion).caseDecision;
      return this.procedure.perform(tx, row, 'reopen', {
        reason,
        details: { ground },
        changes: { filedOn: today, decisionDueOn: addMonths(today, months), decidedOn: null },
      });
    });
  }

  private async refuseWithoutFindings(tx: Transaction, row: Case): Promise<void> {
    const allegations = await tx.manager.find(Allegation, {
      where: { caseId: row.id },
      order: { no: 'ASC' },
    });
    const findings = await this.findings.inForce(tx, row.id);
    const wanting = allegations.filter(
      ({ id }) => !findings.some((finding) => finding.allegationId === id && finding.stage === 'FINAL'),
    );
    if (wanting.length > 0) {
      throw conflict('final-finding-missing', 'Record the final finding of every allegation first.', {
        allegations: wanting.map(({ id, no }) => ({ id, no })),
      });
    }
  }

  private async refuseIfDecided(tx: Transaction, caseId: string, outcome: DecisionOutcome): Promise<void> {
    const all = await this.sanctions.ofCase(tx, caseId);
    if (all.some(({ status }) => status === 'DECIDED')) {
      throw conflict(
        'sanction-decided',
        `A sanction of this case is decided; the decision cannot be ${outcome}.`,
      );
    }
  }
}
