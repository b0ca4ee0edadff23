import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { VaultModule } from '../vault/vault.module.js';
import { CaseIdentitiesController, IdentityRequestsController } from './identities.controller.js';
import { IdentitiesService } from './identities.service.js';

/** Who may know a reporter who confided in the organ. */
@Module({
  imports: [IntakeModule, VaultModule],
  controllers: [CaseIdentitiesController, IdentityRequestsController],
  providers: [IdentitiesService],
})
export class IdentitiesModule {}
