import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why somebody keeps away from a case without the records showing it (政务处分法 47; 处分条例 42). */
export const recusalGrounds = ['RELATIVE', 'WITNESS', 'INTEREST', 'OTHER'] as const;
export type RecusalGround = (typeof recusalGrounds)[number];

/** That somebody keeps away from a case, by their own word or by order. */
@Entity('recusal')
export class Recusal {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  /** Who keeps away. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  ground: RecusalGround;

  @Column({ type: 'text', update: false })
  reason: string;

  /** Whoever said so: the person concerned, or whoever ordered it. */
  @Column({ type: 'uuid', update: false })
  declaredBy: string;

  @Column({ type: 'timestamptz', update: false })
  declaredAt: Date;

  @Column({ type: 'uuid', nullable: true })
  liftedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  liftedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  liftedReason: string | null;

  @Column({ type: 'int' })
  version: number;
}

/** A member of the police who saw or heard what the case is about. */
@Entity('witness')
export class Witness {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  officerId: string;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'uuid', update: false })
  namedBy: string;

  @Column({ type: 'timestamptz', update: false })
  namedAt: Date;
}
