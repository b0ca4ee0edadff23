import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { CandidatesService } from './candidates.service.js';
import { FindingsService } from './findings.service.js';
import { HearingService } from './hearing.service.js';
import { FindingsController, InvestigationsController } from './investigations.controller.js';
import { InvestigationsService } from './investigations.service.js';
import { InvestigatorsService } from './investigators.service.js';

@Module({
  imports: [IntakeModule],
  controllers: [InvestigationsController, FindingsController],
  providers: [
    InvestigationsService,
    HearingService,
    InvestigatorsService,
    FindingsService,
    CandidatesService,
  ],
  exports: [FindingsService, InvestigatorsService],
})
export class InvestigationsModule {}
