import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { NotBlank } from '../../common/validators.js';

/** What every deed needs: why. It goes into the trail. */
export class ReasonDto {
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(4000)
  reason: string;
}

export const severities = ['MINOR', 'SERIOUS', 'ESPECIALLY_SERIOUS'] as const;
export type Severity = (typeof severities)[number];

export class AcceptDto extends ReasonDto {
  @IsOptional()
  @IsIn(severities)
  severity?: Severity;
}

export const declineGrounds = ['NO_SUBSTANCE', 'REPEATED', 'OTHER_PROCEDURE'] as const;
export type DeclineGround = (typeof declineGrounds)[number];

export class DeclineDto extends ReasonDto {
  @IsIn(declineGrounds)
  ground: DeclineGround;
}

export class TransferDto extends ReasonDto {
  /** The organ that is to handle it; it registers the case as TRANSFER_IN. */
  @IsUUID()
  targetOrganId: string;

  /** The article by which it is competent. */
  @IsString()
  @MinLength(2)
  @NotBlank()
  @MaxLength(500)
  legalBasis: string;

  /** The papers that went with it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  papers?: string[];
}

export class MergeDto extends ReasonDto {
  /** The case in which it is handled from now on. Both keep their numbers. */
  @IsUUID()
  masterCaseId: string;
}
