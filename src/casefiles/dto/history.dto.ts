import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { ToNumber } from '../../common/pages.js';

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
