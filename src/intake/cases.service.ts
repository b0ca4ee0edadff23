import { Injectable } from '@nestjs/common';
import { Brackets, DataSource, type SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import { onlyByGlass } from '../access/broken-glass.js';
import type { Actor } from '../access/actor.js';
import type { Actions } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import { forbidden, notFound } from '../common/errors.js';
import { isId } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { containing } from '../common/text.js';
import { isInstant } from '../common/validators.js';
import { checkVersion } from '../common/versions.js';
import { CASE_HEADER } from './case-header.sql.js';
import { Case, Statement } from './case.entity.js';
import { decidedStatuses, finalStatuses } from './case.states.js';
import type { CaseHeaderView, CasePage } from './dto/case.view.js';
import type { ListCasesQuery } from './dto/case.dto.js';

/** Filters that a list, an export and a count share. */
export type CaseFilter = Partial<Omit<ListCasesQuery, 'limit' | 'cursor' | 'count'>>;

/** Finds cases: for a list, or to change one. Whoever may not see a case is told that there is none. */
@Injectable()
export class CasesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list(actor: Actor, query: ListCasesQuery): Promise<CasePage> {
    const after = decodeCursor(query.cursor, [isInstant, isId]);
    const matching = this.matching(actor, query);
    const total = query.count ? await matching.getCount() : undefined;
    if (after) {
      matching.andWhere('(case.receivedAt, case.id) < (:afterInstant::timestamptz, :afterId::uuid)', {
        afterInstant: after[0],
        afterId: after[1],
      });
    }
    matching.select([]);
    for (const [field, sql] of Object.entries(CASE_HEADER)) matching.addSelect(sql, field);
    const rows = await matching
      .orderBy('case.receivedAt', 'DESC')
      .addOrderBy('case.id', 'DESC')
      .limit(query.limit + 1)
      .getRawMany<CaseHeaderView>();
    const key = (row: CaseHeaderView): string[] => [row.receivedAt, row.id];
    return toPage(rows, query.limit, key, (row) => row, total);
  }

  /** The cases that the actor may read (or do something else to) and that match the filter. */
  matching(actor: Actor, filter: CaseFilter, action: Actions['Case'] = 'read'): SelectQueryBuilder<Case> {
    const ability = abilityFor(actor);
    const query = whereAccessible(
      this.dataSource.manager.createQueryBuilder(Case, 'case'),
      ability,
      action,
      'Case',
    );
    if (filter.category) query.andWhere('case.categories @> ARRAY[:category]', { category: filter.category });
    if (filter.status) query.andWhere('case.status = :status', { status: filter.status });
    if (filter.channel) query.andWhere('case.channel = :channel', { channel: filter.channel });
    if (filter.officerId) {
      query.andWhere('case.subjectOfficerIds @> ARRAY[:officerId]::uuid[]', { officerId: filter.officerId });
    }
    if (filter.assignedTo) {
      query.andWhere('case.investigatorIds @> ARRAY[:assignedTo]::uuid[]', { assignedTo: filter.assignedTo });
    }
    if (filter.organId) {
      query.andWhere('case.organId IN (SELECT o.id FROM app.organ o WHERE o.path @> ARRAY[:under]::uuid[])', {
        under: filter.organId,
      });
    }
    if (filter.receivedFrom) query.andWhere('case.receivedAt >= :from', { from: filter.receivedFrom });
    if (filter.receivedTo) query.andWhere('case.receivedAt < :to', { to: filter.receivedTo });
    if (filter.overdue !== undefined) {
      const overdue = '(case.decisionDueOn < :today AND case.status <> ALL(:done))';
      query.andWhere(filter.overdue ? overdue : `${overdue} IS NOT TRUE`, {
        today: legalDay(this.clock.now()),
        done: [...decidedStatuses, 'SERVED', ...finalStatuses],
      });
    }
    if (filter.q) this.search(query, actor, filter.q);
    return query;
  }

  /** The reference is open to every reader of the case; the statement is searched only where it may be read. */
  private search(query: SelectQueryBuilder<Case>, actor: Actor, text: string): void {
    const readable = whereAccessible(
      this.dataSource.manager.createQueryBuilder(Case, 'searched').select('searched.id'),
      abilityFor(actor),
      'read',
      'Case',
      'statement',
    ).innerJoin(Statement, 'statement', 'statement.caseId = searched.id');
    readable.andWhere('searched.id = case.id AND statement.text ILIKE :words', { words: containing(text) });
    query
      .andWhere(
        new Brackets((where) => {
          where.where('case.reference ILIKE :words').orWhere(`EXISTS (${readable.getQuery()})`);
        }),
      )
      .setParameters({ ...readable.getParameters(), words: containing(text) });
  }

  /**
   * Loads a case to change it: locked until the transaction ends, so that what is judged is what is changed.
   * @throws 404 unless the actor may read it, 412 when it is no longer the version that they read
   */
  async lock(tx: Transaction, id: string, version?: number): Promise<Case> {
    const row = await this.lockIfReadable(tx, id);
    if (!row) throw notFound('case');
    if (version !== undefined) checkVersion(row, version);
    return row;
  }

  /**
   * As lock, for a row that belongs to a case: null where that row must seem not to exist.
   * @throws 403 for who reads it by breaking the glass only: whatever else they may, they change nothing in it
   */
  async lockIfReadable(tx: Transaction, id: string): Promise<Case | null> {
    const row = await whereAccessible(
      tx.manager.createQueryBuilder(Case, 'case').where('case.id = :id', { id }),
      tx.ability,
      'read',
      'Case',
    )
      .setLock('pessimistic_write')
      .getOne();
    if (row && onlyByGlass(tx.actor, row)) {
      throw forbidden('You read this case by breaking the glass: to read it, and no more.');
    }
    return row;
  }
}
