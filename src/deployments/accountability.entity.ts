import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For what police are held to account by the program itself (deployment-check 5; articles in the rulebook). */
export const accountabilityGrounds = [
  'NOT_APPROVED',
  'AGAINST_REFUSAL',
  'BEYOND_TASKS',
  'NON_POLICE_APPROVED',
  'REPORT_MISSING',
] as const;
export type AccountabilityGround = (typeof accountabilityGrounds)[number];

/** The allegation that was opened because of a request for police. */
@Entity('accountability')
export class Accountability {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  allegationId: string;

  @Column({ type: 'text', update: false })
  ground: AccountabilityGround;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}
