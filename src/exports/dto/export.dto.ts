import { OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { Nested, NotBlank } from '../../common/validators.js';
import { ListCasesQuery } from '../../intake/dto/case.dto.js';
import { exportFormats, exportKinds, type ExportFormat, type ExportKind } from '../export-run.entity.js';

/** Blanks around a text are no text. */
const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

export const caseFormats = ['json', 'csv', 'pdf'] as const;
export type CaseFormat = (typeof caseFormats)[number];

export class ExportCaseQuery {
  @IsIn(caseFormats)
  format: CaseFormat;

  /** What it is for; it goes into the trail of the case. */
  @IsOptional()
  @Trimmed()
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(500)
  purpose?: string;
}

/** Which cases: as in the list of cases. Those that you may not export are left out. */
export class ExportFilterDto extends OmitType(ListCasesQuery, ['limit', 'cursor', 'count']) {
  /** The case of a CASE_BUNDLE, and nothing else beside it. */
  @IsOptional()
  @IsUUID()
  caseId?: string;
}

export class CreateExportDto {
  @IsIn(exportKinds, {
    message:
      'kind must be CASE_LIST or CASE_BUNDLE. AUDIT_EXTRACT and STATISTICS are not offered yet; for the history of one case use GET /cases/{id}/export',
  })
  kind: ExportKind;

  @IsOptional()
  @Nested(() => ExportFilterDto)
  filter?: ExportFilterDto | null;

  /**
   * `json`: one case a line with its whole history (NDJSON). `csv`: one row for each allegation and subject. `zip`:
   * a CASE_BUNDLE, which proves the history of one case to somebody outside.
   */
  @IsIn(exportFormats)
  format: ExportFormat;

  /** Who gets it and what for; it goes into your trail. */
  @Trimmed()
  @IsString()
  @MinLength(10)
  @NotBlank()
  @MaxLength(500)
  purpose: string;

  /** A CASE_BUNDLE is encrypted to this age recipient. @example "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p" */
  @IsOptional()
  @Matches(/^age1[02-9ac-hj-np-z]{58}$/, { message: 'recipient must be an age recipient (age1…)' })
  recipient?: string;
}

export class ListExportsQuery extends ListQuery {}
