import { ArrayMaxSize, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsInstant, IsLegalDate, Nested, NestedList } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  DemandedBeforeReport,
  PersonReference,
  type ProtectedAct,
  protectedActs,
} from './facts-shared.dto.js';

/** One who could know, as the read log shows. */
export class ComplaintAccess {
  /** Who. */
  @IsOptional() @Nested(() => PersonReference) person?: PersonReference;

  /** When it was read. */
  @IsOptional() @IsInstant() at?: string;

  /** Entry of the read log. */
  @IsOptional() @IsString() @MaxLength(200) logEntry?: string;
}

/** The days of the complaint and of the leak. */
export class LeakDates {
  /** Day of the protected act. */
  @IsOptional() @IsLegalDate() protectedAct?: string;

  /** Day of the leak. */
  @IsOptional() @IsLegalDate() leak?: string;
}

/** Facts of a leaked complaint (泄露举报). */
export class LeakOfComplaintFacts extends CommonFacts {
  /** Whose report was leaked. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) protectedPerson?: PersonReference;

  /** What that person had done. */
  @DemandedBeforeReport() @IsOptional() @IsIn(protectedActs) protectedAct?: ProtectedAct;

  /** What was leaked (信访工作条例 30). */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) whatLeaked?: string;

  /** Who had access, as the read log shows. */
  @IsOptional() @ArrayMaxSize(500) @NestedList(() => ComplaintAccess) whoHadAccess?: ComplaintAccess[];

  /** To whom it was leaked. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => PersonReference) toWhom?: PersonReference[];

  /** When each of the two happened. */
  @IsOptional() @Nested(() => LeakDates) dates?: LeakDates;

  /** What links the leak to the subject. */
  @IsOptional() @IsString() @MaxLength(4000) link?: string;
}
