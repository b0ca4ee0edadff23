import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { UserAccount, UserGrant } from '../auth/account.entity.js';
import { legalDay } from '../common/clock.js';
import { conflict, forbidden, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { ListQuery } from '../common/pages.js';
import { rowsOf } from '../database/insert-rows.js';
import { newestFirst } from '../database/newest-first.js';
import { DeploymentDelegation } from './deployment-records.entity.js';
import { DelegationPage, DelegationView, type CreateDelegationDto } from './dto/delegation.dto.js';
import { DELEGATION_DAYS } from './time-limits.js';

/** Deputies of approvers: for days that are named beforehand, and never deputies of deputies. */
@Injectable()
export class DelegationsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
  ) {}

  list(actor: Actor, query: ListQuery): Promise<DelegationPage> {
    return this.database.as(actor, async (manager) => {
      const rows = readable(manager, abilityFor(actor));
      const { items, ...page } = await newestFirst(rows, query, (row) => row);
      return { items: await views(manager, items), ...page };
    });
  }

  create(actor: Actor, dto: CreateDelegationDto): Promise<DelegationView> {
    const { userId, organId, validFrom, validTo, reason } = dto;
    return this.unitOfWork.run(actor, async (tx) => {
      const delegatedBy = actor.userId;
      tx.require('create', 'DeploymentDelegation', { organId, userId, delegatedBy });
      refuseWrongDays(dto, legalDay(tx.now));
      await refuseWithoutOwnGrant(tx, dto);
      const deputy = await deputyOf(tx, userId);
      const grant = Object.assign(new UserGrant(), {
        id: newId(),
        userId,
        role: 'DEPLOYMENT_APPROVER',
        organId,
        validFrom,
        validTo,
        grantedBy: delegatedBy,
        reason,
        revokedAt: null,
        createdAt: tx.now,
      });
      const row = Object.assign(new DeploymentDelegation(), {
        ...{ id: newId(), userId, delegatedBy, grantId: grant.id, organId, validFrom, validTo, reason },
        createdAt: tx.now,
        revokedAt: null,
      });
      await tx.insert(rowsOf(UserGrant, [grant]), rowsOf(DeploymentDelegation, [row]));
      await newVersion(tx, deputy);
      tx.record({
        type: 'delegation.made',
        stream: userId,
        target: { kind: 'user', id: userId, rev: deputy.version },
        values: { delegatedBy, organId, validFrom, validTo, reason },
      });
      return view(tx, row);
    });
  }

  revoke(actor: Actor, id: string, reason: string): Promise<DelegationView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const named = (): SelectQueryBuilder<DeploymentDelegation> =>
        readable(tx.manager, tx.ability).andWhere('delegation.id = :id', { id });
      // Whom the database lets change nothing of it is refused by the policy, which has the words for it.
      const row = (await named().setLock('pessimistic_write').getOne()) ?? (await named().getOne());
      if (!row) throw notFound('delegation');
      tx.require('revoke', 'DeploymentDelegation', row);
      if (row.revokedAt) throw conflict('already-revoked', 'This delegation was revoked already.');
      row.revokedAt = tx.now;
      await tx.save(row, { revokedAt: null });
      const grant = await tx.manager.findOneByOrFail(UserGrant, { id: row.grantId });
      if (!grant.revokedAt) {
        grant.revokedAt = tx.now;
        await tx.save(grant, { revokedAt: null });
      }
      const deputy = await lockedAccount(tx, row.userId);
      await newVersion(tx, deputy);
      tx.record({
        type: 'delegation.revoked',
        stream: row.userId,
        target: { kind: 'user', id: row.userId, rev: deputy.version },
        values: { reason },
      });
      return view(tx, row);
    });
  }
}

/** As they are shown: with what the two are called. */
async function views(
  manager: EntityManager,
  rows: readonly DeploymentDelegation[],
): Promise<DelegationView[]> {
  const ids = [...new Set(rows.flatMap(({ userId, delegatedBy }) => [userId, delegatedBy]))];
  const accounts = await manager.find(UserAccount, {
    select: { id: true, displayName: true },
    where: { id: In(ids) },
  });
  const names = new Map(accounts.map(({ id, displayName }) => [id, displayName]));
  return rows.map((row) => DelegationView.of(row, names));
}

const view = async ({ manager }: Transaction, row: DeploymentDelegation): Promise<DelegationView> =>
  (await views(manager, [row]))[0]!;

const readable = (manager: EntityManager, ability: Ability): SelectQueryBuilder<DeploymentDelegation> =>
  whereAccessible(
    manager.createQueryBuilder(DeploymentDelegation, 'delegation'),
    ability,
    'read',
    'DeploymentDelegation',
  );

function refuseWrongDays({ validFrom, validTo }: CreateDelegationDto, today: string): void {
  if (validFrom < today) {
    throw invalidInput([{ pointer: '/validFrom', message: `must not be before today, ${today}` }]);
  }
  const days = (Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000 + 1;
  if (days > DELEGATION_DAYS) {
    throw invalidInput([
      { pointer: '/validTo', message: `is ${days} days on; a delegation is for ${DELEGATION_DAYS} at most` },
    ]);
  }
}

/** A deputy cannot make deputies, and nobody can lend what they do not hold to the last day. */
async function refuseWithoutOwnGrant(
  { manager, actor }: Transaction,
  { organId, validFrom, validTo }: CreateDelegationDto,
): Promise<void> {
  const own = await manager
    .createQueryBuilder(UserGrant, 'own')
    .where({ userId: actor.userId, role: 'DEPLOYMENT_APPROVER', organId })
    .andWhere('own.revokedAt IS NULL AND own.validFrom <= :validFrom', { validFrom })
    .andWhere('(own.validTo IS NULL OR own.validTo >= :validTo)', { validTo })
    .andWhere('NOT EXISTS (SELECT FROM app.deployment_delegation d WHERE d.grant_id = own.id)')
    .getExists();
  if (own) return;
  throw forbidden(
    'You need a grant of your own as approver in this very organ for all of these days; what was delegated is not delegated again.',
  );
}

const lockedAccount = ({ manager }: Transaction, id: string): Promise<UserAccount> =>
  manager.findOneOrFail(UserAccount, { where: { id }, lock: { mode: 'for_no_key_update' } });

/** @throws 400 unless it is the account of another person, who may sign in */
async function deputyOf(tx: Transaction, userId: string): Promise<UserAccount> {
  const { manager, actor } = tx;
  const known = await manager.existsBy(UserAccount, { id: userId, status: 'ACTIVE' });
  const deputy = known ? await lockedAccount(tx, userId) : null;
  const officers = [deputy?.officerId, actor.officerId];
  if (!deputy || userId === actor.userId || (officers[0] && officers[0] === officers[1])) {
    throw invalidInput([{ pointer: '/userId', message: 'must be an active account of another person' }]);
  }
  return deputy;
}

async function newVersion(tx: Transaction, account: UserAccount): Promise<void> {
  account.version++;
  await tx.save(account, { version: account.version - 1 });
}
