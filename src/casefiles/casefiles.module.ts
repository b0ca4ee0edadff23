import { Module } from '@nestjs/common';
import { AllegationFilesController, CaseFilesController } from './casefiles.controller.js';
import { CaseFilesService } from './casefiles.service.js';
import { VaultModule } from '../vault/vault.module.js';

@Module({
  imports: [VaultModule],
  controllers: [CaseFilesController, AllegationFilesController],
  providers: [CaseFilesService],
  exports: [CaseFilesService],
})
export class CaseFilesModule {}
