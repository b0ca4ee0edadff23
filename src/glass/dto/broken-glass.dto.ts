import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { ListQuery, ToBoolean } from '../../common/pages.js';
import { NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { glassCategories, verdicts, type GlassCategory, type Verdict } from '../broken-glass.entity.js';

/** Blanks around it and in rows say nothing, and count for nothing. */
const Tight = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.trim().replaceAll(/\s+/g, ' ') : value,
  );

export class BreakGlassDto {
  /** The number of the case, such as PL-2026-000123: one that you cannot see has no id for you. */
  @IsString()
  @Tight()
  @NotBlank()
  @MaxLength(40)
  reference: string;

  @IsIn(glassCategories)
  category: GlassCategory;

  /** Why it cannot wait, for whoever is told of it and reviews it. */
  @IsString()
  @Tight()
  @MinLength(40)
  @MaxLength(4000)
  reason: string;
}

export class ReviewGlassDto extends ReasonDto {
  @IsIn(verdicts)
  verdict: Verdict;
}

export class ListBrokenGlassQuery extends ListQuery {
  /** Whether it lets somebody read at this moment. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  open?: boolean;

  /** Whether nobody has reviewed it yet. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  awaitingReview?: boolean;

  /** Whether nobody has reviewed it though the 72 hours are over. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  overdue?: boolean;
}

export class GlassFiguresQuery {
  /** A month of the law's time zone, such as 2026-11. */
  @IsString()
  @Matches(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, { message: 'month must be a month written YYYY-MM' })
  month: string;
}
