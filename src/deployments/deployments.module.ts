import { Module } from '@nestjs/common';
import { AttachmentFiles } from './attachment-files.js';
import { AttachmentsService } from './attachments.service.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { RequestsService } from './requests.service.js';

@Module({
  controllers: [DeploymentsController],
  providers: [DeploymentsService, RequestsService, DeploymentProcedure, AttachmentsService, AttachmentFiles],
  exports: [DeploymentsService],
})
export class DeploymentsModule {}
