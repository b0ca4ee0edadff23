import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsSearch } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { Needs } from '../http/needs.js';
import { AccessAlertsService } from './access-alerts.service.js';
import { AnswerDto, CloseAlertDto, ListAlertsQuery, OwnAlertsQuery } from './dto/access-alert.dto.js';
import { AccessAlertPage, AccessAlertView, OwnAlertPage, OwnAlertView } from './dto/access-alert.view.js';

@Controller('access-alerts')
export class AccessAlertsController {
  constructor(private readonly alerts: AccessAlertsService) {}

  /** Alerts about how people in your organs read, the newest first; never about yourself. */
  @Get()
  @Needs('read', 'AccessAlert')
  @RecordsSearch('access-alerts')
  list(@CurrentActor() actor: Actor, @Query() query: ListAlertsQuery): Promise<AccessAlertPage> {
    return this.alerts.list(actor, query);
  }

  /** What you are asked about your own reading, the newest first. */
  @Get('own')
  @Needs('answer', 'AccessAlert')
  own(@CurrentActor() actor: Actor, @Query() query: OwnAlertsQuery): Promise<OwnAlertPage> {
    return this.alerts.own(actor, query);
  }

  /** Says why you looked. */
  @Post(':id/answer')
  @Needs('answer', 'AccessAlert')
  @HttpCode(200)
  answer(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { answer }: AnswerDto,
  ): Promise<OwnAlertView> {
    return this.alerts.answer(actor, id, version, answer);
  }

  /** Closes an alert about somebody else with a verdict, answered or not. */
  @Post(':id/close')
  @Needs('close', 'AccessAlert')
  @HttpCode(200)
  close(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: CloseAlertDto,
  ): Promise<AccessAlertView> {
    return this.alerts.close(actor, id, version, dto);
  }
}
