import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { Needs } from '../http/needs.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { DecisionsService } from './decisions.service.js';
import { ApproveDto, AssessDto, RefusalQuery, ReturnDto } from './dto/decision.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import { RefusalView } from './dto/refusal.view.js';
import { OpinionsService } from './opinions.service.js';
import { RefusalsService } from './refusals.service.js';

@Controller('deployments')
export class DeploymentDecisionsController {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly opinions: OpinionsService,
    private readonly refusals: RefusalsService,
  ) {}

  /** Asks the legal section for its opinion. From level L2 on it is wanted without asking. */
  @Post(':id/request-opinion')
  @Needs('request-opinion', 'Deployment')
  @HttpCode(200)
  requestOpinion(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<DeploymentDeedView> {
    return this.opinions.requestOpinion(actor, id, version, reason);
  }

  /** Gives the opinion of the legal section. */
  @Post(':id/assess')
  @Needs('assess', 'Deployment')
  @HttpCode(200)
  assess(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: AssessDto,
  ): Promise<DeploymentDeedView> {
    return this.opinions.assess(actor, id, version, dto);
  }

  /** Steps aside as an approver because of an interest of one's own. A colleague decides, or the level above. */
  @Post(':id/declare-conflict')
  @Needs('declare-conflict', 'Deployment')
  @HttpCode(200)
  declareConflict(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<DeploymentDeedView> {
    return this.opinions.declareConflict(actor, id, version, reason);
  }

  /** Signs an approval. From level L2 on it takes the signatures of two persons. */
  @Post(':id/approve')
  @Needs('approve', 'Deployment')
  @HttpCode(200)
  approve(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ApproveDto,
  ): Promise<DeploymentDeedView> {
    return this.decisions.approve(actor, id, version, 'approve', dto);
  }

  /** Signs an approval for standing by only: police are near to stop violence, and take no part. */
  @Post(':id/stand-by')
  @Needs('stand-by', 'Deployment')
  @HttpCode(200)
  standBy(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ApproveDto,
  ): Promise<DeploymentDeedView> {
    return this.decisions.approve(actor, id, version, 'stand-by', dto);
  }

  /** Refuses it. */
  @Post(':id/refuse')
  @Needs('refuse', 'Deployment')
  @HttpCode(200)
  refuse(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<DeploymentDeedView> {
    return this.decisions.refuse(actor, id, version, reason);
  }

  /** Returns it to the requester for completion. */
  @Post(':id/return')
  @Needs('return', 'Deployment')
  @HttpCode(200)
  return(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReturnDto,
  ): Promise<DeploymentDeedView> {
    return this.decisions.return(actor, id, version, dto);
  }

  /** Asks the organ above the one that refused to look at it again. Once. */
  @Post(':id/request-review')
  @Needs('request-review', 'Deployment')
  @HttpCode(200)
  requestReview(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<DeploymentDeedView> {
    return this.opinions.requestReview(actor, id, version, reason);
  }

  /** The refusal, to be handed out: why, by which article, and which door is the right one. */
  @Get(':id/refusal')
  @ApiOkResponse({ type: RefusalView })
  @Needs('read', 'Deployment')
  @RecordsRead((_: unknown, { params }) => ({
    type: 'deployment.refusal-printed',
    stream: params['id'] as string,
    target: { kind: 'deployment', id: params['id'] as string },
  }))
  refusal(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: RefusalQuery,
  ): Promise<RefusalView | StreamableFile> {
    return this.refusals.print(actor, id, query);
  }
}
