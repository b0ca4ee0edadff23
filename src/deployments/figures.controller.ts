import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { Needs } from '../http/needs.js';
import { FiguresQuery, PeriodQuery } from './dto/figures.dto.js';
import { CalendarView, DeploymentFiguresView } from './dto/figures.view.js';
import { FiguresService } from './figures.service.js';

/** Stands before the routes with an id in their place. */
@Controller('deployments')
export class DeploymentFiguresController {
  constructor(private readonly service: FiguresService) {}

  /** Figures of the requests submitted in a period, as JSON or CSV. */
  @Get('figures')
  @ApiOkResponse({ type: DeploymentFiguresView })
  @Needs('read-figures', 'Deployment')
  @RecordsRead((_: unknown, { query }, actor) => ({
    type: 'search.run',
    stream: actor.userId,
    target: { kind: 'list', id: 'deployment-figures' },
    values: { list: 'deployment-figures', question: { ...query } },
  }))
  figures(
    @CurrentActor() actor: Actor,
    @Query() query: FiguresQuery,
  ): Promise<DeploymentFiguresView | StreamableFile> {
    return this.service.figures(actor, query);
  }

  /** What takes place on each day of at most two months. */
  @Get('calendar')
  @Needs('read', 'Deployment')
  @RecordsRead(({ days }: CalendarView, { query }, actor) => ({
    type: 'search.run',
    stream: actor.userId,
    target: { kind: 'list', id: 'deployment-calendar' },
    values: {
      list: 'deployment-calendar',
      question: { ...query },
      found: [...new Set(days.flatMap(({ deployments }) => deployments.map(({ id }) => id)))],
    },
  }))
  calendar(@CurrentActor() actor: Actor, @Query() query: PeriodQuery): Promise<CalendarView> {
    return this.service.calendar(actor, query);
  }
}
