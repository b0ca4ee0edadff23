import type { OccurredPrecision, SubjectRole } from '../intake/allegation.entity.js';
import type { ReporterKind } from '../intake/case.entity.js';
import type { AllegationCategory } from '../intake/categories.js';
import type { CommonFacts } from '../intake/dto/facts-common.dto.js';
import type { InjuryLevel } from '../intake/dto/facts-shared.dto.js';
import type { FindingOutcome, FindingStage } from '../investigations/finding.entity.js';
import type { SanctionKind } from '../sanctions/sanction.entity.js';
import type { Source } from './mapping.js';
import type { Row } from './values.js';

/** A row of a file on its way into a case. */
export interface StagedRow extends Row {
  readonly source: Source;
  /** The name of the file. */
  readonly file: string;
  readonly rowNo: number;
  readonly line: number;
  /** By what it is known again in a later import. */
  readonly hash: Buffer;
}

export interface OrganRef {
  readonly code: string;
  readonly name: string;
}

export interface OfficerRef {
  readonly key: string;
  readonly badgeNumber: string | undefined;
  readonly name: string | undefined;
  readonly rank: string | undefined;
  readonly birthYear: number | undefined;
  readonly post: string | undefined;
  readonly organ: OrganRef | undefined;
}

export interface SubjectPlan {
  readonly officer: OfficerRef | undefined;
  readonly description: string | undefined;
  readonly role: SubjectRole;
}

export interface FindingPlan {
  readonly stage: FindingStage;
  readonly outcome: FindingOutcome;
  readonly reason: string;
  readonly sourceWords: Record<string, string> | null;
  readonly row: StagedRow;
}

export interface AffectedPlan {
  readonly name: string | null;
  readonly organisation: string | null;
  readonly injuryLevel: InjuryLevel;
}

export interface AllegationPlan {
  readonly row: StagedRow;
  readonly category: AllegationCategory;
  readonly occurredFrom: Date | null;
  readonly occurredTo: Date | null;
  readonly occurredPrecision: OccurredPrecision;
  readonly place: string | null;
  readonly organ: OrganRef | undefined;
  readonly facts: CommonFacts;
  readonly subjects: readonly SubjectPlan[];
  readonly affectedPersons: AffectedPlan[];
  readonly sourceWords: Record<string, string> | null;
  readonly findings: FindingPlan[];
}

/** One sanction against one officer; it may rest on several allegations of the case. */
export interface SanctionPlan {
  readonly officer: OfficerRef;
  readonly status: 'PROPOSED' | 'DECIDED';
  readonly kind: SanctionKind;
  readonly effectiveFrom: string | null;
  readonly reason: string;
  readonly sourceWords: Record<string, string> | null;
  readonly allegations: AllegationPlan[];
  readonly row: StagedRow;
}

/** A case as the rows of a source make it, before it has any ids. */
export interface CasePlan {
  readonly key: string;
  readonly receivedAt: Date;
  readonly receivedPrecision: OccurredPrecision;
  readonly statement: string;
  readonly status: 'REGISTERED' | 'CLOSED';
  readonly reporter: {
    readonly kind: ReporterKind;
    readonly name: string | null;
    readonly contact: string | null;
  };
  readonly allegations: readonly AllegationPlan[];
  readonly sanctions: readonly SanctionPlan[];
  /** The row that says what the case is. */
  readonly head: StagedRow;
  /** All rows that became part of it, this one among them. */
  readonly rows: readonly StagedRow[];
}

export interface Rejected {
  readonly row: StagedRow;
  readonly reason: string;
}

/** What becomes of the rows of one complaint. */
export interface GroupPlan {
  readonly plan: CasePlan | undefined;
  readonly rejected: readonly Rejected[];
  /** What is odd about the case although it was taken, each kind once. */
  readonly warnings: readonly string[];
}
