import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who investigates a case, from when to when. */
@Entity('investigator_assignment')
export class InvestigatorAssignment {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'boolean', update: false })
  isLead: boolean;

  @Column({ type: 'uuid', update: false })
  assignedBy: string;

  @Column({ type: 'timestamptz', update: false })
  assignedAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  withdrawnAt: Date | null;

  @Column({ type: 'text', nullable: true })
  withdrawnReason: string | null;
}
