import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import type { EventType } from '../audit/events.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import { AccessAlert } from './access-alert.entity.js';
import type { AlertState, CloseAlertDto, ListAlertsQuery, OwnAlertsQuery } from './dto/access-alert.dto.js';
import {
  AccessAlertView,
  OwnAlertView,
  type AccessAlertPage,
  type OwnAlertPage,
} from './dto/access-alert.view.js';

/** What becomes of the alerts about reading: the reader says why, an auditor who is somebody else judges. */
@Injectable()
export class AccessAlertsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
  ) {}

  /** Those about readers in the reviewer's organs, the newest first; never one's own. @throws 403 for who reviews none */
  async list(actor: Actor, query: ListAlertsQuery): Promise<AccessAlertPage> {
    const ability = abilityFor(actor);
    if (ability.cannot('read', 'AccessAlert')) {
      throw forbidden('Your roles do not allow you to review how others read.');
    }
    return this.database.as(actor, (manager) => {
      const matching = alerts(manager, ability, 'read');
      for (const field of ['kind', 'userId', 'caseId', 'day'] as const) {
        if (query[field]) matching.andWhere(`alert.${field} = :${field}`, { [field]: query[field] });
      }
      inState(matching, query.state);
      return newestFirst(matching, query, (row) => AccessAlertView.of(row));
    });
  }

  /** Those that one is asked about oneself, the newest first. */
  own(actor: Actor, { state, ...page }: OwnAlertsQuery): Promise<OwnAlertPage> {
    return this.database.as(actor, (manager) => {
      const mine = alerts(manager, abilityFor(actor), 'answer');
      inState(mine, state);
      return newestFirst(mine, page, (row) => OwnAlertView.of(row));
    });
  }

  /** The reader says why. Once: what was said is not said better afterwards. */
  answer(actor: Actor, id: string, version: number, answer: string): Promise<OwnAlertView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const alert = await this.lock(tx, 'answer', id, version);
      if (alert.answer !== null) throw conflict('already-answered', 'You have said why already.');
      if (alert.verdict !== null) throw conflict('already-closed', 'The alert is closed already.');
      Object.assign(alert, { answer, answeredAt: tx.now });
      await change(tx, alert, 'access-alert.answered', { answer });
      return OwnAlertView.of(alert);
    });
  }

  close(
    actor: Actor,
    id: string,
    version: number,
    { verdict, reason }: CloseAlertDto,
  ): Promise<AccessAlertView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const alert = await this.lock(tx, 'read', id, version);
      tx.require('close', 'AccessAlert', alert);
      if (alert.verdict !== null) throw conflict('already-closed', 'The alert is closed already.');
      Object.assign(alert, { verdict, closedBy: actor.userId, closedAt: tx.now, closeReason: reason });
      await change(tx, alert, 'access-alert.closed', { verdict, reason });
      return AccessAlertView.of(alert);
    });
  }

  /** @throws 404 unless the actor may see it in this way, 412 when it has changed */
  private async lock(
    tx: Transaction,
    action: 'read' | 'answer',
    id: string,
    version: number,
  ): Promise<AccessAlert> {
    const alert = await alerts(tx.manager, tx.ability, action)
      .andWhere('alert.id = :id', { id })
      .setLock('pessimistic_write')
      .getOne();
    if (!alert) throw notFound('alert');
    checkVersion(alert, version);
    return alert;
  }
}

const alerts = (
  manager: EntityManager,
  ability: Ability,
  action: 'read' | 'answer',
): SelectQueryBuilder<AccessAlert> =>
  whereAccessible(manager.createQueryBuilder(AccessAlert, 'alert'), ability, action, 'AccessAlert');

function inState(matching: SelectQueryBuilder<AccessAlert>, state: AlertState | undefined): void {
  if (state === 'OPEN') matching.andWhere('alert.verdict IS NULL AND alert.answer IS NULL');
  if (state === 'ANSWERED') matching.andWhere('alert.verdict IS NULL AND alert.answer IS NOT NULL');
  if (state === 'CLOSED') matching.andWhere('alert.verdict IS NOT NULL');
}

async function change(
  tx: Transaction,
  alert: AccessAlert,
  type: EventType,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  alert.version++;
  await tx.save(alert);
  const { id, userId: stream, version: rev } = alert;
  tx.record({ type, stream, target: { kind: 'access-alert', id, rev }, values });
}
