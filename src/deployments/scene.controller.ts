import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsSearch } from '../audit/recorded-reads.js';
import { ListQuery } from '../common/pages.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { Needs } from '../http/needs.js';
import { CompleteDto, DeviationDto, DispatchDto, ObjectionDto, SignOffDto } from './dto/after.dto.js';
import { DeploymentDeedView } from './dto/deployment.view.js';
import { EmergencyDto, PaperDto } from './dto/emergency.dto.js';
import { DeviationView, DeploymentNoticePage, ObjectionPage, ObjectionView } from './dto/scene.view.js';
import { EmergenciesService } from './emergencies.service.js';
import { ObjectionsService } from './objections.service.js';
import { SceneService } from './scene.service.js';

/** What police do, and what follows. Stands before the routes with an id in their place. */
@Controller('deployments')
export class DeploymentSceneController {
  constructor(
    private readonly emergencies: EmergenciesService,
    private readonly scene: SceneService,
    private readonly objections: ObjectionsService,
  ) {}

  /** Records police who went at once. The request for them has to be completed and submitted within 24 hours. */
  @Post('emergencies')
  @Needs('send-at-once', 'Deployment')
  send(@CurrentActor() actor: Actor, @Body() dto: EmergencyDto): Promise<DeploymentDeedView> {
    return this.emergencies.send(actor, dto);
  }

  /** Objections to orders: your own, and as the organ above those of officers under you. */
  @Get('objections')
  @Needs('read', 'DeploymentObjection')
  @RecordsSearch('deployment-objections')
  listObjections(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<ObjectionPage> {
    return this.objections.list(actor, query);
  }

  /** What heads and auditors should look at: organs that filed three emergencies of a quarter too late. */
  @Get('notices')
  @Needs('read', 'DeploymentNotice')
  notices(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<DeploymentNoticePage> {
    return this.objections.notices(actor, query);
  }

  /** Records the paper to an oral order. */
  @Post(':id/record-paper')
  @Needs('record-paper', 'Deployment')
  @HttpCode(200)
  recordPaper(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: PaperDto,
  ): Promise<DeploymentDeedView> {
    return this.emergencies.recordPaper(actor, id, version, dto);
  }

  /** Sends police to what was approved. */
  @Post(':id/dispatch')
  @Needs('dispatch', 'Deployment')
  @HttpCode(200)
  dispatch(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: DispatchDto,
  ): Promise<DeploymentDeedView> {
    return this.scene.dispatch(actor, id, version, dto);
  }

  /** Reports that something else is done on the scene than was approved; the duty test runs on it. */
  @Post(':id/report-deviation')
  @Needs('report-deviation', 'Deployment')
  @HttpCode(200)
  deviate(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: DeviationDto,
  ): Promise<DeviationView> {
    return this.scene.deviate(actor, id, version, dto);
  }

  /** Says that it is over. The after-action record is due within 24 hours. */
  @Post(':id/complete')
  @Needs('complete', 'Deployment')
  @HttpCode(200)
  complete(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: CompleteDto,
  ): Promise<DeploymentDeedView> {
    return this.scene.complete(actor, id, version, dto);
  }

  /** Signs the after-action record. */
  @Post(':id/sign-off')
  @Needs('sign-off', 'Deployment')
  @HttpCode(200)
  signOff(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: SignOffDto,
  ): Promise<DeploymentDeedView> {
    return this.scene.signOff(actor, id, version, dto);
  }

  /** Objects to the order, as an officer who was sent. Whoever gave it reads nothing of it (警察法 33). */
  @Post(':id/object')
  @Needs('object', 'Deployment')
  object(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() { text }: ObjectionDto,
  ): Promise<ObjectionView> {
    return this.objections.object(actor, id, text);
  }
}
