import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export const glassCategories = [
  'RISK_TO_LIFE',
  'EVIDENCE_AT_RISK',
  'LEGAL_DEADLINE',
  'ABSENT_HANDLER',
  'OTHER',
] as const;
export type GlassCategory = (typeof glassCategories)[number];

export const glassOutcomes = ['OPENED', 'IN_CONFLICT', 'NO_SUCH_CASE'] as const;
export type GlassOutcome = (typeof glassOutcomes)[number];

export const verdicts = ['JUSTIFIED', 'NOT_JUSTIFIED', 'ESCALATE'] as const;
export type Verdict = (typeof verdicts)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long it opens a case for one person alone, and with the approval of a second one. */
export const ALONE_MS = 15 * MINUTE;
export const APPROVED_MS = 4 * HOUR;
/** Within which somebody without a part in it reviews it. Until then, after it, its user breaks no other glass. */
export const REVIEW_MS = 72 * HOUR;

/** That somebody broke the glass of a case, or tried to; from the deed to its review. */
@Entity('broken_glass')
export class BrokenGlass implements Protected<'BrokenGlass'> {
  readonly __caslSubjectType__ = 'BrokenGlass';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Who broke it. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  /** The number of the case, as they gave it. */
  @Column({ type: 'text', update: false })
  reference: string;

  /** Null: no case has this number. */
  @Column({ type: 'uuid', nullable: true, update: false })
  caseId: string | null;

  /** The organ that handled the case then; of a number that no case has, the one in which its user acts. */
  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'text', update: false })
  outcome: GlassOutcome;

  @Column({ type: 'text', update: false })
  category: GlassCategory;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'timestamptz', update: false })
  brokenAt: Date;

  @Column({ type: 'timestamptz' })
  openUntil: Date;

  @Column({ type: 'uuid', nullable: true })
  approvedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  approvedAt: Date | null;

  /** When its user ended it before its time. */
  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  reviewedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  reviewedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  verdict: Verdict | null;

  @Column({ type: 'text', nullable: true })
  reviewReason: string | null;

  @Column({ type: 'int' })
  version: number;

  isOver(now: Date): boolean {
    return this.endedAt !== null || this.openUntil <= now;
  }

  get reviewDueAt(): Date {
    return new Date(this.brokenAt.getTime() + REVIEW_MS);
  }
}
