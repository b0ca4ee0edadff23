import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { CaseDatabase } from '../access/case-database.js';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize, readableFields } from '../access/authorize.js';
import { identityField } from '../access/policy.js';
import { whereAccessible } from '../access/where-accessible.js';
import { HistoryService } from '../audit/history.service.js';
import { addLegalDays, Clock, startOfLegalDay } from '../common/clock.js';
import { forbidden, invalidInput, notFound } from '../common/errors.js';
import { newestFirst } from '../database/newest-first.js';
import { Case } from '../intake/case.entity.js';
import { caseWithin } from './case-past.js';
import type { CaseReadsQuery, UserReadsQuery } from './dto/access-review.dto.js';
import {
  CaseReadersView,
  KeptOutView,
  PossibleReaderView,
  ReadView,
  type ReadPage,
} from './dto/access-review.view.js';
import { accessWithin } from './past-access.js';
import { peopleOf, type PastGlass } from './people-past.js';
import { ReadLogEntry } from './read-log.entity.js';

/** Who could read a case, who did, and what somebody looked at. */
@Injectable()
export class AccessReviewsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: CaseDatabase,
    private readonly histories: HistoryService,
    private readonly clock: Clock,
  ) {}

  /**
   * Who could read a case at any time of a day, also by breaking the glass. Who is kept away as the reporter alone is not listed to those who may
   * not know the reporter.
   * @throws 400 for a day to come, 404 unless the actor may read the case, 403 unless they review access to it
   */
  async readers(actor: Actor, caseId: string, on: string): Promise<CaseReadersView> {
    const row = await this.reviewed(actor, caseId);
    const from = startOfLegalDay(on);
    const now = this.clock.now();
    if (from > now) throw invalidInput([{ pointer: 'on', message: 'on must not be later than today' }]);
    const dayEnd = startOfLegalDay(addLegalDays(on, 1));
    // What happened in this very instant has happened.
    const until = new Date(Math.min(dayEnd.getTime(), now.getTime() + 1));
    const cases = await caseWithin(this.histories, caseId, from, until);
    const glass = await this.database.as(actor, (manager) =>
      manager.query<PastGlass[]>(
        `SELECT o_id AS id, o_user AS "userId", $1::uuid AS "caseId", o_since AS since, o_until AS until
         FROM app.opened_glass($1) WHERE o_since < $3 AND o_until > $2`,
        [caseId, from, until],
      ),
    );
    const people = await peopleOf(
      this.dataSource,
      [...new Set(cases.map((one) => one.row.organId))],
      [...new Set(cases.flatMap((one) => [one.row.registeredBy, ...one.row.investigatorIds]))],
      [...new Set(cases.flatMap((one) => one.people.accused.map(({ officerId }) => officerId)))],
      glass,
    );
    const mayKnowReporter = readableFields(abilityFor(actor), row).has(identityField);
    const found = accessWithin(cases, people, until);
    return Object.assign(new CaseReadersView(), {
      caseId,
      on,
      until: (dayEnd < now ? dayEnd : now).toISOString(),
      readers: found.filter(({ grounds }) => grounds.length === 0).map((one) => PossibleReaderView.of(one)),
      keptOut: found
        .filter(({ grounds }) => grounds.length > 0)
        .map(({ grounds, ...one }) => ({
          ...one,
          grounds: grounds.filter((ground) => mayKnowReporter || ground !== 'REPORTER'),
        }))
        .filter(({ grounds }) => grounds.length > 0)
        .map((one) => KeptOutView.of(one)),
    });
  }

  /** Who did read a case, the newest first. @throws 404, 403 as `readers` */
  async readsOfCase(actor: Actor, caseId: string, query: CaseReadsQuery): Promise<ReadPage> {
    await this.reviewed(actor, caseId);
    return this.database.as(actor, (manager) => {
      const matching = manager
        .createQueryBuilder(ReadLogEntry, 'read')
        .where('read.caseId = :caseId', { caseId });
      if (query.userId) matching.andWhere('read.userId = :userId', { userId: query.userId });
      return newestFirst(within(matching, query), query, (row) => ReadView.of(row));
    });
  }

  /**
   * What an account looked at under a role in the reviewer's organs, the newest first. Empty for an account that has
   * none there, as for one that does not exist.
   */
  async readsOfUser(actor: Actor, userId: string, query: UserReadsQuery): Promise<ReadPage> {
    const ability = abilityFor(actor);
    if (ability.cannot('read', 'Read')) throw forbidden('Your roles do not allow you to review reads.');
    return this.database.as(actor, (manager) => {
      const all = manager.createQueryBuilder(ReadLogEntry, 'read').where('read.userId = :userId', { userId });
      const matching = whereAccessible(all, ability, 'read', 'Read');
      return newestFirst(within(matching, query), query, (row) => ReadView.of(row));
    });
  }

  private async reviewed(actor: Actor, caseId: string): Promise<Case> {
    const ability = abilityFor(actor);
    const row = await this.database.as(actor, (manager) =>
      whereAccessible(
        manager.createQueryBuilder(Case, 'case').where('case.id = :caseId', { caseId }),
        ability,
        'read',
        'Case',
      ).getOne(),
    );
    if (!row) throw notFound('case');
    authorize(ability, 'review-access', 'Case', row);
    return row;
  }
}

/** Narrows reads to days of law and to a type of event. */
function within(
  query: SelectQueryBuilder<ReadLogEntry>,
  { from, to, type }: UserReadsQuery,
): SelectQueryBuilder<ReadLogEntry> {
  if (from) query.andWhere('read.at >= :from', { from: startOfLegalDay(from) });
  if (to) query.andWhere('read.at < :after', { after: startOfLegalDay(addLegalDays(to, 1)) });
  if (type) query.andWhere('read.type = :type', { type });
  return query;
}
