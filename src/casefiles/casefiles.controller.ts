import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { CaseFilesService } from './casefiles.service.js';
import { AllegationView, CaseFileView, HistoryPage } from './dto/case-file.view.js';
import { CaseHistoryQuery } from './dto/history.dto.js';

@Controller('cases')
export class CaseFilesController {
  constructor(private readonly files: CaseFilesService) {}

  /** The whole of a case, as far as you may see it. */
  @Get(':id')
  @Needs('read', 'Case')
  @RecordsRead(({ id, redacted, version }: CaseFileView) => ({
    type: 'case.read',
    stream: id,
    target: { kind: 'case', id, rev: version },
    values: { redacted },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<CaseFileView> {
    return this.files.get(actor, id);
  }

  /** The allegations of a case. */
  @Get(':id/allegations')
  @Needs('read', 'Case')
  @RecordsRead((found: AllegationView[], { params }) => ({
    type: 'allegation.read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { allegations: found.map(({ id }) => id) },
  }))
  allegations(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<AllegationView[]> {
    return this.files.allegations(actor, id);
  }

  /** The case's own audit trail in words, the oldest entry first, each with what proves it. */
  @Get(':id/history')
  @Needs('read', 'Case')
  @RecordsRead(({ items }: HistoryPage, { params }) => ({
    type: 'case.history-read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { from: items[0]?.seq ?? null, to: items.at(-1)?.seq ?? null },
  }))
  history(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: CaseHistoryQuery,
  ): Promise<HistoryPage> {
    return this.files.historyPage(actor, id, query);
  }
}

@Controller('allegations')
export class AllegationFilesController {
  constructor(private readonly files: CaseFilesService) {}

  /** One allegation with its facts, subjects and findings. */
  @Get(':id')
  @Needs('read', 'Case')
  @RecordsRead(({ id, caseId, version }: AllegationView) => ({
    type: 'allegation.read',
    stream: caseId,
    target: { kind: 'allegation', id, rev: version },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<AllegationView> {
    return this.files.allegation(actor, id);
  }
}
