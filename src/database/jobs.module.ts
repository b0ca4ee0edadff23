import { Global, Module, type DynamicModule } from '@nestjs/common';
import { HeldWork } from './held-work.js';
import { JOBS_RUN, JobsService } from './jobs.service.js';

@Global()
@Module({})
export class JobsModule {
  /** @param run whether this process does jobs, or only queues them */
  static with(run: boolean): DynamicModule {
    return {
      module: JobsModule,
      providers: [JobsService, HeldWork, { provide: JOBS_RUN, useValue: run }],
      exports: [JobsService, HeldWork],
    };
  }
}
