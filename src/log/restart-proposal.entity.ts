import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a refused entry be set aside: proposed by one person, confirmed by another. */
@Entity('restart_proposal')
export class RestartProposal {
  /** That of the alarm by which the quarantine is known. */
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  stream: string;

  @Column({ type: 'uuid', update: false })
  proposedBy: string;

  @Column({ type: 'timestamptz', update: false })
  proposedAt: Date;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'uuid', nullable: true })
  confirmedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;
}
