import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ListQuery, ToBoolean } from '../../common/pages.js';
import { IsInstant, Nested, NestedList, NotBlank } from '../../common/validators.js';
import { channels, reporterKinds, type Channel, type ReporterKind } from '../case.entity.js';
import { caseStatuses, type CaseStatus } from '../case.states.js';
import { allegationCategories, type AllegationCategory } from '../categories.js';
import { AllegationDto } from './allegation.dto.js';

/** Who reported. An anonymous reporter has no name and no contact here. */
export class ReporterDto {
  @IsIn(reporterKinds)
  kind: ReporterKind;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  contact?: string | null;

  /** Who they are, where a member of the police reports. Known to those only who may know the reporter. */
  @IsOptional()
  @IsUUID()
  officerId?: string | null;
}

export class CreateCaseDto {
  @IsIn(channels.filter((channel) => channel !== 'IMPORT'))
  channel: Exclude<Channel, 'IMPORT'>;

  @IsInstant()
  receivedAt: string;

  @IsUUID()
  receivingOrganId: string;

  @Nested(() => ReporterDto)
  reporter: ReporterDto;

  /** The words as received. They are never changed. */
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(100_000)
  statement: string;

  @NestedList(() => AllegationDto)
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  allegations: AllegationDto[];
}

export class ListCasesQuery extends ListQuery {
  @IsOptional()
  @IsIn(allegationCategories)
  category?: AllegationCategory;

  @IsOptional()
  @IsIn(caseStatuses)
  status?: CaseStatus;

  /** Handled by this organ or one under it. */
  @IsOptional()
  @IsUUID()
  organId?: string;

  /** With an allegation against this officer. */
  @IsOptional()
  @IsUUID()
  officerId?: string;

  @IsOptional()
  @IsIn(channels)
  channel?: Channel;

  /** Received at this instant or later. */
  @IsOptional()
  @IsInstant()
  receivedFrom?: string;

  /** Received before this instant. */
  @IsOptional()
  @IsInstant()
  receivedTo?: string;

  /** Investigated by this user now. */
  @IsOptional()
  @IsUUID()
  assignedTo?: string;

  /** `true`: past the day on which the decision is due, and not decided. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  overdue?: boolean;

  /** The reference, or words of the statement where you may read it. */
  @IsOptional()
  @IsString()
  @MinLength(2)
  @MaxLength(200)
  q?: string;
}
