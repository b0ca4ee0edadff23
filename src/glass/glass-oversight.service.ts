import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { Clock, LEGAL_TIME_ZONE } from '../common/clock.js';
import { forbidden, notFound } from '../common/errors.js';
import { newestFirst } from '../database/newest-first.js';
import { BrokenGlass, glassCategories, REVIEW_MS, verdicts } from './broken-glass.entity.js';
import type { GlassFiguresQuery, ListBrokenGlassQuery } from './dto/broken-glass.dto.js';
import {
  BrokenGlassPage,
  BrokenGlassView,
  CategoryCountsView,
  GlassFiguresView,
  VerdictCountsView,
} from './dto/broken-glass.view.js';
import { readableGlass } from './readable-glass.js';

interface Counted {
  category: keyof CategoryCountsView;
  verdict: keyof VerdictCountsView;
  total: number;
  approved: number;
  openedNothing: number;
  overdue: number;
}

/** What glass was broken, for those who broke it and those who oversee it. */
@Injectable()
export class GlassOversightService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
  ) {}

  list(actor: Actor, query: ListBrokenGlassQuery): Promise<BrokenGlassPage> {
    const now = this.clock.now();
    const due = new Date(now.getTime() - REVIEW_MS);
    const filters: [boolean | undefined, string][] = [
      [query.open, '(glass.endedAt IS NULL AND glass.openUntil > :now)'],
      [query.awaitingReview, 'glass.verdict IS NULL'],
      [query.overdue, '(glass.verdict IS NULL AND glass.brokenAt < :due)'],
    ];
    return this.database.as(actor, (manager) => {
      const matching = readableGlass(manager, abilityFor(actor)).setParameters({ now, due });
      for (const [wanted, sql] of filters) {
        if (wanted !== undefined) matching.andWhere(wanted ? sql : `NOT ${sql}`);
      }
      return newestFirst(matching, query, (row) => BrokenGlassView.of(row, actor.userId, now));
    });
  }

  async get(actor: Actor, id: string): Promise<BrokenGlassView> {
    const row = await this.database.as(actor, (manager) =>
      readableGlass(manager, abilityFor(actor)).andWhere('glass.id = :id', { id }).getOne(),
    );
    if (!row) throw notFound('breaking of a glass');
    return BrokenGlassView.of(row, actor.userId, this.clock.now());
  }

  /** What the outside body is told each month. Of a case that somebody is in conflict with, they count nothing. */
  async figures(actor: Actor, { month }: GlassFiguresQuery): Promise<GlassFiguresView> {
    const ability = abilityFor(actor);
    if (ability.cannot('count', 'BrokenGlass')) {
      throw forbidden('Your roles do not allow you to count broken glass.');
    }
    const counted = await this.database.as(actor, (manager) =>
      whereAccessible(manager.createQueryBuilder(BrokenGlass, 'glass'), ability, 'count', 'BrokenGlass')
        .andWhere(`to_char(glass.brokenAt AT TIME ZONE :zone, 'YYYY-MM') = :month`)
        .setParameters({
          zone: LEGAL_TIME_ZONE,
          month,
          now: this.clock.now(),
          term: `${REVIEW_MS} milliseconds`,
        })
        .select('glass.category', 'category')
        .addSelect(`coalesce(glass.verdict, 'NONE')`, 'verdict')
        .addSelect('count(*)::int', 'total')
        .addSelect('count(glass.approvedBy)::int', 'approved')
        .addSelect(`count(*) FILTER (WHERE glass.outcome <> 'OPENED')::int`, 'openedNothing')
        .addSelect(
          'count(*) FILTER (WHERE coalesce(glass.reviewedAt, :now) > glass.brokenAt + :term::interval)::int',
          'overdue',
        )
        .groupBy('1, 2')
        .getRawMany<Counted>(),
    );
    return figuresOf(month, counted);
  }
}

function figuresOf(month: string, counted: readonly Counted[]): GlassFiguresView {
  const sum = (of: keyof Counted, rows = counted): number =>
    rows.reduce((soFar, row) => soFar + Number(row[of]), 0);
  const by = <K extends string>(field: 'category' | 'verdict', keys: readonly K[]): Record<K, number> =>
    Object.fromEntries(
      keys.map((key) => [
        key,
        sum(
          'total',
          counted.filter((row) => row[field] === key),
        ),
      ]),
    ) as Record<K, number>;
  return Object.assign(new GlassFiguresView(), {
    month,
    total: sum('total'),
    approved: sum('approved'),
    openedNothing: sum('openedNothing'),
    byCategory: by('category', glassCategories),
    byVerdict: by('verdict', [...verdicts, 'NONE']),
    overdue: sum('overdue'),
  });
}
