import { Injectable } from '@nestjs/common';
import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import { glassOver, onlyByGlass } from '../access/broken-glass.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
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
import type { CaseHeaderView, CasePage, ListedCaseView } from './dto/case.view.js';
import type { ListCasesQuery } from './dto/case.dto.js';
import { excerptOf } from './excerpts.js';

/** Filters that a list, an export and a count share. */
export type CaseFilter = Partial<Omit<ListCasesQuery, 'limit' | 'cursor' | 'count'>>;

/**
 * By rows with an index of their own: row-level security keeps the operators of arrays, which might tell what they
 * looked at, from the index on the case.
 */
const SUBJECT_OF = 'ARRAY(SELECT s.case_id FROM app.allegation_subject s WHERE s.officer_id = :officerId)';
const ASSIGNED_TO = `ARRAY(SELECT i.case_id FROM app.investigator_assignment i
  WHERE i.user_id = :assignedTo AND i.withdrawn_at IS NULL)`;

/** Finds cases: for a list, or to change one. Whoever may not see a case is told that there is none. */
@Injectable()
export class CasesService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  list(actor: Actor, query: ListCasesQuery): Promise<CasePage> {
    return this.database.as(actor, (manager) => this.page(manager, actor, query));
  }

  private async page(manager: EntityManager, actor: Actor, query: ListCasesQuery): Promise<CasePage> {
    const after = decodeCursor(query.cursor, [isInstant, isId]);
    const matching = this.matching(manager, actor, query);
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
    const page = toPage(rows, query.limit, key, (row): ListedCaseView => row, total);
    if (query.q) await addExcerpts(manager, abilityFor(actor), page.items, query.q);
    return page;
  }

  /** The cases that the actor may read (or do something else to) and that match the filter. */
  matching(
    manager: EntityManager,
    actor: Actor,
    filter: CaseFilter,
    action: Actions['Case'] = 'read',
  ): SelectQueryBuilder<Case> {
    const ability = abilityFor(actor);
    const query = whereAccessible(manager.createQueryBuilder(Case, 'case'), ability, action, 'Case');
    if (filter.category) query.andWhere('case.categories @> ARRAY[:category]', { category: filter.category });
    if (filter.status) query.andWhere('case.status = :status', { status: filter.status });
    if (filter.channel) query.andWhere('case.channel = :channel', { channel: filter.channel });
    if (filter.officerId) {
      query.andWhere(`case.id = ANY(${SUBJECT_OF})`, { officerId: filter.officerId });
    }
    if (filter.assignedTo) {
      query.andWhere(`case.id = ANY(${ASSIGNED_TO})`, { assignedTo: filter.assignedTo });
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
    if (filter.q) search(manager, query, ability, filter.q);
    return query;
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
    // The database does not even lend it to be changed.
    if (row ? onlyByGlass(tx.actor, row) : glassOver(tx.actor, [id])) {
      throw forbidden('You read this case by breaking the glass: to read it, and no more.');
    }
    return row;
  }
}

/** The cases in whose statement these words stand, as far as the statement may be read. */
const readableHits = (manager: EntityManager, ability: Ability, text: string): SelectQueryBuilder<Case> =>
  whereAccessible(
    manager.createQueryBuilder(Case, 'searched').select('searched.id', 'id'),
    ability,
    'read',
    'Case',
    'statement',
  )
    .innerJoin(Statement, 'statement', 'statement.caseId = searched.id')
    .andWhere('statement.text ILIKE :words', { words: containing(text) });

/** Shows where the words stand. Judged anew, since a case may be on the list for its reference alone. */
async function addExcerpts(
  manager: EntityManager,
  ability: Ability,
  items: readonly ListedCaseView[],
  text: string,
): Promise<void> {
  if (items.length === 0) return;
  const hits = await readableHits(manager, ability, text)
    .addSelect('statement.text', 'text')
    .andWhere('searched.id = ANY(:listed::uuid[])', { listed: items.map(({ id }) => id) })
    .getRawMany<{ id: string; text: string }>();
  const texts = new Map(hits.map((hit) => [hit.id, hit.text]));
  for (const item of items) {
    const found = excerptOf(texts.get(item.id) ?? '', text);
    if (found) Object.assign(item, { excerpt: found });
  }
}

/** The reference is open to every reader of the case; the statement is searched only where it may be read. */
function search(
  manager: EntityManager,
  query: SelectQueryBuilder<Case>,
  ability: Ability,
  text: string,
): void {
  const readable = readableHits(manager, ability, text).andWhere('searched.id = case.id');
  query
    .andWhere(
      new Brackets((where) => {
        where.where('case.reference ILIKE :words').orWhere(`EXISTS (${readable.getQuery()})`);
      }),
    )
    .setParameters({ ...readable.getParameters(), words: containing(text) });
}
