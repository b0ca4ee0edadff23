import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import { DomainError } from '../common/errors.js';
import type { AllegationCategory } from './categories.js';
import { deedsFrom, transitions, type CaseStatus, type Step } from './case.states.js';

export const channels = [
  'HOTLINE',
  'MAILBOX',
  'LETTER',
  'VISIT',
  'LEADER_RECEPTION',
  'SUPERVISION_TEAM',
  'PUBLIC_SUPERVISOR',
  'WEB',
  'INTERNAL_REPORT',
  'INSPECTION',
  'TRANSFER_IN',
  'COURT',
  'MEDIA',
  'DEPLOYMENT_BREACH',
  'IMPORT',
] as const;
export type Channel = (typeof channels)[number];

export const reporterKinds = ['NAMED', 'CONFIDENTIAL', 'ANONYMOUS'] as const;
export type ReporterKind = (typeof reporterKinds)[number];

/** What one intake opens. */
@Entity('case')
export class Case implements Protected<'Case'> {
  readonly __caslSubjectType__ = 'Case';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Such as PL-2026-000123. Numbers rise; one that is missing was given to an intake that was not completed. */
  @Column({ type: 'text', update: false })
  reference: string;

  @Column({ type: 'text' })
  status: CaseStatus;

  @Column({ type: 'text', update: false })
  channel: Channel;

  @Column({ type: 'timestamptz', update: false })
  receivedAt: Date;

  @Column({ type: 'timestamptz', update: false })
  registeredAt: Date;

  /** The organ that handles the case now. */
  @Column({ type: 'uuid' })
  organId: string;

  @Column({ type: 'uuid', update: false })
  receivingOrganId: string;

  @Column({ type: 'text', update: false })
  reporterKind: ReporterKind;

  @Column({ type: 'uuid', update: false })
  registeredBy: string;

  /** The rulebook under which the case was opened, and by which it is judged. */
  @Column({ type: 'text', update: false })
  rulebookVersion: string;

  @Column({ type: 'date', nullable: true })
  filedOn: string | null;

  @Column({ type: 'date', nullable: true })
  decisionDueOn: string | null;

  @Column({ type: 'date', nullable: true })
  decidedOn: string | null;

  @Column({ type: 'uuid', nullable: true })
  masterCaseId: string | null;

  /** The categories of its allegations, each once. */
  @Column({ type: 'text', array: true })
  categories: AllegationCategory[];

  /** Those assigned now. */
  @Column({ type: 'uuid', array: true })
  investigatorIds: string[];

  /** The known officers whom its allegations are about, each once. */
  @Column({ type: 'uuid', array: true })
  subjectOfficerIds: string[];

  @Column({ type: 'int' })
  version: number;

  /**
   * The only way in which the state changes.
   * @param to which of the step's states, where it has several
   */
  advance(step: Step, to?: CaseStatus): { from: CaseStatus; to: CaseStatus } {
    const from = this.status;
    const transition = transitions[step];
    const target = to ?? transition.to[0];
    if (!transition.from.includes(from) || !target || !transition.to.includes(target)) {
      throw new DomainError('illegal-transition', 409, `A case that is ${from} cannot go through ${step}.`, {
        state: from,
        allowed: deedsFrom(from),
      });
    }
    this.status = target;
    this.version++;
    return { from, to: target };
  }
}

/** The words as received. Immutable. */
@Entity('statement')
export class Statement {
  @PrimaryColumn({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'text', update: false })
  text: string;

  @Column({ type: 'bytea', update: false })
  sha256: Buffer;
}

/** One step of the procedure as it was done. Immutable. */
@Entity('case_deed')
export class CaseDeedRecord {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'text', update: false })
  deed: Step;

  @Column({ type: 'text', update: false })
  fromStatus: CaseStatus;

  @Column({ type: 'text', update: false })
  toStatus: CaseStatus;

  @Column({ type: 'uuid', update: false })
  doneBy: string;

  @Column({ type: 'timestamptz', update: false })
  doneAt: Date;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'jsonb', update: false })
  details: Record<string, unknown>;
}
