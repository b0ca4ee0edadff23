import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, IsLegalDate, Nested, NestedList, NotBefore } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  AccountReference,
  DemandedBeforeReport,
  DocumentReference,
  PersonReference,
} from './facts-shared.dto.js';

export const fundTypes = [
  'FINE',
  'CONFISCATION',
  'BAIL_MONEY',
  'CASE_PROPERTY',
  'FEE_INCOME',
  'RELIEF_OR_SPECIAL_FUND',
  'SEIZED_VEHICLE',
  'FOUND_PROPERTY',
] as const;
export type FundType = (typeof fundTypes)[number];

export const fundDestinations = [
  'UNIT_SLUSH_FUND',
  'BONUS',
  'INDIVIDUAL',
  'OTHER_SPENDING',
  'UNKNOWN',
] as const;
export type FundDestination = (typeof fundDestinations)[number];

/** One who got a share. */
export class FundBeneficiary {
  /** Who. */
  @IsOptional() @Nested(() => PersonReference) officer?: PersonReference;

  /** How much. */
  @IsOptional() @Nested(() => MoneyDto) amount?: MoneyDto;
}

/** Use of a thing that was in police keeping. */
export class ItemUse {
  /** Who used it. */
  @IsOptional() @Nested(() => PersonReference) by?: PersonReference;

  /** First day of use. */
  @IsOptional() @IsLegalDate() from?: string;

  /** Last day of use. */
  @IsOptional() @IsLegalDate() @NotBefore('from') to?: string;
}

/** One comparison of books, shelf and treasury. */
export class Reconciliation {
  /** When. */
  @IsOptional() @IsLegalDate() date?: string;

  /** By whom. */
  @IsOptional() @Nested(() => PersonReference) by?: PersonReference;

  /** What it showed. */
  @IsOptional() @IsString() @MaxLength(4000) result?: string;
}

/** Facts of an interception or misappropriation (截留挪用). */
export class InterceptionOrMisappropriationFacts extends CommonFacts {
  /** Kind of money or property. */
  @DemandedBeforeReport() @IsOptional() @IsIn(fundTypes) fundType?: FundType;

  /** Papers from which the amount due follows. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => DocumentReference) sourceDocs?: DocumentReference[];

  /** Amount that had to be handed in. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => MoneyDto) dueAmount?: MoneyDto;

  /** Amount that was handed in; "0.00" if none. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => MoneyDto) handedAmount?: MoneyDto;

  /** When it was due. */
  @IsOptional() @IsInstant() dueAt?: string;

  /** When it was handed in. */
  @IsOptional() @IsInstant() handedAt?: string;

  /** Where the rest went. */
  @DemandedBeforeReport() @IsOptional() @IsIn(fundDestinations) whereItWent?: FundDestination;

  /** Approvals of the spending. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => DocumentReference) approvals?: DocumentReference[];

  /** Account through which it went. */
  @IsOptional() @Nested(() => AccountReference) account?: AccountReference;

  /** Who got a share. */
  @IsOptional() @ArrayMaxSize(500) @NestedList(() => FundBeneficiary) beneficiaries?: FundBeneficiary[];

  /** Use of a thing in police keeping. */
  @IsOptional() @Nested(() => ItemUse) itemUsed?: ItemUse;

  /** Whether books were kept. */
  @IsOptional() @IsBoolean() ledgerExists?: boolean;

  /** Comparisons of books, shelf and treasury. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => Reconciliation) reconciliations?: Reconciliation[];
}
