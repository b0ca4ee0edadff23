import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { ProposeErasureDto } from './dto/erasure.dto.js';
import { ErasureView } from './dto/erasure.view.js';
import { ErasuresService } from './erasures.service.js';

@Controller('cases')
export class CaseErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  /** What was asked to be erased in a case, and what became of it; the newest first. */
  @Get(':id/erasures')
  @Needs('read', 'Case')
  @RecordsRead((found: ErasureView[], { params }) => ({
    type: 'case.erasures-read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { count: found.length },
  }))
  list(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<ErasureView[]> {
    return this.erasures.list(actor, id);
  }

  /** Proposes to erase the data of a person. Only in a case that has ended: until then they are needed as evidence. */
  @Post(':id/erasures')
  @Needs('propose-erasure', 'Case')
  propose(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ProposeErasureDto,
  ): Promise<ErasureView> {
    return this.erasures.propose(actor, id, dto);
  }
}

@Controller('erasures')
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  /** Erases what another person proposed to erase. It cannot be undone. */
  @Post(':id/confirm')
  @Needs('decide-erasure', 'Case')
  @HttpCode(200)
  confirm(@CurrentActor() actor: Actor, @IdParam() id: string, @Body() dto: ReasonDto): Promise<ErasureView> {
    return this.erasures.confirm(actor, id, dto);
  }

  /** Refuses what another person proposed to erase. */
  @Post(':id/refuse')
  @Needs('decide-erasure', 'Case')
  @HttpCode(200)
  refuse(@CurrentActor() actor: Actor, @IdParam() id: string, @Body() dto: ReasonDto): Promise<ErasureView> {
    return this.erasures.refuse(actor, id, dto);
  }
}
