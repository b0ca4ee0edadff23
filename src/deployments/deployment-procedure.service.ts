import { Injectable } from '@nestjs/common';
import type { DeploymentDeed } from '../access/shapes.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import type { Authority } from './authority.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import { type Deployment, type DeploymentColumns } from './deployment.entity.js';
import type { DeploymentStatus } from './deployment.states.js';

export interface DeedDone {
  readonly reason: string;
  /** Which status, where the deed has several. */
  readonly to?: DeploymentStatus;
  readonly authority?: Authority;
  /** What else was said; it is kept with the deed and goes into the trail. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What changes together with the state. */
  readonly changes?: Partial<DeploymentColumns>;
}

/** Moves a request along. Every deed passes here. */
@Injectable()
export class DeploymentProcedure {
  /** Takes the step on a locked row, keeps it and records it. Whether the actor may is judged before. */
  async perform(
    tx: Transaction,
    row: Deployment,
    deed: DeploymentDeed,
    { reason, to, authority, details = {}, changes = {} }: DeedDone,
  ): Promise<DeploymentDeedRecord> {
    const { from, to: reached } = row.advance(deed, to);
    const fields = Object.keys(changes) as (keyof DeploymentColumns)[];
    const changed = Object.fromEntries(
      fields
        .filter((field) => field !== 'test')
        .map((field) => [field, { from: row[field], to: changes[field] }]),
    );
    Object.assign(row, changes);
    const done: DeploymentDeedRecord = {
      id: newId(),
      deploymentId: row.id,
      deed,
      fromStatus: from,
      toStatus: reached,
      round: row.round,
      doneBy: tx.actor.userId,
      doneAt: tx.now,
      organId: authority?.organId ?? null,
      onBehalfOf: authority?.onBehalfOf ?? null,
      reason,
      details: { ...details },
    };
    // The deed first: the database counts signatures when the status changes.
    await tx.insert(rowsOf(DeploymentDeedRecord, [done]));
    await tx.save(row);
    tx.record({
      type: `deployment.${deed}`,
      stream: row.id,
      target: { kind: 'deployment', id: row.id, rev: row.version },
      values: { status: { from, to: reached }, reason, ...changed, ...details },
    });
    return done;
  }

  /** The deeds of a request, the oldest first. */
  deedsOf({ manager }: Pick<Transaction, 'manager'>, deploymentId: string): Promise<DeploymentDeedRecord[]> {
    return manager.find(DeploymentDeedRecord, { where: { deploymentId }, order: { id: 'ASC' } });
  }
}
