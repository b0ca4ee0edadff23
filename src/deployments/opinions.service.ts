import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { conflict, forbidden } from '../common/errors.js';
import { authorityOver, othersCanDecide, refuseWithoutHigherOrgan } from './authority.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsService } from './deployments.service.js';
import type { AssessDto } from './dto/decision.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import { levels, type Level } from './level.js';

/** What prepares a decision: the legal section's opinion, a conflict of interest, a review. */
@Injectable()
export class OpinionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsService,
    private readonly procedure: DeploymentProcedure,
  ) {}

  /** Below level L2 an opinion is given only where an approver asks for it. */
  requestOpinion(actor: Actor, id: string, version: number, reason: string): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('request-opinion', 'Deployment', row);
      await this.procedure.perform(tx, row, 'request-opinion', { reason, changes: { opinionWanted: true } });
      return DeploymentDeedView.after(row);
    });
  }

  assess(actor: Actor, id: string, version: number, dto: AssessDto): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('assess', 'Deployment', row);
      row.refuseUnless('assess');
      const deeds = await this.procedure.deedsOf(tx, id);
      if (
        deeds.some(({ deed, doneBy }) => ['approve', 'stand-by'].includes(deed) && doneBy === actor.userId)
      ) {
        throw conflict('second-office', 'You signed it as an approver; somebody else gives the opinion.');
      }
      const { reason, opinion, legalBasis } = dto;
      await this.procedure.perform(tx, row, 'assess', { reason, details: { opinion, legalBasis } });
      return DeploymentDeedView.after(row);
    });
  }

  /**
   * An approver with an interest of their own steps aside: a colleague of the same organ decides; where there is
   * none, or the head has the conflict, the level above (deployment-check 5.6).
   */
  declareConflict(actor: Actor, id: string, version: number, reason: string): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('declare-conflict', 'Deployment', row);
      row.refuseUnless('declare-conflict');
      const persons = actor.officerId ? [actor.userId, actor.officerId] : [actor.userId];
      if (persons.some((one) => row.steppedAside.includes(one))) {
        throw conflict('already-aside', 'You stepped aside already.');
      }
      const { organId } = await authorityOver(tx, row);
      const steppedAside = [...row.steppedAside, ...persons];
      const level = row.decisionLevel!;
      row.steppedAside = steppedAside;
      const stays = level < 'L3' && (await othersCanDecide(tx, row, organId));
      const decisionLevel: Level = stays ? level : (levels[levels.indexOf(level) + 1] ?? 'L4');
      row.steppedAside = steppedAside.slice(0, -persons.length);
      await this.procedure.perform(tx, row, 'declare-conflict', {
        reason,
        changes: { steppedAside, decisionLevel, opinionWanted: row.opinionWanted || decisionLevel >= 'L2' },
      });
      return DeploymentDeedView.after(row);
    });
  }

  /** @throws 409 after the review: there is one (警察法 43) */
  requestReview(actor: Actor, id: string, version: number, reason: string): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('request-review', 'Deployment', row);
      row.refuseUnless('request-review');
      const deeds = await this.procedure.deedsOf(tx, id);
      const refusedBy = deeds.findLast(({ deed }) => deed === 'refuse')?.organId;
      if (!refusedBy) throw forbidden('Nobody refused it.');
      await refuseWithoutHigherOrgan(tx, refusedBy);
      await this.procedure.perform(tx, row, 'request-review', {
        reason,
        changes: { round: row.round + 1, conditions: [] },
      });
      return DeploymentDeedView.after(row);
    });
  }
}
