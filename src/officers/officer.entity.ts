import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

/** A member of the police. */
@Entity('officer')
export class Officer implements Protected<'Officer'> {
  readonly __caslSubjectType__ = 'Officer';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'text', nullable: true })
  badgeNumber: string | null;

  /** Null where the source of an import names nobody. */
  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'text', nullable: true })
  rank: string | null;

  @Column({ type: 'int', nullable: true })
  birthYear: number | null;

  /** The system that an imported officer comes from, and its key there. */
  @Column({ type: 'text', nullable: true, update: false })
  originSystem: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  originKey: string | null;

  @Column({ type: 'int' })
  version: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}

/** A post of an officer in an organ, from day to day. */
@Entity('appointment')
export class Appointment {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  officerId: string;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'text', update: false })
  post: string;

  /** Heads the organ, and so is in the chain of command above all in it. */
  @Column({ type: 'boolean', update: false })
  leads: boolean;

  /** Null where the source does not tell. */
  @Column({ type: 'date', nullable: true, update: false })
  validFrom: string | null;

  /** The last day; null while it lasts. */
  @Column({ type: 'date', nullable: true })
  validTo: string | null;

  /** When its days were recorded as they are: what was recorded late kept nobody away before. */
  @Column({ type: 'timestamptz' })
  recordedAt: Date;

  @Column({ type: 'int' })
  version: number;
}
