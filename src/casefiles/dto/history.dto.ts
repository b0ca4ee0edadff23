import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { roles, type Role } from '../../access/roles.js';
import { ToNumber } from '../../common/pages.js';
import { IsLegalDate } from '../../common/validators.js';
import { historyKinds, type HistoryKind } from '../history-filter.js';

export class HistoryQuery {
  /** How many entries at the most. */
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  cursor?: number;
}

/** The history of a case can be narrowed. */
export class CaseHistoryQuery extends HistoryQuery {
  /** What the entries are about. */
  @IsOptional()
  @IsIn(historyKinds)
  kind?: HistoryKind;

  /** Whose deeds. */
  @IsOptional()
  @IsUUID()
  actorId?: string;

  /** In which capacity they were done. */
  @IsOptional()
  @IsIn(roles)
  role?: Role;

  /** Of this day or later. */
  @IsOptional()
  @IsLegalDate()
  from?: string;

  /** Of this day or earlier. */
  @IsOptional()
  @IsLegalDate()
  to?: string;
}
