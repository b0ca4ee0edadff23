import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ProofKind } from './account.entity.js';
import { SecondFactor, type FactorKind } from './factor.entity.js';
import { factorsInUse } from './factors.js';

/** What an account can be proved with, and whether a proof is right. */
@Injectable()
export class FactorProofs {
  constructor(private readonly dataSource: DataSource) {}

  /** The strongest thing that the account has: what a step-up asks for. */
  async methodsOf(userId: string): Promise<ProofKind[]> {
    const kinds = await this.kindsOf(userId);
    return [kinds.includes('WEBAUTHN') ? 'WEBAUTHN' : kinds.includes('TOTP') ? 'TOTP' : 'PASSWORD'];
  }

  async kindsOf(userId: string): Promise<FactorKind[]> {
    const factors = await this.dataSource.manager.findBy(SecondFactor, factorsInUse(userId));
    return [...new Set(factors.map(({ kind }) => kind))].sort();
  }
}
