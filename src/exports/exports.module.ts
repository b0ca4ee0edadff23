import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { CaseFilesModule } from '../casefiles/casefiles.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { CaseExportController } from './case-export.controller.js';
import { CaseExportService } from './case-export.service.js';
import { CaseListJob } from './case-list.job.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

@Module({
  imports: [AuthModule, IntakeModule, CaseFilesModule],
  controllers: [CaseExportController, ExportsController],
  providers: [CaseExportService, ExportsService, CaseListJob],
  exports: [CaseExportService],
})
export class ExportsModule {}
