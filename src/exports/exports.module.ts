import { Module, type DynamicModule } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { BundleLog } from './bundle-log.js';
import { CaseBundleJob } from './case-bundle.job.js';
import { BUNDLE_PATIENCE, CaseBundleService } from './case-bundle.service.js';
import { CaseExportController } from './case-export.controller.js';
import { CaseExportService } from './case-export.service.js';
import { CaseListJob } from './case-list.job.js';
import { ExportWork } from './export-work.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

const PATIENCE_MS = 30_000;

@Module({})
export class ExportsModule {
  static with(log: DynamicModule, caseFiles: DynamicModule): DynamicModule {
    return {
      module: ExportsModule,
      imports: [log, IntakeModule, caseFiles],
      controllers: [CaseExportController, ExportsController],
      providers: [
        { provide: BUNDLE_PATIENCE, useValue: PATIENCE_MS },
        BundleLog,
        CaseExportService,
        CaseBundleService,
        CaseBundleJob,
        CaseListJob,
        ExportsService,
        ExportWork,
      ],
      exports: [CaseExportService, CaseBundleService],
    };
  }
}
