import { IsNull, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { Ability } from '../access/abilities.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { forbidden, notFound } from '../common/errors.js';
import { Session, UserAccount, UserGrant } from './account.entity.js';

/** The accounts that somebody may read. That of the system itself is none. */
export const readableAccounts = (manager: EntityManager, ability: Ability): SelectQueryBuilder<UserAccount> =>
  whereAccessible(manager.createQueryBuilder(UserAccount, 'account'), ability, 'read', 'User').andWhere(
    `account.status <> 'SYSTEM'`,
  );

/** The account, locked until the transaction ends. @throws 404 unless the actor may read it */
export async function lockAccount(tx: Transaction, id: string, what = 'user'): Promise<UserAccount> {
  const account = await readableAccounts(tx.manager, tx.ability)
    .andWhere('account.id = :id', { id })
    .setLock('for_no_key_update')
    .getOne();
  if (!account) throw notFound(what);
  return account;
}

export const endSessions = ({ manager, now }: Transaction, userId: string): Promise<unknown> =>
  manager.update(Session, { userId, revokedAt: IsNull() }, { revokedAt: now });

/** Else the administrator of a station could take over the account of the ministry's. */
export async function refuseForeignRoles(tx: Transaction, userId: string): Promise<void> {
  const grants = await tx.manager.findBy(UserGrant, { userId, revokedAt: IsNull() });
  const today = legalDay(tx.now);
  const foreign = grants.some(
    (grant) => (grant.validTo === null || grant.validTo >= today) && tx.ability.cannot('create', grant),
  );
  if (foreign) throw forbidden('This account holds a role in an organ that you do not administer.');
}
