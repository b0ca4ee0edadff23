import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLegalDate, Nested } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  DemandedBeforeReport,
  PersonReference,
  type ProtectedAct,
  protectedActs,
} from './facts-shared.dto.js';

/** The two days whose order matters. The adverse one may come first: then that speaks against retaliation. */
export class RetaliationDates {
  /** Day of the protected act. */
  @IsOptional() @IsLegalDate() protectedAct?: string;

  /** Day of the adverse act. */
  @IsOptional() @IsLegalDate() adverseAct?: string;
}

/** Facts of retaliation (打击报复). */
export class RetaliationFacts extends CommonFacts {
  /** Who was retaliated against. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) protectedPerson?: PersonReference;

  /** What that person had done; REFUSAL is that of an order beyond police duty (警察法 33). */
  @DemandedBeforeReport() @IsOptional() @IsIn(protectedActs) protectedAct?: ProtectedAct;

  /** What was done to that person (政务处分法 32). */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) adverseAct?: string;

  /** Who decided it. */
  @IsOptional() @Nested(() => PersonReference) decidedBy?: PersonReference;

  /** When each of the two happened. */
  @IsOptional() @Nested(() => RetaliationDates) dates?: RetaliationDates;

  /** What links the two. */
  @IsOptional() @IsString() @MaxLength(4000) link?: string;
}
