import { Page } from '../../common/pages.js';
import { Sanction, SanctionKind, Track } from '../sanction.entity.js';
import { SanctionStatus } from '../sanction.states.js';

export class SanctionView {
  id: string;
  caseId: string;
  officerId: string;
  track: Track;
  kind: SanctionKind;
  status: SanctionStatus;
  allegationIds: string[];
  basis: string[];
  reason: string;
  effectiveFrom: string | null;
  /** The last day of its period; null for a dismissal, and while it is not decided. */
  endsOn: string | null;
  servedOn: string | null;
  version: number;

  static of(sanction: Sanction): SanctionView {
    return Object.assign(new SanctionView(), {
      id: sanction.id,
      caseId: sanction.caseId,
      officerId: sanction.officerId,
      track: sanction.track,
      kind: sanction.kind,
      status: sanction.status,
      allegationIds: sanction.allegationIds,
      basis: sanction.basis,
      reason: sanction.reason,
      effectiveFrom: sanction.effectiveFrom,
      endsOn: sanction.endsOn,
      servedOn: sanction.servedOn,
      version: sanction.version,
    });
  }
}

export class SanctionPage implements Page<SanctionView> {
  items: SanctionView[];
  nextCursor: string | null;
  total?: number;
}
