import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { RecusalDto, WitnessDto } from './dto/recusal.dto.js';
import { CaseRecusalsView, RecusalView, WitnessView } from './dto/recusal.view.js';
import { RecusalsService } from './recusals.service.js';

@Controller('cases')
export class CaseRecusalsController {
  constructor(private readonly recusals: RecusalsService) {}

  /** Who keeps away from a case by what was declared, ordered or named in it; the newest first. */
  @Get(':id/recusals')
  @Needs('read', 'Case')
  @RecordsRead((found: CaseRecusalsView, { params }) => ({
    type: 'case.recusals-read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { count: found.recusals.length + found.witnesses.length },
  }))
  list(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<CaseRecusalsView> {
    return this.recusals.list(actor, id);
  }

  /** Declares your own conflict with a case, or orders another to keep away. It holds from the next request on. */
  @Post(':id/recusals')
  @Needs(['declare-recusal', 'order-recusal'], 'Case')
  declare(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: RecusalDto,
  ): Promise<RecusalView> {
    return this.recusals.declare(actor, id, dto);
  }

  /** Names a member of the police as a witness, who from then on reads nothing of the case. */
  @Post(':id/witnesses')
  @Needs('name-witness', 'Case')
  nameWitness(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: WitnessDto,
  ): Promise<WitnessView> {
    return this.recusals.nameWitness(actor, id, dto);
  }
}

@Controller('recusals')
export class RecusalsController {
  constructor(private readonly recusals: RecusalsService) {}

  /** Lifts a recusal that proved to be unfounded. Never one's own. */
  @Post(':id/lift')
  @Needs('lift-recusal', 'Case')
  @HttpCode(200)
  lift(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() { reason }: ReasonDto,
  ): Promise<RecusalView> {
    return this.recusals.lift(actor, id, reason);
  }
}
