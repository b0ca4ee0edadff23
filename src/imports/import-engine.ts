import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { OfficersService } from '../officers/officers.service.js';
import { OrgansService } from '../organs/organs.service.js';
import type { CasePlan } from './case-plan.js';
import { CaseWriter } from './case-writer.js';
import type { SourceFile } from './decoding.js';
import { sortOut } from './group.js';
import type { ImportProgress, ImportSummary } from './import-run.entity.js';
import { ImportedReferences } from './imported-references.js';
import type { Mapping } from './mapping.js';
import { keepSmall } from './memory.js';
import { ImportStopped, inputsOf, stage, type Input } from './reading.js';
import type { Row } from './values.js';
import { MAX_ROWS_PER_CASE, Staging, type Staged } from './staging.js';
import { Tally } from './tally.js';
import { WorkerDatabase } from '../database/worker-database.js';

/** What to import, and for whom. */
export interface ImportRequest {
  readonly id: string;
  readonly actor: Actor;
  readonly mapping: Mapping;
  /** The organ that receives the cases; null only in a dry run of one that is not here yet. */
  readonly organId: string | null;
  readonly files: readonly SourceFile[];
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Told now and then how far it is; the import waits for it. */
  report(phase: 'READING' | 'WRITING', progress: Readonly<ImportProgress>): Promise<void> | void;
}

const CASES_PER_BATCH = 100;
const ROWS_PER_BATCH = 1_500;
/** One batch is prepared while another is written: the database and this process then work at the same time. */
const BATCHES_AT_ONCE = 2;
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 500;

/**
 * Imports files through a mapping: reads all of them into a staging table, then writes case by case what belongs
 * together. Every transaction holds whole cases, and a row that is here already is known by its hash, so that an import
 * that was killed is simply begun again.
 */
@Injectable()
export class ImportEngine {
  constructor(
    private readonly worker: WorkerDatabase,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
    private readonly organs: OrgansService,
    private readonly officers: OfficersService,
    private readonly writer: CaseWriter,
  ) {}

  /**
   * @throws DomainError when a file cannot be read as the mapping says; then nothing was written
   * @throws ImportStopped when the signal was given
   */
  async run(request: ImportRequest): Promise<ImportSummary> {
    const inputs = inputsOf(request.mapping, request.files);
    const client = await ((this.worker.driver as PostgresDriver).master as Pool).connect();
    try {
      await lock(client, request);
      return await this.locked(request, inputs, client);
    } finally {
      // A connection that does not answer any more is closed, and its lock with it.
      const failure = await unlock(client, request).catch((error: Error) => error);
      client.release(failure);
    }
  }

  private async locked(
    request: ImportRequest,
    inputs: readonly Input[],
    client: PoolClient,
  ): Promise<ImportSummary> {
    const staging = new Staging(client, request.id, request.mapping);
    const tally = new Tally();
    const progress: ImportProgress = {
      bytesRead: 0,
      bytesTotal: inputs.reduce((sum, { file }) => sum + file.size, 0),
      rowsRead: 0,
      casesDone: 0,
      casesTotal: 0,
    };
    const beat = (phase: 'READING' | 'WRITING') => async (): Promise<void> => {
      if (request.signal.aborted) throw new ImportStopped('The import was stopped');
      keepSmall();
      await request.report(phase, progress);
    };
    for (const { source, file } of inputs) tally.file(file.name, source.key === undefined);
    try {
      await staging.clear(this.clock.now());
      await stage(inputs, staging, tally, progress, beat('READING'));
      progress.casesTotal = await staging.countCases();
      const references = new ImportedReferences(
        { ...request, system: request.mapping.system },
        this.worker,
        this.unitOfWork,
        this.organs,
        this.officers,
        tally,
      );
      await this.write(request, { inputs, staging, tally, progress, references, beat: beat('WRITING') });
      return tally.summary();
    } finally {
      await staging.empty().catch(() => undefined);
    }
  }

  private async write(request: ImportRequest, run: RunState): Promise<void> {
    const writing: Promise<void>[] = [];
    let last: string | undefined;
    try {
      for (;;) {
        await run.beat();
        const { groups, oversized, lastKey } = await run.staging.next(last, CASES_PER_BATCH, ROWS_PER_BATCH);
        if (lastKey === undefined) break;
        last = lastKey;
        for (const key of oversized) await this.rejectWhole(run, key);
        const plans = await this.plan(request, run, groups);
        const written = this.writeBatch(request, run, plans).then(() => {
          run.progress.casesDone += groups.size + oversized.length;
        });
        writing.push(written);
        // Whoever waits for it hears of its failure; until then nobody does, which must not end the process.
        written.catch(() => undefined);
        if (writing.length >= BATCHES_AT_ONCE) await writing.shift();
      }
      while (writing.length > 0) await writing.shift();
    } finally {
      await Promise.allSettled(writing);
    }
    await run.beat();
  }

  private async rejectWhole(run: RunState, key: string): Promise<void> {
    const names = run.inputs.map(({ file }) => file.name);
    const reason = `more than ${MAX_ROWS_PER_CASE} rows have the key ${key}; another column may be the id of a complaint`;
    for (const { file, count } of await run.staging.rejectWhole(key, names, reason)) {
      run.tally.count(file, 'rejected', count);
    }
  }

  /** Sorts out what becomes of each row, and writes down what is not taken. @returns the cases to write */
  private async plan(
    request: ImportRequest,
    run: RunState,
    groups: ReadonlyMap<string, readonly Staged[]>,
  ): Promise<CasePlan[]> {
    const known = await run.staging.known([...groups.keys()]);
    const lookup = await this.lookups(request.mapping, run, groups);
    const plans: CasePlan[] = [];
    const rejects = new Map<number, { rowNo: number; line: number; reason: string }[]>();
    const name = (index: number): string => run.inputs[index]!.file.name;
    for (const [key, rows] of groups) {
      const result = sortOut(
        { mapping: request.mapping, importId: request.id, now: this.clock.now(), lookup, fileName: name },
        key,
        rows,
        known.get(key),
      );
      for (const { fileIndex, outcome, ...row } of result.rows) {
        run.tally.count(fileIndex, outcome);
        if (outcome === 'rejected') rejects.set(fileIndex, [...(rejects.get(fileIndex) ?? []), row]);
      }
      if (result.plan) run.tally.case(result.plan, result.warnings);
      if (result.plan && !result.written) plans.push(result.plan);
    }
    for (const [fileIndex, rows] of rejects) await run.staging.reject(name(fileIndex), rows);
    return plans;
  }

  /** The rows of sources to look things up in that these groups ask for, in one query a source. */
  private async lookups(
    mapping: Mapping,
    run: RunState,
    groups: ReadonlyMap<string, readonly Staged[]>,
  ): Promise<(source: string, key: string) => Row | undefined> {
    const wanted = new Map<string, Set<string>>();
    for (const { cells, source } of [...groups.values()].flat()) {
      for (const [name, value] of source.lookups) {
        const key = value.get({ cells, other: () => undefined });
        if (key === undefined) continue;
        wanted.set(name, (wanted.get(name) ?? new Set()).add(key));
      }
    }
    const found = new Map<string, Map<string, Row>>();
    for (const [name, keys] of wanted) {
      const rows = await run.staging.lookUp(name, [...keys]);
      found.set(name, new Map([...rows].map(([key, { cells }]) => [key, { cells, other: () => undefined }])));
    }
    return (source, key) => found.get(source)?.get(key);
  }

  private async writeBatch(request: ImportRequest, run: RunState, plans: readonly CasePlan[]): Promise<void> {
    if (plans.length === 0) return;
    const { organs, officers } = await run.references.resolve(plans);
    if (request.dryRun || request.organId === null) return;
    await this.writer.write(
      {
        actor: request.actor,
        importId: request.id,
        organId: request.organId,
        system: request.mapping.system,
        track: request.mapping.track,
        organIdOf: (code) => organs.get(code)!,
        officerIdOf: (key) => officers.get(key)!,
      },
      plans,
    );
  }
}

interface RunState {
  readonly inputs: readonly Input[];
  readonly staging: Staging;
  readonly tally: Tally;
  readonly progress: ImportProgress;
  readonly references: ImportedReferences;
  beat(): Promise<void>;
}

const lockKey = ({ mapping }: ImportRequest): string[] => [`import of ${mapping.system}`];

/** One import of a source system at a time: two would both find a row missing and both write it. */
async function lock(client: PoolClient, request: ImportRequest): Promise<void> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    const { rows } = await client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got',
      lockKey(request),
    );
    if (rows[0]!.got) return;
    if (request.signal.aborted) throw new ImportStopped('The import was stopped');
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  throw conflict(
    'import-under-way',
    `Another import of ${request.mapping.system} is under way. Begin this one again when it has ended.`,
  );
}

const unlock = (client: PoolClient, request: ImportRequest): Promise<undefined> =>
  client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lockKey(request)).then(() => undefined);
