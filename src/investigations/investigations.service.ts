import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, forbidden, invalidInput } from '../common/errors.js';
import { Allegation, AllegationSubject } from '../intake/allegation.entity.js';
import type { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import type { CaseDeedView } from '../intake/dto/case.view.js';
import type { ReasonDto } from '../intake/dto/deeds.dto.js';
import { missingBeforeReport } from '../intake/facts.js';
import { paperDay } from '../intake/paper-day.js';
import { ProcedureService } from '../intake/procedure.service.js';
import { addMonths } from '../rulebook/periods.js';
import { rulebookOf } from '../rulebook/rulebook.js';
import type {
  ExtendDto,
  FileDto,
  ReportDto,
  StartInvestigationDto,
  SuspendDto,
} from './dto/investigation.dto.js';
import { closingFindings } from './dto/investigation.dto.js';
import { FindingsService } from './findings.service.js';
import { InvestigatorAssignment } from './investigator-assignment.entity.js';

/** From the preliminary inquiry to the report. */
@Injectable()
export class InvestigationsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
    private readonly procedure: ProcedureService,
    private readonly findings: FindingsService,
  ) {}

  startPreliminary(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('start-preliminary', 'Case', row);
      if (row.status === 'TRIAGED_ACCEPTED') refuseTooFew(row);
      return this.procedure.perform(tx, row, 'start-preliminary', { reason });
    });
  }

  /** Closes after the preliminary inquiry: wants a legal opinion and a finding of each allegation that lets it close. */
  closeWithoutCase(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('close-without-case', 'Case', row);
      if (row.status === 'PRELIMINARY') {
        const allegations = await tx.manager.find(Allegation, {
          where: { caseId: id },
          order: { no: 'ASC' },
        });
        const found = await this.findings.inForce(tx, id);
        const wanting = allegations.filter(
          ({ id: allegationId }) =>
            !found.some((one) => one.allegationId === allegationId && closingFindings.includes(one.outcome)),
        );
        const opinion = await this.procedure.latest(tx, id, 'legal-opinion');
        if (wanting.length > 0 || !opinion) {
          throw conflict(
            'not-ready-to-close',
            'A legal opinion, and for each allegation a finding with which it can end here, come first.',
            {
              legalOpinion: opinion !== null,
              allegationsWithoutFinding: wanting.map((allegation) => allegation.id),
            },
          );
        }
      }
      return this.procedure.perform(tx, row, 'close-without-case', { reason });
    });
  }

  file(actor: Actor, id: string, version: number, { reason, filedOn }: FileDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('file', 'Case', row);
      const today = legalDay(tx.now);
      const day = filedOn ?? today;
      const details = paperDay(day, { from: legalDay(row.receivedAt), today, pointer: '/filedOn' });
      const decisionDueOn = addMonths(day, rulebookOf(row.rulebookVersion).caseDecision.months);
      return this.procedure.perform(tx, row, 'file', {
        reason,
        details,
        changes: { filedOn: day, decisionDueOn },
      });
    });
  }

  start(
    actor: Actor,
    id: string,
    version: number,
    { reason, plan }: StartInvestigationDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('start-investigation', 'Case', row);
      await refuseUnlessLead(tx, row);
      refuseTooFew(row);
      return this.procedure.perform(tx, row, 'start-investigation', {
        reason,
        details: plan ? { plan } : {},
      });
    });
  }

  suspend(actor: Actor, id: string, version: number, { reason, ground }: SuspendDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'suspend', { reason, details: { ground } });
    });
  }

  resume(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'resume', { reason });
    });
  }

  /** Extends the limit of the decision to twelve months after the filing at most (处分条例 44). */
  extend(actor: Actor, id: string, version: number, { reason, until }: ExtendDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('extend', 'Case', row);
      if (row.filedOn && row.decisionDueOn) {
        const { extendableToMonths, article } = rulebookOf(row.rulebookVersion).caseDecision;
        const latest = addMonths(row.filedOn, extendableToMonths);
        if (until <= row.decisionDueOn || until > latest) {
          throw invalidInput([
            {
              pointer: '/until',
              message: `must lie after ${row.decisionDueOn} and not after ${latest} (${article})`,
            },
          ]);
        }
      }
      return this.procedure.perform(tx, row, 'extend', { reason, changes: { decisionDueOn: until } });
    });
  }

  /** Submits the report: every demanded fact is there, and each allegation has a recommended finding. */
  report(
    actor: Actor,
    id: string,
    version: number,
    { reason, secondSignerId }: ReportDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('report', 'Case', row);
      if (row.status === 'INVESTIGATING') {
        await refuseUnlessLead(tx, row);
        refuseTooFew(row);
        if (secondSignerId === actor.userId || !row.investigatorIds.includes(secondSignerId)) {
          throw invalidInput([
            { pointer: '/secondSignerId', message: 'must be another investigator of this case' },
          ]);
        }
        await this.refuseIncomplete(tx, id);
      }
      return this.procedure.perform(tx, row, 'report', { reason, details: { secondSignerId } });
    });
  }

  private async refuseIncomplete(tx: Transaction, caseId: string): Promise<void> {
    const allegations = await tx.manager.find(Allegation, { where: { caseId }, order: { no: 'ASC' } });
    const subjects = await tx.manager.findBy(AllegationSubject, { caseId });
    const findings = await this.findings.inForce(tx, caseId);
    const errors = allegations.flatMap((allegation) => {
      const at = `/allegations/${allegation.no - 1}`;
      const missing = missingBeforeReport(allegation.category, allegation.facts).map(
        (pointer) => `${at}/facts${pointer}`,
      );
      if (!allegation.occurredFrom) missing.push(`${at}/occurredFrom`);
      if (!allegation.organId) missing.push(`${at}/organId`);
      if (!subjects.some((subject) => subject.allegationId === allegation.id)) missing.push(`${at}/subjects`);
      const hasFinding = findings.some(
        (one) => one.allegationId === allegation.id && one.stage === 'RECOMMENDED',
      );
      return [
        ...missing.map((pointer) => ({ pointer, message: 'is demanded before the report' })),
        ...(hasFinding ? [] : [{ pointer: `${at}/findings`, message: 'has no recommended finding' }]),
      ];
    });
    if (errors.length > 0) {
      throw conflict(
        'report-incomplete',
        'The report lacks what the law demands. Complete the allegations first.',
        { errors },
      );
    }
  }
}

/** At least two investigators, always (政务处分法 42). */
function refuseTooFew(row: Case): void {
  const { atLeast, article } = rulebookOf(row.rulebookVersion).investigators;
  if (row.investigatorIds.length < atLeast) {
    throw conflict(
      'too-few-investigators',
      `At least ${atLeast} investigators have to be assigned first (${article}).`,
      {
        assigned: row.investigatorIds.length,
        needed: atLeast,
        article,
      },
    );
  }
}

async function refuseUnlessLead(tx: Transaction, row: Case): Promise<void> {
  const lead = await tx.manager.findOneBy(InvestigatorAssignment, {
    caseId: row.id,
    isLead: true,
    withdrawnAt: IsNull(),
  });
  if (lead?.userId !== tx.actor.userId) throw forbidden('This is for the lead investigator of the case.');
}
