import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { IsInstant, Nested, NestedList, NotBefore, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import type { OralOrder } from '../deployment.entity.js';
import { PlausibleForce } from '../request-checks.js';
import { activityTypes, type ActivityType } from '../request.js';
import { ForceDto, LimitsDto, RequesterDto, TaskDto } from './deployment-request.dto.js';

/** What a leader ordered by word of mouth. The paper is due in 24 hours. */
export class OralOrderDto implements OralOrder {
  @IsString() @MinLength(1) @NotBlank() @MaxLength(200) name: string;

  /** The words as they were said. */
  @IsString() @MinLength(3) @NotBlank() @MaxLength(4000) words: string;

  @IsInstant() at: string;
}

/** Police who went at once: what is known at that moment. The request for them follows within 24 hours. */
export class EmergencyDto {
  /** Whose police went; absent: those of the organ of your grant, when it is one. */
  @IsOptional() @IsUUID() organId?: string;

  /** Who asked; absent: the police themselves. */
  @IsOptional() @Nested(() => RequesterDto) requester?: RequesterDto;

  @IsString() @MinLength(1) @NotBlank() @MaxLength(4000) purpose: string;
  @IsOptional() @IsIn(activityTypes) activityType?: ActivityType;
  @IsString() @MinLength(1) @NotBlank() @MaxLength(500) place: string;
  @IsInstant() dispatchedAt: string;

  /** When it is expected to end; absent: a day later. */
  @IsOptional() @NotBefore('dispatchedAt') @IsInstant() endsAt?: string;

  /** Absent: yes. */
  @IsOptional() @IsBoolean() lifeOrCrimeAtStake?: boolean;

  @ArrayMinSize(1) @ArrayMaxSize(50) @NestedList(() => TaskDto) tasks: TaskDto[];
  @PlausibleForce() @Nested(() => ForceDto) force: ForceDto;
  @IsOptional() @Nested(() => LimitsDto) limits?: LimitsDto;

  /** The officers who went. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  officerIds?: string[];

  @IsOptional() @Nested(() => OralOrderDto) oralOrder?: OralOrderDto;
}

/** That the paper to an oral order came. */
export class PaperDto extends ReasonDto {
  @IsString() @MinLength(1) @NotBlank() @MaxLength(200) number: string;
  @IsInstant() receivedAt: string;
}
