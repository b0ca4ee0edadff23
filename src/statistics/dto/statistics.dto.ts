import { IsOptional, IsUUID, Matches } from 'class-validator';

const MONTH = /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/;
const message = '$property must be a month, written YYYY-MM';

export class StatisticsQuery {
  /** The first month. @example "2026-01" */
  @Matches(MONTH, { message }) from: string;

  /** The last month; at most 36 in all. @example "2026-12" */
  @Matches(MONTH, { message }) to: string;

  /** Cases handled by this organ or one under it. */
  @IsOptional() @IsUUID() organId?: string;
}
