import { IsString, MaxLength, MinLength } from 'class-validator';
import { NotBlank } from '../../common/validators.js';

export class FactorResetDto {
  /** Why; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}
