import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { InvestigationsModule } from '../investigations/investigations.module.js';
import { DecisionsService } from './decisions.service.js';
import { DecisionsController, SanctionsController } from './sanctions.controller.js';
import { SanctionsService } from './sanctions.service.js';

@Module({
  imports: [IntakeModule, InvestigationsModule],
  controllers: [DecisionsController, SanctionsController],
  providers: [DecisionsService, SanctionsService],
  exports: [SanctionsService],
})
export class SanctionsModule {}
