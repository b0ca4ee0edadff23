import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export const organLevels = ['STATION', 'COUNTY', 'CITY', 'PROVINCE', 'MINISTRY', 'OVERSIGHT'] as const;
export type OrganLevel = (typeof organLevels)[number];

/** A police or oversight body in the tree. */
@Entity('organ')
export class Organ implements Protected<'Organ'> {
  readonly __caslSubjectType__ = 'Organ';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', nullable: true, update: false })
  parentId: string | null;

  /** This organ first, then each one above it. */
  @Column({ type: 'uuid', array: true, update: false })
  path: string[];

  @Column({ type: 'text', update: false })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', update: false })
  level: OrganLevel;

  @Column({ type: 'int' })
  version: number;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}
