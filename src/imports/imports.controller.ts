import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Query,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { CreateImportDto, ListImportsQuery, ListRejectsQuery } from './dto/import.dto.js';
import { ImportPage, ImportView, RejectPage } from './dto/import.view.js';
import { ImportsService } from './imports.service.js';
import { ReceivedUpload, ReceiveUpload, type Upload } from './upload.js';

@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  /** Imports files through a mapping, as multipart/form-data with the files in parts named `files`. A job does it. */
  @Post()
  @Needs('create', 'Import')
  @HttpCode(202)
  @UseInterceptors(ReceiveUpload)
  request(
    @CurrentActor() actor: Actor,
    @Body() dto: CreateImportDto,
    @ReceivedUpload() upload: Upload,
  ): Promise<ImportView> {
    return this.imports.request(actor, dto, upload);
  }

  /** Your imports, the newest first. */
  @Get()
  @Needs('read', 'Import')
  list(@CurrentActor() actor: Actor, @Query() query: ListImportsQuery): Promise<ImportPage> {
    return this.imports.list(actor, query);
  }

  /** One of your imports, how far it is, and its summary once it is done. */
  @Get(':id')
  @Needs('read', 'Import')
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<ImportView> {
    return this.imports.get(actor, id);
  }

  /** The rows that were not accepted, each with its number and the reason. */
  @Get(':id/rejects')
  @Needs('read', 'Import')
  rejects(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: ListRejectsQuery,
  ): Promise<RejectPage | StreamableFile> {
    return this.imports.rejects(actor, id, query);
  }
}
