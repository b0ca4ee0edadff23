import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { CaseFilesService } from './casefiles.service.js';
import { AllegationView, CaseFileView, HistoryPage } from './dto/case-file.view.js';
import { HistoryQuery } from './dto/history.dto.js';

@Controller('cases')
export class CaseFilesController {
  constructor(private readonly files: CaseFilesService) {}

  /** The whole of a case, as far as you may see it. */
  @Get(':id')
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<CaseFileView> {
    return this.files.get(actor, id);
  }

  /** The allegations of a case. */
  @Get(':id/allegations')
  allegations(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<AllegationView[]> {
    return this.files.allegations(actor, id);
  }

  /** The case's own audit trail in words, the oldest entry first, each with what proves it. */
  @Get(':id/history')
  history(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: HistoryQuery,
  ): Promise<HistoryPage> {
    return this.files.historyPage(actor, id, query);
  }
}

@Controller('allegations')
export class AllegationFilesController {
  constructor(private readonly files: CaseFilesService) {}

  /** One allegation with its facts, subjects and findings. */
  @Get(':id')
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<AllegationView> {
    return this.files.allegation(actor, id);
  }
}
