import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { newId } from '../common/ids.js';
import { newestFirst } from '../database/newest-first.js';
import type { ListNoticesQuery } from './dto/notice.dto.js';
import { NoticePage, ToldView } from './dto/notice.view.js';
import { Notice } from './notice.entity.js';

/** Tells people of a deed with the commit of the deed itself. Nobody takes a notice away. */
@Injectable()
export class NoticesService {
  constructor(private readonly database: CaseDatabase) {}

  /** The caller names in its event whom it told: a notice is no record of its own. */
  async tell(
    { manager, now }: Transaction,
    userIds: readonly string[],
    notice: Pick<Notice, 'kind' | 'caseId' | 'text' | 'link'>,
  ): Promise<void> {
    await manager.insert(
      Notice,
      userIds.map((userId) => ({ id: newId(), userId, ...notice, createdAt: now })),
    );
  }

  list(actor: Actor, query: ListNoticesQuery): Promise<NoticePage> {
    return this.database.as(actor, (manager) => {
      const all = manager.createQueryBuilder(Notice, 'notice');
      const own = whereAccessible(all, abilityFor(actor), 'read', 'Notice');
      if (query.kind) own.andWhere('notice.kind = :kind', { kind: query.kind });
      return newestFirst(own, query, (notice) => ToldView.of(notice));
    });
  }
}
