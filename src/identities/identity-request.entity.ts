import { Column, Entity, PrimaryColumn } from 'typeorm';
import { conflict } from '../common/errors.js';

/** What an identity is needed for. */
export const identityPurposes = [
  'HEAR_REPORTER',
  'PROTECT_REPORTER',
  'VERIFY_EVIDENCE',
  'COURT',
  'OTHER',
] as const;
export type IdentityPurpose = (typeof identityPurposes)[number];

export const requestStatuses = ['REQUESTED', 'RELEASED', 'REFUSED', 'WITHDRAWN'] as const;
export type RequestStatus = (typeof requestStatuses)[number];
/** A release that nobody withdrew ends by itself. */
export const shownStatuses = [...requestStatuses, 'EXPIRED'] as const;
export type ShownStatus = (typeof shownStatuses)[number];

/**
 * That an investigator wants to know who reported, and what the custodian said. A refusal stays as it is; who asks
 * again makes another one.
 */
@Entity('identity_request')
export class IdentityRequest {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  askedBy: string;

  @Column({ type: 'timestamptz', update: false })
  askedAt: Date;

  @Column({ type: 'text', update: false })
  purpose: IdentityPurpose;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'text' })
  status: RequestStatus;

  @Column({ type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  decisionReason: string | null;

  /** Until when a release holds. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  withdrawnBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  withdrawnAt: Date | null;

  @Column({ type: 'text', nullable: true })
  withdrawnReason: string | null;

  statusAt(now: Date): ShownStatus {
    return this.status === 'RELEASED' && this.expiresAt! <= now ? 'EXPIRED' : this.status;
  }

  /** Nobody is done with it yet: it waits for the custodian, or its release holds. */
  isOpenAt(now: Date): boolean {
    return ['REQUESTED', 'RELEASED'].includes(this.statusAt(now));
  }

  /** @throws 409 when it was decided before */
  decide(by: string, at: Date, reason: string, expiresAt: Date | null): void {
    if (this.status !== 'REQUESTED') {
      throw conflict('already-decided', `This request is ${this.statusAt(at)} already.`);
    }
    Object.assign(this, {
      status: expiresAt ? 'RELEASED' : 'REFUSED',
      decidedBy: by,
      decidedAt: at,
      decisionReason: reason,
      expiresAt,
    });
  }

  /** @throws 409 unless its release holds */
  withdraw(by: string, at: Date, reason: string): void {
    const status = this.statusAt(at);
    if (status !== 'RELEASED') throw conflict('not-released', `This request is ${status}, not released.`);
    Object.assign(this, { status: 'WITHDRAWN', withdrawnBy: by, withdrawnAt: at, withdrawnReason: reason });
  }
}
