import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export const alertKinds = [
  'LOOKED_UP_SELF',
  'OWN_UNIT',
  'COLLEAGUE',
  'DENIED',
  'OUT_OF_HOURS',
  'LIST_WALKING',
  'PEERS',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export const alertVerdicts = ['EXPLAINED', 'NOT_EXPLAINED', 'ESCALATED'] as const;
export type AlertVerdict = (typeof alertVerdicts)[number];

/** That somebody's reading asks for a look: one a person, kind, case and day. */
@Entity('access_alert')
export class AccessAlert implements Protected<'AccessAlert'> {
  readonly __caslSubjectType__ = 'AccessAlert';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Whose reading. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  kind: AlertKind;

  /** The organ of the grant under which they read; who reviews it has a role there or above. */
  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'uuid', nullable: true, update: false })
  caseId: string | null;

  /** The read that raised it; null where many did together. */
  @Column({ type: 'uuid', nullable: true, update: false })
  readId: string | null;

  @Column({ type: 'timestamptz', update: false })
  readAt: Date;

  /** The day of law of the read. */
  @Column({ type: 'date', update: false })
  day: string;

  /** Whether the person is asked. Never where the question itself would tell them that a case exists. */
  @Column({ type: 'boolean', update: false })
  asked: boolean;

  @Column({ type: 'timestamptz', update: false })
  raisedAt: Date;

  @Column({ type: 'text', nullable: true })
  answer: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  answeredAt: Date | null;

  @Column({ type: 'text', nullable: true })
  verdict: AlertVerdict | null;

  @Column({ type: 'uuid', nullable: true })
  closedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  closeReason: string | null;

  @Column({ type: 'int' })
  version: number;
}
