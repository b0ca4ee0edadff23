import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { AskIdentityDto, ListIdentityRequestsQuery, ReleaseIdentityDto } from './dto/identity-request.dto.js';
import { IdentityRequestPage, IdentityRequestView, IdentityView } from './dto/identity-request.view.js';
import { IdentitiesService } from './identities.service.js';

@Controller('cases')
export class CaseIdentitiesController {
  constructor(private readonly identities: IdentitiesService) {}

  /** Asks the custodian who reported in confidence. For an investigator of the case. */
  @Post(':id/identity-requests')
  @Needs('ask-identity', 'Case')
  ask(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: AskIdentityDto,
  ): Promise<IdentityRequestView> {
    return this.identities.ask(actor, id, dto);
  }
}

@Controller('identity-requests')
export class IdentityRequestsController {
  constructor(private readonly identities: IdentitiesService) {}

  /** Who asked for whose identity and what the custodian said, newest first. */
  @Get()
  @Needs('read-identity-requests', 'Case')
  @RecordsSearch('identity-requests')
  list(
    @CurrentActor() actor: Actor,
    @Query() query: ListIdentityRequestsQuery,
  ): Promise<IdentityRequestPage> {
    return this.identities.list(actor, query);
  }

  /** Lets the one who asked know the reporter, for a limited time. */
  @Post(':id/release')
  @Needs('decide-identity', 'Case')
  @HttpCode(200)
  release(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ReleaseIdentityDto,
  ): Promise<IdentityRequestView> {
    return this.identities.release(actor, id, dto);
  }

  /** Refuses; the refusal stays, whatever is asked later. */
  @Post(':id/refuse')
  @Needs('decide-identity', 'Case')
  @HttpCode(200)
  refuse(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ReasonDto,
  ): Promise<IdentityRequestView> {
    return this.identities.refuse(actor, id, dto);
  }

  /** Ends a release before its time. */
  @Post(':id/withdraw')
  @Needs('decide-identity', 'Case')
  @HttpCode(200)
  withdraw(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ReasonDto,
  ): Promise<IdentityRequestView> {
    return this.identities.withdraw(actor, id, dto);
  }

  /** Who reported, for the one to whom it was released and as long as that holds. */
  @Get(':id/identity')
  @Needs('read-identity', 'Case')
  @RecordsRead(({ caseId, requestId, given }: IdentityView) => ({
    type: 'identity.read',
    stream: caseId,
    target: { kind: 'identity-request', id: requestId },
    values: { given },
    data: { release: requestId },
  }))
  read(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<IdentityView> {
    return this.identities.read(actor, id);
  }
}
