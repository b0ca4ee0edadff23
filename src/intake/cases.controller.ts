import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { AllegationsService } from './allegations.service.js';
import { RecordMeasureDto } from './dto/measure.dto.js';
import { RecordedMeasureView } from './dto/measure.view.js';
import { MeasuresService } from './measures.service.js';
import { CasesService } from './cases.service.js';
import { AllegationDto, UpdateAllegationDto } from './dto/allegation.dto.js';
import { CreateCaseDto, ListCasesQuery } from './dto/case.dto.js';
import { CaseDeedView, CasePage, RegisteredAllegationView, RegisteredCaseView } from './dto/case.view.js';
import { AcceptDto, DeclineDto, MergeDto, ReasonDto, TransferDto } from './dto/deeds.dto.js';
import { RegistrationService } from './registration.service.js';
import { TriageService } from './triage.service.js';

@Controller('cases')
export class CasesController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly cases: CasesService,
    private readonly triage: TriageService,
    private readonly allegations: AllegationsService,
  ) {}

  /** The cases that you may see, newest first. */
  @Get()
  @Needs('read', 'Case')
  @RecordsSearch('cases')
  list(@CurrentActor() actor: Actor, @Query() query: ListCasesQuery): Promise<CasePage> {
    return this.cases.list(actor, query);
  }

  /** Registers what arrived. */
  @Post()
  @Needs('create', 'Case')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateCaseDto): Promise<RegisteredCaseView> {
    return this.registration.create(actor, dto);
  }

  /** Adds an allegation to a case whose report is not in yet. */
  @Post(':id/allegations')
  @Needs('update', 'Case')
  addAllegation(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: AllegationDto,
  ): Promise<RegisteredAllegationView> {
    return this.allegations.add(actor, id, dto);
  }

  /** Accepts a registered case after triage. */
  @Post(':id/accept')
  @Needs('accept', 'Case')
  @HttpCode(200)
  accept(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: AcceptDto,
  ): Promise<CaseDeedView> {
    return this.triage.accept(actor, id, version, dto);
  }

  /** Does not accept a registered case. */
  @Post(':id/decline')
  @Needs('decline', 'Case')
  @HttpCode(200)
  decline(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: DeclineDto,
  ): Promise<CaseDeedView> {
    return this.triage.decline(actor, id, version, dto);
  }

  /** Hands a registered case to the organ that is competent. */
  @Post(':id/transfer')
  @Needs('transfer', 'Case')
  @HttpCode(200)
  transfer(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: TransferDto,
  ): Promise<CaseDeedView> {
    return this.triage.transfer(actor, id, version, dto);
  }

  /** Takes a transferred case back after the other organ refused it. */
  @Post(':id/reclaim')
  @Needs('reclaim', 'Case')
  @HttpCode(200)
  reclaim(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.triage.reclaim(actor, id, version, dto);
  }

  /** Joins a registered case to another one, in which it is handled from now on. */
  @Post(':id/merge')
  @Needs('merge', 'Case')
  @HttpCode(200)
  merge(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: MergeDto,
  ): Promise<CaseDeedView> {
    return this.triage.merge(actor, id, version, dto);
  }
}

@Controller('allegations')
export class AllegationsController {
  constructor(
    private readonly allegations: AllegationsService,
    private readonly measures: MeasuresService,
  ) {}

  /** Records that an urgent measure was taken, or why it was not. */
  @Post(':id/measures')
  @Needs('record-measure', 'Case')
  recordMeasure(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: RecordMeasureDto,
  ): Promise<RecordedMeasureView> {
    return this.measures.record(actor, id, dto);
  }

  /** Completes or corrects an allegation of a case whose report is not in yet. */
  @Patch(':id')
  @Needs('update', 'Case')
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: UpdateAllegationDto,
  ): Promise<RegisteredAllegationView> {
    return this.allegations.update(actor, id, version, dto);
  }
}
