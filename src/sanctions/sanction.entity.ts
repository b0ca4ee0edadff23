import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import { DomainError } from '../common/errors.js';
import { sanctionTransitions, type SanctionStatus } from './sanction.states.js';

export const tracks = ['EMPLOYER_DISCIPLINE', 'GOV_SANCTION'] as const;
export type Track = (typeof tracks)[number];

export const sanctionKinds = [
  'WARNING',
  'DEMERIT',
  'MAJOR_DEMERIT',
  'DOWNGRADE',
  'REMOVAL',
  'DISMISSAL',
] as const;
export type SanctionKind = (typeof sanctionKinds)[number];

/** One sanction against one officer, from proposal to service. */
@Entity('sanction')
export class Sanction implements Protected<'Sanction'> {
  readonly __caslSubjectType__ = 'Sanction';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  officerId: string;

  @Column({ type: 'text', update: false })
  track: Track;

  @Column({ type: 'text', update: false })
  kind: SanctionKind;

  @Column({ type: 'text' })
  status: SanctionStatus;

  @Column({ type: 'uuid', array: true, update: false })
  allegationIds: string[];

  /** The articles on which it rests. */
  @Column({ type: 'text', array: true, update: false })
  basis: string[];

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'uuid', update: false })
  proposedBy: string;

  @Column({ type: 'timestamptz', update: false })
  proposedAt: Date;

  @Column({ type: 'uuid', nullable: true })
  decidedBy: string | null;

  /** The day of the decision (政务处分法 45). */
  @Column({ type: 'date', nullable: true })
  effectiveFrom: string | null;

  /** The last day of its period; null for a dismissal. */
  @Column({ type: 'date', nullable: true })
  endsOn: string | null;

  @Column({ type: 'date', nullable: true })
  servedOn: string | null;

  @Column({ type: 'jsonb', nullable: true, update: false })
  sourceWords: Record<string, string> | null;

  @Column({ type: 'int' })
  version: number;

  /** The only way in which the state changes. */
  advance(to: SanctionStatus): { from: SanctionStatus; to: SanctionStatus } {
    const from = this.status;
    if (!sanctionTransitions[from].includes(to)) {
      throw new DomainError('illegal-transition', 409, `A sanction that is ${from} cannot become ${to}.`, {
        state: from,
        allowed: sanctionTransitions[from],
      });
    }
    this.status = to;
    this.version++;
    return { from, to };
  }
}
