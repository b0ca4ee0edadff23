import { AccessAlert, AlertKind, AlertVerdict } from '../access-alert.entity.js';
import { AlertState } from './access-alert.dto.js';

/** An alert as the person sees it whom it is about: when and what kind of reading, never of which case. */
export class OwnAlertView {
  id: string;
  kind: AlertKind;
  readAt: string;
  state: AlertState;
  answer: string | null;
  answeredAt: string | null;
  version: number;

  static of({ id, kind, readAt, answer, answeredAt, verdict, version }: AccessAlert): OwnAlertView {
    return Object.assign(new OwnAlertView(), {
      id,
      kind,
      readAt: readAt.toISOString(),
      state: verdict !== null ? 'CLOSED' : answer !== null ? 'ANSWERED' : 'OPEN',
      answer,
      answeredAt: answeredAt?.toISOString() ?? null,
      version,
    });
  }
}

export class AccessAlertView extends OwnAlertView {
  /** Whose reading it is about. */
  userId: string;
  organId: string;
  caseId: string | null;
  /** The event of the read in the trail; null where many raised it together. */
  readId: string | null;
  /** Whether the person is asked. Never where that would tell them of a case. */
  asked: boolean;
  raisedAt: string;
  verdict: AlertVerdict | null;
  closedBy: string | null;
  closedAt: string | null;
  closeReason: string | null;

  static override of(row: AccessAlert): AccessAlertView {
    const { userId, organId, caseId, readId, asked, verdict, closedBy, closeReason } = row;
    return Object.assign(new AccessAlertView(), OwnAlertView.of(row), {
      userId,
      organId,
      caseId,
      readId,
      asked,
      raisedAt: row.raisedAt.toISOString(),
      verdict,
      closedBy,
      closedAt: row.closedAt?.toISOString() ?? null,
      closeReason,
    });
  }
}

export class AccessAlertPage {
  items: AccessAlertView[];
  nextCursor: string | null;
  total?: number;
}

export class OwnAlertPage {
  items: OwnAlertView[];
  nextCursor: string | null;
  total?: number;
}
