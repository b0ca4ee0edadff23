import { PartialType } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ListQuery, ToBoolean } from '../../common/pages.js';
import { IsLegalDate } from '../../common/validators.js';
import {
  deploymentStatuses,
  operations,
  type DeploymentStatus,
  type Operation,
} from '../deployment.states.js';
import { outcomes, type Outcome } from '../judgement.js';
import { requesterTypes, type RequesterType } from '../request.js';
import { DeploymentRequestDto } from './deployment-request.dto.js';

/** A request for police, first as a draft. */
export class CreateDeploymentDto extends DeploymentRequestDto {
  /** Whose police are asked for; absent: those of the organ in which you are granted to ask, when it is one. */
  @IsOptional() @IsUUID() organId?: string;
}

/** What changes of a draft. A member that is left out stays as it is; one that is sent replaces what was there. */
export class UpdateDeploymentDto extends PartialType(DeploymentRequestDto) {}

export class ListDeploymentsQuery extends ListQuery {
  @IsOptional() @IsIn(deploymentStatuses) status?: DeploymentStatus;
  @IsOptional() @IsIn(operations) operation?: Operation;

  /** Police of this organ or one under it. */
  @IsOptional() @IsUUID() organId?: string;

  /** Taking place on this day in China, wholly or in part. */
  @IsOptional() @IsLegalDate() day?: string;

  @IsOptional() @IsIn(outcomes) outcome?: Outcome;

  /** With a hit on this entry of the list of non-police activities. */
  @IsOptional() @Matches(/^NP\d\d$/, { message: 'npCode must be written like NP01' }) npCode?: string;

  @IsOptional() @IsIn(requesterTypes) requesterType?: RequesterType;

  /** Claims this duty of 警察法 6. @example "2" */
  @IsOptional()
  @Matches(/^([1-9]|1[0-4])$/, { message: 'duty must be the number of a duty, 1 to 14' })
  duty?: string;

  /** Submitted on this day in China or later. */
  @IsOptional() @IsLegalDate() submittedFrom?: string;

  /** Submitted on this day in China or before. */
  @IsOptional() @IsLegalDate() submittedTo?: string;

  /** Refused, also where a review is asked for or was in vain. */
  @IsOptional() @ToBoolean() @IsBoolean() refused?: boolean;

  /** An emergency whose request was filed too late. */
  @IsOptional() @ToBoolean() @IsBoolean() late?: boolean;

  /** Its after-action record is signed. */
  @IsOptional() @ToBoolean() @IsBoolean() reported?: boolean;

  /** Approved against this warning, or (OUTCOME) against the outcome of the duty test. */
  @IsOptional()
  @Matches(/^[A-Z][A-Z0-9_]{1,31}$/, { message: 'override must be the code of a warning, or OUTCOME' })
  override?: string;

  /** Sent before they were asked for. */
  @IsOptional() @ToBoolean() @IsBoolean() emergency?: boolean;

  /** A request after an emergency, a paper to an oral order or an after-action record has not come in time. */
  @IsOptional() @ToBoolean() @IsBoolean() overdue?: boolean;

  /** Made by you. */
  @IsOptional() @ToBoolean() @IsBoolean() mine?: boolean;

  /** Waiting for you: to decide, to give an opinion, to complete, to report. */
  @IsOptional() @ToBoolean() @IsBoolean() waiting?: boolean;

  /** The reference, or words of purpose, tasks or place. */
  @IsOptional() @IsString() @MinLength(2) @MaxLength(200) q?: string;
}
