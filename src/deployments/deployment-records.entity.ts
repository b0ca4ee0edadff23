import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import type { DutyTestResult } from './duty-test.js';
import type { Outcome } from './judgement.js';
import type { WholeRequest } from './request-columns.js';

/** A file with the request; its bytes lie beside it. */
@Entity('deployment_attachment')
export class DeploymentAttachment {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  @Column({ type: 'text', update: false })
  name: string;

  @Column({ type: 'text', update: false })
  mediaType: string;

  /** A bigint: PostgreSQL's driver hands it out as text. */
  @Column({ type: 'bigint', update: false })
  sizeBytes: string;

  @Column({ type: 'bytea', update: false })
  sha256: Buffer;

  @Column({ type: 'uuid', update: false })
  uploadedBy: string;

  @Column({ type: 'timestamptz', update: false })
  uploadedAt: Date;
}

/** The after-action record. */
@Entity('deployment_report')
export class DeploymentReport {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  /** What police really did. */
  @Column({ type: 'jsonb', update: false })
  tasks: WholeRequest['tasks'];

  @Column({ type: 'jsonb', update: false })
  force: WholeRequest['force'];

  @Column({ type: 'text', nullable: true, update: false })
  forceUsed: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  incidents: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  injuries: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  complaints: string | null;

  @Column({ type: 'text', array: true, update: false })
  videos: string[];

  @Column({ type: 'boolean', update: false })
  deviated: boolean;

  @Column({ type: 'text', nullable: true, update: false })
  deviation: string | null;

  /** The duty test on what police really did. */
  @Column({ type: 'jsonb', update: false })
  test: DutyTestResult;

  @Column({ type: 'text', update: false })
  outcome: Outcome;

  /** Officers times minutes. */
  @Column({ type: 'int', update: false })
  officerMinutes: number;

  @Column({ type: 'int', nullable: true, update: false })
  hoursLate: number | null;

  @Column({ type: 'uuid', update: false })
  signedBy: string;

  @Column({ type: 'timestamptz', update: false })
  signedAt: Date;
}

/** That an officer refused to go along, and says so to the higher organ (警察法 33). Hidden from who gave the order. */
@Entity('deployment_objection')
export class DeploymentObjection implements Protected<'DeploymentObjection'> {
  readonly __caslSubjectType__ = 'DeploymentObjection';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Its author. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  @Column({ type: 'text', update: false })
  text: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  /** The organs above the one whose police were sent. */
  @Column({ type: 'uuid', array: true, update: false })
  higherOrganIds: string[];

  /** Accounts and officers of those who asked, approved or sent. */
  @Column({ type: 'uuid', array: true, update: false })
  orderGivers: string[];
}

/** A deputy for some days. */
@Entity('deployment_delegation')
export class DeploymentDelegation implements Protected<'DeploymentDelegation'> {
  readonly __caslSubjectType__ = 'DeploymentDelegation';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** The deputy. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'uuid', update: false })
  delegatedBy: string;

  /** The grant by which the deputy acts. */
  @Column({ type: 'uuid', update: false })
  grantId: string;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'date', update: false })
  validFrom: string;

  @Column({ type: 'date', update: false })
  validTo: string;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null;
}

/** What heads and auditors should look at. */
@Entity('deployment_notice')
export class DeploymentNotice implements Protected<'DeploymentNotice'> {
  readonly __caslSubjectType__ = 'DeploymentNotice';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** The one that made it three. */
  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'text', update: false })
  kind: 'THREE_LATE';

  /** Such as 2026-Q1. */
  @Column({ type: 'text', update: false })
  quarter: string;

  @Column({ type: 'int', update: false })
  count: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}
