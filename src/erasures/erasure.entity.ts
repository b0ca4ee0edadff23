import { Column, Entity, PrimaryColumn } from 'typeorm';

export const erasureStatuses = ['PROPOSED', 'DONE', 'REFUSED'] as const;
export type ErasureStatus = (typeof erasureStatuses)[number];

export const erasablePersons = ['REPORTER', 'AFFECTED_PERSON'] as const;
export type ErasablePerson = (typeof erasablePersons)[number];

/** That the data of a person in a case are to be erased: one person asks for it, another decides. */
@Entity('erasure')
export class Erasure {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'text', update: false })
  person: ErasablePerson;

  /** Which of the persons affected; null for the reporter. */
  @Column({ type: 'uuid', nullable: true, update: false })
  personId: string | null;

  /** The article under which the person may ask for it. */
  @Column({ type: 'text', update: false })
  legalBasis: string;

  @Column({ type: 'text' })
  status: ErasureStatus;

  @Column({ type: 'uuid', update: false })
  proposedBy: string;

  @Column({ type: 'timestamptz', update: false })
  proposedAt: Date;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null;
}
