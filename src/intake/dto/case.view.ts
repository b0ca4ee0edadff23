import { CaseDeed } from '../../access/shapes.js';
import { Page } from '../../common/pages.js';
import { Case, Channel, ReporterKind } from '../case.entity.js';
import { CaseStatus } from '../case.states.js';
import { AllegationCategory } from '../categories.js';

/** What a list shows of a case. */
export class CaseHeaderView {
  id: string;
  /** Such as PL-2026-000123. */
  reference: string;
  status: CaseStatus;
  channel: Channel;
  receivedAt: string;
  registeredAt: string;
  organId: string;
  receivingOrganId: string;
  reporterKind: ReporterKind;
  categories: AllegationCategory[];
  investigatorIds: string[];
  rulebookVersion: string;
  filedOn: string | null;
  /** Six months after the filing, unless extended (处分条例 44). */
  decisionDueOn: string | null;
  decidedOn: string | null;
  masterCaseId: string | null;
  /** Send it as If-Match with a change. */
  version: number;

  static of(row: Case): CaseHeaderView {
    return Object.assign(new CaseHeaderView(), {
      id: row.id,
      reference: row.reference,
      status: row.status,
      channel: row.channel,
      receivedAt: row.receivedAt.toISOString(),
      registeredAt: row.registeredAt.toISOString(),
      organId: row.organId,
      receivingOrganId: row.receivingOrganId,
      reporterKind: row.reporterKind,
      categories: row.categories,
      investigatorIds: row.investigatorIds,
      rulebookVersion: row.rulebookVersion,
      filedOn: row.filedOn,
      decisionDueOn: row.decisionDueOn,
      decidedOn: row.decidedOn,
      masterCaseId: row.masterCaseId,
      version: row.version,
    });
  }
}

export class MarkView {
  /** The place of its first character, in UTF-16 units. */
  start: number;
  /** The place after its last. */
  end: number;
}

/** A piece of a text in which the words of a search stand. A text, never markup. */
export class ExcerptView {
  text: string;
  marks: MarkView[];
}

export class ListedCaseView extends CaseHeaderView {
  /** With `q`: where its words stand in the statement; absent where they do not, or where you may not read that. */
  excerpt?: ExcerptView;
}

export class CasePage implements Page<ListedCaseView> {
  items: ListedCaseView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

export class RegisteredAllegationView {
  id: string;
  no: number;
  category: AllegationCategory;
  version: number;
}

export class RegisteredCaseView extends CaseHeaderView {
  allegations: RegisteredAllegationView[];
}

export class CaseDeedView extends CaseHeaderView {
  /** The deeds that the new state allows, whoever does them. */
  allowed: CaseDeed[];
}
