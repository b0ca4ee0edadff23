import { ArrayMaxSize, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { Nested, NestedList } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  DemandedBeforeReport,
  DocumentReference,
  PersonReference,
  RelatedPerson,
} from './facts-shared.dto.js';

export const rentedPowers = [
  'PERMIT',
  'INSPECTION',
  'HOUSEHOLD_OR_LICENCE',
  'SPECIAL_TRADE',
  'PROCUREMENT',
  'PROJECT',
  'PERSONNEL',
  'FIRE_OR_SECURITY_PRODUCT',
  'VEHICLE',
] as const;
export type RentedPower = (typeof rentedPowers)[number];

export const rentInterests = [
  'SHARE',
  'SALARY',
  'CONSULTING',
  'RENT',
  'SECURITY_FEE',
  'DESIGNATED_PRODUCT',
  'SIDE_JOB',
] as const;
export type RentInterest = (typeof rentInterests)[number];

/** A person tied to the officer who draws the advantage. */
export class InterestedPerson extends RelatedPerson {
  /** What that person has in it. */
  @IsOptional() @IsIn(rentInterests) interest?: RentInterest;
}

/** Facts of police power used for private income (权力寻租). */
export class RentSeekingFacts extends CommonFacts {
  /** The power that was used. */
  @DemandedBeforeReport() @IsOptional() @IsIn(rentedPowers) power?: RentedPower;

  /** Who drew the advantage. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) beneficiary?: PersonReference;

  /** Relatives and others with an interest. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => InterestedPerson) relatedPersons?: InterestedPerson[];

  /** The officer's own interest; SHARE also when it is hidden. */
  @IsOptional() @IsIn(rentInterests) interest?: RentInterest;

  /** What the interest is worth. */
  @IsOptional() @Nested(() => MoneyDto) value?: MoneyDto;

  /** Extract of the company register. */
  @IsOptional() @Nested(() => DocumentReference) registryExtract?: DocumentReference;

  /** Decisions that were influenced. */
  @IsOptional()
  @ArrayMaxSize(200)
  @NestedList(() => DocumentReference)
  decisionInfluenced?: DocumentReference[];

  /** Whether the interest had been declared in the register. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() declaredEarlier?: boolean;

  /** Whether the officer was ordered to withdraw from the business (政务处分法 33). */
  @IsOptional() @IsBoolean() orderToWithdrawGiven?: boolean;

  /** Whether that order was obeyed (政务处分法 33). */
  @IsOptional() @IsBoolean() orderToWithdrawObeyed?: boolean;
}
