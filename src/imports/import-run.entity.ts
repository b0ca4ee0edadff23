import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protected } from '../access/shapes.js';

export type ImportStatus = 'QUEUED' | 'READING' | 'WRITING' | 'DONE' | 'FAILED';

/** The counts of one file: `read` is the sum of the other three. */
export interface FileSummary {
  file: string;
  read: number;
  imported: number;
  repeated: number;
  rejected: number;
}

export interface ImportSummary {
  files: FileSummary[];
  /** Files in which others look things up: their rows are no records of their own. */
  references: { file: string; read: number; rejected: number }[];
  casesAdded: number;
  allegationsAdded: number;
  findingsAdded: number;
  sanctionsAdded: number;
  officersAdded: number;
  organsAdded: number;
  /** Cases that were taken although something about them is odd, by kind of oddity. */
  warnings: Record<string, number>;
}

/** How far an import is. */
export interface ImportProgress {
  bytesRead: number;
  bytesTotal: number;
  rowsRead: number;
  casesDone: number;
  casesTotal: number;
}

/** One run of an import. */
@Entity('import_run')
export class ImportRun implements Protected<'Import'> {
  readonly __caslSubjectType__ = 'Import';

  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  /** The source system, as the mapping names it. */
  @Column({ type: 'text', update: false })
  system: string;

  /** The mapping file's own text, so that the run can be understood later. */
  @Column({ type: 'text', update: false })
  mapping: string;

  @Column({ type: 'uuid', update: false })
  organId: string;

  @Column({ type: 'boolean', update: false })
  dryRun: boolean;

  @Column({ type: 'text' })
  status: ImportStatus;

  @Column({ type: 'jsonb' })
  progress: ImportProgress;

  @Column({ type: 'jsonb', nullable: true })
  summary: ImportSummary | null;

  @Column({ type: 'text', nullable: true })
  failure: string | null;

  @Column({ type: 'uuid', update: false })
  createdBy: string;

  @Column({ type: 'timestamptz', update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
