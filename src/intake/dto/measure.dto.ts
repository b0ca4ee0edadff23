import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsInstant, NotBlank } from '../../common/validators.js';
import { measureOutcomes, type MeasureOutcome } from '../measure.entity.js';

export class RecordMeasureDto {
  /** Which one, of those that the category calls for. @example "PRESERVE_RECORDINGS" */
  @IsString()
  @MaxLength(60)
  code: string;

  @IsIn(measureOutcomes)
  outcome: MeasureOutcome;

  /** When it was done; now where this is absent. Only with DONE. */
  @IsOptional()
  @IsInstant()
  doneAt?: string;

  /** What was done, or why it was not. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(4000)
  note: string;
}
