import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export const noticeKinds = ['GLASS_BROKEN', 'GLASS_APPROVED', 'GLASS_ESCALATED'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What somebody has to be told. */
@Entity('notice')
export class Notice implements Protected<'Notice'> {
  readonly __caslSubjectType__ = 'Notice';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** Who is told. */
  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  kind: NoticeKind;

  /** The case that it tells of, so that whoever comes into conflict with it no longer reads it. */
  @Column({ type: 'uuid', nullable: true, update: false })
  caseId: string | null;

  @Column({ type: 'text', update: false })
  text: string;

  @Column({ type: 'text', update: false })
  link: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;
}
