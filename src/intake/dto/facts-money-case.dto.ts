import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, IsLegalDate, Nested, NestedList } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  AccountReference,
  DemandedBeforeReport,
  DocumentReference,
  PersonReference,
  RelatedPerson,
} from './facts-shared.dto.js';

export const benefitTypes = [
  'CASH',
  'TRANSFER',
  'GIFT_CARD',
  'SHARES',
  'DINNER',
  'TRAVEL',
  'LOAN',
  'DEBT_RELIEF',
  'JOB_FOR_RELATIVE',
  'OTHER',
] as const;
export type BenefitType = (typeof benefitTypes)[number];

/** One thing that was given. */
export class Benefit {
  /** What it was. */
  @IsOptional() @IsIn(benefitTypes) type?: BenefitType;

  /** What it was worth. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => MoneyDto) value?: MoneyDto;

  /** Day on which it was given. */
  @IsOptional() @IsLegalDate() date?: string;

  /** Where. */
  @IsOptional() @IsString() @MaxLength(200) place?: string;

  /** How the value was found. */
  @IsOptional() @IsString() @MaxLength(4000) howValued?: string;
}

/** What was given back. */
export class ReturnedBenefit {
  /** When. */
  @IsOptional() @IsInstant() at?: string;

  /** How much. */
  @IsOptional() @Nested(() => MoneyDto) amount?: MoneyDto;

  /** Whether that was before it came to light. */
  @IsOptional() @IsBoolean() beforeDetection?: boolean;
}

/** Facts of a case decided for money (金钱案). */
export class MoneyCaseFacts extends CommonFacts {
  /** Who gave. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) giver?: PersonReference;

  /** Who received: the officer, or a person tied to the officer. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => RelatedPerson) receiver?: RelatedPerson;

  /** What the giver had to do with the case. */
  @IsOptional() @IsString() @MaxLength(4000) relationToCase?: string;

  /** What was given, each with its value. */
  @DemandedBeforeReport() @IsOptional() @ArrayMaxSize(500) @NestedList(() => Benefit) benefit?: Benefit[];

  /** Official act that the giver wanted. */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) officialActSought?: string;

  /** Whether that act was done. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() officialActDone?: boolean;

  /** The paper that shows the act. */
  @IsOptional() @Nested(() => DocumentReference) officialActDocument?: DocumentReference;

  /** Whether the officer asked for it. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() solicited?: boolean;

  /** What was given back. */
  @IsOptional() @Nested(() => ReturnedBenefit) returned?: ReturnedBenefit;

  /** Go-betweens. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => PersonReference) intermediaries?: PersonReference[];

  /** Accounts that were used. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => AccountReference) accounts?: AccountReference[];

  /** Whether gambling served as the cover. */
  @IsOptional() @IsBoolean() gamblingUsed?: boolean;
}
