import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { IsLegalDate, NotBefore } from '../../common/validators.js';

/** Days in China, both included. */
export class PeriodQuery {
  @IsLegalDate() from: string;
  @IsLegalDate() @NotBefore('from') to: string;

  /** Police of this organ or one under it. */
  @IsOptional() @IsUUID() organId?: string;
}

export const figureFormats = ['json', 'csv'] as const;

export class FiguresQuery extends PeriodQuery {
  /** Absent: json. */
  @IsOptional() @IsIn(figureFormats) format?: (typeof figureFormats)[number];
}
