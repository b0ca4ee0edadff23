import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, Nested, NestedList, NotBefore } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport, DocumentReference, PersonReference } from './facts-shared.dto.js';

export const coerciveMeasures = [
  'CONTINUED_QUESTIONING',
  'SUMMONS',
  'FORCED_APPEARANCE',
  'BAIL',
  'RESIDENTIAL_SURVEILLANCE',
  'CRIMINAL_DETENTION',
  'ARREST',
  'ADMINISTRATIVE_DETENTION',
  'PROTECTIVE_RESTRAINT',
  'SEARCH',
  'SEIZURE',
  'SEALING',
  'FREEZING',
  'TECHNICAL_INVESTIGATION',
] as const;
export type CoerciveMeasure = (typeof coerciveMeasures)[number];

export const abusivePurposes = ['FORCE_PAYMENT', 'ECONOMIC_DISPUTE', 'PUNISH', 'RETALIATE', 'NONE'] as const;
export type AbusivePurpose = (typeof abusivePurposes)[number];

/** Restraint of the body. */
export class RestraintUse {
  /** Kind of restraint. */
  @IsOptional() @IsString() @MaxLength(200) type?: string;

  /** For how long, in minutes. */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) minutes?: number;
}

/** One thing that was seized, sealed or frozen. */
export class AffectedProperty {
  /** What it is. */
  @IsOptional() @IsString() @MaxLength(200) item?: string;

  /** What it is worth. */
  @IsOptional() @Nested(() => MoneyDto) value?: MoneyDto;

  /** Whether a list was handed over. */
  @IsOptional() @IsBoolean() listGiven?: boolean;

  /** Whether it had to do with the case; if not, it is due back in 3 days (刑事案件程序规定 233). */
  @IsOptional() @IsBoolean() related?: boolean;

  /** When it was released. */
  @IsOptional() @IsInstant() releasedAt?: string;
}

/** Money paid for bail. */
export class BailMoney {
  /** How much. */
  @IsOptional() @Nested(() => MoneyDto) amount?: MoneyDto;

  /** When it was paid back. */
  @IsOptional() @IsInstant() refundedAt?: string;
}

const unapproved = (facts: AbuseOfCoerciveMeasuresFacts) => facts.approvalDoc?.exists === false;

/** Facts of an abuse of coercive measures (滥用强制措施). */
export class AbuseOfCoerciveMeasuresFacts extends CommonFacts {
  /** The measure. */
  @DemandedBeforeReport() @IsOptional() @IsIn(coerciveMeasures) measure?: CoerciveMeasure;

  /** Against whom. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) target?: PersonReference;

  /** The approval; `exists: false` if there was none, and then neither approver nor time is asked. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => DocumentReference) approvalDoc?: DocumentReference;

  /** Who approved it. */
  @DemandedBeforeReport(unapproved) @IsOptional() @Nested(() => PersonReference) approvedBy?: PersonReference;

  /** When it was approved. */
  @DemandedBeforeReport(unapproved) @IsOptional() @IsInstant() approvedAt?: string;

  /** Legal ground that was claimed. */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) legalGroundClaimed?: string;

  /** When the measure began. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() startAt?: string;

  /** When it ended. */
  @DemandedBeforeReport((facts: AbuseOfCoerciveMeasuresFacts) => facts.stillRunning === true)
  @IsOptional()
  @IsInstant()
  @NotBefore('startAt')
  endAt?: string;

  /** True while the measure runs, so that it has no end yet. */
  @IsOptional() @IsBoolean() stillRunning?: boolean;

  /** The legal limit for this measure, in hours. */
  @IsOptional() @IsInt() @Min(1) @Max(20_000) limitHours?: number;

  /** When the family was told; within 24 hours of detention (刑诉法 85). */
  @IsOptional() @IsInstant() familyToldAt?: string;

  /** Whether the place was lawful. */
  @IsOptional() @IsBoolean() placeOk?: boolean;

  /** Purpose foreign to the measure. */
  @IsOptional() @IsIn(abusivePurposes) purposeAbuse?: AbusivePurpose;

  /** Restraint of the body. */
  @IsOptional() @Nested(() => RestraintUse) restraintUsed?: RestraintUse;

  /** Things seized, sealed or frozen. */
  @IsOptional() @ArrayMaxSize(1000) @NestedList(() => AffectedProperty) property?: AffectedProperty[];

  /** Money paid for bail. */
  @IsOptional() @Nested(() => BailMoney) bailMoney?: BailMoney;

  /** Whether officers acted outside their own region. */
  @IsOptional() @IsBoolean() crossRegion?: boolean;

  /** Cooperation paper for that. */
  @IsOptional() @Nested(() => DocumentReference) cooperationDoc?: DocumentReference;
}
