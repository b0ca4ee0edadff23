import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MASTER_KEY } from '../audit/key-ring.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { open, seal } from '../common/seal.js';
import type { ProofKind } from './account.entity.js';
import { Authenticators } from './authenticators.js';
import { SecondFactor, type FactorKind } from './factor.entity.js';
import { factorsInUse } from './factors.js';
import { totpStep } from './totp.js';

/** What somebody sends to prove that they hold a second factor. */
export interface FactorProof {
  readonly kind: FactorKind;
  readonly code?: string;
  readonly assertion?: object;
}

const place = (factorId: string): string => `totp:${factorId}`;

/** What an account can be proved with, and whether a proof is right. */
@Injectable()
export class FactorProofs {
  private readonly logger = new Logger('Factors');

  constructor(
    private readonly dataSource: DataSource,
    private readonly authenticators: Authenticators,
    @Inject(MASTER_KEY) private readonly master: Buffer,
  ) {}

  /** The strongest thing that the account has: what a step-up asks for. */
  async methodsOf(userId: string): Promise<ProofKind[]> {
    const factors = await this.dataSource.manager.findBy(SecondFactor, factorsInUse(userId));
    const has = (kind: FactorKind): boolean => factors.some((factor) => factor.kind === kind);
    return [has('WEBAUTHN') ? 'WEBAUTHN' : has('TOTP') ? 'TOTP' : 'PASSWORD'];
  }

  /**
   * Whether the proof is of a factor of this account. Its row is locked and moved on, so that a code or a signature
   * counts once.
   * @param challenge what an authenticator had to sign
   */
  async verify(
    tx: Transaction,
    userId: string,
    proof: FactorProof,
    challenge: Buffer | undefined,
  ): Promise<boolean> {
    const factors = await tx.manager.find(SecondFactor, {
      where: { ...factorsInUse(userId), kind: proof.kind },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const factor of factors) if (await this.moveOn(tx, factor, proof, challenge)) return true;
    return false;
  }

  /** The same of one factor, which the transaction has locked. */
  async moveOn(
    tx: Transaction,
    factor: SecondFactor,
    { code, assertion }: FactorProof,
    challenge?: Buffer,
  ): Promise<boolean> {
    const { counter } = factor;
    const next =
      factor.kind === 'TOTP'
        ? this.stepOf(factor, code ?? '', tx.now)
        : challenge && assertion && (await this.authenticators.verify(factor, assertion, challenge));
    if (next === undefined) return false;
    factor.counter = next;
    await tx.save(factor, { counter });
    return true;
  }

  sealed(factorId: string, secret: Buffer): Buffer {
    return seal(this.master, place(factorId), secret);
  }

  private stepOf({ id, sealedSecret, counter }: SecondFactor, code: string, now: Date): number | undefined {
    let secret: Buffer;
    try {
      secret = open(this.master, place(id), sealedSecret!);
    } catch {
      this.logger.error({ factor: id, error: 'its secret was changed behind the program' });
      return undefined;
    }
    return totpStep(secret, code, now, counter);
  }
}
