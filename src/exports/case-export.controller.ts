import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { CaseExportService } from './case-export.service.js';
import { AnswersFile, asFile } from './download.js';
import { ExportCaseQuery } from './dto/export.dto.js';

@Controller('cases')
export class CaseExportController {
  constructor(private readonly exports: CaseExportService) {}

  /** The whole history of one case as a file, as far as you may see it. The export itself becomes part of it. */
  @Get(':id/export')
  @Needs('export', 'Case')
  @AnswersFile('application/json', 'text/csv', 'application/pdf')
  async export(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: ExportCaseQuery,
  ): Promise<StreamableFile> {
    return asFile(await this.exports.export(actor, id, query));
  }
}
