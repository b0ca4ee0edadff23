import { IsIn, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, MinLength } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import {
  identityPurposes,
  shownStatuses,
  type IdentityPurpose,
  type ShownStatus,
} from '../identity-request.entity.js';

export class AskIdentityDto {
  @IsIn(identityPurposes)
  purpose: IdentityPurpose;

  /** Why the case cannot go on without it; at least 40 characters. The custodian decides by it. */
  @IsString()
  @MinLength(40)
  @NotBlank()
  @MaxLength(4000)
  reason: string;
}

export class ReleaseIdentityDto extends ReasonDto {
  /** For how long, in hours; 72 where it is left out, and no longer than that. */
  @IsOptional()
  @IsInt()
  @Min(1)
  hours?: number;
}

export class ListIdentityRequestsQuery extends ListQuery {
  @IsOptional()
  @IsUUID()
  caseId?: string;

  @IsOptional()
  @IsIn(shownStatuses)
  status?: ShownStatus;
}
