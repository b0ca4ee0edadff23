import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import { conflict, forbidden, invalidInput, notFound } from '../common/errors.js';
import { grouped } from '../common/grouped.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { containing } from '../common/text.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import { UserAccount, UserGrant } from './account.entity.js';
import { endSessions, lockAccount, readableAccounts, refuseForeignRoles } from './accounts.js';
import type {
  CreateUserDto,
  EndSessionsDto,
  GrantDto,
  ListUsersQuery,
  ResetPasswordDto,
  RevokeGrantDto,
  UpdateUserDto,
} from './dto/user.dto.js';
import {
  ChangedGrantView,
  FirstPasswordView,
  ListedUserView,
  UserPage,
  UserView,
  UserWithGrantsView,
} from './dto/user.view.js';
import { giveFirstPassword } from './first-passwords.js';
import { PasswordPolicy, setPassword, tellOfNewPassword } from './password-policy.js';

/**
 * Accounts and their grants. The account of the system itself is none of them: it is neither shown nor changed here.
 * A change of a grant raises the account's version, since an account is shown with its grants.
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly policy: PasswordPolicy,
  ) {}

  /** The one-time password is no part of what is kept for a repeat of the request. */
  async create(actor: Actor, dto: CreateUserDto): Promise<FirstPasswordView> {
    let first: string | undefined;
    const user = await this.make(actor, dto, async (tx, account) => {
      first = await giveFirstPassword(tx, account);
    });
    return FirstPasswordView.with(user, first);
  }

  /** For the command line, where the one who makes the account chooses its password: the first administrator. */
  createWithPassword(actor: Actor, dto: CreateUserDto, password: string): Promise<UserView> {
    return this.make(actor, dto, async (tx, account) => {
      await this.policy.refuseWeak(tx, password, account);
      await setPassword(account, password);
    });
  }

  private make(
    actor: Actor,
    dto: CreateUserDto,
    givePassword: (tx: Transaction, account: UserAccount) => Promise<void>,
  ): Promise<UserView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const account = tx.manager.create(UserAccount, {
        id: newId(),
        username: dto.username,
        displayName: dto.displayName,
        officerId: dto.officerId ?? null,
        oidcSubject: null,
        passwordChangedAt: null,
        passwordChangedBy: null,
        status: 'ACTIVE',
        standingSince: tx.now,
        version: 1,
        createdAt: tx.now,
      });
      tx.require('create', 'User', account);
      await refuseUnknownOfficer(tx, account.officerId);
      await givePassword(tx, account);
      await tx.insert(rowsOf(UserAccount, [account])).catch(refuseTakenUsername);
      const { id, username, displayName, officerId } = account;
      tx.record({
        type: 'user.created',
        stream: id,
        target: { kind: 'user', id, rev: 1 },
        values: { username, displayName, officerId },
      });
      return UserView.of(account);
    });
  }

  update(actor: Actor, id: string, version: number, dto: UpdateUserDto): Promise<UserView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const account = await this.lock(tx, id);
      checkVersion(account, version);
      const changes = applyChanges(account, dto);
      if (Object.keys(changes).length === 0) {
        throw invalidInput([{ pointer: '', message: 'names nothing that would change' }]);
      }
      if (id === actor.userId && changes['status']) throw forbidden('Nobody can disable their own account.');
      if (id === actor.userId && changes['officerId']) {
        throw forbidden('Nobody can change which officer they are: the rules on their own cases hang on it.');
      }
      if (id === actor.userId && changes['oidcSubject']) {
        throw forbidden('Nobody says themselves who they are elsewhere. Ask another administrator.');
      }
      await refuseForeignRoles(tx, id);
      if (changes['status'] || changes['officerId']) account.standingSince = tx.now;
      if (changes['officerId']) await refuseUnknownOfficer(tx, account.officerId);
      if (account.status === 'DISABLED') await endSessions(tx, id);
      await this.saveAndRecord(tx, account, { ...changes, reason: dto.reason });
      return UserView.of(account);
    });
  }

  /** Whoever had the old password is out at once, with all sessions. */
  async resetPassword(actor: Actor, id: string, { reason }: ResetPasswordDto): Promise<FirstPasswordView> {
    let first: string | undefined;
    const user = await this.unitOfWork.run(actor, async (tx) => {
      const account = await this.lock(tx, id);
      await refuseForeignRoles(tx, id);
      first = await giveFirstPassword(tx, account);
      tellOfNewPassword(tx, account);
      await endSessions(tx, id);
      await this.saveAndRecord(tx, account, { password: 'one-time', reason });
      return UserView.of(account);
    });
    return FirstPasswordView.with(user, first);
  }

  /** Of an account that may have fallen into other hands: its owner signs in again. */
  endSessions(actor: Actor, id: string, { reason }: EndSessionsDto): Promise<void> {
    return this.unitOfWork.run(actor, async (tx) => {
      await this.lock(tx, id);
      await refuseForeignRoles(tx, id);
      await endSessions(tx, id);
      tx.record({
        type: 'user.sessions-ended',
        stream: id,
        target: { kind: 'user', id },
        values: { reason },
      });
    });
  }

  grant(actor: Actor, userId: string, dto: GrantDto): Promise<ChangedGrantView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const account = await this.lock(tx, userId);
      if (userId === actor.userId) {
        throw forbidden('Nobody grants a role to themselves. Ask another administrator.');
      }
      const grant = tx.manager.create(UserGrant, {
        id: newId(),
        userId,
        role: dto.role,
        organId: await knownOrgan(tx, dto.organId),
        validFrom: dto.validFrom ?? legalDay(tx.now),
        validTo: dto.validTo ?? null,
        grantedBy: actor.userId,
        reason: dto.reason,
        revokedAt: null,
        createdAt: tx.now,
      });
      tx.require('create', 'Grant', grant);
      if (grant.validTo !== null && grant.validTo < grant.validFrom) {
        throw invalidInput([{ pointer: '/validTo', message: `must not be before ${grant.validFrom}` }]);
      }
      await refuseSecondGrant(tx, grant);
      await tx.insert(rowsOf(UserGrant, [grant]));
      account.version++;
      await tx.save(account);
      const { id: grantId, role, organId, validFrom, validTo, reason } = grant;
      tx.record({
        type: 'user.granted',
        stream: userId,
        target: { kind: 'user', id: userId, rev: account.version },
        values: { grantId, role, organId, validFrom, validTo, reason },
      });
      return ChangedGrantView.after(grant, account);
    });
  }

  revoke(
    actor: Actor,
    userId: string,
    grantId: string,
    { reason }: RevokeGrantDto,
  ): Promise<ChangedGrantView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const account = await this.lock(tx, userId);
      const grant = await tx.manager.findOneBy(UserGrant, { id: grantId, userId });
      if (!grant) throw notFound('grant');
      tx.require('revoke', 'Grant', grant);
      if (grant.revokedAt) {
        const revokedAt = grant.revokedAt.toISOString();
        throw conflict('already-revoked', 'The grant is revoked already.', { revokedAt });
      }
      grant.revokedAt = tx.now;
      await tx.save(grant);
      account.version++;
      await tx.save(account);
      const { role, organId } = grant;
      tx.record({
        type: 'user.grant-revoked',
        stream: userId,
        target: { kind: 'user', id: userId, rev: account.version },
        values: { grantId, role, organId, reason },
      });
      return ChangedGrantView.after(grant, account);
    });
  }

  async get(actor: Actor, id: string): Promise<UserWithGrantsView> {
    const { manager } = this.dataSource;
    const account = await readableAccounts(manager, abilityFor(actor))
      .andWhere('account.id = :id', { id })
      .getOne();
    if (!account) throw notFound('user');
    const grants = await manager.find(UserGrant, { where: { userId: id }, order: { id: 'DESC' } });
    return UserWithGrantsView.with(account, grants);
  }

  /** Newest first. */
  async list(actor: Actor, query: ListUsersQuery): Promise<UserPage> {
    const ability = abilityFor(actor);
    // An empty list would tell everybody else that there are no users.
    if (ability.cannot('read', 'User')) throw forbidden('Your roles do not allow you to read users.');
    const matching = readableAccounts(this.dataSource.manager, ability);
    if (query.q) {
      matching.andWhere('(account.username ILIKE :q OR account.displayName ILIKE :q)', {
        q: containing(query.q),
      });
    }
    if (query.status) matching.andWhere('account.status = :status', { status: query.status });
    const today = legalDay(this.clock.now());
    if (query.role) {
      const holding = matching.subQuery().select('1').from(UserGrant, 'held').where(IN_FORCE);
      matching.andWhere(
        `EXISTS ${holding.andWhere('held.userId = account.id AND held.role = :role').getQuery()}`,
        { role: query.role, today },
      );
    }
    const page = await newestFirst(matching, query, (account) => account);
    const held = await this.inForce(
      page.items.map(({ id }) => id),
      today,
    );
    return {
      ...page,
      items: page.items.map((account) => ListedUserView.with(account, held.get(account.id))),
    };
  }

  /** The grants of these accounts that are in force on a day, those of all of them at once. */
  private async inForce(userIds: readonly string[], today: string): Promise<Map<string, UserGrant[]>> {
    if (userIds.length === 0) return new Map();
    const grants = await this.dataSource.manager
      .createQueryBuilder(UserGrant, 'held')
      .where({ userId: In(userIds) })
      .andWhere(IN_FORCE, { today })
      .orderBy('held.createdAt')
      .addOrderBy('held.id')
      .getMany();
    return grouped(grants, ({ userId }) => userId);
  }

  private async lock(tx: Transaction, id: string): Promise<UserAccount> {
    const account = await lockAccount(tx, id);
    tx.require('update', 'User', account);
    return account;
  }

  private async saveAndRecord(
    tx: Transaction,
    account: UserAccount,
    values: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    account.version++;
    await tx.save(account).catch(refuseTakenSubject);
    const { id, version: rev } = account;
    tx.record({ type: 'user.updated', stream: id, target: { kind: 'user', id, rev }, values });
  }
}

const IN_FORCE = `held.revokedAt IS NULL AND held.validFrom <= :today
  AND (held.validTo IS NULL OR held.validTo >= :today)`;

type Changes = Record<string, { from: unknown; to: unknown }>;

/** Sets what the body names, and says what changed. */
function applyChanges(account: UserAccount, dto: UpdateUserDto): Changes {
  const changes: Changes = {};
  const set = <F extends 'displayName' | 'status' | 'officerId' | 'oidcSubject'>(
    field: F,
    to: UserAccount[F] | undefined,
  ): void => {
    if (to === undefined || to === account[field]) return;
    changes[field] = { from: account[field], to };
    account[field] = to;
  };
  set('displayName', dto.displayName);
  set('status', dto.status);
  set('officerId', dto.officerId?.toLowerCase() ?? dto.officerId);
  set('oidcSubject', dto.oidcSubject);
  return changes;
}

/** Two would make one of them survive the other's revocation. */
async function refuseSecondGrant(tx: Transaction, wanted: UserGrant): Promise<void> {
  const { userId, role, organId, validFrom, validTo } = wanted;
  const other = await tx.manager
    .createQueryBuilder(UserGrant, 'held')
    .where({ userId, role, organId, revokedAt: IsNull() })
    .andWhere(
      `daterange(held.validFrom, held.validTo, '[]') && daterange(:validFrom::date, :validTo::date, '[]')`,
      { validFrom, validTo },
    )
    .getOne();
  if (!other) return;
  throw conflict('already-granted', 'The account holds this role in this organ during that time already.', {
    grantId: other.id,
  });
}

function refuseTakenSubject(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('subject-taken', 'Another account is this person at the provider already.', {
    errors: [{ pointer: '/oidcSubject', message: 'another account has this subject' }],
  });
}

function refuseTakenUsername(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('username-taken', 'Another account has this user name already.', {
    errors: [{ pointer: '/username', message: 'another account has this user name' }],
  });
}

/** Officers and organs come later in the procedure than accounts, so their code is not used here. */
async function refuseUnknownOfficer({ manager }: Transaction, id: string | null): Promise<void> {
  if (id === null) return;
  const found = await manager.query<object[]>('SELECT 1 FROM app.officer WHERE id = $1', [id]);
  if (found.length === 0) {
    throw invalidInput([{ pointer: '/officerId', message: 'there is no officer with this id' }]);
  }
}

async function knownOrgan({ manager }: Transaction, id: string): Promise<string> {
  const [organ] = await manager.query<{ id: string }[]>('SELECT id FROM app.organ WHERE id = $1', [id]);
  if (!organ) throw invalidInput([{ pointer: '/organId', message: 'there is no organ with this id' }]);
  return organ.id;
}
