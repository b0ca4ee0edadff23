import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { FactorResetDto } from './dto/factor-reset.dto.js';
import { FactorResetView } from './dto/factor-reset.view.js';
import { FactorResetsService } from './factor-resets.service.js';

@Controller('users')
export class UserFactorResetsController {
  constructor(private readonly resets: FactorResetsService) {}

  /** What was asked for about the second factors of an account, the newest first. */
  @Get(':id/factor-resets')
  @Needs('read', 'User')
  @RecordsRead((_: FactorResetView[], { params }, actor) => ({
    type: 'user.read',
    stream: actor.userId,
    target: { kind: 'user', id: params['id'] as string },
  }))
  list(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<FactorResetView[]> {
    return this.resets.list(actor, id);
  }

  /** Proposes to remove the second factors of somebody who lost them. Another administrator has to confirm it. */
  @Post(':id/factor-resets')
  @Needs('reset-factors', 'User')
  propose(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: FactorResetDto,
  ): Promise<FactorResetView> {
    return this.resets.propose(actor, id, dto);
  }
}

@Controller('factor-resets')
export class FactorResetsController {
  constructor(private readonly resets: FactorResetsService) {}

  /** Confirms it as the second person. It takes effect a day later; the owner is told and may refuse it until then. */
  @Post(':id/confirm')
  @Needs('reset-factors', 'User')
  @HttpCode(200)
  confirm(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: FactorResetDto,
  ): Promise<FactorResetView> {
    return this.resets.confirm(actor, id, dto);
  }

  /** Refuses it: as an administrator, or as the one whose second factors they are. */
  @Post(':id/refuse')
  @Needs('refuse-reset', 'User')
  @HttpCode(200)
  refuse(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: FactorResetDto,
  ): Promise<FactorResetView> {
    return this.resets.refuse(actor, id, dto);
  }
}
