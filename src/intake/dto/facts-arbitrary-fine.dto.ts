import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, IsLegalDate, Nested, NestedList, NotBefore } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport, DocumentReference, PersonReference } from './facts-shared.dto.js';

export const chargeKinds = [
  'FINE',
  'FEE',
  'DEPOSIT',
  'SPONSORSHIP',
  'STORAGE_OR_TOWING_FEE',
  'TRAINING_FEE',
] as const;
export type ChargeKind = (typeof chargeKinds)[number];

export const fineProcedures = ['SIMPLE', 'ORDINARY', 'FAST', 'NONE'] as const;
export type FineProcedure = (typeof fineProcedures)[number];

export const paymentMethods = ['CASH', 'TRANSFER', 'QR_CODE'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

export const receiptIssuers = ['FINANCE_DEPARTMENT_UNIFIED', 'OTHER', 'NONE'] as const;
export type ReceiptIssuer = (typeof receiptIssuers)[number];

/** One who was made to pay, and how. */
export class ChargePayer {
  /** The person who paid. */
  @IsOptional() @Nested(() => PersonReference) person?: PersonReference;

  /** The firm that paid. */
  @IsOptional() @IsString() @MaxLength(200) firm?: string;

  /** Amount imposed. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => MoneyDto) amount?: MoneyDto;

  /** Day of payment. */
  @IsOptional() @IsLegalDate() date?: string;

  /** How it was paid. */
  @IsOptional() @IsIn(paymentMethods) method?: PaymentMethod;

  /** Owner of the account that received it. */
  @IsOptional() @IsString() @MaxLength(200) accountOwner?: string;

  /** Number of the receipt. */
  @IsOptional() @IsString() @MaxLength(200) receiptNo?: string;

  /** Whose receipt it was; without the finance department's one the payer may refuse (行政处罚法 70). */
  @DemandedBeforeReport() @IsOptional() @IsIn(receiptIssuers) receiptIssuer?: ReceiptIssuer;

  /** Amount written on the receipt. */
  @IsOptional() @Nested(() => MoneyDto) amountOnReceipt?: MoneyDto;

  /** Amount in fact paid. */
  @IsOptional() @Nested(() => MoneyDto) amountPaid?: MoneyDto;
}

/** Facts of an arbitrary fine or fee (乱罚款、乱收费). */
export class ArbitraryFineFacts extends CommonFacts {
  /** What was charged. */
  @DemandedBeforeReport() @IsOptional() @IsIn(chargeKinds) kind?: ChargeKind;

  /** Legal basis that was claimed. */
  @IsOptional() @IsString() @MaxLength(4000) legalBasisClaimed?: string;

  /** Whether there is such a basis. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() basisExists?: boolean;

  /** Number of the decision. */
  @IsOptional() @IsString() @MaxLength(200) decisionNo?: string;

  /** Procedure that was followed. */
  @IsOptional() @IsIn(fineProcedures) procedure?: FineProcedure;

  /** Who paid, each with amount and receipt. */
  @DemandedBeforeReport()
  @IsOptional()
  @ArrayMaxSize(2000)
  @NestedList(() => ChargePayer)
  payers?: ChargePayer[];

  /** The most that the law lets be taken from one payer. */
  @IsOptional() @Nested(() => MoneyDto) legalMaximum?: MoneyDto;

  /** When the officer handed the money in; two working days from collection (行政处罚法 71). */
  @IsOptional() @IsInstant() handedInAt?: string;

  /** When the organ paid it to the bank; two working days more (行政处罚法 71). */
  @IsOptional() @IsInstant() @NotBefore('handedInAt') bankAt?: string;

  /** Whether there was a quota of fines. */
  @IsOptional() @IsBoolean() quotaExisted?: boolean;

  /** The paper that set the quota. */
  @IsOptional() @Nested(() => DocumentReference) quotaDocument?: DocumentReference;

  /** Whether money took the place of punishment, 以罚代刑 (行政处罚法 82). */
  @IsOptional() @IsBoolean() offsetForPunishment?: boolean;
}
