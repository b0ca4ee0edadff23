import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { CaseErasuresController, ErasuresController } from './erasures.controller.js';
import { ErasuresService } from './erasures.service.js';

@Module({
  imports: [IntakeModule],
  controllers: [CaseErasuresController, ErasuresController],
  providers: [ErasuresService],
})
export class ErasuresModule {}
