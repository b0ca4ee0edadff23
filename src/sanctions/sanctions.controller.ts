import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { CaseDeedView } from '../intake/dto/case.view.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { DecisionsService } from './decisions.service.js';
import {
  DecideDto,
  DecideSanctionDto,
  ListSanctionsQuery,
  ProposeSanctionDto,
  ReopenDto,
  ServeDecisionDto,
  ServeSanctionDto,
} from './dto/sanction.dto.js';
import { SanctionPage, SanctionView } from './dto/sanction.view.js';
import { SanctionsService } from './sanctions.service.js';

@Controller('cases')
export class DecisionsController {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly sanctions: SanctionsService,
  ) {}

  /** Proposes a sanction against an officer whom a substantiated allegation is about. */
  @Post(':id/sanctions')
  @Needs('propose-sanction', 'Case')
  propose(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ProposeSanctionDto,
  ): Promise<SanctionView> {
    return this.sanctions.propose(actor, id, dto);
  }

  /** Records the leadership meeting and its decision. Proposed sanctions are decided with it. */
  @Post(':id/decide')
  @Needs('decide', 'Case')
  @HttpCode(200)
  decide(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: DecideDto,
  ): Promise<CaseDeedView> {
    return this.decisions.decide(actor, id, version, dto);
  }

  /** Records that the decision was served on the subject and the unit. */
  @Post(':id/serve-decision')
  @Needs('serve-decision', 'Case')
  @HttpCode(200)
  serve(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ServeDecisionDto,
  ): Promise<CaseDeedView> {
    return this.decisions.serve(actor, id, version, dto);
  }

  /** Closes a case whose decision was served. */
  @Post(':id/close')
  @Needs('close', 'Case')
  @HttpCode(200)
  close(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.decisions.close(actor, id, version, dto);
  }

  /** Opens a closed case again. */
  @Post(':id/reopen')
  @Needs('reopen', 'Case')
  @HttpCode(200)
  reopen(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReopenDto,
  ): Promise<CaseDeedView> {
    return this.decisions.reopen(actor, id, version, dto);
  }
}

@Controller('sanctions')
export class SanctionsController {
  constructor(private readonly sanctions: SanctionsService) {}

  /** The sanctions of the cases that you may see, and your own once decided; newest first. */
  @Get()
  @Needs('read', 'Sanction')
  @RecordsSearch('sanctions')
  list(@CurrentActor() actor: Actor, @Query() query: ListSanctionsQuery): Promise<SanctionPage> {
    return this.sanctions.list(actor, query);
  }

  /** One sanction. */
  @Get(':id')
  @Needs('read', 'Sanction')
  @RecordsRead(({ id, caseId, version }: SanctionView) => ({
    type: 'sanction.read',
    stream: caseId,
    target: { kind: 'sanction', id, rev: version },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<SanctionView> {
    return this.sanctions.get(actor, id);
  }

  /** Follows a proposal or refuses it, before the case is decided. */
  @Post(':id/decide')
  @Needs('decide', 'Sanction')
  @HttpCode(200)
  decide(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: DecideSanctionDto,
  ): Promise<SanctionView> {
    return this.sanctions.decide(actor, id, version, dto);
  }

  /** Records that the officer received the decided sanction. */
  @Post(':id/serve')
  @Needs('serve', 'Sanction')
  @HttpCode(200)
  serve(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ServeSanctionDto,
  ): Promise<SanctionView> {
    return this.sanctions.serve(actor, id, version, dto);
  }
}
