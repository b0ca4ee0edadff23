import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { ListQuery, ToBoolean } from '../../common/pages.js';

/** The fields of the form beside its files. */
export class CreateImportDto {
  /** The name of a built-in mapping; or send the mapping as a file in a part of this name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  mapping?: string;

  /** The organ that receives the cases; the mapping names one otherwise. */
  @IsOptional()
  @IsUUID()
  organId?: string;

  /** `true`: judge every row and store no case. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  dryRun?: boolean;
}

export class ListImportsQuery extends ListQuery {}

export const rejectFormats = ['json', 'csv'] as const;
export type RejectFormat = (typeof rejectFormats)[number];

export class ListRejectsQuery extends ListQuery {
  /** `json` answers page by page, `csv` all of them as a file. */
  @IsOptional()
  @IsIn(rejectFormats)
  format: RejectFormat = 'json';
}
