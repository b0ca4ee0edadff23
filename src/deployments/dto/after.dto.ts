import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { IsInstant, Nested, NestedList, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { PlausibleForce } from '../request-checks.js';
import { ForceDto, TaskDto } from './deployment-request.dto.js';

const TEXT = 4000;

/** Police go. */
export class DispatchDto extends ReasonDto {
  @IsInstant() dispatchedAt: string;

  /** At most as many as were approved. */
  @IsInt() @Min(0) @Max(20_000) officers: number;

  /** Those who go. They see the order, and may object to it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  officerIds?: string[];
}

/** Something else is done on the scene than was approved. The reason is the commander's. */
export class DeviationDto extends ReasonDto {
  @IsInstant() at: string;

  /** What police do in truth. */
  @ArrayMinSize(1) @ArrayMaxSize(50) @NestedList(() => TaskDto) tasks: TaskDto[];

  /** Absent: as approved. */
  @IsOptional() @PlausibleForce() @Nested(() => ForceDto) force?: ForceDto;
}

/** It is over. */
export class CompleteDto extends ReasonDto {
  /** Absent: when they were sent. */
  @IsOptional() @IsInstant() startedAt?: string;
  @IsInstant() endedAt: string;
}

/** The after-action record. */
export class SignOffDto extends ReasonDto {
  /** What police really did. */
  @ArrayMinSize(1) @ArrayMaxSize(50) @NestedList(() => TaskDto) tasks: TaskDto[];

  /** Who and what really was there. */
  @PlausibleForce() @Nested(() => ForceDto) force: ForceDto;

  /** Force, weapons and restraints that were used against persons. */
  @IsOptional() @IsString() @MaxLength(TEXT) forceUsed?: string;
  @IsOptional() @IsString() @MaxLength(TEXT) incidents?: string;
  @IsOptional() @IsString() @MaxLength(TEXT) injuries?: string;
  @IsOptional() @IsString() @MaxLength(TEXT) complaints?: string;

  /** Where the recordings lie. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @MaxLength(300, { each: true })
  @IsString({ each: true })
  videos?: string[];

  /** Whether something else was done than was approved. */
  @IsBoolean() deviated: boolean;

  /** What, and why; needed when it was. */
  @IsOptional() @IsString() @MinLength(3) @NotBlank() @MaxLength(TEXT) deviation?: string;
}

/** An officer's objection to an order (警察法 33). */
export class ObjectionDto {
  @IsString() @MinLength(3) @NotBlank() @MaxLength(TEXT) text: string;
}
