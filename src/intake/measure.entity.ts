import { Column, Entity, PrimaryColumn } from 'typeorm';

export const measureOutcomes = ['DONE', 'NOT_DONE'] as const;
export type MeasureOutcome = (typeof measureOutcomes)[number];

/** That an urgent measure was taken, or why it was not. A later record supersedes it; none is changed. */
@Entity('urgent_measure')
export class UrgentMeasure {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  allegationId: string;

  /** Which one, of `immediateActions`. */
  @Column({ type: 'text', update: false })
  code: string;

  @Column({ type: 'text', update: false })
  outcome: MeasureOutcome;

  /** When it was taken; null where it was not. */
  @Column({ type: 'timestamptz', nullable: true, update: false })
  doneAt: Date | null;

  /** Entered on a later day of law than it was done. */
  @Column({ type: 'boolean', update: false })
  recordedLate: boolean;

  /** What was done, or why it was not. */
  @Column({ type: 'text', update: false })
  note: string;

  @Column({ type: 'uuid', update: false })
  recordedBy: string;

  @Column({ type: 'timestamptz', update: false })
  recordedAt: Date;
}
