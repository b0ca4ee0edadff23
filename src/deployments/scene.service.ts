import { Injectable } from '@nestjs/common';
import { languageOf, type Actor } from '../access/actor.js';
import { conflict, invalidInput } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import { AccountabilityService } from './accountability.service.js';
import { testedByItsDay } from './check.js';
import type { Deployment } from './deployment.entity.js';
import { DeploymentReport } from './deployment-records.entity.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsService } from './deployments.service.js';
import type { CompleteDto, DeviationDto, DispatchDto, SignOffDto } from './dto/after.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import { DutyTestView } from './dto/duty-test.view.js';
import { DeviationView } from './dto/scene.view.js';
import type { DutyTestResult } from './duty-test.js';
import { pastInstant, refuseUnknownOfficers } from './emergencies.service.js';
import type { Outcome } from './judgement.js';
import { columnsOf, requestOf, type WholeRequest } from './request-columns.js';
import { refuseLongTexts } from './request-checks.js';
import { hoursLate, REPORT_HOURS } from './time-limits.js';

const MINUTE_MS = 60_000;

/** What police do once it is approved: go, deviate, end, and say what they did. */
@Injectable()
export class SceneService {
  constructor(
    private readonly accountability: AccountabilityService,
    private readonly deployments: DeploymentsService,
    private readonly procedure: DeploymentProcedure,
  ) {}

  /** @throws 409 for more officers than were approved: that is another request */
  dispatch(actor: Actor, id: string, version: number, dto: DispatchDto): Promise<DeploymentDeedView> {
    const { reason, officers, officerIds = [] } = dto;
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('dispatch', 'Deployment', row);
      row.refuseUnless('dispatch');
      const dispatchedAt = pastInstant(tx, '/dispatchedAt', dto.dispatchedAt);
      if (dispatchedAt < row.decidedAt! || dispatchedAt >= row.endsAt) {
        throw invalidInput([
          {
            pointer: '/dispatchedAt',
            message: 'must be after the approval and before the end of the deployment',
          },
        ]);
      }
      if (Math.max(officers, officerIds.length) > row.officers) {
        throw conflict(
          'more-than-approved',
          `It is approved for ${row.officers} officers. Ask anew for more.`,
          {
            approved: row.officers,
          },
        );
      }
      await refuseUnknownOfficers(tx, officerIds);
      await this.procedure.perform(tx, row, 'dispatch', {
        reason,
        changes: { dispatchedAt, sentOfficers: officers, officerIds },
      });
      if (row.outcome === 'NOT_POLICE_WORK') await this.accountability.hold(tx, row, ['NON_POLICE_APPROVED']);
      return DeploymentDeedView.after(row);
    });
  }

  /** The duty test runs on what is done in truth. It stops nobody; it is kept. */
  deviate(actor: Actor, id: string, version: number, dto: DeviationDto): Promise<DeviationView> {
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('report-deviation', 'Deployment', row);
      row.refuseUnless('report-deviation');
      pastInstant(tx, '/at', dto.at);
      const { tasks, force } = columnsOf({
        ...requestOf(row),
        tasks: dto.tasks,
        force: dto.force ?? row.force,
      });
      const test = testOf(row, { tasks, force });
      await this.procedure.perform(tx, row, 'report-deviation', {
        reason: dto.reason,
        details: { at: dto.at, tasks, force, outcome: test.outcome, level: test.level, test },
      });
      if (isBreach(row, { tasks, force }, test)) await this.accountability.hold(tx, row, ['BEYOND_TASKS']);
      return Object.assign(new DeviationView(), DeploymentDeedView.after(row), {
        test: DutyTestView.in(languageOf(actor), test),
      });
    });
  }

  complete(actor: Actor, id: string, version: number, dto: CompleteDto): Promise<DeploymentDeedView> {
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('complete', 'Deployment', row);
      row.refuseUnless('complete');
      const endedAt = pastInstant(tx, '/endedAt', dto.endedAt);
      const startedAt = dto.startedAt ? pastInstant(tx, '/startedAt', dto.startedAt) : row.dispatchedAt!;
      if (startedAt < row.dispatchedAt!) {
        throw invalidInput([{ pointer: '/startedAt', message: 'must not be before police were sent' }]);
      }
      if (endedAt <= startedAt) {
        throw invalidInput([{ pointer: '/endedAt', message: 'must be after the beginning' }]);
      }
      await this.procedure.perform(tx, row, 'complete', {
        reason: dto.reason,
        changes: { startedAt, endedAt, completedAt: tx.now },
      });
      if (stayedAfterRefusal(row)) await this.accountability.hold(tx, row, ['AGAINST_REFUSAL']);
      return DeploymentDeedView.after(row);
    });
  }

  /** @throws 400 for a deviation that is not owned up to */
  signOff(actor: Actor, id: string, version: number, dto: SignOffDto): Promise<DeploymentDeedView> {
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('sign-off', 'Deployment', row);
      row.refuseUnless('sign-off');
      refuseHiddenDeviation(row, dto);
      const { tasks, force } = columnsOf({ ...requestOf(row), tasks: dto.tasks, force: dto.force });
      const test = testOf(row, { tasks, force });
      const minutes = Math.round((row.endedAt!.getTime() - row.startedAt!.getTime()) / MINUTE_MS);
      const report = Object.assign(new DeploymentReport(), {
        id: newId(),
        deploymentId: id,
        tasks,
        force,
        forceUsed: dto.forceUsed ?? null,
        incidents: dto.incidents ?? null,
        injuries: dto.injuries ?? null,
        complaints: dto.complaints ?? null,
        videos: dto.videos ?? [],
        deviated: dto.deviated,
        deviation: dto.deviation ?? null,
        test,
        outcome: test.outcome,
        officerMinutes: minutes * force.officers,
        hoursLate: hoursLate(row.endedAt!, REPORT_HOURS, tx.now),
        signedBy: actor.userId,
        signedAt: tx.now,
      });
      await tx.insert(rowsOf(DeploymentReport, [report]));
      await this.procedure.perform(tx, row, 'sign-off', {
        reason: dto.reason,
        details: { outcome: test.outcome, deviated: dto.deviated, hoursLate: report.hoursLate },
      });
      if (isBreach(row, { tasks, force }, test)) await this.accountability.hold(tx, row, ['BEYOND_TASKS']);
      return DeploymentDeedView.after(row);
    });
  }
}

function testOf(row: Deployment, done: Pick<WholeRequest, 'tasks' | 'force'>): DutyTestResult {
  const request = { ...requestOf(row), ...done };
  refuseLongTexts(request);
  return testedByItsDay(request);
}

type Done = Pick<WholeRequest, 'tasks'> & { readonly force: Pick<WholeRequest['force'], 'officers'> };

/** What was done and not approved, in words; empty when all was. */
function beyondApproval(row: Deployment, { tasks, force }: Done): string[] {
  const asked = new Set(row.tasks.map(({ code }) => code));
  const more = tasks.filter(({ code }) => !asked.has(code)).map(({ code }) => code);
  const standing =
    row.status === 'STAND_BY' ? tasks.filter(({ code }) => code !== 'STAND_BY').map(({ code }) => code) : [];
  return [
    ...new Set([...more, ...standing]),
    ...(force.officers > row.officers ? [`${force.officers} officers instead of ${row.officers}`] : []),
  ];
}

/** Outcomes by which police may act on their own, whatever was approved: they stop a crime that they meet. */
const theirWork: readonly Outcome[] = ['POLICE_WORK', 'LAWFUL_ASSISTANCE', 'EMERGENCY_PROVISIONAL'];

/** Beyond what was approved, and no police work by the test of what was done; owning up does not undo it. */
const isBreach = (row: Deployment, done: Done, { outcome }: DutyTestResult): boolean =>
  beyondApproval(row, done).length > 0 && !theirWork.includes(outcome);

function stayedAfterRefusal({ status, decidedAt, endedAt }: Deployment): boolean {
  if (status !== 'REFUSED' && status !== 'REFUSED_FINALLY' && status !== 'UNDER_REVIEW') return false;
  const recalled = decidedAt!.getTime() + deploymentRules.accountability.recallMinutes * MINUTE_MS;
  return endedAt!.getTime() > recalled;
}

/** What was done beyond what was asked for is a deviation, and is said to be one. */
function refuseHiddenDeviation(row: Deployment, { tasks, force, deviated, deviation }: SignOffDto): void {
  if (deviated !== (deviation !== undefined)) {
    throw invalidInput([
      {
        pointer: '/deviation',
        message: deviated
          ? 'say what was done beyond what was approved, and why'
          : 'is said, but deviated is false',
      },
    ]);
  }
  const beyond = beyondApproval(row, { tasks, force });
  if (beyond.length > 0 && !deviated) {
    throw invalidInput([
      { pointer: '/deviated', message: `must be true: ${beyond.join(', ')} was not approved` },
    ]);
  }
}
