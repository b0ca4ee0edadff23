import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { invalidInput } from '../common/errors.js';
import { CasesService } from '../intake/cases.service.js';
import type { CaseDeedView } from '../intake/dto/case.view.js';
import type { ReasonDto } from '../intake/dto/deeds.dto.js';
import { paperDay } from '../intake/paper-day.js';
import { ProcedureService } from '../intake/procedure.service.js';
import type { RecordDefenceDto, ReturnReportDto, ServeNoticeDto } from './dto/investigation.dto.js';

/** From the report to the legal review: the subject is told and heard in between, and no step is jumped. */
@Injectable()
export class HearingService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
    private readonly procedure: ProcedureService,
  ) {}

  legalOpinion(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'legal-opinion', { reason });
    });
  }

  return(
    actor: Actor,
    id: string,
    version: number,
    { reason, defects }: ReturnReportDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'return', { reason, details: { defects } });
    });
  }

  serveNotice(actor: Actor, id: string, version: number, dto: ServeNoticeDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('serve-notice', 'Case', row);
      const { reason, servedOn, proof } = dto;
      const report = await this.procedure.latest(tx, id, 'report');
      const late = paperDay(servedOn, {
        from: legalDay(report?.doneAt ?? row.receivedAt),
        today: legalDay(tx.now),
        pointer: '/servedOn',
      });
      return this.procedure.perform(tx, row, 'serve-notice', {
        reason,
        details: { servedOn, proof, ...late },
      });
    });
  }

  recordDefence(actor: Actor, id: string, version: number, dto: RecordDefenceDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('record-defence', 'Case', row);
      const { reason, heardOn, declined, statement, points = [] } = dto;
      const notice = await this.procedure.latest(tx, id, 'serve-notice');
      const late = paperDay(heardOn, {
        from: (notice?.details['servedOn'] as string | undefined) ?? legalDay(row.receivedAt),
        today: legalDay(tx.now),
        pointer: '/heardOn',
      });
      if (declined === Boolean(statement)) {
        throw invalidInput([
          {
            pointer: '/statement',
            message: declined
              ? 'is not there when the subject declined'
              : 'is what the subject said; set declined when nothing was',
          },
        ]);
      }
      return this.procedure.perform(tx, row, 'record-defence', {
        reason,
        details: { heardOn, declined, points, ...(statement ? { statement } : {}), ...late },
      });
    });
  }

  legalReview(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'legal-review', { reason });
    });
  }
}
