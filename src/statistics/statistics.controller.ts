import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { Needs } from '../http/needs.js';
import { StatisticsQuery } from './dto/statistics.dto.js';
import { StatisticsView } from './dto/statistics.view.js';
import { StatisticsService } from './statistics.service.js';

/** Each look at the figures is in the reader's own stream, with the question. */
const RecordsFigures = (): MethodDecorator =>
  RecordsRead((_: unknown, { query }, actor) => ({
    type: 'search.run',
    stream: actor.userId,
    target: { kind: 'list', id: 'case-statistics' },
    values: { list: 'case-statistics', question: { ...query } },
  }));

@Controller('statistics')
export class StatisticsController {
  constructor(private readonly service: StatisticsService) {}

  /** Figures of the cases that you may count, month by month. Small numbers are hidden. */
  @Get()
  @Needs('read-figures', 'Case')
  @RecordsFigures()
  statistics(@CurrentActor() actor: Actor, @Query() query: StatisticsQuery): Promise<StatisticsView> {
    return this.service.statistics(actor, query);
  }

  /** The same figures as one table. */
  @Get('csv')
  @Needs('read-figures', 'Case')
  @RecordsFigures()
  @ApiOkResponse({
    description: 'The file',
    content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
  })
  csv(@CurrentActor() actor: Actor, @Query() query: StatisticsQuery): Promise<StreamableFile> {
    return this.service.csv(actor, query);
  }
}
