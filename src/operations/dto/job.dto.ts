import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { NotBlank } from '../../common/validators.js';

/** A job that is done is gone; these are the others. */
export const jobStates = ['RUNNING', 'WAITING', 'FAILED'] as const;
export type JobState = (typeof jobStates)[number];

export class ListJobsQuery extends ListQuery {
  @IsOptional()
  @IsIn(jobStates)
  state?: JobState;

  /** Its kind, as `task` of the list names it. */
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,60}$/, { message: 'task must be a name of small letters, digits and hyphens' })
  task?: string;
}

export class RetryJobDto {
  /** Why it is not left to its own time; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}
