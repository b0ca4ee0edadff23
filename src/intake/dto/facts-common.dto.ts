import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, Nested } from '../../common/validators.js';
import { DemandedBeforeReport, DocumentReference, PersonReference } from './facts-shared.dto.js';

export const relatedCaseTypes = ['CRIMINAL', 'ADMINISTRATIVE', 'CIVIL', 'NONE'] as const;
export type RelatedCaseType = (typeof relatedCaseTypes)[number];

export const policePowers = [
  'STOP',
  'CONTINUED_QUESTIONING',
  'SUMMONS',
  'DETENTION',
  'SEARCH',
  'SEIZURE',
  'FREEZE',
  'FINE',
  'PERMIT',
  'OTHER',
] as const;
export type PolicePower = (typeof policePowers)[number];

export const consequences = ['NONE', 'MINOR', 'SERIOUS', 'ESPECIALLY_SERIOUS'] as const;
export type Consequence = (typeof consequences)[number];

export const gainForms = ['CASH', 'TRANSFER', 'GOODS', 'SECURITIES', 'SERVICE', 'OTHER'] as const;
export type GainForm = (typeof gainForms)[number];

/** What the subject got out of it, and what became of that (政务处分法 25). */
export class Gains {
  /** Amount or value gained. */
  @IsOptional() @Nested(() => MoneyDto) amount?: MoneyDto;

  /** In what form. */
  @IsOptional() @IsIn(gainForms) form?: GainForm;

  /** How much of it was recovered. */
  @IsOptional() @Nested(() => MoneyDto) recovered?: MoneyDto;

  /** To whom that was returned. */
  @IsOptional() @Nested(() => PersonReference) returnedTo?: PersonReference;
}

/** The facts that allegations of all categories share. A null counts as absent and is not kept. */
export abstract class CommonFacts {
  /** A finer kind within the category, by the organ's own list. */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z][A-Z0-9_]{0,63}$/, { message: 'subTypeCode must be a code such as "ROADSIDE_CHECK"' })
  subTypeCode?: string;

  /** When the act came to light, which may be long after it happened. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() discoveredAt?: string;

  /** Whether the subject was on duty. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() onDuty?: boolean;

  /** Whether the subject wore uniform. */
  @IsOptional() @IsBoolean() uniformed?: boolean;

  /** Plate of the vehicle used. */
  @IsOptional() @IsString() @MaxLength(200) vehicleNo?: string;

  /** Whether a weapon was carried. */
  @IsOptional() @IsBoolean() weaponCarried?: boolean;

  /** Number of the police case in which it happened. */
  @IsOptional() @IsString() @MaxLength(200) relatedCaseNo?: string;

  /** Kind of that police case. */
  @IsOptional() @IsIn(relatedCaseTypes) relatedCaseType?: RelatedCaseType;

  /** Police powers that were used. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsIn(policePowers, { each: true })
  powerUsed?: PolicePower[];

  /** How grave the consequence was; the sanction bands turn on it. */
  @DemandedBeforeReport() @IsOptional() @IsIn(consequences) consequence?: Consequence;

  /** The consequence in words. */
  @IsOptional() @IsString() @MaxLength(4000) consequenceText?: string;

  /** Whether a body decided it together (政务处分法 10). */
  @IsOptional() @IsBoolean() collectiveDecision?: boolean;

  /** Minutes of the meeting that decided it. */
  @IsOptional() @Nested(() => DocumentReference) meetingMinutes?: DocumentReference;

  /** What the subject gained (政务处分法 25). */
  @IsOptional() @Nested(() => Gains) gains?: Gains;
}
