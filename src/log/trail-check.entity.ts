import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FailureView } from './dto/trail.view.js';

export type TrailCheckStatus = 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED';

/** A verification of the whole log that somebody asked for: how far it is, and how it ended. */
@Entity('trail_check')
export class TrailCheck {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  requestedBy: string;

  @Column({ type: 'timestamptz', update: false })
  requestedAt: Date;

  @Column({ type: 'text' })
  status: TrailCheckStatus;

  /** The entries that were in the log when it was asked for. */
  @Column({ type: 'bigint', update: false })
  size: string;

  @Column({ type: 'bigint' })
  checked: string;

  /** How many do not hold. */
  @Column({ type: 'bigint' })
  wrong: string;

  /** The first of them. */
  @Column({ type: 'jsonb' })
  failures: FailureView[];

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
