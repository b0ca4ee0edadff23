import { Erasure, ErasablePerson, ErasureStatus } from '../erasure.entity.js';

export class ErasureView {
  id: string;
  caseId: string;
  person: ErasablePerson;
  personId: string | null;
  legalBasis: string;
  status: ErasureStatus;
  proposedBy: string;
  proposedAt: string;
  reason: string;
  decidedBy: string | null;
  decidedAt: string | null;

  static of(row: Erasure): ErasureView {
    return Object.assign(new ErasureView(), {
      ...row,
      proposedAt: row.proposedAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null,
    });
  }
}
