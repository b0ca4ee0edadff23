import { Injectable, StreamableFile } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import { organsOf, type Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { rolesAllowed } from '../access/roles-allowed.js';
import type { Actions } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import { invalidInput } from '../common/errors.js';
import { monthsBetween } from '../common/figure-tables.js';
import { THRESHOLD } from '../common/suppression.js';
import { calendarOf, TAKES_PLACE, type RawDay } from './calendar.sql.js';
import { Deployment } from './deployment.entity.js';
import type { FiguresQuery, PeriodQuery } from './dto/figures.dto.js';
import { CalendarView, DeploymentFiguresView, type CalendarDayView } from './dto/figures.view.js';
import { inCsv } from './figures-csv.js';
import { toldFigures } from './figures-told.js';
import { figuresOf, SEEN, SUBMITTED_FROM, SUBMITTED_TO, type RawFigures } from './figures.sql.js';
import { inChina } from './request-columns.js';

const DAY_MS = 86_400_000;
const CALENDAR_DAYS = 62;
const MONTHS = 36;
/** For more of them a number for each day and organ says nothing any more. */
const DAYS_TOLD = 92;

const counting = rolesAllowed('read-figures', 'Deployment');
const deciding = rolesAllowed('approve', 'Deployment');

/** Counts, and what takes place when. */
@Injectable()
export class FiguresService {
  constructor(private readonly database: CaseDatabase) {}

  /** @throws 400 for too many months, and for a part of a month where small numbers are hidden */
  async figures(actor: Actor, query: FiguresQuery): Promise<DeploymentFiguresView | StreamableFile> {
    const { from, to, organId, format } = query;
    const hides = !decidesOnAll(actor, organId);
    const months = monthsBetween(from.slice(0, 7), to.slice(0, 7));
    if (months.length > MONTHS) {
      throw invalidInput([{ pointer: 'to', message: `ask for ${MONTHS} months at most` }]);
    }
    if (hides) refusePartOfMonth(query);
    const tellsDays = !hides && daysIn(query) <= DAYS_TOLD;
    const raw = await this.database.as(actor, async (manager) => {
      const [seen, parameters] = selecting(SEEN, this.of(manager, actor, 'read-figures', query))
        .andWhere(SUBMITTED_FROM('deployment', ':from'), { from })
        .andWhere(SUBMITTED_TO('deployment', ':to'), { to })
        .getQueryAndParameters();
      const n = parameters.length;
      const [row] = await manager.query<[{ figures: RawFigures }]>(
        figuresOf(seen, { root: n + 1, days: n + 2 }),
        [...(parameters as unknown[]), organId ?? null, tellsDays],
      );
      return row.figures;
    });
    const view = Object.assign(new DeploymentFiguresView(), {
      from,
      to,
      organId: organId ?? null,
      hiddenBelow: hides ? THRESHOLD : null,
      ...toldFigures(raw, months, hides),
      requestsByDay: tellsDays ? raw.days : null,
    });
    if (format !== 'csv') return view;
    return new StreamableFile(Buffer.from(inCsv(view), 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="deployments-${from}-${to}.csv"`,
    });
  }

  /** Deployments by day; without drafts and without what does not take place. */
  async calendar(actor: Actor, query: PeriodQuery): Promise<CalendarView> {
    const { from, to } = query;
    const days = daysIn(query);
    if (days > CALENDAR_DAYS) {
      throw invalidInput([{ pointer: 'to', message: `a calendar shows ${CALENDAR_DAYS} days at most` }]);
    }
    const rows = await this.database.as(actor, (manager) => {
      const [seen, parameters] = selecting(TAKES_PLACE, this.of(manager, actor, 'read', query))
        .andWhere(`deployment.status NOT IN ('DRAFT', 'WITHDRAWN', 'REFUSED', 'REFUSED_FINALLY')`)
        .andWhere(`deployment.endsAt > :from::timestamp AT TIME ZONE 'Asia/Shanghai'`, { from })
        .andWhere(`deployment.startsAt < (:to::timestamp + interval '1 day') AT TIME ZONE 'Asia/Shanghai'`, {
          to,
        })
        .getQueryAndParameters();
      const n = parameters.length;
      return manager.query<RawDay[]>(calendarOf(seen, { from: n + 1, to: n + 2 }), [
        ...(parameters as unknown[]),
        from,
        to,
      ]);
    });
    const found = new Map(rows.map((row) => [row.day, row]));
    const view = Array.from({ length: days }, (_, n): CalendarDayView => {
      const day = new Date(Date.parse(from) + n * DAY_MS).toISOString().slice(0, 10);
      const { count = 0, officers = 0, named = [] } = found.get(day) ?? {};
      const deployments = named.map((one) => ({
        ...one,
        startsAt: inChina(new Date(one.startsAt)),
        endsAt: inChina(new Date(one.endsAt)),
      })) as CalendarDayView['deployments'];
      return { day, count, officers, deployments };
    });
    return Object.assign(new CalendarView(), { days: view });
  }

  private of(
    manager: EntityManager,
    actor: Actor,
    action: Actions['Deployment'],
    { organId }: PeriodQuery,
  ): SelectQueryBuilder<Deployment> {
    const query = whereAccessible(
      manager.createQueryBuilder(Deployment, 'deployment'),
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

const daysIn = ({ from, to }: PeriodQuery): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;

/** Whether somebody decides on requests of every organ that is counted: then they open each of them in their work. */
function decidesOnAll(actor: Actor, organId: string | undefined): boolean {
  const own = new Set(deciding.flatMap((role) => organsOf(actor, role)));
  const counted = organId ? [organId] : counting.flatMap((role) => organsOf(actor, role));
  return counted.every((organ) => own.has(organ));
}

/** Two periods that differ by a day would tell the number of that day. */
function refusePartOfMonth({ from, to }: PeriodQuery): void {
  const last = new Date(Date.parse(to) + DAY_MS).toISOString().slice(8, 10) === '01';
  const why = 'ask for whole months: small numbers are hidden from you, and parts of months would tell them';
  const wrong = [
    ...(from.endsWith('-01') ? [] : [{ pointer: 'from', message: why }]),
    ...(last ? [] : [{ pointer: 'to', message: why }]),
  ];
  if (wrong.length > 0) throw invalidInput(wrong);
}

/** The query with these columns and no others. */
function selecting(
  columns: Readonly<Record<string, string>>,
  query: SelectQueryBuilder<Deployment>,
): SelectQueryBuilder<Deployment> {
  query.select([]);
  for (const [name, sql] of Object.entries(columns)) query.addSelect(sql, name);
  return query;
}
