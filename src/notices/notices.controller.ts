import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { ListNoticesQuery } from './dto/notice.dto.js';
import { NoticePage } from './dto/notice.view.js';
import { NoticesService } from './notices.service.js';

@Controller('notices')
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  /** What you have to be told, the newest first. What concerns your own account is in GET /auth/me. */
  @Get()
  @Needs('read', 'Notice')
  list(@CurrentActor() actor: Actor, @Query() query: ListNoticesQuery): Promise<NoticePage> {
    return this.notices.list(actor, query);
  }
}
