import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { EventType } from '../../audit/events.js';
import { readTypes } from '../../audit/read-log.js';
import { ListQuery } from '../../common/pages.js';
import { IsLegalDate, NotBefore } from '../../common/validators.js';

export class ReadersQuery {
  /** The day of law that is asked about; not later than today. */
  @IsLegalDate()
  on: string;
}

export class UserReadsQuery extends ListQuery {
  /** Read on this day or later. */
  @IsOptional()
  @IsLegalDate()
  from?: string;

  /** Read on this day or earlier. */
  @IsOptional()
  @IsLegalDate()
  @NotBefore('from')
  to?: string;

  /** Events of this type only. */
  @IsOptional()
  @IsIn([...readTypes])
  type?: EventType;
}

export class CaseReadsQuery extends UserReadsQuery {
  /** Read by this account. */
  @IsOptional()
  @IsUUID()
  userId?: string;
}
