import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';
import type { EventType } from '../audit/events.js';

/** That something was read: a row of the index that the trail's events of reading fill (src/audit/read-log.ts). */
@Entity('read_log')
export class ReadLogEntry implements Protected<'Read'> {
  readonly __caslSubjectType__ = 'Read';

  /** The event's id in the trail. */
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'timestamptz', update: false })
  at: Date;

  @Column({ type: 'uuid', update: false })
  userId: string;

  @Column({ type: 'text', update: false })
  role: string;

  /** The organ of the grant under which it was read; null for who had none. */
  @Column({ type: 'uuid', nullable: true, update: false })
  organId: string | null;

  @Column({ type: 'text', update: false })
  type: EventType;

  @Column({ type: 'uuid', nullable: true, update: false })
  caseId: string | null;

  @Column({ type: 'text', update: false })
  targetKind: string;

  @Column({ type: 'text', update: false })
  targetId: string;

  @Column({ type: 'text', nullable: true, update: false })
  purposeCode: string | null;

  @Column({ type: 'text', nullable: true, update: false })
  purposeRef: string | null;

  @Column({ type: 'text', array: true, update: false })
  hits: string[];

  /** Whether the alerts have looked at it. */
  @Column({ type: 'boolean' })
  judged: boolean;
}
