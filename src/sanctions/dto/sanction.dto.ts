import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { IsLegalDate, Nested, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { sanctionKinds, tracks, type SanctionKind, type Track } from '../sanction.entity.js';
import { sanctionStatuses, type SanctionStatus } from '../sanction.states.js';

export class ProposeSanctionDto extends ReasonDto {
  @IsUUID()
  officerId: string;

  @IsIn(tracks)
  track: Track;

  @IsIn(sanctionKinds)
  kind: SanctionKind;

  /** The substantiated allegations for which it is. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  allegationIds: string[];

  /** The articles on which it rests. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MinLength(2, { each: true })
  @NotBlank({ each: true })
  @MaxLength(200, { each: true })
  basis: string[];
}

export class ServeSanctionDto extends ReasonDto {
  @IsLegalDate()
  servedOn: string;
}

export const decisionOutcomes = ['SANCTION', 'EXEMPT', 'WITHDRAWN', 'REFER'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];

/** The leadership meeting that decides. There is no decision without its minutes. */
export class MeetingDto {
  @IsLegalDate()
  heldOn: string;

  /** Names or offices of those who were there. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  attendees: string[];

  /** Who stepped out because of a conflict of interest. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  recused?: string[];

  /** The votes, or that there was consensus. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  vote?: string;

  @IsString()
  @MinLength(10)
  @NotBlank()
  @MaxLength(100_000)
  minutes: string;
}

export class DecideSanctionDto extends ReasonDto {
  /** Whether the meeting follows the proposal. */
  @IsIn(['DECIDED', 'REFUSED'])
  outcome: 'DECIDED' | 'REFUSED';

  /** The meeting that decided on it. */
  @Nested(() => MeetingDto)
  meeting: MeetingDto;
}

export class DecideDto extends ReasonDto {
  @IsIn(decisionOutcomes)
  outcome: DecisionOutcome;

  @Nested(() => MeetingDto)
  meeting: MeetingDto;
}

export class ServeDecisionDto extends ReasonDto {
  /** The day on which the subject received the decision. */
  @IsLegalDate()
  servedOn: string;
}

export const reopeningGrounds = ['NEW_EVIDENCE', 'HIGHER_ORGAN', 'CHANGED_JUDGMENT'] as const;
export type ReopeningGround = (typeof reopeningGrounds)[number];

export class ReopenDto extends ReasonDto {
  @IsIn(reopeningGrounds)
  ground: ReopeningGround;
}

export class ListSanctionsQuery extends ListQuery {
  @IsOptional()
  @IsUUID()
  officerId?: string;

  @IsOptional()
  @IsIn(sanctionStatuses)
  status?: SanctionStatus;

  @IsOptional()
  @IsIn(sanctionKinds)
  kind?: SanctionKind;
}
