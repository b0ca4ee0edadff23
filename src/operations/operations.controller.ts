import { Body, Controller, Get, HttpCode, Param, Post, Query, type PipeTransform } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { invalidInput } from '../common/errors.js';
import { CurrentActor } from '../http/current-actor.js';
import { Needs } from '../http/needs.js';
import { OperationsHealthView } from './dto/health.view.js';
import { ListJobsQuery, RetryJobDto } from './dto/job.dto.js';
import { JobPage, JobView, RegularWorkView } from './dto/job.view.js';
import { OperationsHealthService } from './health.service.js';
import { QueueService } from './queue.service.js';

class JobIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (/^\d{1,18}$/.test(value)) return value;
    throw invalidInput([{ pointer: 'id', message: 'id must be the number of a job' }]);
  }
}

@Controller('operations')
export class OperationsController {
  constructor(
    private readonly queue: QueueService,
    private readonly health: OperationsHealthService,
  ) {}

  /** How the program and its trail are, in numbers. */
  @Get('health')
  @Needs('read', 'Operation')
  readHealth(@CurrentActor() actor: Actor): Promise<OperationsHealthView> {
    return this.health.read(actor);
  }

  /** The jobs that are not done, the newest first: kind, state, times and attempts, never what they are about. */
  @Get('jobs')
  @Needs('read', 'Operation')
  listJobs(@CurrentActor() actor: Actor, @Query() query: ListJobsQuery): Promise<JobPage> {
    return this.queue.list(actor, query);
  }

  /** What is done every hour or minute, and when it last was. */
  @Get('regular-work')
  @Needs('read', 'Operation')
  listRegularWork(@CurrentActor() actor: Actor): Promise<RegularWorkView[]> {
    return this.queue.regular(actor);
  }

  /** Has a job that failed begun again at once. */
  @Post('jobs/:id/retry')
  @Needs('retry', 'Operation')
  @HttpCode(200)
  retryJob(
    @CurrentActor() actor: Actor,
    @Param('id', new JobIdPipe()) id: string,
    @Body() { reason }: RetryJobDto,
  ): Promise<JobView> {
    return this.queue.retry(actor, id, reason);
  }
}
