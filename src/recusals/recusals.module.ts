import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { InvestigationsModule } from '../investigations/investigations.module.js';
import { RecusalSweep } from './recusal-sweep.job.js';
import { CaseRecusalsController, RecusalsController } from './recusals.controller.js';
import { RecusalsService } from './recusals.service.js';

@Module({
  imports: [IntakeModule, InvestigationsModule],
  controllers: [CaseRecusalsController, RecusalsController],
  providers: [RecusalsService, RecusalSweep],
})
export class RecusalsModule {}
