import { Module, type DynamicModule } from '@nestjs/common';
import { OperationsHealthService } from './health.service.js';
import { QueueService } from './queue.service.js';
import { OperationsController } from './operations.controller.js';

/** What whoever runs the program looks at: its jobs and its health, without anything of a case. */
@Module({})
export class OperationsModule {
  static with(log: DynamicModule): DynamicModule {
    return {
      module: OperationsModule,
      imports: [log],
      controllers: [OperationsController],
      providers: [QueueService, OperationsHealthService],
    };
  }
}
