import type { SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import { organsOfRole, type Actor } from '../access/actor.js';
import type { Action } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import { decidesAt } from './authority.js';
import { Deployment } from './deployment.entity.js';
import { undecided } from './deployment.states.js';
import { CHECK_HOURS, PAPER_HOURS, REPORT_HOURS } from './time-limits.js';

/** SQL: something that a time limit demands has not come. */
export const OVERDUE = `(
  deployment.status = 'EMERGENCY' AND deployment.dispatched_at < :now::timestamptz - interval '${CHECK_HOURS} hours'
  OR deployment.operation = 'COMPLETED' AND deployment.ended_at < :now::timestamptz - interval '${REPORT_HOURS} hours'
  OR deployment.operation = 'DISPATCHED' AND deployment.ends_at < :now::timestamptz - interval '${REPORT_HOURS} hours'
  OR deployment.oral_order IS NOT NULL AND deployment.paper_received_at IS NULL
    AND (deployment.oral_order->>'at')::timestamptz < :now::timestamptz - interval '${PAPER_HOURS} hours')`;

const doneInRound = (deeds: string, by = ''): string => `EXISTS (
  SELECT FROM app.deployment_deed s WHERE s.deployment_id = one.id AND s.round = one.round AND s.deed IN (${deeds}) ${by})`;

/** What waits for this person: to decide, to give an opinion, to complete, to report. */
export function waitingFor(query: SelectQueryBuilder<Deployment>, actor: Actor, waiting: boolean): void {
  const those = (action: Action, where: string): SelectQueryBuilder<Deployment> => {
    const all = query.connection.createQueryBuilder(Deployment, 'one').select('one.id');
    return whereAccessible(all, abilityFor(actor), action, 'Deployment').andWhere(where);
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
  const any = queries.map((one) => `deployment.id IN (${one.getQuery()})`).join(' OR ');
  query.andWhere(waiting ? `(${any})` : `NOT (${any})`, {
    undecided,
    me: actor.userId,
    held: organsOfRole(actor, 'DEPLOYMENT_APPROVER'),
  });
  for (const one of queries) query.setParameters(one.getParameters());
}
