import { Page } from '../../common/pages.js';
import { BrokenGlass, GlassCategory, GlassOutcome, Verdict } from '../broken-glass.entity.js';

export class BrokenGlassView {
  id: string;
  /** Who broke it. */
  userId: string;
  /** The number of the case as they gave it. */
  reference: string;
  category: GlassCategory;
  reason: string;
  brokenAt: string;
  openUntil: string;
  /** Whether its time is running. */
  open: boolean;
  approvedBy: string | null;
  approvedAt: string | null;
  /** When its user ended it before its time. */
  endedAt: string | null;
  reviewDueAt: string;
  /** Nobody has reviewed it in time: until somebody does, its user breaks no other glass. */
  overdue: boolean;
  reviewedBy: string | null;
  reviewedAt: string | null;
  verdict: Verdict | null;
  reviewReason: string | null;
  /**
   * What came of it. Null to its user: who must keep away from a case gets the same answer as who gave a number that no
   * case has.
   */
  outcome: GlassOutcome | null;
  /** Send it as If-Match with a change. */
  version: number;

  static of(row: BrokenGlass, readerId: string, now: Date): BrokenGlassView {
    const { id, userId, reference, category, reason, approvedBy, reviewedBy, verdict, reviewReason } = row;
    return Object.assign(new BrokenGlassView(), {
      id,
      userId,
      reference,
      category,
      reason,
      brokenAt: row.brokenAt.toISOString(),
      openUntil: row.openUntil.toISOString(),
      open: !row.isOver(now),
      approvedBy,
      approvedAt: row.approvedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
      reviewDueAt: row.reviewDueAt.toISOString(),
      overdue: verdict === null && row.reviewDueAt < now,
      reviewedBy,
      reviewedAt: row.reviewedAt?.toISOString() ?? null,
      verdict,
      reviewReason,
      outcome: userId === readerId ? null : row.outcome,
      version: row.version,
    });
  }
}

export class BrokenGlassPage implements Page<BrokenGlassView> {
  items: BrokenGlassView[];
  nextCursor: string | null;
  total?: number;
}

export class CategoryCountsView {
  RISK_TO_LIFE: number;
  EVIDENCE_AT_RISK: number;
  LEGAL_DEADLINE: number;
  ABSENT_HANDLER: number;
  OTHER: number;
}

export class VerdictCountsView {
  JUSTIFIED: number;
  NOT_JUSTIFIED: number;
  ESCALATE: number;
  /** Nobody has reviewed it yet. */
  NONE: number;
}

/** How often glass was broken in a month, in the organs of whoever asks. */
export class GlassFiguresView {
  month: string;
  total: number;
  /** How many of them a second person approved. */
  approved: number;
  /** How many opened nothing: there was no such case, or they had to keep away from it. */
  openedNothing: number;
  byCategory: CategoryCountsView;
  byVerdict: VerdictCountsView;
  /** Not reviewed within 72 hours, whether somebody did so later or not. */
  overdue: number;
}
