import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export const exportKinds = ['CASE_LIST', 'CASE_BUNDLE'] as const;
export type ExportKind = (typeof exportKinds)[number];

export const exportFormats = ['json', 'csv', 'zip'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type ExportStatus = 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED';

/** One export: of many cases, or of all that proves one. */
@Entity('export_run')
export class ExportRun implements Protected<'Export'> {
  readonly __caslSubjectType__ = 'Export';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'text', update: false })
  kind: ExportKind;

  @Column({ type: 'text', update: false })
  format: ExportFormat;

  @Column({ type: 'jsonb', update: false })
  filter: Record<string, unknown>;

  @Column({ type: 'text', update: false })
  purpose: string;

  /** To whom the file is encrypted (age). */
  @Column({ type: 'text', nullable: true, update: false })
  recipient: string | null;

  @Column({ type: 'text' })
  status: ExportStatus;

  @Column({ type: 'int' })
  casesDone: number;

  @Column({ type: 'int', nullable: true })
  casesTotal: number | null;

  @Column({ type: 'bigint', nullable: true })
  sizeBytes: string | null;

  @Column({ type: 'bytea', nullable: true })
  sha256: Buffer | null;

  @Column({ type: 'text', nullable: true })
  failure: string | null;

  @Column({ type: 'uuid', update: false })
  createdBy: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  /** When its content is deleted. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}
