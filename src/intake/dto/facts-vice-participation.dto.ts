import { ArrayMaxSize, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, IsLegalDate, Nested, NestedList } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport, DocumentReference } from './facts-shared.dto.js';

export const viceKinds = [
  'GAMBLING',
  'PROSTITUTION',
  'OBSCENE',
  'DRUG_USE',
  'DRUG_SUPPLY',
  'SHELTERING_A_VENUE',
  'ORGANISING',
] as const;
export type ViceKind = (typeof viceKinds)[number];

export const viceRoles = [
  'PARTICIPANT',
  'ORGANISER',
  'INVESTOR',
  'PROTECTOR',
  'INFORMANT_TO_OWNERS',
] as const;
export type ViceRole = (typeof viceRoles)[number];

export const substanceTestResults = ['POSITIVE', 'NEGATIVE', 'INCONCLUSIVE', 'REFUSED'] as const;
export type SubstanceTestResult = (typeof substanceTestResults)[number];

export const protectionKinds = ['TIP_OFF', 'BLOCKED_RAID', 'OTHER'] as const;
export type ProtectionKind = (typeof protectionKinds)[number];

export const viceFoundBy = ['RAID', 'REPORT', 'OTHER_POLICE', 'TEST'] as const;
export type ViceFoundBy = (typeof viceFoundBy)[number];

/** The place. */
export class Venue {
  /** Name of the place. */
  @IsOptional() @IsString() @MaxLength(200) name?: string;

  /** Address. */
  @IsOptional() @IsString() @MaxLength(200) address?: string;

  /** Who runs it. */
  @IsOptional() @IsString() @MaxLength(200) operator?: string;
}

/** A test for drugs or alcohol. */
export class SubstanceTest {
  /** Kind of test. */
  @IsOptional() @IsString() @MaxLength(200) type?: string;

  /** When the sample was taken. */
  @IsOptional() @IsInstant() at?: string;

  /** What it showed. */
  @IsOptional() @IsIn(substanceTestResults) result?: SubstanceTestResult;

  /** Laboratory. */
  @IsOptional() @IsString() @MaxLength(200) lab?: string;
}

/** One act by which a venue was protected. */
export class ProtectionAct {
  /** What it was. */
  @IsOptional() @IsIn(protectionKinds) kind?: ProtectionKind;

  /** On which day. */
  @IsOptional() @IsLegalDate() date?: string;

  /** The raid plan, message or record that shows it. */
  @IsOptional() @Nested(() => DocumentReference) document?: DocumentReference;

  /** In words. */
  @IsOptional() @IsString() @MaxLength(4000) description?: string;
}

/** Facts of a part in gambling, prostitution or drugs (黄赌毒). */
export class ViceParticipationFacts extends CommonFacts {
  /** What it was about. */
  @DemandedBeforeReport() @IsOptional() @IsIn(viceKinds) kind?: ViceKind;

  /** The subject's part in it. */
  @DemandedBeforeReport() @IsOptional() @IsIn(viceRoles) role?: ViceRole;

  /** Where. */
  @IsOptional() @Nested(() => Venue) venue?: Venue;

  /** Licence of the place. */
  @IsOptional() @IsString() @MaxLength(200) licence?: string;

  /** Stakes. */
  @IsOptional() @Nested(() => MoneyDto) stakeMoney?: MoneyDto;

  /** How often. */
  @IsOptional() @IsString() @MaxLength(200) frequency?: string;

  /** Test for drugs. */
  @IsOptional() @Nested(() => SubstanceTest) test?: SubstanceTest;

  /** Tip-offs and blocked raids. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => ProtectionAct) protectionActs?: ProtectionAct[];

  /** Money taken for it. */
  @IsOptional() @Nested(() => MoneyDto) moneyTaken?: MoneyDto;

  /** How it was found. */
  @IsOptional() @IsIn(viceFoundBy) foundBy?: ViceFoundBy;
}
