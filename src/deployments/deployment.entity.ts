import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeploymentDeed, Protected } from '../access/shapes.js';
import { conflict } from '../common/errors.js';
import { deedsFrom, transitions, type DeploymentStatus, type Operation } from './deployment.states.js';
import type { DutyTestResult } from './duty-test.js';
import type { Outcome } from './judgement.js';
import type { Level } from './level.js';
import type { ActivityType, DisputeKind, RequesterType, RiskLevel } from './request.js';
import type { WholeRequest } from './request-columns.js';

/** What a leader said, and asked for without paper. */
export interface OralOrder {
  readonly name: string;
  readonly words: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A request for police, and what became of it. */
@Entity('deployment')
export class Deployment implements Protected<'Deployment'> {
  readonly __caslSubjectType__ = 'Deployment';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Such as PD-2026-000123. */
  @Column({ type: 'text', update: false })
  reference: string;

  @Column({ type: 'text' })
  status: DeploymentStatus;

  @Column({ type: 'text' })
  operation: Operation;

  /** Whose police are asked for. */
  @Column({ type: 'uuid' })
  organId: string;

  @Column({ type: 'uuid', update: false })
  createdBy: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  /** The account that asks, and the officer who it belongs to. */
  @Column({ type: 'uuid', array: true })
  askers: string[];

  /** Accounts and officers of those who declared a conflict with it. */
  @Column({ type: 'uuid', array: true })
  steppedAside: string[];

  /** The officers who were sent, as far as they are named. */
  @Column({ type: 'uuid', array: true })
  officerIds: string[];

  @Column({ type: 'text' })
  requesterName: string;

  @Column({ type: 'text' })
  requesterType: RequesterType;

  @Column({ type: 'uuid', nullable: true })
  requesterOrganId: string | null;

  @Column({ type: 'text', nullable: true })
  requesterContact: string | null;

  @Column({ type: 'jsonb', nullable: true })
  requesterDocument: WholeRequest['requester']['document'] | null;

  @Column({ type: 'text', nullable: true })
  signedBy: string | null;

  @Column({ type: 'text' })
  purpose: string;

  @Column({ type: 'text', nullable: true })
  activityType: ActivityType | null;

  @Column({ type: 'text' })
  place: string;

  @Column({ type: 'timestamptz' })
  startsAt: Date;

  @Column({ type: 'timestamptz' })
  endsAt: Date;

  @Column({ type: 'int', nullable: true })
  expectedPeople: number | null;

  @Column({ type: 'text', nullable: true })
  riskLevel: RiskLevel | null;

  @Column({ type: 'boolean', nullable: true })
  opposingPartiesPresent: boolean | null;

  @Column({ type: 'text', array: true })
  disputes: DisputeKind[];

  @Column({ type: 'text', array: true })
  documentNumbers: string[];

  @Column({ type: 'boolean', nullable: true })
  lifeOrCrimeAtStake: boolean | null;

  @Column({ type: 'jsonb' })
  tasks: WholeRequest['tasks'];

  /** The words of the tasks, a line each: for searching. */
  @Column({ type: 'text' })
  taskTexts: string;

  @Column({ type: 'int' })
  officers: number;

  @Column({ type: 'jsonb' })
  force: WholeRequest['force'];

  @Column({ type: 'jsonb', nullable: true })
  law: WholeRequest['law'] | null;

  @Column({ type: 'jsonb', nullable: true })
  limits: WholeRequest['limits'] | null;

  @Column({ type: 'jsonb', nullable: true })
  money: WholeRequest['money'] | null;

  @Column({ type: 'timestamptz', nullable: true })
  submittedAt: Date | null;

  /** Opinions and signatures count for the round in which they were given. */
  @Column({ type: 'int' })
  round: number;

  @Column({ type: 'text', nullable: true })
  rulebookVersion: string | null;

  /** The whole answer of the duty test when it was submitted the last time. */
  @Column({ type: 'jsonb', nullable: true })
  test: DutyTestResult | null;

  @Column({ type: 'text', nullable: true })
  outcome: Outcome | null;

  @Column({ type: 'text', nullable: true })
  level: Level | null;

  /** Who decides: the level of the test, or a higher one. */
  @Column({ type: 'text', nullable: true })
  decisionLevel: Level | null;

  @Column({ type: 'text', array: true })
  npCodes: string[];

  @Column({ type: 'boolean' })
  opinionWanted: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  @Column({ type: 'text', array: true })
  conditions: string[];

  @Column({ type: 'boolean', update: false })
  emergency: boolean;

  @Column({ type: 'jsonb', nullable: true })
  oralOrder: OralOrder | null;

  /** When the paper to an oral order came. */
  @Column({ type: 'timestamptz', nullable: true })
  paperReceivedAt: Date | null;

  /** By how many hours, begun ones included, an emergency was filed too late. */
  @Column({ type: 'int', nullable: true })
  hoursLate: number | null;

  @Column({ type: 'timestamptz', nullable: true })
  dispatchedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  /** When it was said that it is over. */
  @Column({ type: 'timestamptz', nullable: true })
  completedAt: Date | null;

  @Column({ type: 'int', nullable: true })
  sentOfficers: number | null;

  @Column({ type: 'int' })
  version: number;

  /**
   * The only way in which the state changes.
   * @param to which status, where the deed has several
   * @throws 409 with what the state allows
   */
  advance(deed: DeploymentDeed, to?: DeploymentStatus): { from: DeploymentStatus; to: DeploymentStatus } {
    const from = this.status;
    const target = this.refuseUnless(deed, to);
    this.status = target;
    this.operation = transitions[deed].operation?.[this.operation]?.[0] ?? this.operation;
    this.version++;
    return { from, to: target };
  }

  /** @throws 409 unless the state allows the deed @returns where it leads */
  refuseUnless(deed: DeploymentDeed, to?: DeploymentStatus): DeploymentStatus {
    const { status: from, operation } = this;
    const { status, operation: ground } = transitions[deed];
    const target = to ?? status[from]?.[0];
    if (!target || !status[from]?.includes(target) || (ground && !ground[operation])) {
      const police = operation === 'NONE' ? '' : ` with police ${operation}`;
      throw conflict('illegal-transition', `A request that is ${from}${police} cannot go through ${deed}.`, {
        state: from,
        operation,
        allowed: deedsFrom(from, operation),
      });
    }
    return target;
  }
}

/** What a row holds, without what it can do. */
export type DeploymentColumns = Omit<Deployment, 'advance' | 'refuseUnless'>;
