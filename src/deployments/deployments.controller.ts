import {
  Body,
  Controller,
  Get,
  HttpCode,
  Patch,
  Post,
  Query,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Actor } from '../access/actor.js';
import type { AuditEvent } from '../audit/events.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { Needs } from '../http/needs.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { Received, ReceiveAttachment, type ReceivedFile } from './attachment-upload.js';
import { AttachmentsService } from './attachments.service.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import { CreateDeploymentDto, ListDeploymentsQuery, UpdateDeploymentDto } from './dto/deployment.dto.js';
import { AttachmentView, DeploymentDeedView, DeploymentPage, DeploymentView } from './dto/deployment.view.js';
import { CheckView, PrecedentsView, type PrecedentView } from './dto/precedent.view.js';
import { RequestsService } from './requests.service.js';

/** Who was shown which earlier requests; one event, as of a list. */
const precedentsShown = (userId: string, precedents: readonly PrecedentView[]): AuditEvent => ({
  type: 'search.run',
  stream: userId,
  target: { kind: 'list', id: 'precedents' },
  values: { list: 'precedents', question: {}, found: precedents.map(({ id }) => id) },
  data: { count: precedents.length },
});

@Controller('deployments')
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly requests: RequestsService,
    private readonly attachments: AttachmentsService,
  ) {}

  /**
   * Is it police work? The duty test as a dry run, with precedents and the requester's record: nothing of it is kept,
   * nothing is decided.
   */
  @Post('check')
  @Needs('check', 'Deployment')
  @RecordsRead(({ precedents }: CheckView, _request, { userId }) => precedentsShown(userId, precedents))
  @HttpCode(200)
  check(@CurrentActor() actor: Actor, @Body() dto: DeploymentRequestDto): Promise<CheckView> {
    return this.deployments.check(actor, dto);
  }

  /** The requests for police that you may see, the newest first. */
  @Get()
  @Needs('read', 'Deployment')
  @RecordsSearch('deployments')
  list(@CurrentActor() actor: Actor, @Query() query: ListDeploymentsQuery): Promise<DeploymentPage> {
    return this.deployments.list(actor, query);
  }

  /** Drafts a request for police. It gets its number at once. */
  @Post()
  @Needs('create', 'Deployment')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateDeploymentDto): Promise<DeploymentDeedView> {
    return this.requests.create(actor, dto);
  }

  /** A request with its test, steps and after-action record, as far as you may see it. */
  @Get(':id')
  @Needs('read', 'Deployment')
  @RecordsRead(({ id, redacted, version }: DeploymentView) => ({
    type: 'deployment.read',
    stream: id,
    target: { kind: 'deployment', id, rev: version },
    values: { redacted },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<DeploymentView> {
    return this.deployments.get(actor, id);
  }

  /** The most similar earlier requests with what became of them, and the requester's record. */
  @Get(':id/precedents')
  @Needs('read', 'Deployment')
  @RecordsRead(({ precedents }: PrecedentsView, _request, { userId }) => precedentsShown(userId, precedents))
  precedents(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<PrecedentsView> {
    return this.deployments.precedentsOf(actor, id);
  }

  /** Changes a draft, or what was returned for completion. A member that is sent replaces what was there. */
  @Patch(':id')
  @Needs('update', 'Deployment')
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: UpdateDeploymentDto,
  ): Promise<DeploymentDeedView> {
    return this.requests.update(actor, id, version, dto);
  }

  /** Submits it. The duty test runs by the rules of the day of the deployment, and its whole answer is kept. */
  @Post(':id/submit')
  @Needs('submit', 'Deployment')
  @HttpCode(200)
  submit(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
  ): Promise<DeploymentDeedView> {
    return this.requests.submit(actor, id, version);
  }

  /** Withdraws it, as long as no police went. */
  @Post(':id/withdraw')
  @Needs('withdraw', 'Deployment')
  @HttpCode(200)
  withdraw(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<DeploymentDeedView> {
    return this.requests.withdraw(actor, id, version, reason);
  }

  /** Attaches a file of at most 50 MB, as multipart/form-data with one part named `file`. It is hashed as it arrives. */
  @Post(':id/attachments')
  @Needs('update', 'Deployment')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @UseInterceptors(ReceiveAttachment)
  attach(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Received() file: ReceivedFile,
  ): Promise<AttachmentView> {
    return this.attachments.attach(actor, id, file);
  }

  /** A file as it arrived. */
  @Get(':id/attachments/:attachmentId/content')
  @Needs('read', 'Deployment')
  @RecordsRead((_: StreamableFile, { params }) => ({
    type: 'deployment.attachment-read',
    stream: params['id'] as string,
    target: { kind: 'attachment', id: params['attachmentId'] as string },
  }))
  content(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IdParam('attachmentId') attachmentId: string,
  ): Promise<StreamableFile> {
    return this.attachments.content(actor, id, attachmentId);
  }
}
