import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { Needs } from '../http/needs.js';
import { AccessReviewsService } from './access-reviews.service.js';
import { CaseReadsQuery, ReadersQuery, UserReadsQuery } from './dto/access-review.dto.js';
import { CaseReadersView, ReadPage } from './dto/access-review.view.js';

@Controller('access-reviews')
export class AccessReviewsController {
  constructor(private readonly reviews: AccessReviewsService) {}

  /** Who could read a case on a day, by which role, and who was kept away from it by which conflict. */
  @Get('cases/:id/readers')
  @Needs('review-access', 'Case')
  @RecordsRead(({ caseId, on, readers, keptOut }: CaseReadersView) => ({
    type: 'access-review.readers-read',
    stream: caseId,
    target: { kind: 'case', id: caseId },
    values: { on, readers: readers.length, keptOut: keptOut.length },
  }))
  readers(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() { on }: ReadersQuery,
  ): Promise<CaseReadersView> {
    return this.reviews.readers(actor, id, on);
  }

  /** Who did read a case, when, in which role and why; the newest first. */
  @Get('cases/:id/reads')
  @Needs('review-access', 'Case')
  @RecordsRead(({ items }: ReadPage, { params }) => ({
    type: 'access-review.reads-read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { count: items.length },
  }))
  readsOfCase(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: CaseReadsQuery,
  ): Promise<ReadPage> {
    return this.reviews.readsOfCase(actor, id, query);
  }

  /** What an account looked at under a role in your organs: reads and searches, the newest first. */
  @Get('users/:id/reads')
  @Needs('read', 'Read')
  @RecordsRead(({ items }: ReadPage, { params }, actor) => ({
    type: 'access-review.user-read',
    stream: actor.userId,
    target: { kind: 'user', id: params['id'] as string },
    values: { count: items.length },
  }))
  readsOfUser(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() query: UserReadsQuery,
  ): Promise<ReadPage> {
    return this.reviews.readsOfUser(actor, id, query);
  }
}
