import { Module } from '@nestjs/common';
import { DeploymentsModule } from '../deployments/deployments.module.js';
import { AllegationFilesController, CaseFilesController } from './casefiles.controller.js';
import { CaseFilesService } from './casefiles.service.js';
import { DeploymentHistoryController } from './deployment-history.controller.js';
import { VaultModule } from '../vault/vault.module.js';

@Module({
  imports: [DeploymentsModule, VaultModule],
  controllers: [CaseFilesController, AllegationFilesController, DeploymentHistoryController],
  providers: [CaseFilesService],
  exports: [CaseFilesService],
})
export class CaseFilesModule {}
