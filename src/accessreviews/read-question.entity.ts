import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import type { EventType } from '../audit/events.js';

export const questionVerdicts = ['PLAUSIBLE', 'NOT_PLAUSIBLE', 'ESCALATE'] as const;
export type QuestionVerdict = (typeof questionVerdicts)[number];

/** That a sample was drawn from the reads of a week, and how, so that it can be drawn again. */
@Entity('read_sample')
export class ReadSample {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Its Monday. */
  @Column({ type: 'date', update: false })
  week: string;

  /** 32 bytes, hexadecimal: the reads come in the order of the SHA-256 of it and their id, and the first are asked about. */
  @Column({ type: 'text', update: false })
  seed: string;

  /** How many reads there were. */
  @Column({ type: 'int', update: false })
  reads: number;

  @Column({ type: 'int', update: false })
  drawn: number;

  @Column({ type: 'timestamptz', update: false })
  drawnAt: Date;
}

/** "Why did you look?", about one read that the sample hit. */
@Entity('read_question')
export class ReadQuestion implements Protected<'ReadQuestion'> {
  readonly __caslSubjectType__ = 'ReadQuestion';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  sampleId: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'uuid', nullable: true, update: false })
  caseId: string | null;

  /** The event of the read in the trail. */
  @Column({ type: 'uuid', update: false })
  readId: string;

  @Column({ type: 'timestamptz', update: false })
  readAt: Date;

  @Column({ type: 'text', update: false })
  readType: EventType;

  @Column({ type: 'text', nullable: true, update: false })
  purposeCode: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  purposeRef: string | null;

  @Column({ type: 'timestamptz', update: false })
  askedAt: Date;

  @Column({ type: 'text', nullable: true })
  answer: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  answeredAt: Date | null;

  @Column({ type: 'text', nullable: true })
  verdict: QuestionVerdict | null;

  @Column({ type: 'uuid', nullable: true })
  judgedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  judgedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  judgeReason: string | null;

  @Column({ type: 'int' })
  version: number;
}

/** So long the reader has to answer; then the question shows as overdue, and may be judged without an answer. */
export const ANSWER_DAYS = 7;
export const dueAt = ({ askedAt }: ReadQuestion): Date =>
  new Date(askedAt.getTime() + ANSWER_DAYS * 86_400_000);
