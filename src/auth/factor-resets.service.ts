import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, IsNull, LessThanOrEqual } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import type { EventType } from '../audit/events.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { systemActor } from '../audit/writer-registration.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError, forbidden, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { JobsService } from '../database/jobs.service.js';
import { endSessions, lockAccount, readableAccounts, refuseForeignRoles } from './accounts.js';
import type { FactorResetDto } from './dto/factor-reset.dto.js';
import { COOL_DOWN_MS, FactorResetView } from './dto/factor-reset.view.js';
import { FactorReset, SecondFactor } from './factor.entity.js';
import { factorsInUse } from './factors.js';

/**
 * The way back for somebody who lost their second factors: one administrator proposes, another confirms, neither of
 * them the owner, and a day passes in which the owner is told and may refuse. So no single person can get past the
 * second factor of another.
 */
@Injectable()
export class FactorResetsService implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('reset-second-factors', () => this.takeEffect());
  }

  async list(actor: Actor, userId: string): Promise<FactorResetView[]> {
    const { manager } = this.dataSource;
    const readable = readableAccounts(manager, abilityFor(actor)).andWhere('account.id = :userId', {
      userId,
    });
    if (!(await readable.getExists())) throw notFound('user');
    const resets = await manager.find(FactorReset, { where: { userId }, order: { id: 'DESC' } });
    return resets.map((reset) => FactorResetView.of(reset));
  }

  propose(actor: Actor, userId: string, { reason }: FactorResetDto): Promise<FactorResetView> {
    return this.unitOfWork.run(actor, async (tx) => {
      await requireReset(tx, userId);
      if (!(await tx.manager.existsBy(SecondFactor, factorsInUse(userId)))) {
        throw conflict('no-second-factor', 'This account has no second factor.');
      }
      const reset = Object.assign(new FactorReset(), {
        id: newId(),
        userId,
        status: 'PROPOSED',
        proposedBy: actor.userId,
        proposedAt: tx.now,
        reason,
        confirmedBy: null,
        confirmedAt: null,
        endedAt: null,
      });
      await tx.insert(rowsOf(FactorReset, [reset])).catch(refuseSecond);
      record(tx, 'user.factor-reset-proposed', reset, reason);
      return FactorResetView.of(reset);
    });
  }

  /** @throws 403 for whoever proposed it and for the owner */
  confirm(actor: Actor, id: string, { reason }: FactorResetDto): Promise<FactorResetView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { userId } = await this.named(id);
      await requireReset(tx, userId, 'reset');
      const reset = await lockOpen(tx, id);
      if (reset.status !== 'PROPOSED') throw conflict('already-confirmed', 'It is confirmed already.');
      if (reset.proposedBy === actor.userId) {
        throw forbidden('Whoever proposed it cannot confirm it. Ask another administrator.');
      }
      Object.assign(reset, { status: 'CONFIRMED', confirmedBy: actor.userId, confirmedAt: tx.now });
      await tx.save(reset);
      // Whoever is signed in signs in again, and is told.
      await endSessions(tx, userId);
      record(tx, 'user.factor-reset-confirmed', reset, reason);
      return FactorResetView.of(reset);
    });
  }

  refuse(actor: Actor, id: string, { reason }: FactorResetDto): Promise<FactorResetView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { userId } = await this.named(id);
      if (userId === actor.userId) tx.require('refuse-reset', 'User', { id: userId });
      else tx.require('refuse-reset', 'User', await lockAccount(tx, userId, 'reset'));
      const reset = await lockOpen(tx, id);
      Object.assign(reset, { status: 'REFUSED', endedAt: tx.now });
      await tx.save(reset);
      record(tx, 'user.factor-reset-refused', reset, reason);
      return FactorResetView.of(reset);
    });
  }

  /** Removes the second factors of those whose day is over. */
  async takeEffect(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - COOL_DOWN_MS);
    const due = await this.dataSource.manager.findBy(FactorReset, {
      status: 'CONFIRMED',
      confirmedAt: LessThanOrEqual(before),
    });
    for (const { id } of due) {
      await this.finish(id).catch((error: unknown) => {
        // It was refused a moment ago, or done by another node.
        if (!(error instanceof DomainError)) throw error;
      });
    }
  }

  private finish(id: string): Promise<void> {
    return this.unitOfWork.run(systemActor, async (tx) => {
      const reset = await lockOpen(tx, id);
      const { userId } = reset;
      for (const factor of await tx.manager.findBy(SecondFactor, { userId, removedAt: IsNull() })) {
        factor.removedAt = tx.now;
        await tx.save(factor, { removedAt: null });
      }
      Object.assign(reset, { status: 'DONE', endedAt: tx.now });
      await tx.save(reset);
      await endSessions(tx, userId);
      record(tx, 'user.factors-reset', reset, reset.reason);
    });
  }

  private async named(id: string): Promise<FactorReset> {
    const reset = await this.dataSource.manager.findOneBy(FactorReset, { id });
    if (!reset) throw notFound('reset');
    return reset;
  }
}

/** With the account locked. @throws 403 for its owner, and for an administrator of other organs */
async function requireReset(tx: Transaction, userId: string, what = 'user'): Promise<void> {
  const account = await lockAccount(tx, userId, what);
  tx.require('reset-factors', 'User', account);
  if (userId === tx.actor.userId) {
    throw forbidden('Nobody resets their own second factors. Remove them with DELETE /auth/factors/{id}.');
  }
  await refuseForeignRoles(tx, userId);
}

/** @throws 409 when it was done or refused before */
async function lockOpen({ manager }: Transaction, id: string): Promise<FactorReset> {
  const reset = await manager.findOneOrFail(FactorReset, {
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (reset.endedAt) throw conflict('already-ended', `This reset is ${reset.status} already.`);
  return reset;
}

function refuseSecond(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('already-proposed', 'A reset of this account is under way already.');
}

function record(tx: Transaction, type: EventType, { id, userId }: FactorReset, reason: string): void {
  tx.record({ type, stream: userId, target: { kind: 'factor-reset', id }, values: { reason } });
}
