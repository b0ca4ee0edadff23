import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { invalidInput } from '../common/errors.js';
import { whereAccessible } from '../access/where-accessible.js';
import { Case } from './case.entity.js';
import { finalStatuses } from './case.states.js';
import { CasesService } from './cases.service.js';
import type { AcceptDto, DeclineDto, MergeDto, ReasonDto, TransferDto } from './dto/deeds.dto.js';
import type { CaseDeedView } from './dto/case.view.js';
import { ProcedureService } from './procedure.service.js';
import { refuseUnknownReferences } from './references.js';

/** What becomes of a registered case. */
@Injectable()
export class TriageService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
    private readonly procedure: ProcedureService,
  ) {}

  accept(actor: Actor, id: string, version: number, { reason, severity }: AcceptDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'accept', { reason, details: severity ? { severity } : {} });
    });
  }

  decline(actor: Actor, id: string, version: number, { reason, ground }: DeclineDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'decline', { reason, details: { ground } });
    });
  }

  transfer(actor: Actor, id: string, version: number, dto: TransferDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('transfer', 'Case', row);
      await refuseUnknownReferences(tx.manager, [{ organId: dto.targetOrganId, pointer: '/targetOrganId' }]);
      if (dto.targetOrganId === row.organId) {
        throw invalidInput([
          { pointer: '/targetOrganId', message: 'is the organ that has the case already' },
        ]);
      }
      const { reason, targetOrganId, legalBasis, papers = [] } = dto;
      return this.procedure.perform(tx, row, 'transfer', {
        reason,
        details: { targetOrganId, legalBasis, papers },
      });
    });
  }

  /** The other organ refused it: it is registered here again. */
  reclaim(actor: Actor, id: string, version: number, { reason }: ReasonDto): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      return this.procedure.perform(tx, row, 'reclaim', { reason });
    });
  }

  merge(
    actor: Actor,
    id: string,
    version: number,
    { reason, masterCaseId }: MergeDto,
  ): Promise<CaseDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, id, version);
      tx.require('merge', 'Case', row);
      const master = await whereAccessible(
        tx.manager.createQueryBuilder(Case, 'case').where('case.id = :masterCaseId', { masterCaseId }),
        tx.ability,
        'read',
        'Case',
      ).getOne();
      if (!master || master.id === row.id || (finalStatuses as readonly string[]).includes(master.status)) {
        throw invalidInput([
          { pointer: '/masterCaseId', message: 'must be another case that is open and that you may see' },
        ]);
      }
      return this.procedure.perform(tx, row, 'merge', { reason, changes: { masterCaseId } });
    });
  }
}
