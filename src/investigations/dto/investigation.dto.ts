import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { IsLegalDate, NestedList, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { findingOutcomes, findingStages, type FindingOutcome, type FindingStage } from '../finding.entity.js';

export class ListCandidatesQuery extends ListQuery {
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

export class AssignInvestigatorDto {
  @IsUUID()
  userId: string;

  /** The lead signs the report; a case has one. */
  @IsOptional()
  @IsBoolean()
  lead?: boolean;
}

export class WithdrawInvestigatorDto extends ReasonDto {
  @IsUUID()
  userId: string;
}

export class FactorDto {
  /** L1-L7 mitigate, A1-A7 aggravate. */
  @Matches(/^[LA][1-7]$/, { message: 'code must be L1 to L7 or A1 to A7' })
  code: string;

  /** What proves it: there is no such circumstance without proof. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  proof: string;
}

export class FindingDto {
  @IsIn(findingStages)
  stage: FindingStage;

  @IsIn(findingOutcomes)
  outcome: FindingOutcome;

  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(10_000)
  reason: string;

  @IsOptional()
  @NestedList(() => FactorDto)
  @ArrayMaxSize(20)
  mitigating?: FactorDto[];

  @IsOptional()
  @NestedList(() => FactorDto)
  @ArrayMaxSize(20)
  aggravating?: FactorDto[];
}

export class FileDto extends ReasonDto {
  /** The day on which the agency head approved the filing on paper; today when left out. */
  @IsOptional()
  @IsLegalDate()
  filedOn?: string;
}

export class StartInvestigationDto extends ReasonDto {
  /** The plan of the investigation. */
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  plan?: string;
}

export const suspensionGrounds = [
  'CRIMINAL_CASE',
  'JUDGMENT_AWAITED',
  'SUBJECT_CANNOT_ATTEND',
  'FORCE_MAJEURE',
] as const;
export type SuspensionGround = (typeof suspensionGrounds)[number];

export class SuspendDto extends ReasonDto {
  @IsIn(suspensionGrounds)
  ground: SuspensionGround;
}

export class ExtendDto extends ReasonDto {
  /** The new day by which a decision is due: at most twelve months after the filing (处分条例 44). */
  @IsLegalDate()
  until: string;
}

export class ReportDto extends ReasonDto {
  /** Another investigator of the case, who signs with the lead. */
  @IsUUID()
  secondSignerId: string;
}

export class ReturnReportDto extends ReasonDto {
  /** What is wrong with the report. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MinLength(3, { each: true })
  @NotBlank({ each: true })
  @MaxLength(2000, { each: true })
  defects: string[];
}

export class ServeNoticeDto extends ReasonDto {
  /** The day on which the facts and the proposed basis were put to the subject. */
  @IsLegalDate()
  servedOn: string;

  /** How it was served, and what proves it. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  proof: string;
}

export class DefencePointDto {
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(4000)
  point: string;

  @IsBoolean()
  adopted: boolean;

  /** Why it is adopted or not. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(4000)
  why: string;
}

export class RecordDefenceDto extends ReasonDto {
  @IsLegalDate()
  heardOn: string;

  /** What the subject said; left out when they declined. */
  @IsOptional()
  @IsString()
  @MaxLength(50_000)
  statement?: string;

  /** True when the subject said nothing although asked. */
  @IsBoolean()
  declined: boolean;

  /** The answer to each point of the defence. */
  @IsOptional()
  @NestedList(() => DefencePointDto)
  @ArrayMaxSize(100)
  points?: DefencePointDto[];
}

export const closingFindings: readonly FindingOutcome[] = [
  'NOT_SUBSTANTIATED',
  'UNTRUE',
  'LAWFUL_CONDUCT',
  'MINOR_FLAW',
  'MALICIOUS_REPORT',
  'REFERRED',
  'TERMINATED',
];
