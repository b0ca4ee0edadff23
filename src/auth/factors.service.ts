import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { Authenticators } from './authenticators.js';
import type { ConfirmTotpDto, EnrolAuthenticatorDto, FactorNameDto } from './dto/factor.dto.js';
import { ChallengeView, FactorView, type NewTotpView } from './dto/second-factor.view.js';
import { FactorProofs } from './factor-proofs.js';
import { SecondFactor } from './factor.entity.js';
import { factorsInUse } from './factors.js';
import { issueTicket, punch, takeTicket } from './tickets.js';
import { newTotpSecret, totpToEnrol } from './totp.js';

const MAX_FACTORS = 10;

/** The second factors of the person who asks. */
@Injectable()
export class FactorsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly proofs: FactorProofs,
    private readonly authenticators: Authenticators,
  ) {}

  async list({ userId }: Actor): Promise<FactorView[]> {
    const factors = await this.inUse(userId);
    return factors.map((factor) => FactorView.of(factor));
  }

  /** Makes a secret. It counts for nothing until a code has shown that the app has it. */
  async beginTotp(actor: Actor, { name }: FactorNameDto): Promise<NewTotpView> {
    const id = newId();
    const secret = newTotpSecret();
    await this.unitOfWork.run(actor, async (tx) => {
      await refuseTooMany(tx);
      const sealedSecret = this.proofs.sealed(id, secret);
      const factor = aFactor(tx, { id, kind: 'TOTP', name, sealedSecret, counter: 0, confirmedAt: null });
      await tx.insert(rowsOf(SecondFactor, [factor]));
      record(tx, 'auth.factor-begun', factor);
    });
    return { id, ...totpToEnrol(secret, actor.username) };
  }

  /** @throws 400 for a wrong code, 404 unless there is such a factor that waits for one */
  confirmTotp(actor: Actor, id: string, { code }: ConfirmTotpDto): Promise<FactorView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const factor = await ownFactor(tx, id);
      if (factor.kind !== 'TOTP' || factor.confirmedAt) throw notFound('factor');
      if (!(await this.proofs.moveOn(tx, factor, { kind: 'TOTP', code }))) {
        throw invalidInput([{ pointer: '/code', message: 'is not the code that the app shows now' }]);
      }
      factor.confirmedAt = tx.now;
      await tx.save(factor, { confirmedAt: null });
      record(tx, 'auth.factor-enrolled', factor);
      return FactorView.of(factor);
    });
  }

  async authenticatorOptions(actor: Actor): Promise<ChallengeView> {
    const { userId, sessionId } = actor;
    const { manager } = this.dataSource;
    const issued = await issueTicket(manager, this.clock.now(), { purpose: 'ENROLMENT', userId, sessionId });
    const known = await this.inUse(userId);
    const options = await this.authenticators.registrationOptions(actor, issued.challenge, known);
    return ChallengeView.of(issued, options);
  }

  /** @throws 400 when the answer of the authenticator is not right */
  enrolAuthenticator(
    actor: Actor,
    { ticket: token, name, attestation }: EnrolAuthenticatorDto,
  ): Promise<FactorView> {
    const { userId, sessionId } = actor;
    return this.unitOfWork.run(actor, async (tx) => {
      const of = { purpose: 'ENROLMENT', userId, sessionId } as const;
      const ticket = await takeTicket(tx.manager, tx.now, token, of);
      await refuseTooMany(tx);
      const credential = await this.authenticators.register(attestation, ticket.tokenHash);
      if (!credential) {
        throw invalidInput([
          { pointer: '/attestation', message: 'is not what an authenticator answers to these options here' },
        ]);
      }
      await punch(tx.manager, ticket, true);
      const factor = aFactor(tx, {
        id: newId(),
        kind: 'WEBAUTHN',
        name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        confirmedAt: tx.now,
      });
      await tx.insert(rowsOf(SecondFactor, [factor])).catch(refuseKnown);
      record(tx, 'auth.factor-enrolled', factor);
      return FactorView.of(factor);
    });
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.unitOfWork.run(actor, async (tx) => {
      const factor = await ownFactor(tx, id);
      factor.removedAt = tx.now;
      await tx.save(factor, { removedAt: null });
      record(tx, 'auth.factor-removed', factor);
    });
  }

  private inUse(userId: string): Promise<SecondFactor[]> {
    return this.dataSource.manager.find(SecondFactor, { where: factorsInUse(userId), order: { id: 'ASC' } });
  }
}

const aFactor = (tx: Transaction, parts: Partial<SecondFactor>): SecondFactor =>
  Object.assign(new SecondFactor(), {
    userId: tx.actor.userId,
    sealedSecret: null,
    credentialId: null,
    publicKey: null,
    createdAt: tx.now,
    removedAt: null,
    ...parts,
  });

/** Locked until the transaction ends. @throws 404 for a removed one, and for somebody else's */
async function ownFactor({ manager, actor: { userId } }: Transaction, id: string): Promise<SecondFactor> {
  const factor = await manager.findOne(SecondFactor, {
    where: { id, userId, removedAt: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
  if (!factor) throw notFound('factor');
  return factor;
}

async function refuseTooMany({ manager, actor: { userId } }: Transaction): Promise<void> {
  if ((await manager.countBy(SecondFactor, { userId, removedAt: IsNull() })) < MAX_FACTORS) return;
  throw conflict(
    'too-many-factors',
    `An account has ${MAX_FACTORS} second factors at most. Remove one first.`,
  );
}

function refuseKnown(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('factor-known', 'This authenticator is enrolled already. Take another one.');
}

function record(
  tx: Transaction,
  type: 'auth.factor-begun' | 'auth.factor-enrolled' | 'auth.factor-removed',
  { id, kind, name }: SecondFactor,
): void {
  tx.record({ type, stream: tx.actor.userId, target: { kind: 'factor', id }, values: { kind, name } });
}
