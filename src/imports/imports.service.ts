import { Injectable, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { invalidInput, notFound } from '../common/errors.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { JobsService } from '../database/jobs.service.js';
import { newestFirst } from '../database/newest-first.js';
import type { CreateImportDto, ListImportsQuery, ListRejectsQuery } from './dto/import.dto.js';
import { ImportPage, ImportView, RejectPage } from './dto/import.view.js';
import { IMPORT_FILES } from './import-job.js';
import { ImportOrgans } from './import-organs.js';
import { ImportRun } from './import-run.entity.js';
import { ImportRuns } from './import-runs.js';
import { builtInMapping, builtInMappings } from './mapping-files.js';
import { readMapping, type Mapping } from './mapping.js';
import { missingFile } from './reading.js';
import { countRejects, rejectsAsCsv, rejectsOf, type Queries } from './rejects.js';
import type { Upload } from './upload.js';

/** Imports by upload: asked for here, done by the job. Each is its maker's own. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly jobs: JobsService,
    private readonly runs: ImportRuns,
    private readonly organs: ImportOrgans,
  ) {}

  /** Checks what can be checked at once, and queues the rest. */
  async request(actor: Actor, dto: CreateImportDto, upload: Upload): Promise<ImportView> {
    const mapping = await mappingOf(dto, upload);
    refuseOtherFiles(mapping, upload.files);
    return this.unitOfWork.run(actor, async (tx) => {
      const destination = await this.organs.find(
        tx.manager,
        mapping,
        dto.organId ? { id: dto.organId } : undefined,
      );
      const dryRun = dto.dryRun ?? false;
      const above = destination.organ ?? destination.parent;
      if (!above)
        throw invalidInput([{ pointer: '/organId', message: 'is needed, since there is no organ yet' }]);
      // Whoever may import to the organ above may have the mapping's own one made there.
      tx.require('create', 'Import', { organId: above.id, createdBy: actor.userId });
      const organ = dryRun ? above : await this.organs.ensure(tx, mapping, destination);
      const run = await this.runs.begin(
        tx,
        { id: upload.importId, mapping, organId: organ.id, dryRun },
        'QUEUED',
        upload.files,
      );
      await this.jobs.enqueueAs(tx.manager, run.id, IMPORT_FILES, { importId: run.id });
      return ImportView.of(run);
    });
  }

  /** Newest first. */
  list(actor: Actor, query: ListImportsQuery): Promise<ImportPage> {
    return this.database.as(actor, (manager) =>
      newestFirst(own(manager, actor), query, (run) => ImportView.of(run)),
    );
  }

  async get(actor: Actor, id: string): Promise<ImportView> {
    return ImportView.of(await this.find(actor, id));
  }

  /** The rows that were not accepted: all as a file, or a page of them. */
  async rejects(actor: Actor, id: string, query: ListRejectsQuery): Promise<RejectPage | StreamableFile> {
    const run = await this.find(actor, id);
    const queries: Queries = {
      query: (text, values) => this.database.as(actor, (manager) => manager.query(text, values)),
    };
    if (query.format === 'csv') {
      return new StreamableFile(Readable.from(rejectsAsCsv(queries, run.id), { objectMode: false }), {
        type: 'text/csv; charset=utf-8',
        disposition: `attachment; filename="rejects-${run.system}-${run.id}.csv"`,
      });
    }
    const key = decodeCursor(query.cursor, [() => true, (row) => /^\d{1,15}$/.test(row)]);
    const after = key && { file: key[0]!, row: Number(key[1]) };
    const rows = await rejectsOf(queries, run.id, after, query.limit + 1);
    const total = query.count ? await countRejects(queries, run.id) : undefined;
    return toPage(
      rows,
      query.limit,
      ({ file, row }) => [file, String(row)],
      (reject) => ({ ...reject }),
      total,
    );
  }

  private async find(actor: Actor, id: string): Promise<ImportRun> {
    const run = await this.database.as(actor, (manager) =>
      own(manager, actor).andWhere('import.id = :id', { id }).getOne(),
    );
    if (!run) throw notFound('import');
    return run;
  }
}

const own = (manager: EntityManager, actor: Actor): SelectQueryBuilder<ImportRun> =>
  whereAccessible(manager.createQueryBuilder(ImportRun, 'import'), abilityFor(actor), 'read', 'Import');

async function mappingOf(dto: CreateImportDto, { mapping }: Upload): Promise<Mapping> {
  if (mapping && dto.mapping === undefined) return readMapping(mapping.text, mapping.name);
  const names = await builtInMappings();
  if (!mapping && names.includes(dto.mapping ?? '')) return builtInMapping(dto.mapping!);
  throw invalidInput([
    {
      pointer: '/mapping',
      message: `must be one of ${names.join(', ')}, or a file with a mapping; not both`,
    },
  ]);
}

/** A file that the mapping does not know is a mistake that should be heard of before the wait. */
function refuseOtherFiles(mapping: Mapping, names: readonly string[]): void {
  const known = mapping.sources.flatMap(({ files }) => files);
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length > 0) {
    throw invalidInput(
      wrong.map((name) => ({
        pointer: '/files',
        message: `the mapping ${mapping.name} names no file ${name}; it names ${known.join(', ')}`,
      })),
    );
  }
  const missing = missingFile(mapping, names);
  if (missing !== undefined) throw invalidInput([{ pointer: '/files', message: missing }]);
}
