import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { UserAccount } from '../auth/account.entity.js';
import { conflict, forbidden, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import { InvestigatorsService } from '../investigations/investigators.service.js';
import { Officer } from '../officers/officer.entity.js';
import type { RecusalDto, WitnessDto } from './dto/recusal.dto.js';
import { CaseRecusalsView, RecusalView, WitnessView } from './dto/recusal.view.js';
import { Recusal, Witness } from './recusal.entity.js';

/**
 * Who keeps away from a case by what people say. What the records show (subject, unit, chain of command) needs no
 * word: see `app.conflicts_of`. Either way it takes effect with the next request.
 */
@Injectable()
export class RecusalsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly investigators: InvestigatorsService,
  ) {}

  list(actor: Actor, caseId: string): Promise<CaseRecusalsView> {
    return this.database.as(actor, async (manager) => {
      const readable = whereAccessible(
        manager.createQueryBuilder(Case, 'case').where('case.id = :caseId', { caseId }),
        abilityFor(actor),
        'read',
        'Case',
        'people',
      );
      if (!(await readable.getExists())) throw notFound('case');
      const recusals = await manager.find(Recusal, { where: { caseId }, order: { id: 'DESC' } });
      const witnesses = await manager.find(Witness, { where: { caseId }, order: { id: 'DESC' } });
      return Object.assign(new CaseRecusalsView(), {
        recusals: recusals.map((row) => RecusalView.of(row)),
        witnesses: witnesses.map((row) => WitnessView.of(row)),
      });
    });
  }

  /** Declares one's own conflict, or orders another to keep away. Ends an assignment at once. */
  declare(
    actor: Actor,
    caseId: string,
    { userId = actor.userId, ground, reason }: RecusalDto,
  ): Promise<RecusalView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require(userId === actor.userId ? 'declare-recusal' : 'order-recusal', 'Case', row);
      if (!(await tx.manager.existsBy(UserAccount, { id: userId, status: 'ACTIVE' }))) {
        throw invalidInput([{ pointer: '/userId', message: 'there is no active account with this id' }]);
      }
      if (await tx.manager.existsBy(Recusal, { caseId, userId, liftedAt: IsNull() })) {
        throw conflict('already-recused', 'This person keeps away from the case already.');
      }
      const recusal = Object.assign(new Recusal(), {
        id: newId(),
        caseId,
        userId,
        ground,
        reason,
        declaredBy: actor.userId,
        declaredAt: tx.now,
        liftedBy: null,
        liftedAt: null,
        liftedReason: null,
        version: 1,
      });
      await tx.insert(rowsOf(Recusal, [recusal]));
      record(tx, userId === actor.userId ? 'recusal.declared' : 'recusal.ordered', recusal, reason);
      await this.investigators.endConflicted(tx, row);
      return RecusalView.of(recusal);
    });
  }

  /**
   * Lets somebody back in whose recusal proved to be unfounded; what the records show still holds.
   * @throws 403 for the person concerned: the head's own recusal is decided by the higher organ (处分条例 43)
   */
  lift(actor: Actor, id: string, reason: string): Promise<RecusalView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const found = await tx.manager.findOneBy(Recusal, { id });
      const row = found && (await this.cases.lockIfReadable(tx, found.caseId));
      if (!row) throw notFound('recusal');
      tx.require('lift-recusal', 'Case', row);
      const recusal = await tx.manager.findOneByOrFail(Recusal, { id });
      if (recusal.liftedAt) throw conflict('already-lifted', 'This recusal was lifted already.');
      if (recusal.userId === actor.userId) throw forbidden('Nobody decides on their own recusal.');
      Object.assign(recusal, { liftedBy: actor.userId, liftedAt: tx.now, liftedReason: reason });
      recusal.version++;
      await tx.save(recusal);
      record(tx, 'recusal.lifted', recusal, reason);
      return RecusalView.of(recusal);
    });
  }

  /** Names a member of the police as a witness; from then on they read nothing of the case. */
  nameWitness(actor: Actor, caseId: string, { officerId, reason }: WitnessDto): Promise<WitnessView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('name-witness', 'Case', row);
      if (!(await tx.manager.existsBy(Officer, { id: officerId }))) {
        throw invalidInput([{ pointer: '/officerId', message: 'there is no officer with this id' }]);
      }
      const witness = Object.assign(new Witness(), {
        id: newId(),
        caseId,
        officerId,
        reason,
        namedBy: actor.userId,
        namedAt: tx.now,
      });
      await tx.insert(rowsOf(Witness, [witness])).catch(refuseNamedTwice);
      tx.record({
        type: 'witness.named',
        stream: caseId,
        target: { kind: 'witness', id: witness.id },
        values: { officerId, reason },
      });
      await this.investigators.endConflicted(tx, row);
      return WitnessView.of(witness);
    });
  }
}

function record(
  tx: Transaction,
  type: 'recusal.declared' | 'recusal.ordered' | 'recusal.lifted',
  { id, caseId, userId, ground }: Recusal,
  reason: string,
): void {
  tx.record({ type, stream: caseId, target: { kind: 'recusal', id }, values: { userId, ground, reason } });
}

function refuseNamedTwice(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('already-named', 'This officer is a witness of the case already.');
}
