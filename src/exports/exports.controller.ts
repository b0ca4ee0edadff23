import { Body, Controller, Get, Post, Query, StreamableFile } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { AnswersFile, asFile } from './download.js';
import { CreateExportDto, ListExportsQuery } from './dto/export.dto.js';
import { ExportPage, ExportView } from './dto/export.view.js';
import { ExportsService } from './exports.service.js';

@Controller('exports')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  /**
   * Asks for an export of the cases that match and that you may export, or for the bundle that proves one case to an
   * outsider. A job makes it.
   */
  @Post()
  @Needs('create', 'Export')
  request(@CurrentActor() actor: Actor, @Body() dto: CreateExportDto): Promise<ExportView> {
    return this.exports.request(actor, dto);
  }

  /** Your exports, the newest first. */
  @Get()
  @Needs('read', 'Export')
  list(@CurrentActor() actor: Actor, @Query() query: ListExportsQuery): Promise<ExportPage> {
    return this.exports.list(actor, query);
  }

  /**
   * The page that verifies a bundle in a browser, without a network. Whoever distrusts this installation takes it from
   * somewhere else.
   */
  @Get('verifier')
  @Needs('read', 'Export')
  @AnswersFile('text/html')
  async verifier(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    return asFile(await this.exports.verifier(actor));
  }

  /** One of your exports, and how far it is. */
  @Get(':id')
  @Needs('read', 'Export')
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<ExportView> {
    return this.exports.get(actor, id);
  }

  /** The finished file. Each download is recorded before it begins. */
  @Get(':id/download')
  @Needs('download', 'Export')
  @AnswersFile('application/x-ndjson', 'text/csv', 'application/zip', 'application/octet-stream')
  async download(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<StreamableFile> {
    return asFile(await this.exports.download(actor, id));
  }
}
