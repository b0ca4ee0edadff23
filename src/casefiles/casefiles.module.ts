import { Module, type DynamicModule } from '@nestjs/common';
import { DeploymentsModule } from '../deployments/deployments.module.js';
import { AllegationFilesController, CaseFilesController } from './casefiles.controller.js';
import { CaseFilesService } from './casefiles.service.js';
import { DeploymentHistoryController } from './deployment-history.controller.js';
import { VaultModule } from '../vault/vault.module.js';

@Module({})
export class CaseFilesModule {
  /** @param log where an entry of a history stands in it */
  static with(log: DynamicModule): DynamicModule {
    return {
      module: CaseFilesModule,
      imports: [log, DeploymentsModule, VaultModule],
      controllers: [CaseFilesController, AllegationFilesController, DeploymentHistoryController],
      providers: [CaseFilesService],
      exports: [CaseFilesService],
    };
  }
}
