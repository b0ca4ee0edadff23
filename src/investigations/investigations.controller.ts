import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { CaseDeedView } from '../intake/dto/case.view.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import {
  AssignInvestigatorDto,
  ExtendDto,
  FileDto,
  FindingDto,
  ListCandidatesQuery,
  RecordDefenceDto,
  ReportDto,
  ReturnReportDto,
  ServeNoticeDto,
  StartInvestigationDto,
  SuspendDto,
  WithdrawInvestigatorDto,
} from './dto/investigation.dto.js';
import { AssignmentView, CandidatePage, RecordedFindingView } from './dto/investigation.view.js';
import { CandidatesService } from './candidates.service.js';
import { FindingsService } from './findings.service.js';
import { HearingService } from './hearing.service.js';
import { InvestigationsService } from './investigations.service.js';
import { InvestigatorsService } from './investigators.service.js';

@Controller('cases')
export class InvestigationsController {
  constructor(
    private readonly investigations: InvestigationsService,
    private readonly hearing: HearingService,
    private readonly investigators: InvestigatorsService,
    private readonly candidates: CandidatesService,
  ) {}

  /** Who could be assigned: investigators of the organ who need not keep away from the case, by name. */
  @Get(':id/investigators/candidates')
  @Needs('assign', 'Case')
  listCandidates(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: ListCandidatesQuery,
  ): Promise<CandidatePage> {
    return this.candidates.list(actor, id, query);
  }

  /** Assigns an investigator. The first one leads unless another is named. */
  @Post(':id/investigators')
  @Needs('assign', 'Case')
  assign(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: AssignInvestigatorDto,
  ): Promise<AssignmentView> {
    return this.investigators.assign(actor, id, dto);
  }

  /** Withdraws an investigator from the case. */
  @Post(':id/investigators/withdraw')
  @Needs('assign', 'Case')
  @HttpCode(200)
  withdraw(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: WithdrawInvestigatorDto,
  ): Promise<AssignmentView> {
    return this.investigators.withdraw(actor, id, dto);
  }

  /** Starts the preliminary inquiry; two investigators have to be assigned. */
  @Post(':id/start-preliminary')
  @Needs('start-preliminary', 'Case')
  @HttpCode(200)
  startPreliminary(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.investigations.startPreliminary(actor, id, version, dto);
  }

  /** Gives the legal opinion that closing without a case wants. */
  @Post(':id/legal-opinion')
  @Needs('legal-opinion', 'Case')
  @HttpCode(200)
  legalOpinion(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.hearing.legalOpinion(actor, id, version, dto);
  }

  /** Closes after the preliminary inquiry, without a case being filed. */
  @Post(':id/close-without-case')
  @Needs('close-without-case', 'Case')
  @HttpCode(200)
  closeWithoutCase(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.investigations.closeWithoutCase(actor, id, version, dto);
  }

  /** Files the case; the limit of six months begins (处分条例 44). */
  @Post(':id/file')
  @Needs('file', 'Case')
  @HttpCode(200)
  file(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: FileDto,
  ): Promise<CaseDeedView> {
    return this.investigations.file(actor, id, version, dto);
  }

  /** Starts the investigation. */
  @Post(':id/start-investigation')
  @Needs('start-investigation', 'Case')
  @HttpCode(200)
  start(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: StartInvestigationDto,
  ): Promise<CaseDeedView> {
    return this.investigations.start(actor, id, version, dto);
  }

  /** Suspends the investigation. The limit of the decision goes on. */
  @Post(':id/suspend')
  @Needs('suspend', 'Case')
  @HttpCode(200)
  suspend(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: SuspendDto,
  ): Promise<CaseDeedView> {
    return this.investigations.suspend(actor, id, version, dto);
  }

  /** Goes on with a suspended investigation. */
  @Post(':id/resume')
  @Needs('resume', 'Case')
  @HttpCode(200)
  resume(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.investigations.resume(actor, id, version, dto);
  }

  /** Extends the limit of the decision. */
  @Post(':id/extend')
  @Needs('extend', 'Case')
  @HttpCode(200)
  extend(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ExtendDto,
  ): Promise<CaseDeedView> {
    return this.investigations.extend(actor, id, version, dto);
  }

  /** Submits the report of the investigation. */
  @Post(':id/report')
  @Needs('report', 'Case')
  @HttpCode(200)
  report(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReportDto,
  ): Promise<CaseDeedView> {
    return this.investigations.report(actor, id, version, dto);
  }

  /** Returns the report with its defects. */
  @Post(':id/return')
  @Needs('return', 'Case')
  @HttpCode(200)
  return(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReturnReportDto,
  ): Promise<CaseDeedView> {
    return this.hearing.return(actor, id, version, dto);
  }

  /** Records that the facts and the proposed basis were put to the subject. */
  @Post(':id/serve-notice')
  @Needs('serve-notice', 'Case')
  @HttpCode(200)
  serveNotice(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ServeNoticeDto,
  ): Promise<CaseDeedView> {
    return this.hearing.serveNotice(actor, id, version, dto);
  }

  /** Records what the subject said to it, and the answer. */
  @Post(':id/record-defence')
  @Needs('record-defence', 'Case')
  @HttpCode(200)
  recordDefence(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: RecordDefenceDto,
  ): Promise<CaseDeedView> {
    return this.hearing.recordDefence(actor, id, version, dto);
  }

  /** Records the legal review of report and defence. */
  @Post(':id/legal-review')
  @Needs('legal-review', 'Case')
  @HttpCode(200)
  legalReview(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReasonDto,
  ): Promise<CaseDeedView> {
    return this.hearing.legalReview(actor, id, version, dto);
  }
}

@Controller('allegations')
export class FindingsController {
  constructor(private readonly findings: FindingsService) {}

  /** Records the recommended or the final finding of an allegation. */
  @Post(':id/findings')
  @Needs(['recommend-finding', 'record-final-finding'], 'Case')
  record(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: FindingDto,
  ): Promise<RecordedFindingView> {
    return this.findings.record(actor, id, dto);
  }
}
