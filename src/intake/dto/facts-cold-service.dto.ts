import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsInstant } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport } from './facts-shared.dto.js';

export const serviceSettings = ['WINDOW', 'PHONE', 'SCENE', 'VISIT', 'ONLINE'] as const;
export type ServiceSetting = (typeof serviceSettings)[number];

export const coldBehaviours = [
  'RUDE',
  'IGNORED',
  'SENT_AWAY',
  'PASSED_AROUND',
  'DELAYED',
  'EXTRA_PAPERS',
  'LEAKED',
  'PETTY_FAVOUR',
  'REFUSED_TO_RECEIVE_A_REPORT',
] as const;
export type ColdBehaviour = (typeof coldBehaviours)[number];

/** Facts of cold service or petty extortion (冷硬横推、吃拿卡要). */
export class ColdServiceFacts extends CommonFacts {
  /** Where the citizen turned to police. */
  @DemandedBeforeReport() @IsOptional() @IsIn(serviceSettings) setting?: ServiceSetting;

  /** What the citizen asked for. */
  @DemandedBeforeReport() @IsOptional() @IsString() @MaxLength(4000) requestMade?: string;

  /** Whether that was police work. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() requestInDuty?: boolean;

  /** How the citizen was treated. */
  @DemandedBeforeReport()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(9)
  @ArrayUnique()
  @IsIn(coldBehaviours, { each: true })
  behaviour?: ColdBehaviour[];

  /** How often the citizen had to come. */
  @IsOptional() @IsInt() @Min(0) @Max(1000) timesVisited?: number;

  /** Legal time limit of the service, in days. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) legalTimeLimit?: number;

  /** Days that it took, counted like the limit. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) actualDays?: number;

  /** Number of the service, ticket or call. */
  @IsOptional() @IsString() @MaxLength(200) serviceNo?: string;

  /** Number of the recording in its system. */
  @IsOptional() @IsString() @MaxLength(200) recordingId?: string;

  /** What came of it for the citizen. */
  @IsOptional() @IsString() @MaxLength(4000) outcomeForTheCitizen?: string;

  /** Whether somebody apologised. */
  @IsOptional() @IsBoolean() apologyMade?: boolean;

  /** When the citizen's business was done after all. */
  @IsOptional() @IsInstant() serviceDoneAt?: string;

  /** The citizen's rating before, from 1 to 5. */
  @IsOptional() @IsInt() @Min(1) @Max(5) ratingBefore?: number;

  /** The citizen's rating after, from 1 to 5. */
  @IsOptional() @IsInt() @Min(1) @Max(5) ratingAfter?: number;
}
