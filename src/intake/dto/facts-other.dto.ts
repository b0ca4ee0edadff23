import { IsOptional, IsString, MaxLength } from 'class-validator';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport } from './facts-shared.dto.js';

/** Facts of misconduct that fits no other category (其他). */
export class OtherFacts extends CommonFacts {
  /** What happened. */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) description?: string;
}
