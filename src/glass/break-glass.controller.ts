import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { ReasonDto } from '../intake/dto/deeds.dto.js';
import { BreakGlassService } from './break-glass.service.js';
import {
  BreakGlassDto,
  GlassFiguresQuery,
  ListBrokenGlassQuery,
  ReviewGlassDto,
} from './dto/broken-glass.dto.js';
import { BrokenGlassPage, BrokenGlassView, GlassFiguresView } from './dto/broken-glass.view.js';
import { GlassOversightService } from './glass-oversight.service.js';

@Controller('break-glass')
export class BreakGlassController {
  constructor(
    private readonly glass: BreakGlassService,
    private readonly oversight: GlassOversightService,
  ) {}

  /** What glass you broke, and what was broken in the organs that you oversee; the newest first. */
  @Get()
  @Needs(['read', 'read-own'], 'BrokenGlass')
  @RecordsSearch('broken-glass')
  list(@CurrentActor() actor: Actor, @Query() query: ListBrokenGlassQuery): Promise<BrokenGlassPage> {
    return this.oversight.list(actor, query);
  }

  /** How often glass was broken in a month, why, and what the reviews said. */
  @Get('figures')
  @Needs('count', 'BrokenGlass')
  figures(@CurrentActor() actor: Actor, @Query() query: GlassFiguresQuery): Promise<GlassFiguresView> {
    return this.oversight.figures(actor, query);
  }

  /** One of them. */
  @Get(':id')
  @Needs(['read', 'read-own'], 'BrokenGlass')
  @RecordsRead(({ id, version }: BrokenGlassView, _request, actor) => ({
    type: 'glass.read',
    stream: actor.userId,
    target: { kind: 'broken-glass', id, rev: version },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<BrokenGlassView> {
    return this.oversight.get(actor, id);
  }

  /**
   * Breaks the glass of one case: you read it for 15 minutes, and change nothing in it. Its supervisors, auditors and
   * investigators are told at once, each read says so, and somebody without a part in it reviews it within 72 hours.
   * The answer is the same whether or not there is such a case: look for it with GET /cases?q={reference}.
   */
  @Post()
  @Needs('break', 'BrokenGlass')
  break(@CurrentActor() actor: Actor, @Body() dto: BreakGlassDto): Promise<BrokenGlassView> {
    return this.glass.break(actor, dto);
  }

  /** Approves it as a second person: it then lasts four hours from its beginning. */
  @Post(':id/approve')
  @Needs('approve', 'BrokenGlass')
  @HttpCode(200)
  approve(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { reason }: ReasonDto,
  ): Promise<BrokenGlassView> {
    return this.glass.approve(actor, id, version, reason);
  }

  /** Ends what you broke before its time. */
  @Post(':id/end')
  @Needs('end', 'BrokenGlass')
  @HttpCode(200)
  end(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
  ): Promise<BrokenGlassView> {
    return this.glass.end(actor, id, version);
  }

  /** Says whether it was right, once it is over. */
  @Post(':id/review')
  @Needs('review', 'BrokenGlass')
  @HttpCode(200)
  review(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: ReviewGlassDto,
  ): Promise<BrokenGlassView> {
    return this.glass.review(actor, id, version, dto);
  }
}
