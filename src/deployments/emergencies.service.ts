import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, invalidInput } from '../common/errors.js';
import { rowsOf } from '../database/insert-rows.js';
import { refuseUnknownReferences } from '../intake/references.js';
import { Organ } from '../organs/organ.entity.js';
import { AccountabilityService } from './accountability.service.js';
import { testedByItsDay } from './check.js';
import { Deployment } from './deployment.entity.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import type { EmergencyDto, PaperDto } from './dto/emergency.dto.js';
import { ASKED_AGAIN, PrecedentsService } from './precedents.service.js';
import { requestOf, type WholeRequest } from './request-columns.js';
import { newDeployment, organAsked } from './requests.service.js';
import { CHECK_HOURS, dueAfter, hoursLate, PAPER_HOURS } from './time-limits.js';

/** Police go first where life or a crime is at stake; the request follows within a day (警察法 21). */
@Injectable()
export class EmergenciesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsService,
    private readonly procedure: DeploymentProcedure,
    private readonly precedents: PrecedentsService,
    private readonly accountability: AccountabilityService,
  ) {}

  send(actor: Actor, dto: EmergencyDto): Promise<DeploymentDeedView> {
    const { organId, dispatchedAt, endsAt, officerIds = [], oralOrder, requester, ...rest } = dto;
    return this.accountability.run(actor, async (tx) => {
      const dispatched = pastInstant(tx, '/dispatchedAt', dispatchedAt);
      if (endsAt && Date.parse(endsAt.toUpperCase()) <= dispatched.getTime()) {
        throw invalidInput([{ pointer: '/endsAt', message: 'must be after police were sent' }]);
      }
      if (oralOrder) pastInstant(tx, '/oralOrder/at', oralOrder.at);
      const organ = organAsked(tx, organId);
      const request = {
        lifeOrCrimeAtStake: true,
        ...rest,
        requester: requester ?? (await ownUnit(tx, organ)),
        startsAt: dispatchedAt,
        endsAt: endsAt ?? dueAfter(dispatched, CHECK_HOURS).toISOString(),
      };
      const row = await newDeployment(tx, organ, request, {
        status: 'EMERGENCY',
        operation: 'DISPATCHED',
        emergency: true,
        dispatchedAt: dispatched,
        sentOfficers: dto.force.officers,
        officerIds,
        oralOrder: oralOrder
          ? { ...oralOrder, at: new Date(oralOrder.at.toUpperCase()).toISOString() }
          : null,
      });
      await refuseUnknownOfficers(tx, officerIds);
      tx.require('send-at-once', 'Deployment', row);
      await tx.insert(rowsOf(Deployment, [row]));
      tx.record({
        type: 'deployment.sent-at-once',
        stream: row.id,
        target: { kind: 'deployment', id: row.id, rev: row.version },
        values: { reference: row.reference, dispatchedAt, ...(oralOrder ? { oralOrder } : {}) },
      });
      if (await this.wasRefused(tx, row)) await this.accountability.hold(tx, row, ['AGAINST_REFUSAL']);
      return DeploymentDeedView.after(row);
    });
  }

  /** Whether the same was refused of late, and no danger in the request's words makes it another matter. */
  private async wasRefused(tx: Transaction, row: Deployment): Promise<boolean> {
    const request = requestOf(row);
    const test = testedByItsDay(request);
    if (test.outcome === 'EMERGENCY_PROVISIONAL') return false;
    const { warnings } = await this.precedents.withRefusals(tx.manager, request, test, row);
    return warnings.some(({ code }) => code === ASKED_AGAIN);
  }

  /** The paper to an oral order, in time or late. */
  recordPaper(actor: Actor, id: string, version: number, dto: PaperDto): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('record-paper', 'Deployment', row);
      row.refuseUnless('record-paper');
      if (!row.oralOrder) throw conflict('no-oral-order', 'It was not ordered by word of mouth.');
      if (row.paperReceivedAt) throw conflict('already-recorded', 'The paper to it was recorded already.');
      const paperReceivedAt = pastInstant(tx, '/receivedAt', dto.receivedAt);
      await this.procedure.perform(tx, row, 'record-paper', {
        reason: dto.reason,
        details: {
          number: dto.number,
          hoursLate: hoursLate(new Date(row.oralOrder.at), PAPER_HOURS, paperReceivedAt),
        },
        changes: { paperReceivedAt },
      });
      return DeploymentDeedView.after(row);
    });
  }
}

/** The police ask themselves. An organ that is none is refused with everything else. */
async function ownUnit({ manager }: Transaction, id: string): Promise<WholeRequest['requester']> {
  const organ = await manager.findOneBy(Organ, { id });
  return { name: organ?.name ?? id, type: 'OWN_UNIT' };
}

/** @throws 400 for an instant that is still to come */
export function pastInstant({ now }: Transaction, pointer: string, value: string): Date {
  const instant = new Date(value.toUpperCase());
  if (instant > now) throw invalidInput([{ pointer, message: 'must not be in the future' }]);
  return instant;
}

export const refuseUnknownOfficers = (
  { manager }: Transaction,
  officerIds: readonly string[],
): Promise<void> =>
  refuseUnknownReferences(
    manager,
    officerIds.map((officerId, i) => ({ officerId, pointer: `/officerIds/${i}` })),
  );
