import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { recordedFirst } from '../audit/recorded-reads.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError, invalidInput, notFound, type InputError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { JobsService } from '../database/jobs.service.js';
import { newestFirst } from '../database/newest-first.js';
import { CasesService } from '../intake/cases.service.js';
import { isRecipient } from './bundle-file.js';
import { EXPORT_BUNDLE } from './case-bundle.job.js';
import { CaseExportService } from './case-export.service.js';
import { EXPORT_CASES } from './case-list.job.js';
import type { Download } from './download.js';
import type { CreateExportDto, ListExportsQuery } from './dto/export.dto.js';
import { ExportPage, ExportView } from './dto/export.view.js';
import { ExportRun, type ExportFormat } from './export-run.entity.js';
import { verifierFile } from './verifier-file.js';

const files: Readonly<Record<ExportFormat, readonly [type: string, extension: string]>> = {
  json: ['application/x-ndjson; charset=utf-8', 'ndjson'],
  csv: ['text/csv; charset=utf-8', 'csv'],
  zip: ['application/zip', 'zip'],
};

/** Exports that a job makes: asked for here, made by the job, fetched here. Each is its maker's own. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly histories: CaseExportService,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  /** @throws 400 for a combination that makes no sense; as for any export of a case when it is a CASE_BUNDLE */
  request(actor: Actor, dto: CreateExportDto): Promise<ExportView> {
    checkCombination(dto);
    const { kind, format, filter, purpose, recipient = null } = dto;
    return this.unitOfWork.run(actor, async (tx) => {
      const run = tx.manager.create(ExportRun, {
        id: newId(),
        kind,
        format,
        filter: { ...filter },
        purpose,
        recipient,
        status: 'QUEUED',
        casesDone: 0,
        casesTotal: null,
        sizeBytes: null,
        sha256: null,
        failure: null,
        createdBy: actor.userId,
        createdAt: tx.now,
        finishedAt: null,
        expiresAt: null,
      });
      tx.require('create', 'Export', run);
      const cases = kind === 'CASE_BUNDLE' ? await this.ofCase(tx, run) : await this.countOf(tx, run);
      await tx.manager.save(ExportRun, run);
      const task = kind === 'CASE_BUNDLE' ? EXPORT_BUNDLE : EXPORT_CASES;
      await this.jobs.enqueueAs(tx.manager, run.id, task, { exportId: run.id });
      tx.record({
        type: 'export.requested',
        stream: actor.userId,
        target: { kind: 'export', id: run.id },
        values: { kind, format, filter: run.filter, purpose, cases, ...(recipient ? { recipient } : {}) },
      });
      return ExportView.of(run);
    });
  }

  /** Recorded in the case before the job makes the bundle, so that the bundle holds its own export. */
  private async ofCase(tx: Transaction, { filter, format, purpose, recipient }: ExportRun): Promise<number> {
    const to = recipient ? { recipient } : {};
    await this.histories.record(tx, filter['caseId'] as string, {
      format,
      purpose,
      purposeGiven: true,
      ...to,
    });
    return 1;
  }

  private countOf({ manager, actor }: Transaction, run: ExportRun): Promise<number> {
    return this.cases.matching(manager, actor, run.filter, 'export').getCount();
  }

  /** Newest first. */
  list(actor: Actor, query: ListExportsQuery): Promise<ExportPage> {
    return this.database.as(actor, (manager) =>
      newestFirst(own(manager, actor), query, (run) => ExportView.of(run)),
    );
  }

  async get(actor: Actor, id: string): Promise<ExportView> {
    return ExportView.of(await this.find(actor, id));
  }

  /** The page that verifies a bundle. @throws 403 for who has no exports */
  async verifier(actor: Actor): Promise<Download> {
    authorize(abilityFor(actor), 'read', 'Export', { createdBy: actor.userId, kind: 'CASE_BUNDLE' });
    const page = await verifierFile('page.html');
    return { name: 'verify.html', type: 'text/html; charset=utf-8', length: page.length, content: [page] };
  }

  /** @throws 404 when it holds a case that its maker has to keep away from by now, 409 until it is done, 410 when it has expired, 503 when the trail cannot say who took it */
  async download(actor: Actor, id: string): Promise<Download> {
    const run = await this.find(actor, id);
    if (await this.holdsConflict(actor, id)) throw notFound('export');
    if (run.status !== 'DONE') {
      throw conflict(
        'export-not-done',
        `The export is ${run.status}. It can be downloaded when it is DONE.`,
        {
          status: run.status,
          failure: run.failure,
        },
      );
    }
    if (!run.expiresAt || run.expiresAt <= this.clock.now()) {
      throw new DomainError(
        'export-expired',
        410,
        'The file was kept for seven days and is deleted. Ask for a new export.',
      );
    }
    const sha256 = run.sha256?.toString('hex');
    await recordedFirst(
      this.unitOfWork.run(actor, (tx) => {
        tx.require('download', 'Export', run);
        tx.record({
          type: 'export.downloaded',
          stream: actor.userId,
          target: { kind: 'export', id: run.id },
          values: {
            format: run.format,
            purpose: run.purpose,
            cases: run.casesDone,
            sizeBytes: run.sizeBytes,
            sha256,
          },
        });
        return Promise.resolve();
      }),
    );
    const [type, extension] = files[run.format];
    const day = run.createdAt.toISOString().slice(0, 10);
    const what = run.kind === 'CASE_BUNDLE' ? 'bundle' : 'cases';
    return {
      name: `${what}-${day}-${run.id.slice(-12)}.${extension}${run.recipient ? '.age' : ''}`,
      type: run.recipient ? 'application/octet-stream' : type,
      length: Number(run.sizeBytes),
      content: this.pieces(actor, run.id),
    };
  }

  /**
   * No connection waits for a slow reader, and none is left behind by one who goes away.
   * @throws Error, which breaks the stream off, as soon as its reader has to keep away from a case in it
   */
  private async *pieces(actor: Actor, id: string): AsyncGenerator<Buffer> {
    for (let n = 0; ; n++) {
      if (await this.holdsConflict(actor, id))
        throw new Error('The reader has to keep away from a case in it');
      const [piece] = await this.database.as(actor, (manager) =>
        manager.query<{ bytes: Buffer }[]>(
          'SELECT bytes FROM app.export_piece WHERE export_id = $1 AND n = $2',
          [id, n],
        ),
      );
      if (!piece) return;
      yield piece.bytes;
    }
  }

  /** Whether it holds, or is to hold, a case that its maker has to keep away from today. */
  private async holdsConflict(actor: Actor, id: string): Promise<boolean> {
    const [{ holds }] = await this.database.as(actor, (manager) =>
      manager.query<[{ holds: boolean }]>(
        `SELECT EXISTS (
           SELECT FROM app.export_run r CROSS JOIN LATERAL unnest(app.my_conflicts()) AS c (id)
           WHERE r.id = $1 AND (r.filter->>'caseId' = c.id::text OR EXISTS (
             SELECT FROM app.export_piece p WHERE p.export_id = r.id AND c.id = ANY (p.case_ids)))) AS holds`,
        [id],
      ),
    );
    return holds;
  }

  private async find(actor: Actor, id: string): Promise<ExportRun> {
    const run = await this.database.as(actor, (manager) =>
      own(manager, actor).andWhere('export.id = :id', { id }).getOne(),
    );
    if (!run) throw notFound('export');
    return run;
  }
}

const own = (manager: EntityManager, actor: Actor): SelectQueryBuilder<ExportRun> =>
  whereAccessible(manager.createQueryBuilder(ExportRun, 'export'), abilityFor(actor), 'read', 'Export');

function checkCombination({ kind, format, filter, recipient }: CreateExportDto): void {
  const errors: InputError[] = [];
  const names = Object.entries(filter ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (kind === 'CASE_BUNDLE') {
    if (format !== 'zip') errors.push({ pointer: '/format', message: 'must be zip for a CASE_BUNDLE' });
    if (names.join() !== 'caseId')
      errors.push({ pointer: '/filter', message: 'must name the case by caseId and nothing else' });
    if (recipient && !isRecipient(recipient))
      errors.push({ pointer: '/recipient', message: 'is no recipient of age: its check sum is wrong' });
  } else {
    if (format === 'zip') errors.push({ pointer: '/format', message: 'must be json or csv for a CASE_LIST' });
    if (names.includes('caseId')) errors.push({ pointer: '/filter/caseId', message: 'is for a CASE_BUNDLE' });
    if (recipient) errors.push({ pointer: '/recipient', message: 'is for a CASE_BUNDLE' });
  }
  if (errors.length > 0) throw invalidInput(errors);
}
