import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { AccountabilityJob } from './accountability.job.js';
import { AccountabilityService } from './accountability.service.js';
import { AttachmentFiles } from './attachment-files.js';
import { AttachmentsService } from './attachments.service.js';
import { DeploymentDecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { DelegationsController } from './delegations.controller.js';
import { DelegationCandidatesService } from './delegation-candidates.service.js';
import { DelegationsService } from './delegations.service.js';
import { DeploymentProcedure } from './deployment-procedure.service.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsService } from './deployments.service.js';
import { EmergenciesService } from './emergencies.service.js';
import { DeploymentFiguresController } from './figures.controller.js';
import { FiguresService } from './figures.service.js';
import { ObjectionsService } from './objections.service.js';
import { OpinionsService } from './opinions.service.js';
import { PrecedentWordsJob } from './precedent-words.job.js';
import { PrecedentsService } from './precedents.service.js';
import { RefusalsService } from './refusals.service.js';
import { RequestsService } from './requests.service.js';
import { DeploymentSceneController } from './scene.controller.js';
import { SceneService } from './scene.service.js';

@Module({
  imports: [IntakeModule],
  // These first: their routes without an id must not be taken for an id.
  controllers: [
    DeploymentFiguresController,
    DeploymentSceneController,
    DeploymentsController,
    DeploymentDecisionsController,
    DelegationsController,
  ],
  providers: [
    AccountabilityService,
    AccountabilityJob,
    DeploymentsService,
    PrecedentsService,
    PrecedentWordsJob,
    RequestsService,
    DeploymentProcedure,
    AttachmentsService,
    AttachmentFiles,
    DecisionsService,
    OpinionsService,
    RefusalsService,
    DelegationsService,
    DelegationCandidatesService,
    EmergenciesService,
    SceneService,
    ObjectionsService,
    FiguresService,
  ],
  exports: [DeploymentsService],
})
export class DeploymentsModule {}
