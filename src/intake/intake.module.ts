import { Module } from '@nestjs/common';
import { AllegationsService } from './allegations.service.js';
import { AllegationsController, CasesController } from './cases.controller.js';
import { MeasuresService } from './measures.service.js';
import { CasesService } from './cases.service.js';
import { ProcedureService } from './procedure.service.js';
import { RegistrationService } from './registration.service.js';
import { TriageService } from './triage.service.js';
import { VaultModule } from '../vault/vault.module.js';

@Module({
  imports: [VaultModule],
  controllers: [CasesController, AllegationsController],
  providers: [
    RegistrationService,
    CasesService,
    TriageService,
    AllegationsService,
    ProcedureService,
    MeasuresService,
  ],
  exports: [RegistrationService, CasesService, AllegationsService, ProcedureService],
})
export class IntakeModule {}
