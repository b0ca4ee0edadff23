import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import type { Role } from '../access/roles.js';

export type AccountStatus = 'ACTIVE' | 'DISABLED' | 'SYSTEM';

@Entity('user_account')
export class UserAccount implements Protected<'User'> {
  readonly __caslSubjectType__ = 'User';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'text', update: false })
  username: string;

  @Column({ type: 'text' })
  displayName: string;

  /** Argon2id; null for the account of the system itself, as which nobody can sign in. */
  @Column({ type: 'text', nullable: true, select: false })
  passwordHash: string | null;

  /** When it was last changed and by whom; null: it is still the first one. */
  @Column({ type: 'timestamptz', nullable: true })
  passwordChangedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  passwordChangedBy: string | null;

  /** Until when the password, which the program made, lets its owner choose their own; null: they have chosen it. */
  @Column({ type: 'timestamptz', nullable: true })
  firstPasswordUntil: Date | null;

  @Column({ type: 'uuid', nullable: true })
  officerId: string | null;

  /** How the provider of OpenID Connect calls them (`sub`); null: they do not sign in there. */
  @Column({ type: 'text', nullable: true })
  oidcSubject: string | null;

  @Column({ type: 'text' })
  status: AccountStatus;

  /** Since when status and officer are recorded as they are. */
  @Column({ type: 'timestamptz' })
  standingSince: Date;

  @Column({ type: 'int' })
  version: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}

/** A role in an organ and in those under it, for a time. */
@Entity('user_grant')
export class UserGrant implements Protected<'Grant'> {
  readonly __caslSubjectType__ = 'Grant';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  role: Role;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'date', update: false })
  validFrom: string;

  @Column({ type: 'date', nullable: true, update: false })
  validTo: string | null;

  @Column({ type: 'uuid', update: false })
  grantedBy: string;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}

/** With what somebody proves who they are, the weakest first. */
export const proofs = ['PASSWORD', 'TOTP', 'WEBAUTHN', 'OIDC'] as const;
export type ProofKind = (typeof proofs)[number];

/** A server-side session. Only the hash of its token is kept. */
@Entity('session')
export class Session {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'bytea' })
  tokenHash: Buffer;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  lastSeenAt: Date;

  @Column({ type: 'timestamptz', update: false })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  /** When its owner last proved who they are; null after a sign-in elsewhere that did not prove enough. */
  @Column({ type: 'timestamptz', nullable: true })
  steppedUpAt: Date | null;

  @Column({ type: 'text', nullable: true })
  steppedUpWith: ProofKind | null;
}
