import { Column, Entity, PrimaryColumn } from 'typeorm';

export const factorKinds = ['TOTP', 'WEBAUTHN'] as const;
export type FactorKind = (typeof factorKinds)[number];

/** What an account is proved with beside its password. */
@Entity('second_factor')
export class SecondFactor {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  kind: FactorKind;

  /** How its owner calls it. */
  @Column({ type: 'text', update: false })
  name: string;

  /** Of a TOTP: encrypted under the master key. */
  @Column({ type: 'bytea', nullable: true, update: false })
  sealedSecret: Buffer | null;

  /** Of a WebAuthn authenticator. */
  @Column({ type: 'text', nullable: true, update: false })
  credentialId: string | null;

  @Column({ type: 'bytea', nullable: true, update: false })
  publicKey: Buffer | null;

  /** The last time step of a code, or the signature counter: what is not above it is not accepted. */
  @Column({ type: 'bigint', transformer: { from: Number, to: (value: number) => value } })
  counter: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  /** Null until its owner has shown that it works. */
  @Column({ type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  removedAt: Date | null;
}

/** Whoever holds the token is half-way: the password was right, or an authenticator was asked. */
@Entity('auth_ticket')
export class AuthTicket {
  /** Also the challenge that an authenticator has to sign: as random as the token, and of no use without it. */
  @PrimaryColumn({ type: 'bytea', update: false })
  tokenHash: Buffer;

  @Column({ type: 'text', update: false })
  purpose: 'SIGN_IN' | 'STEP_UP' | 'ENROLMENT';

  @Column({ type: 'uuid', update: false })
  userId: string;

  /** Null for a sign-in, which has none yet. */
  @Column({ type: 'uuid', nullable: true, update: false })
  sessionId: string | null;

  /** Of a sign-in: the account as it was when the password was checked. */
  @Column({ type: 'int', nullable: true, update: false })
  accountVersion: number | null;

  @Column({ type: 'timestamptz', update: false })
  expiresAt: Date;

  @Column({ type: 'int' })
  tries: number;
}

/** That somebody's second factors are to be removed: one person asks for it, another confirms, the owner may object. */
@Entity('factor_reset')
export class FactorReset {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text' })
  status: 'PROPOSED' | 'CONFIRMED' | 'DONE' | 'REFUSED';

  @Column({ type: 'uuid', update: false })
  proposedBy: string;

  @Column({ type: 'timestamptz', update: false })
  proposedAt: Date;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'uuid', nullable: true })
  confirmedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;
}
