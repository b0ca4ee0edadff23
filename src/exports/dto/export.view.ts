import { Page } from '../../common/pages.js';
import { ExportFormat, ExportKind, ExportRun, ExportStatus } from '../export-run.entity.js';
import { ExportFilterDto } from './export.dto.js';

export class ExportView {
  id: string;
  kind: ExportKind;
  format: ExportFormat;
  filter: ExportFilterDto;
  purpose: string;
  /** To whom the file is encrypted (age); null when it is not. */
  recipient: string | null;
  status: ExportStatus;
  /** Cases written so far. */
  casesDone: number;
  /** Null until the job has counted them. */
  casesTotal: number | null;
  /** Of the finished file. */
  sizeBytes: number | null;
  /** Of the finished file, in hexadecimal. */
  sha256: string | null;
  /** Why it failed. */
  failure: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** Until when it can be downloaded. */
  expiresAt: string | null;

  static of(run: ExportRun): ExportView {
    return Object.assign(new ExportView(), {
      id: run.id,
      kind: run.kind,
      format: run.format,
      filter: run.filter,
      purpose: run.purpose,
      recipient: run.recipient,
      status: run.status,
      casesDone: run.casesDone,
      casesTotal: run.casesTotal,
      sizeBytes: run.sizeBytes === null ? null : Number(run.sizeBytes),
      sha256: run.sha256?.toString('hex') ?? null,
      failure: run.failure,
      createdAt: run.createdAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
      expiresAt: run.expiresAt?.toISOString() ?? null,
    });
  }
}

export class ExportPage implements Page<ExportView> {
  /** Your own, the newest first. */
  items: ExportView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
