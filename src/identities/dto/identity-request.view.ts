import { Page } from '../../common/pages.js';
import { Case, ReporterKind } from '../../intake/case.entity.js';
import { CaseHeaderView } from '../../intake/dto/case.view.js';
import { IdentityPurpose, IdentityRequest, ShownStatus } from '../identity-request.entity.js';

export class IdentityRequestView {
  id: string;
  caseId: string;
  /** What the custodian sees of the case, while the request is open or its release holds; null afterwards. */
  case: CaseHeaderView | null;
  askedBy: string;
  askedAt: string;
  purpose: IdentityPurpose;
  reason: string;
  status: ShownStatus;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
  /** Until when a release holds, unless it is withdrawn. */
  expiresAt: string | null;
  withdrawnBy: string | null;
  withdrawnAt: string | null;
  withdrawnReason: string | null;

  static of(row: IdentityRequest, ofCase: Case, now: Date): IdentityRequestView {
    return Object.assign(new IdentityRequestView(), {
      ...row,
      case: row.isOpenAt(now) ? CaseHeaderView.of(ofCase) : null,
      status: row.statusAt(now),
      askedAt: row.askedAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      expiresAt: row.expiresAt?.toISOString() ?? null,
      withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    });
  }
}

export class IdentityRequestPage implements Page<IdentityRequestView> {
  items: IdentityRequestView[];
  nextCursor: string | null;
  total?: number;
}

/** Who reported. */
export class IdentityView {
  /** The request under whose release it is read. */
  requestId: string;
  caseId: string;
  kind: ReporterKind;
  /** False when the reporter gave no identity, or it was erased. */
  given: boolean;
  name: string | null;
  contact: string | null;
  /** Who they are, where a member of the police reports. */
  officerId: string | null;
  /** Until when it may be read. */
  expiresAt: string;
}
