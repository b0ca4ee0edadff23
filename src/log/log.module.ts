import { Module, type DynamicModule } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { EntriesService } from './entries.service.js';
import { LogMetrics } from './log-metrics.js';
import { LogService } from './log.service.js';
import { LogVerificationJob } from './log-verification.job.js';
import { POLICY_FILE, PolicyFile } from './policy-file.js';
import { QuarantinesService } from './quarantines.service.js';
import { TrailCheckJob } from './trail-check.job.js';
import { TrailChecksService } from './trail-checks.service.js';
import { VerificationService } from './verification.service.js';

/** What the application knows of the log. The sealer is a process of its own. */
@Module({})
export class LogModule {
  static with(place: { policyFile: string }, health: DynamicModule): DynamicModule {
    return {
      module: LogModule,
      imports: [health],
      controllers: [AuditController],
      providers: [
        { provide: POLICY_FILE, useValue: place.policyFile },
        PolicyFile,
        LogService,
        EntriesService,
        QuarantinesService,
        VerificationService,
        LogVerificationJob,
        TrailChecksService,
        TrailCheckJob,
        LogMetrics,
      ],
      exports: [LogService, PolicyFile, LogVerificationJob],
    };
  }
}
