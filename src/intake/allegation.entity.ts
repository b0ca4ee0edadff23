import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MoneyDto } from '../common/money.dto.js';
import type { AllegationCategory } from './categories.js';
import type { CommonFacts } from './dto/facts-common.dto.js';

export const subjectRoles = [
  'PRINCIPAL',
  'PARTICIPANT',
  'INSTIGATOR',
  'SUPERVISOR',
  'APPROVER',
  'UNKNOWN',
] as const;
export type SubjectRole = (typeof subjectRoles)[number];

export type OccurredPrecision = 'INSTANT' | 'DAY' | 'MONTH';

/** One act of one kind in one case. */
@Entity('allegation')
export class Allegation {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  /** Its number in the case, from 1. */
  @Column({ type: 'int', update: false })
  no: number;

  @Column({ type: 'text', update: false })
  category: AllegationCategory;

  @Column({ type: 'timestamptz', nullable: true })
  occurredFrom: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  occurredTo: Date | null;

  @Column({ type: 'text' })
  occurredPrecision: OccurredPrecision;

  @Column({ type: 'text', nullable: true })
  place: string | null;

  @Column({ type: 'uuid', nullable: true })
  organId: string | null;

  @Column({ type: 'jsonb' })
  facts: CommonFacts;

  /** The source's own words beside the codes that a mapping chose for them. */
  @Column({ type: 'jsonb', nullable: true, update: false })
  sourceWords: Record<string, string> | null;

  @Column({ type: 'int' })
  version: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}

/** An officer whom an allegation is about, known or only described. */
@Entity('allegation_subject')
export class AllegationSubject {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  allegationId: string;

  @Column({ type: 'uuid', nullable: true })
  officerId: string | null;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'text' })
  role: SubjectRole;

  /** When a subject first known by description was identified. */
  @Column({ type: 'timestamptz', nullable: true })
  identifiedAt: Date | null;
}

/** A person or an organisation to whom it was done. */
@Entity('affected_person')
export class AffectedPerson {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  allegationId: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'text', nullable: true })
  organisation: string | null;

  @Column({ type: 'text', array: true })
  vulnerabilities: string[];

  @Column({ type: 'text', update: false })
  injuryLevel: string;

  @Column({ type: 'jsonb', nullable: true, update: false })
  loss: MoneyDto | null;
}
