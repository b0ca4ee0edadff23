import { Injectable } from '@nestjs/common';
import { organsOfRole, type Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, invalidInput } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { refuseUnknownReferences } from '../intake/references.js';
import { rulebookOn } from '../rulebook/rulebook.js';
import { dayOf, testedByItsDay } from './check.js';
import { Deployment, type DeploymentColumns } from './deployment.entity.js';
import { editable } from './deployment.states.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import type { CreateDeploymentDto, UpdateDeploymentDto } from './dto/deployment.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import { noticeThreeLates } from './lates.js';
import { PrecedentsService } from './precedents.service.js';
import { columnsOf, requestOf, type WholeRequest } from './request-columns.js';
import { checkedRequest, missingAtSubmission, refuseLongTexts } from './request-checks.js';
import { CHECK_HOURS, hoursLate } from './time-limits.js';
import { npCodesIn } from './warnings.js';

/** What whoever asks for police does: draft, change, submit, withdraw. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsService,
    private readonly procedure: DeploymentProcedure,
    private readonly precedents: PrecedentsService,
  ) {}

  create(actor: Actor, { organId, ...request }: CreateDeploymentDto): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await newDeployment(tx, organAsked(tx, organId), request, {
        status: 'DRAFT',
        operation: 'NONE',
      });
      tx.require('create', 'Deployment', row);
      await tx.insert(rowsOf(Deployment, [row]));
      tx.record({
        type: 'deployment.drafted',
        stream: row.id,
        target: { kind: 'deployment', id: row.id, rev: row.version },
        values: { reference: row.reference, requester: row.requesterName },
      });
      return DeploymentDeedView.after(row);
    });
  }

  /** @throws 409 once it was submitted, unless it was returned */
  update(actor: Actor, id: string, version: number, dto: UpdateDeploymentDto): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('update', 'Deployment', row);
      if (!(editable as readonly string[]).includes(row.status)) {
        throw conflict('request-stands', `A request that is ${row.status} is not changed any more.`, {
          state: row.status,
        });
      }
      const merged: unknown = JSON.parse(JSON.stringify({ ...requestOf(row), ...dto }));
      const request = checkedRequest(DeploymentRequestDto, merged);
      refuseLongTexts(request);
      await refuseUnknownOrgan(tx, request);
      const columns = columnsOf(request);
      const changed = Object.entries(columns).filter(
        ([field, value]) => JSON.stringify(row[field as keyof DeploymentColumns]) !== JSON.stringify(value),
      );
      Object.assign(row, columns);
      row.version++;
      await tx.save(row);
      tx.record({
        type: 'deployment.updated',
        stream: row.id,
        target: { kind: 'deployment', id: row.id, rev: row.version },
        values: { fields: changed.map(([field]) => field) },
      });
      return DeploymentDeedView.after(row);
    });
  }

  /**
   * Runs the duty test by the rules in force on the day of the deployment and keeps its whole answer.
   * @throws 400 with what a request must hold (deployment-check 5.1, marked !)
   */
  submit(actor: Actor, id: string, version: number): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('submit', 'Deployment', row);
      row.refuseUnless('submit');
      const request = requestOf(row);
      const missing = missingAtSubmission(request);
      if (missing.length > 0) throw invalidInput(missing);
      const test = await this.precedents.withRefusals(tx.manager, request, testedByItsDay(request), row);
      // What was filed in time stays so when it is returned and completed.
      const late = row.round === 0 ? lateness(tx, row) : row.hoursLate;
      await this.procedure.perform(tx, row, 'submit', {
        reason: `duty test: ${test.outcome}`,
        to: late === null ? 'SUBMITTED' : 'LATE',
        details: { outcome: test.outcome, level: test.level, warnings: test.warnings.length },
        changes: {
          submittedAt: tx.now,
          round: row.round + 1,
          rulebookVersion: rulebookOn(dayOf(request.startsAt)).version,
          test,
          outcome: test.outcome,
          level: test.level,
          decisionLevel: test.level,
          npCodes: npCodesIn(test.warnings),
          opinionWanted: test.level >= 'L2',
          hoursLate: late,
        },
      });
      if (late !== null) await noticeThreeLates(tx, row);
      return DeploymentDeedView.after(row);
    });
  }

  withdraw(actor: Actor, id: string, version: number, reason: string): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('withdraw', 'Deployment', row);
      await this.procedure.perform(tx, row, 'withdraw', { reason });
      return DeploymentDeedView.after(row);
    });
  }
}

/** Begun hours by which the request after an emergency comes too late. */
const lateness = ({ now }: Transaction, { emergency, dispatchedAt }: Deployment): number | null =>
  emergency && dispatchedAt ? hoursLate(dispatchedAt, CHECK_HOURS, now) : null;

async function refuseUnknownOrgan({ manager }: Transaction, { requester }: WholeRequest): Promise<void> {
  const { organId } = requester;
  await refuseUnknownReferences(manager, organId ? [{ organId, pointer: '/requester/organId' }] : []);
}

/** The organ whose police are asked for: the one named, or the one in which the actor may ask. */
export function organAsked({ actor }: Transaction, named: string | undefined): string {
  if (named) return named;
  const own = [...organsOfRole(actor, 'DEPLOYMENT_REQUESTER'), ...organsOfRole(actor, 'DEPLOYMENT_APPROVER')];
  if (new Set(own).size === 1) return own[0]!;
  throw invalidInput([{ pointer: '/organId', message: 'name the organ whose police are asked for' }]);
}

/** A new row with a number of its own. Not inserted yet. */
export async function newDeployment(
  tx: Transaction,
  organId: string,
  request: WholeRequest,
  start: Pick<Deployment, 'status' | 'operation'> & Partial<DeploymentColumns>,
): Promise<Deployment> {
  refuseLongTexts(request);
  await refuseUnknownReferences(tx.manager, [{ organId, pointer: '/organId' }]);
  await refuseUnknownOrgan(tx, request);
  const [{ n }] = await tx.manager.query<[{ n: string }]>(`SELECT nextval('app.deployment_number') AS n`);
  const { userId, officerId } = tx.actor;
  return Object.assign(new Deployment(), {
    id: newId(),
    reference: `PD-${legalDay(tx.now).slice(0, 4)}-${n.padStart(6, '0')}`,
    organId,
    createdBy: userId,
    createdAt: tx.now,
    askers: officerId ? [userId, officerId] : [userId],
    steppedAside: [],
    officerIds: [],
    ...columnsOf(request),
    submittedAt: null,
    round: 0,
    rulebookVersion: null,
    test: null,
    outcome: null,
    level: null,
    decisionLevel: null,
    npCodes: [],
    opinionWanted: false,
    decidedAt: null,
    conditions: [],
    emergency: false,
    oralOrder: null,
    paperReceivedAt: null,
    hoursLate: null,
    dispatchedAt: null,
    startedAt: null,
    endedAt: null,
    completedAt: null,
    sentOfficers: null,
    version: 1,
    ...start,
  });
}
