import { Injectable, StreamableFile } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import type { Actions } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import { CSV_BOM, csvLine } from '../common/csv.js';
import { invalidInput } from '../common/errors.js';
import { Deployment } from './deployment.entity.js';
import type { FiguresQuery, PeriodQuery } from './dto/figures.dto.js';
import { CalendarView, DeploymentFiguresView, type CalendarDayView } from './dto/figures.view.js';
import { FIGURES } from './figures.sql.js';
import { inChina } from './request-columns.js';

const DAY_MS = 86_400_000;
const CALENDAR_DAYS = 62;
const CALENDAR_ENTRIES = 2000;

/** Counts, and what takes place when. */
@Injectable()
export class FiguresService {
  constructor(private readonly dataSource: DataSource) {}

  async figures(actor: Actor, query: FiguresQuery): Promise<DeploymentFiguresView | StreamableFile> {
    const { from, to, format } = query;
    const [sql, parameters] = this.of(actor, 'read-figures', query)
      .andWhere(`deployment.submittedAt >= :from::timestamp AT TIME ZONE 'Asia/Shanghai'`)
      .andWhere(`deployment.submittedAt < (:to::timestamp + interval '1 day') AT TIME ZONE 'Asia/Shanghai'`)
      .setParameters({ from, to })
      .select('deployment.id')
      .getQueryAndParameters();
    const [row] = await this.dataSource.query<{ figures: DeploymentFiguresView }[]>(
      `WITH seen AS (SELECT * FROM app.deployment WHERE id IN (${sql})) SELECT ${FIGURES} AS figures`,
      parameters,
    );
    const figures = Object.assign(new DeploymentFiguresView(), { from, to }, row!.figures);
    if (format === 'json') return figures;
    return new StreamableFile(Buffer.from(inCsv(figures), 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="deployments-${from}-${to}.csv"`,
    });
  }

  /** Deployments by day; without drafts and without what does not take place. */
  async calendar(actor: Actor, query: PeriodQuery): Promise<CalendarView> {
    const { from, to } = query;
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days > CALENDAR_DAYS) {
      throw invalidInput([{ pointer: 'to', message: `a calendar shows ${CALENDAR_DAYS} days at most` }]);
    }
    const rows = await this.of(actor, 'read', query)
      .andWhere(`deployment.status NOT IN ('DRAFT', 'WITHDRAWN', 'REFUSED', 'REFUSED_FINALLY')`)
      .andWhere(`deployment.endsAt > :from::timestamp AT TIME ZONE 'Asia/Shanghai'`)
      .andWhere(`deployment.startsAt < (:to::timestamp + interval '1 day') AT TIME ZONE 'Asia/Shanghai'`)
      .setParameters({ from, to })
      .orderBy('deployment.startsAt')
      .addOrderBy('deployment.id')
      .limit(CALENDAR_ENTRIES + 1)
      .getMany();
    if (rows.length > CALENDAR_ENTRIES) {
      throw invalidInput([{ pointer: 'to', message: 'these are too many; ask for fewer days or one organ' }]);
    }
    const view = Array.from({ length: days }, (_, n) =>
      dayOfCalendar(new Date(Date.parse(from) + n * DAY_MS).toISOString().slice(0, 10), rows),
    );
    return Object.assign(new CalendarView(), { days: view });
  }

  private of(
    actor: Actor,
    action: Actions['Deployment'],
    { organId }: PeriodQuery,
  ): SelectQueryBuilder<Deployment> {
    const query = whereAccessible(
      this.dataSource.manager.createQueryBuilder(Deployment, 'deployment'),
      abilityFor(actor),
      action,
      'Deployment',
    );
    if (organId) {
      query.andWhere(
        'deployment.organId IN (SELECT o.id FROM app.organ o WHERE o.path @> ARRAY[:under]::uuid[])',
        { under: organId },
      );
    }
    return query;
  }
}

function dayOfCalendar(day: string, rows: readonly Deployment[]): CalendarDayView {
  const begins = Date.parse(`${day}T00:00:00+08:00`);
  const deployments = rows
    .filter(({ startsAt, endsAt }) => startsAt.getTime() < begins + DAY_MS && endsAt.getTime() > begins)
    .map((row) => ({
      id: row.id,
      reference: row.reference,
      status: row.status,
      operation: row.operation,
      organId: row.organId,
      activityType: row.activityType,
      place: row.place,
      startsAt: inChina(row.startsAt),
      endsAt: inChina(row.endsAt),
      officers: row.officers,
    }));
  return { day, officers: deployments.reduce((sum, { officers }) => sum + officers, 0), deployments };
}

const COLUMNS = [
  'day',
  'organ',
  'requester',
  'requesterType',
  'outcome',
  'code',
  'count',
  'refused',
  'deployments',
  'officerHours',
  'hours',
] as const;

/** One table for all figures: which figure, what it is of, and the numbers. */
function inCsv(figures: DeploymentFiguresView): string {
  const lines = Object.entries(figures).flatMap(([figure, rows]: [string, unknown]) =>
    Array.isArray(rows)
      ? (rows as Partial<Record<(typeof COLUMNS)[number], string | number>>[]).map((row) =>
          csvLine([figure, ...COLUMNS.map((column) => row[column] ?? null)]),
        )
      : [],
  );
  return [CSV_BOM, csvLine(['figure', ...COLUMNS]), ...lines].join('');
}
