import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { newId } from '../common/ids.js';
import type { ListQuery } from '../common/pages.js';
import { rowsOf } from '../database/insert-rows.js';
import { newestFirst } from '../database/newest-first.js';
import { Organ } from '../organs/organ.entity.js';
import { DeploymentNotice, DeploymentObjection } from './deployment-records.entity.js';
import { DeploymentsService } from './deployments.service.js';
import {
  DeploymentNoticePage,
  DeploymentNoticeView,
  ObjectionPage,
  ObjectionView,
} from './dto/scene.view.js';

/** What goes to the organ above: officers' objections to orders, and notices. */
@Injectable()
export class ObjectionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly deployments: DeploymentsService,
  ) {}

  /**
   * Keeps what an officer who was sent objects to the order (警察法 33). It lies in the stream of its author, so that
   * the history of the deployment, which whoever gave the order may read, says nothing of it.
   */
  object(actor: Actor, deploymentId: string, text: string): Promise<ObjectionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, deploymentId);
      tx.require('object', 'Deployment', row);
      const { path } = await tx.manager.findOneByOrFail(Organ, { id: row.organId });
      const [{ givers }] = await tx.manager.query<[{ givers: string[] }]>(
        `SELECT array_agg(DISTINCT p) AS givers FROM app.deployment_deed s JOIN app.user_account u ON u.id = s.done_by
           CROSS JOIN LATERAL unnest(ARRAY[u.id, u.officer_id, s.on_behalf_of]) p
         WHERE s.deployment_id = $1 AND s.deed IN ('approve', 'stand-by', 'dispatch') AND p IS NOT NULL`,
        [deploymentId],
      );
      const objection = Object.assign(new DeploymentObjection(), {
        id: newId(),
        userId: actor.userId,
        deploymentId,
        text,
        createdAt: tx.now,
        higherOrganIds: path.slice(1),
        orderGivers: [...new Set([...row.askers, ...(givers ?? [])])],
      });
      await tx.insert(rowsOf(DeploymentObjection, [objection]));
      tx.record({
        type: 'objection.made',
        stream: actor.userId,
        target: { kind: 'objection', id: objection.id },
        values: { deploymentId, text },
      });
      return ObjectionView.of(objection);
    });
  }

  /** One's own, and those of officers of organs under one's own. */
  list(actor: Actor, query: ListQuery): Promise<ObjectionPage> {
    return this.database.as(actor, (manager) => {
      const rows = whereAccessible(
        manager.createQueryBuilder(DeploymentObjection, 'objection'),
        abilityFor(actor),
        'read',
        'DeploymentObjection',
      );
      return newestFirst(rows, query, (row) => ObjectionView.of(row));
    });
  }

  notices(actor: Actor, query: ListQuery): Promise<DeploymentNoticePage> {
    return this.database.as(actor, (manager) => {
      const rows = whereAccessible(
        manager.createQueryBuilder(DeploymentNotice, 'notice'),
        abilityFor(actor),
        'read',
        'DeploymentNotice',
      );
      return newestFirst(rows, query, (row) => DeploymentNoticeView.of(row));
    });
  }
}
