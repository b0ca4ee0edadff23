import { CaseDeed } from '../../access/shapes.js';
import { MoneyDto } from '../../common/money.dto.js';
import { Page } from '../../common/pages.js';
import { OccurredPrecision, SubjectRole } from '../../intake/allegation.entity.js';
import { AllegationCategory } from '../../intake/categories.js';
import { CaseHeaderView } from '../../intake/dto/case.view.js';
import { CaseRecord } from '../../intake/case.states.js';
import { UrgentMeasureView } from '../../intake/dto/measure.view.js';
import { CommonFacts } from '../../intake/dto/facts-common.dto.js';
import { FindingOutcome, FindingStage } from '../../investigations/finding.entity.js';
import { SanctionKind, Track } from '../../sanctions/sanction.entity.js';
import { SanctionDeed, SanctionStatus } from '../../sanctions/sanction.states.js';

/** Stands where a value is that you may not see, so that hidden is not mistaken for empty. */
export class RedactedView {
  /** What is hidden. @example "reporter" */
  $redacted: string;
}

export class ReporterView {
  kind: string;
  name?: string | null | RedactedView;
  contact?: string | null | RedactedView;
  /** Who they are, where a member of the police reports. */
  officerId?: string | null | RedactedView;
}

/** Stands on what you read by breaking the glass, and on nothing else. */
export class AccessView {
  basis: 'BREAK_GLASS';
  /** When it ends. */
  until: string;
}

export class SubjectView {
  id: string;
  officerId: string | null;
  /** Name and number of a known officer. */
  officer: string | null;
  description: string | null;
  role: SubjectRole;
  identifiedAt: string | null;
}

export class AffectedPersonView {
  name: string | null;
  organisation: string | null;
  vulnerabilities: string[];
  injuryLevel: string;
  loss: MoneyDto | null;
}

export class CircumstanceView {
  code: string;
  proof: string;
}

export class FindingView {
  id: string;
  stage: FindingStage;
  /** The highest revision of a stage is in force. */
  revision: number;
  outcome: FindingOutcome;
  reason: string;
  mitigating: CircumstanceView[];
  aggravating: CircumstanceView[];
  sourceWords: object | null;
  recordedBy: string;
  recordedByName: string;
  recordedAt: string;
}

export class AllegationView {
  id: string;
  caseId: string;
  no: number;
  category: AllegationCategory;
  occurredFrom: string | null;
  occurredTo: string | null;
  occurredPrecision: OccurredPrecision;
  place: string | null;
  organId: string | null;
  organ: string | null;
  facts: CommonFacts;
  /** What follows from the facts: sums, overruns, delays. */
  computed: object;
  /** Pointers to the facts that are demanded before the report and missing yet. */
  missing: string[];
  sourceWords: object | null;
  version: number;
  subjects: SubjectView[];
  affectedPersons: AffectedPersonView[];
  /** Recommended and final ones, the oldest first. */
  findings: FindingView[];
  /** What its category calls for at once, and what was done about it. */
  measures: UrgentMeasureView[];
  access?: AccessView;
}

export class InvestigatorView {
  id: string;
  userId: string;
  name: string;
  isLead: boolean;
  assignedAt: string;
  withdrawnAt: string | null;
  withdrawnReason: string | null;
}

export class SanctionSummaryView {
  id: string;
  officerId: string;
  officer: string;
  track: Track;
  kind: SanctionKind;
  status: SanctionStatus;
  allegationIds: string[];
  basis: string[];
  reason: string;
  effectiveFrom: string | null;
  endsOn: string | null;
  servedOn: string | null;
  sourceWords: object | null;
  version: number;
  /** What its state and that of the case allow to be done to it, and your roles too. */
  allowed: SanctionDeed[];
}

export class DeedView {
  deed: string;
  from: string;
  to: string;
  doneBy: string;
  doneByName: string;
  doneAt: string;
  reason: string;
  details: object;
}

/** The whole of a case, as far as the reader may see it. */
export class CaseFileView extends CaseHeaderView {
  /** Name of the organ that handles the case. */
  organ: string;
  /** Null where you may not read it. */
  statement: string | null;
  reporter: ReporterView;
  allegations: AllegationView[];
  investigators: InvestigatorView[];
  sanctions: SanctionSummaryView[];
  /** The steps of the procedure so far, the oldest first. */
  deeds: DeedView[];
  /** The deeds that the state allows and your roles too. */
  allowed: CaseDeed[];
  /** What the state and your roles allow you to record beside the steps: who investigates, findings, proposals. */
  recordable: CaseRecord[];
  /** What is hidden from you. */
  redacted: string[];
  access?: AccessView;
}

export class HistoryValueView {
  name: string;
  /** What was recorded: a value, or { from, to } of a changed field. */
  value: unknown;
}

export class ErasedValueView {
  /** Stands in the body of the event, base64. */
  digest: string;
  /** The event that says who erased it, and why. */
  erasedBy: string;
}

export class HistoryActorView {
  uid: string;
  name: string | null;
  role: string;
  unit?: string;
  /** The first 12 hexadecimal digits of the hash of the session's id. */
  sid?: string;
}

export class HistoryTargetView {
  kind: string;
  id: string;
  rev?: number;
}

/** What proves an entry: exact bytes and hashes, as in the trail. */
export class EntryProofView {
  envelope: string;
  body: string;
  /** SHA-256 of 0x00 and the envelope, base64. */
  leaf: string;
  /** Ed25519 over the stream, the event and the hash of the body, base64. */
  signature: string;
  writer: string;
  /** Each hashes to one of the digests in the body; those that you may not see are left out. */
  disclosures: string[];
}

/** One event of the case, in words and with its proof. */
export class HistoryEntryView {
  seq: number;
  at: string;
  event: string;
  type: string;
  words: string;
  actor: HistoryActorView;
  target: HistoryTargetView;
  values: HistoryValueView[];
  /** What stood here was erased, by the event named; the digest still proves that it was there. */
  erased: ErasedValueView[];
  /**
   * Digests of values that were changed or removed behind the program: they are not shown, since they are not what was
   * recorded.
   */
  altered: string[];
  proof: EntryProofView;
}

/** An entry with its place in the log, as far as the log has come. */
export class PlacedEntryView extends HistoryEntryView {
  /** Its place in the log; null until it is sealed. */
  idx: number | null;
  /** Whether the quorum of witnesses has cosigned a checkpoint over it. */
  witnessed: boolean;
}

export class HistoryPage implements Page<PlacedEntryView> {
  /** The oldest first: a history reads forward. */
  items: PlacedEntryView[];
  nextCursor: string | null;
  total?: number;
  access?: AccessView;
}

/** What an export of one case holds. */
export interface CaseHistory {
  readonly exportedAt: string;
  readonly exportedBy: string;
  readonly purpose: string;
  readonly file: CaseFileView;
  /** All events, the oldest first. */
  readonly events: readonly HistoryEntryView[];
}
