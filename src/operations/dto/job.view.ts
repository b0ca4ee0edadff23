import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../../common/pages.js';
import { jobStates, type JobState } from './job.dto.js';

/** What the queue knows of a job. What it is about and why it failed stay out: both may name a case or a person. */
export interface JobRow {
  readonly id: string;
  readonly task: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly createdAt: Date;
  readonly runAt: Date;
  readonly startedAt: Date | null;
}

/** A job in the background, without what it is about. */
export class JobView {
  /** A number: it is the queue's own. */
  id: string;
  /** What kind of work it is. */
  task: string;
  /** FAILED: it was tried and failed, and is tried again at `runAt`. */
  @ApiProperty({ enum: jobStates })
  state: JobState;
  attempts: number;
  maxAttempts: number;
  createdAt: string;
  /** Not begun before that. */
  runAt: string;
  /** Since when a process has been at it. */
  startedAt: string | null;

  static of({ createdAt, runAt, startedAt, ...row }: JobRow): JobView {
    return Object.assign(new JobView(), row, {
      createdAt: createdAt.toISOString(),
      runAt: runAt.toISOString(),
      startedAt: startedAt?.toISOString() ?? null,
    });
  }
}

export class JobPage implements Page<JobView> {
  items: JobView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

/** What is done every hour or minute. */
export class RegularWorkView {
  task: string;
  @ApiProperty({ enum: ['HOUR', 'MINUTE'] })
  every: 'HOUR' | 'MINUTE';
  /** When it was last queued; null: not since the program was installed. */
  lastQueuedAt: string | null;
}
