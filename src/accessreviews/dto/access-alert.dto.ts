import { IsIn, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { IsLegalDate, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { alertKinds, alertVerdicts, type AlertKind, type AlertVerdict } from '../access-alert.entity.js';

export const alertStates = ['OPEN', 'ANSWERED', 'CLOSED'] as const;
export type AlertState = (typeof alertStates)[number];

export class ListAlertsQuery extends ListQuery {
  @IsOptional()
  @IsIn(alertKinds)
  kind?: AlertKind;

  /** Whose reading it is about. */
  @IsOptional()
  @IsUUID()
  userId?: string;

  @IsOptional()
  @IsUUID()
  caseId?: string;

  /** The day of law on which was read. */
  @IsOptional()
  @IsLegalDate()
  day?: string;

  @IsOptional()
  @IsIn(alertStates)
  state?: AlertState;
}

export class OwnAlertsQuery extends ListQuery {
  @IsOptional()
  @IsIn(alertStates)
  state?: AlertState;
}

export class AnswerDto {
  /** Why you looked. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(4000)
  answer: string;
}

export class CloseAlertDto extends ReasonDto {
  @IsIn(alertVerdicts)
  verdict: AlertVerdict;
}
