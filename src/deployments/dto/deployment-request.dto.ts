import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, Nested, NestedList, NotBlank } from '../../common/validators.js';
import {
  activityTypes,
  disputeKinds,
  requesterTypes,
  riskLevels,
  taskCodes,
  weaponLevels,
  type ActivityType,
  type DeploymentRequest,
  type DisputeKind,
  type RequesterType,
  type RiskLevel,
  type TaskCode,
  type WeaponLevel,
} from '../request.js';
import { AfterStart, IsArticleOfLaw, PlausibleForce } from '../request-checks.js';

const TEXT = 4000;

/** A list of short texts. */
const Texts = (count: number, length: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(count),
    IsString({ each: true }),
    MaxLength(length, { each: true }),
  );

/** The paper on which police are asked for. */
export class RequestDocumentDto {
  @IsOptional() @IsString() @MaxLength(200) number?: string | null;
  @IsOptional() @IsString() @MaxLength(500) title?: string | null;
}

/** Who asks for police. */
export class RequesterDto {
  @IsString() @MinLength(1) @NotBlank() @MaxLength(200) name: string;

  /** GOVERNMENT is another spelling of PARTY_OR_GOVERNMENT. */
  @IsIn(requesterTypes) type: RequesterType;

  @IsOptional() @IsUUID() organId?: string | null;
  @IsOptional() @IsString() @MaxLength(500) contact?: string | null;
  @IsOptional() @Nested(() => RequestDocumentDto) document?: RequestDocumentDto | null;

  /** Who signed the written request. */
  @IsOptional() @IsString() @MaxLength(200) signedBy?: string | null;
}

/** One thing that police will actually do. */
export class TaskDto {
  @IsIn(taskCodes) code: TaskCode;

  /** In words; they outweigh the code. */
  @IsOptional() @IsString() @MaxLength(TEXT) text?: string | null;
}

/** Who and what is sent. */
export class ForceDto {
  @IsInt() @Min(0) @Max(20_000) officers: number;
  @IsOptional() @IsInt() @Min(0) @Max(20_000) auxiliaries?: number | null;
  @IsOptional() @IsInt() @Min(0) @Max(5_000) vehicles?: number | null;
  @IsOptional() @IsIn(weaponLevels) weapons?: WeaponLevel | null;
  @IsOptional() @IsBoolean() bodyCameras?: boolean | null;
  @IsOptional() @Texts(50, 200) units?: string[] | null;
  @IsOptional() @IsInt() @Min(0) @Max(1000) dogs?: number | null;
  @IsOptional() @IsInt() @Min(0) @Max(1000) drones?: number | null;
  @IsOptional() @Texts(50, 200) equipment?: string[] | null;
  @IsOptional() @IsBoolean() uniformed?: boolean | null;
}

/** The law on which the request stands. */
export class ClaimedLawDto {
  /** Duties claimed, by their numbers in 警察法 6. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(14)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(14, { each: true })
  duties?: number[] | null;

  /** Law and article, such as `警察法 6`. A local notice may be named; it is no law. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @IsArticleOfLaw({ each: true })
  @MaxLength(200, { each: true })
  @IsString({ each: true })
  articles?: string[] | null;

  @IsOptional() @IsString() @MaxLength(500) leadAgency?: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) leadAgencyBasis?: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) assistanceDocument?: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) whyNotOwnStaff?: string | null;
}

/** Where police stop. */
export class LimitsDto {
  @IsOptional() @IsString() @MaxLength(TEXT) stopConditions?: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) forbiddenActs?: string | null;
  @IsOptional() @IsString() @MaxLength(200) commander?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) medical?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) interpreter?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) videoPlan?: string | null;
}

/** What police would get for it. */
export class DeploymentMoneyDto {
  @IsOptional() @Nested(() => MoneyDto) fee?: MoneyDto | null;
  @IsOptional() @IsBoolean() meals?: boolean | null;
  @IsOptional() @IsString() @MaxLength(500) sponsor?: string | null;
  @IsOptional() @IsString() @MaxLength(500) payer?: string | null;
}

/** A request for police. */
export class DeploymentRequestDto implements DeploymentRequest {
  @Nested(() => RequesterDto) requester: RequesterDto;

  @IsString() @MinLength(1) @NotBlank() @MaxLength(TEXT) purpose: string;
  @IsOptional() @IsIn(activityTypes) activityType?: ActivityType | null;
  @IsString() @MinLength(1) @NotBlank() @MaxLength(500) place: string;
  @IsInstant() startsAt: string;
  @AfterStart() @IsInstant() endsAt: string;
  @IsOptional() @IsInt() @Min(0) @Max(100_000_000) expectedPeople?: number | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(disputeKinds.length)
  @ArrayUnique()
  @IsIn(disputeKinds, { each: true })
  disputes?: DisputeKind[] | null;

  @IsOptional() @IsIn(riskLevels) riskLevel?: RiskLevel | null;
  @IsOptional() @IsBoolean() opposingPartiesPresent?: boolean | null;

  /** Numbers of the papers of a court or an agency on which it stands. */
  @IsOptional() @Texts(30, 200) documentNumbers?: string[] | null;

  /** Life, safety or a crime in progress. */
  @IsOptional() @IsBoolean() lifeOrCrimeAtStake?: boolean | null;

  /** What police will actually do. */
  @ArrayMinSize(1) @ArrayMaxSize(50) @NestedList(() => TaskDto) tasks: TaskDto[];

  @PlausibleForce() @Nested(() => ForceDto) force: ForceDto;
  @IsOptional() @Nested(() => ClaimedLawDto) law?: ClaimedLawDto | null;
  @IsOptional() @Nested(() => LimitsDto) limits?: LimitsDto | null;
  @IsOptional() @Nested(() => DeploymentMoneyDto) money?: DeploymentMoneyDto | null;
}
