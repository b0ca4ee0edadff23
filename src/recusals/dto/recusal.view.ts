import { type RecusalGround, type Recusal, type Witness } from '../recusal.entity.js';

export class RecusalView {
  id: string;
  caseId: string;
  /** Who keeps away. */
  userId: string;
  ground: RecusalGround;
  reason: string;
  /** The person concerned, or whoever ordered it. */
  declaredBy: string;
  declaredAt: string;
  liftedBy: string | null;
  liftedAt: string | null;
  liftedReason: string | null;

  static of({ version: _, ...row }: Recusal): RecusalView {
    return Object.assign(new RecusalView(), {
      ...row,
      declaredAt: row.declaredAt.toISOString(),
      liftedAt: row.liftedAt?.toISOString() ?? null,
    });
  }
}

export class WitnessView {
  id: string;
  caseId: string;
  officerId: string;
  reason: string;
  namedBy: string;
  namedAt: string;

  static of(row: Witness): WitnessView {
    return Object.assign(new WitnessView(), { ...row, namedAt: row.namedAt.toISOString() });
  }
}

/** Who has to keep away from a case by what was said in it, the newest first. What records show is not listed. */
export class CaseRecusalsView {
  recusals: RecusalView[];
  witnesses: WitnessView[];
}
