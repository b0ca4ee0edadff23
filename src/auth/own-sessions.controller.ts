import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { OwnSessionView } from './dto/session.view.js';
import { OwnSessionsService } from './own-sessions.service.js';

@Controller('auth/sessions')
export class OwnSessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  /** Your sessions that are open, the newest first. */
  @Get()
  @Needs('read', 'Session')
  list(@CurrentActor() actor: Actor): Promise<OwnSessionView[]> {
    return this.sessions.list(actor);
  }

  /** Ends every session of yours but this one. */
  @Delete()
  @Needs('end-others', 'Session')
  @HttpCode(204)
  endOthers(@CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.endOthers(actor);
  }

  /** Ends one of your sessions. */
  @Delete(':id')
  @Needs('end-others', 'Session')
  @HttpCode(204)
  end(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<void> {
    return this.sessions.end(actor, id);
  }
}
