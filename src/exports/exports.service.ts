import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { whereAccessible } from '../access/where-accessible.js';
import { recordedFirst } from '../audit/recorded-reads.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError, notFound } from '../common/errors.js';
import { isId, newId } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { JobsService } from '../database/jobs.service.js';
import { CasesService } from '../intake/cases.service.js';
import { EXPORT_CASES } from './case-list.job.js';
import type { Download } from './download.js';
import type { CreateExportDto, ListExportsQuery } from './dto/export.dto.js';
import { ExportPage, ExportView } from './dto/export.view.js';
import { ExportRun, type ExportFormat } from './export-run.entity.js';

const files: Readonly<Record<ExportFormat, readonly [type: string, extension: string]>> = {
  json: ['application/x-ndjson; charset=utf-8', 'ndjson'],
  csv: ['text/csv; charset=utf-8', 'csv'],
};

/** Exports of many cases: asked for here, made by the job, fetched here. Each is its maker's own. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly cases: CasesService,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  request(actor: Actor, { kind, format, filter, purpose }: CreateExportDto): Promise<ExportView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const run = tx.manager.create(ExportRun, {
        id: newId(),
        kind,
        format,
        filter: { ...filter },
        purpose,
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
      const cases = await this.cases.matching(actor, run.filter, 'export').getCount();
      await tx.manager.save(run);
      await this.jobs.enqueue(tx.manager, EXPORT_CASES, { exportId: run.id });
      tx.record({
        type: 'export.requested',
        stream: actor.userId,
        target: { kind: 'export', id: run.id },
        values: { kind, format, filter: run.filter, purpose, cases },
      });
      return ExportView.of(run);
    });
  }

  /** Newest first. */
  async list(actor: Actor, query: ListExportsQuery): Promise<ExportPage> {
    const after = decodeCursor(query.cursor, [isId]);
    const own = this.own(actor);
    const total = query.count ? await own.getCount() : undefined;
    if (after) own.andWhere('export.id < :after::uuid', { after: after[0] });
    const runs = await own
      .orderBy('export.id', 'DESC')
      .limit(query.limit + 1)
      .getMany();
    return toPage(
      runs,
      query.limit,
      (run) => [run.id],
      (run) => ExportView.of(run),
      total,
    );
  }

  async get(actor: Actor, id: string): Promise<ExportView> {
    return ExportView.of(await this.find(actor, id));
  }

  /** @throws 409 until it is done, 410 when it has expired, 503 when the trail cannot say who took it */
  async download(actor: Actor, id: string): Promise<Download> {
    const run = await this.find(actor, id);
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
        tx.require('read', 'Export', run);
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
    return {
      name: `cases-${day}-${run.id.slice(-12)}.${extension}`,
      type,
      length: Number(run.sizeBytes),
      content: this.pieces(run.id),
    };
  }

  /** One statement a piece: no connection waits for a slow reader, and none is left behind by one who goes away. */
  private async *pieces(id: string): AsyncGenerator<Buffer> {
    for (let n = 0; ; n++) {
      const [piece] = await this.dataSource.query<{ bytes: Buffer }[]>(
        'SELECT bytes FROM app.export_piece WHERE export_id = $1 AND n = $2',
        [id, n],
      );
      if (!piece) return;
      yield piece.bytes;
    }
  }

  private async find(actor: Actor, id: string): Promise<ExportRun> {
    const run = await this.own(actor).andWhere('export.id = :id', { id }).getOne();
    if (!run) throw notFound('export');
    return run;
  }

  private own(actor: Actor): SelectQueryBuilder<ExportRun> {
    const runs = this.dataSource.manager.createQueryBuilder(ExportRun, 'export');
    return whereAccessible(runs, abilityFor(actor), 'read', 'Export');
  }
}
