import { Module } from '@nestjs/common';
import { AttachmentFiles } from './attachment-files.js';
import { AttachmentsService } from './attachments.service.js';
import { DeploymentDecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { DelegationsController } from './delegations.controller.js';
import { DelegationsService } from './delegations.service.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { OpinionsService } from './opinions.service.js';
import { RefusalsService } from './refusals.service.js';
import { RequestsService } from './requests.service.js';

@Module({
  controllers: [DeploymentsController, DeploymentDecisionsController, DelegationsController],
  providers: [
    DeploymentsService,
    RequestsService,
    DeploymentProcedure,
    AttachmentsService,
    AttachmentFiles,
    DecisionsService,
    OpinionsService,
    RefusalsService,
    DelegationsService,
  ],
  exports: [DeploymentsService],
})
export class DeploymentsModule {}
