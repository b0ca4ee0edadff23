import type { SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import { organsOfRole, type Actor } from '../access/actor.js';
import type { Action } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import { decidesAt } from './authority.js';
import { Deployment } from './deployment.entity.js';
import type { ListDeploymentsQuery } from './dto/deployment.dto.js';
import {
  FILED_LATE,
  OVERRIDDEN,
  OVERRIDES,
  REFUSED,
  REPORTED,
  SUBMITTED_FROM,
  SUBMITTED_TO,
} from './figures.sql.js';
import { undecided } from './deployment.states.js';
import { CHECK_HOURS, PAPER_HOURS, REPORT_HOURS } from './time-limits.js';

/** SQL: of the request `row` something is still to be done. Migration 0033 has an index with these very words. */
export const UNFINISHED = (
  row: string,
): string => `(${row}.status IN ('EMERGENCY', 'SUBMITTED', 'LATE', 'RETURNED', 'UNDER_REVIEW')
  OR ${row}.operation IN ('DISPATCHED', 'COMPLETED') OR (${row}.oral_order IS NOT NULL AND ${row}.paper_received_at IS NULL))`;

/** SQL: something that a time limit demands has not come. */
export const OVERDUE = `(${UNFINISHED('deployment')} AND (
  deployment.status = 'EMERGENCY' AND deployment.dispatched_at < :now::timestamptz - interval '${CHECK_HOURS} hours'
  OR deployment.operation = 'COMPLETED' AND deployment.ended_at < :now::timestamptz - interval '${REPORT_HOURS} hours'
  OR deployment.operation = 'DISPATCHED' AND deployment.ends_at < :now::timestamptz - interval '${REPORT_HOURS} hours'
  OR deployment.oral_order IS NOT NULL AND deployment.paper_received_at IS NULL
    AND (deployment.oral_order->>'at')::timestamptz < :now::timestamptz - interval '${PAPER_HOURS} hours'))`;

const doneInRound = (deeds: string, by = ''): string => `EXISTS (
  SELECT FROM app.deployment_deed s WHERE s.deployment_id = one.id AND s.round = one.round AND s.deed IN (${deeds}) ${by})`;

/** What waits for this person: to decide, to give an opinion, to complete, to report. */
export function waitingFor(query: SelectQueryBuilder<Deployment>, actor: Actor, waiting: boolean): void {
  const those = (action: Action, where: string): SelectQueryBuilder<Deployment> => {
    const all = query.connection.createQueryBuilder(Deployment, 'one').select('one.id');
    return whereAccessible(all, abilityFor(actor), action, 'Deployment')
      .andWhere(`(${where})`)
      .andWhere(UNFINISHED('one'));
  };
  const queries = [
    those(
      'approve',
      `one.status IN (:...undecided) AND NOT ${doneInRound(`'approve', 'stand-by'`, 'AND s.done_by = :me')}
       AND EXISTS (SELECT FROM app.organ held, app.organ here WHERE here.id = one.organ_id
         AND held.id = ANY(:held::uuid[]) AND ${decidesAt('held', 'here', 'one.decision_level')})`,
    ),
    those(
      'assess',
      `one.status IN (:...undecided) AND one.opinion_wanted AND NOT ${doneInRound(`'assess'`)}`,
    ),
    those('submit', `one.status IN ('EMERGENCY', 'RETURNED') OR one.operation = 'COMPLETED'`),
  ];
  // They are few, and found first: then nothing else is looked at.
  const any = `deployment.id = ANY (ARRAY(${queries.map((one) => one.getQuery()).join(' UNION ALL ')}))`;
  query.andWhere(waiting ? any : `NOT (${any})`, {
    undecided,
    me: actor.userId,
    held: organsOfRole(actor, 'DEPLOYMENT_APPROVER'),
  });
  for (const one of queries) query.setParameters(one.getParameters());
}

/** What the figures count, as filters: behind each of their numbers is a list that shows as many. */
export function countedAs(query: SelectQueryBuilder<Deployment>, filter: ListDeploymentsQuery): void {
  const is = (wanted: boolean | undefined, sql: string): void => {
    if (wanted !== undefined) query.andWhere(wanted ? sql : `(${sql}) IS NOT TRUE`);
  };
  const { requesterType, duty, submittedFrom, submittedTo, override } = filter;
  if (requesterType) query.andWhere('deployment.requesterType = :requesterType', { requesterType });
  if (duty) query.andWhere(`deployment.law->'duties' @> :duty::jsonb`, { duty });
  if (submittedFrom) query.andWhere(SUBMITTED_FROM('deployment', ':submittedFrom'), { submittedFrom });
  if (submittedTo) query.andWhere(SUBMITTED_TO('deployment', ':submittedTo'), { submittedTo });
  is(filter.refused, REFUSED('deployment'));
  is(filter.late, FILED_LATE('deployment'));
  is(filter.reported, REPORTED('deployment'));
  if (override) {
    query.andWhere(
      `EXISTS (SELECT FROM ${OVERRIDES} WHERE ${OVERRIDDEN('deployment')} AND a.code = :override)`,
      { override },
    );
  }
}
