import { Module, type DynamicModule } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { OfficersModule } from '../officers/officers.module.js';
import { OrgansModule } from '../organs/organs.module.js';
import { CaseWriter } from './case-writer.js';
import { ImportCommand } from './import-command.js';
import { ImportEngine } from './import-engine.js';
import { ImportJob } from './import-job.js';
import { ImportOrgans } from './import-organs.js';
import { ImportRuns } from './import-runs.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';
import { ReceiveUpload, UPLOAD_LIMIT } from './upload.js';
import { UploadedFiles } from './uploaded-files.js';

@Module({})
export class ImportsModule {
  static with(config: { uploadLimit: number }): DynamicModule {
    return {
      module: ImportsModule,
      imports: [OrgansModule, OfficersModule, IntakeModule],
      controllers: [ImportsController],
      providers: [
        ImportsService,
        ImportEngine,
        ImportJob,
        ImportCommand,
        ImportRuns,
        ImportOrgans,
        CaseWriter,
        UploadedFiles,
        ReceiveUpload,
        { provide: UPLOAD_LIMIT, useValue: config.uploadLimit },
      ],
    };
  }
}
