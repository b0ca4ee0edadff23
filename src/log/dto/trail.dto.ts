import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { eventWords, type EventType } from '../../audit/events.js';
import { ListQuery, ToBoolean, ToNumber } from '../../common/pages.js';
import { IsInstant } from '../../common/validators.js';

const eventTypes = Object.keys(eventWords) as EventType[];

export class ListEntriesQuery extends ListQuery {
  /** The stream of one case, of one user, or of the system. */
  @IsOptional()
  @IsUUID()
  stream?: string;

  @IsOptional()
  @IsIn(eventTypes)
  type?: EventType;

  /** The user who acted. */
  @IsOptional()
  @IsUUID()
  actor?: string;

  @IsOptional()
  @IsInstant()
  from?: string;

  /** Entries before this instant. */
  @IsOptional()
  @IsInstant()
  to?: string;

  /** Only those that are in the log, or only those that are not yet. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  sealed?: boolean;
}

export class ListCheckpointsQuery extends ListQuery {}

export class ListTrailChecksQuery extends ListQuery {}

export class ListQuarantinesQuery extends ListQuery {
  /** Only those that no restart has ended. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  open?: boolean;
}

export class VerifyQuery {
  /** The stream to verify; without it the answer says how the whole trail is. */
  @IsOptional()
  @IsUUID()
  stream?: string;

  /** `nextAfter` of the answer before, to go on in a long stream. */
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;
}

export class RestartDto {
  /** Why; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @MaxLength(4000)
  reason: string;
}
