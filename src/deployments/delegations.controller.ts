import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { ListQuery } from '../common/pages.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { Needs } from '../http/needs.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { DelegationCandidatesService } from './delegation-candidates.service.js';
import { DelegationsService } from './delegations.service.js';
import {
  CreateDelegationDto,
  DelegationCandidatePage,
  DelegationPage,
  DelegationView,
  ListDelegationCandidatesQuery,
} from './dto/delegation.dto.js';

@Controller('deployment-delegations')
export class DelegationsController {
  constructor(
    private readonly delegations: DelegationsService,
    private readonly candidates: DelegationCandidatesService,
  ) {}

  /** Delegations made by you or to you, and for auditors those of their organs; the newest first. */
  @Get()
  @Needs('read', 'DeploymentDelegation')
  list(@CurrentActor() actor: Actor, @Query() query: ListQuery): Promise<DelegationPage> {
    return this.delegations.list(actor, query);
  }

  /** Who could be your deputy: those who approve or serve in your organ or under it, by name. */
  @Get('candidates')
  @Needs('list-candidates', 'DeploymentDelegation')
  listCandidates(
    @CurrentActor() actor: Actor,
    @Query() query: ListDelegationCandidatesQuery,
  ): Promise<DelegationCandidatePage> {
    return this.candidates.list(actor, query);
  }

  /** Makes somebody your deputy as approver for some days. */
  @Post()
  @Needs('create', 'DeploymentDelegation')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateDelegationDto): Promise<DelegationView> {
    return this.delegations.create(actor, dto);
  }

  /** Ends it before its last day. */
  @Post(':id/revoke')
  @Needs('revoke', 'DeploymentDelegation')
  @HttpCode(200)
  revoke(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() { reason }: ReasonDto,
  ): Promise<DelegationView> {
    return this.delegations.revoke(actor, id, reason);
  }
}
