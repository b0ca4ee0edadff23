import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict } from '../common/errors.js';
import { AccountabilityService } from './accountability.service.js';
import { refuseUnanswered } from './answers.js';
import { authorityOver, type Authority } from './authority.js';
import type { Deployment } from './deployment.entity.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsService } from './deployments.service.js';
import type { ApproveDto, ReturnDto, WarningAnswerDto } from './dto/decision.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';

type Approval = 'approve' | 'stand-by';

interface Signature {
  deed: Approval | 'assess';
  round: number;
  /** Account and officer. */
  person: string[];
  doneBy: string;
  onBehalfOf: string | null;
  details: { readonly answers?: readonly WarningAnswerDto[]; readonly override?: object };
}

/** Approves, refuses, returns. Nothing is decided by time going by: silence is no consent. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deployments: DeploymentsService,
    private readonly procedure: DeploymentProcedure,
    private readonly accountability: AccountabilityService,
  ) {}

  /**
   * Signs an approval; from level L2 on it takes a second person.
   * @throws 400 for warnings without an answer, 403 without the power, 409 for who signed before
   */
  approve(
    actor: Actor,
    id: string,
    version: number,
    deed: Approval,
    dto: ApproveDto,
  ): Promise<DeploymentDeedView> {
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require(deed, 'Deployment', row);
      row.refuseUnless(deed);
      const authority = await this.authority(tx, row);
      const given = await signaturesOf(tx, row);
      const before = given.filter((one) => one.deed !== 'assess' && one.round === row.round);
      refuseSameHand(tx, row, given, before, authority, deed);
      refuseUnanswered(row.test!, deed, dto, {
        answers: before.flatMap(({ details }) => details.answers ?? []),
        overridden: before.some(({ details }) => details.override !== undefined),
      });
      const complete = before.length + 1 >= (row.decisionLevel! >= 'L2' ? 2 : 1);
      const { reason, conditions = [], answers = [], override } = dto;
      await this.procedure.perform(tx, row, deed, {
        reason,
        to: complete ? (deed === 'approve' ? 'APPROVED' : 'STAND_BY') : row.status,
        authority,
        details: { answers, conditions, ...(override ? { override } : {}) },
        changes: {
          conditions: [...row.conditions, ...conditions],
          ...(complete ? { decidedAt: tx.now } : {}),
        },
      });
      // Where police went first there is no dispatch to wait for.
      if (complete && row.operation !== 'NONE' && row.outcome === 'NOT_POLICE_WORK') {
        await this.accountability.hold(tx, row, ['NON_POLICE_APPROVED']);
      }
      return DeploymentDeedView.after(row);
    });
  }

  refuse(actor: Actor, id: string, version: number, reason: string): Promise<DeploymentDeedView> {
    return this.accountability.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('refuse', 'Deployment', row);
      row.refuseUnless('refuse');
      const authority = await this.authority(tx, row);
      await this.procedure.perform(tx, row, 'refuse', { reason, authority, changes: { decidedAt: tx.now } });
      // An emergency: police went, and nobody approves it.
      if (row.operation !== 'NONE') await this.accountability.hold(tx, row, ['NOT_APPROVED']);
      return DeploymentDeedView.after(row);
    });
  }

  /** Back to the requester for completion; what was signed before counts no more when it comes again. */
  return(
    actor: Actor,
    id: string,
    version: number,
    { reason, fields = [] }: ReturnDto,
  ): Promise<DeploymentDeedView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, id, version);
      tx.require('return', 'Deployment', row);
      row.refuseUnless('return');
      const authority = await this.authority(tx, row);
      await this.procedure.perform(tx, row, 'return', {
        reason,
        authority,
        details: { fields },
        changes: { conditions: [] },
      });
      return DeploymentDeedView.after(row);
    });
  }

  /** A review is for an organ above the one that refused. */
  private async authority(tx: Transaction, row: Deployment): Promise<Authority> {
    if (row.status !== 'UNDER_REVIEW') return authorityOver(tx, row);
    return authorityOver(tx, row, await this.refusingOrgan(tx, row.id));
  }

  private async refusingOrgan(tx: Transaction, id: string): Promise<string | null> {
    const deeds = await this.procedure.deedsOf(tx, id);
    return deeds.findLast(({ deed }) => deed === 'refuse')?.organId ?? null;
  }
}

/** Opinions and signatures on a request of those who did not step aside. */
function signaturesOf({ manager }: Transaction, row: Deployment): Promise<Signature[]> {
  return manager.query<Signature[]>(
    `SELECT s.deed, s.round, s.done_by AS "doneBy", s.on_behalf_of AS "onBehalfOf", s.details,
            array_remove(ARRAY[u.id, u.officer_id], NULL) AS person
     FROM app.deployment_deed s JOIN app.user_account u ON u.id = s.done_by
     WHERE s.deployment_id = $1 AND s.deed IN ('approve', 'stand-by', 'assess')
       AND NOT ARRAY[u.id, u.officer_id] && $2::uuid[]
     ORDER BY s.id`,
    [row.id, row.steppedAside],
  );
}

/** Two signatures are those of two persons, each by a power of their own, and of another than the legal section. */
function refuseSameHand(
  { actor }: Transaction,
  row: Deployment,
  given: readonly Signature[],
  before: readonly Signature[],
  { onBehalfOf }: Authority,
  deed: Approval,
): void {
  const isActor = ({ person }: Signature): boolean =>
    person.some((one) => one === actor.userId || one === actor.officerId);
  if (given.some((one) => one.deed === 'assess' && isActor(one))) {
    throw conflict(
      'second-office',
      'You gave the opinion of the legal section on it; somebody else decides.',
    );
  }
  if (before.some(isActor)) {
    throw conflict('signed-already', 'You have signed it. From level L2 on another person signs as well.');
  }
  const power = onBehalfOf ?? actor.userId;
  if (before.some((one) => (one.onBehalfOf ?? one.doneBy) === power)) {
    throw conflict('signed-already', 'A deputy and whoever made them one are one signature.');
  }
  const other = before.find((one) => one.deed !== deed);
  if (other) {
    throw conflict(
      'other-decision',
      `The first signature is under ${other.deed}; sign the same, or refuse, or return it.`,
    );
  }
  if (row.opinionWanted && !given.some((one) => one.deed === 'assess' && one.round === row.round)) {
    throw conflict(
      'opinion-missing',
      'The legal section has to give its opinion first (POST /deployments/{id}/assess).',
    );
  }
}
