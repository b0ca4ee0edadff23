import { Injectable, type INestApplicationContext } from '@nestjs/common';
import cliProgress from 'cli-progress';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { systemActor, systemWith } from '../audit/writer-registration.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { SourceFile } from './decoding.js';
import { ImportEngine, type ImportRequest } from './import-engine.js';
import { ImportOrgans } from './import-organs.js';
import {
  doneSoFar,
  duration,
  number,
  paceOf,
  progressLine,
  summaryText,
  type Phase,
} from './import-report.js';
import type { ImportProgress, ImportSummary } from './import-run.entity.js';
import { BROKEN_OFF, ImportRuns } from './import-runs.js';
import { mappingAt } from './mapping-files.js';
import type { Mapping } from './mapping.js';
import { ImportStopped } from './reading.js';
import { rejectsAsCsv, rejectsOf } from './rejects.js';
import { WorkerDatabase } from '../database/worker-database.js';

export interface ImportOptions {
  /** A mapping file, or the name of a built-in one. */
  mapping: string;
  folder: string;
  organCode?: string;
  dryRun: boolean;
  /** Where rejected rows go; a file in the working directory otherwise. It is made only when there are some. */
  rejects?: string;
  json?: boolean;
}

interface Output {
  readonly out: NodeJS.WritableStream & { isTTY?: boolean };
  /** Progress goes here, so that the summary can be piped. */
  readonly err: NodeJS.WritableStream & { isTTY?: boolean };
}

/** Does `plumbline import`. @returns the exit code */
export function runImport(
  options: ImportOptions,
  app: INestApplicationContext,
  output: Output = { out: process.stdout, err: process.stderr },
): Promise<number> {
  return app.get(ImportCommand, { strict: false }).run(options, output);
}

/** An import from a folder, by the system itself in the office of an intake officer of the receiving organ. */
@Injectable()
export class ImportCommand {
  constructor(
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
    private readonly engine: ImportEngine,
    private readonly runs: ImportRuns,
    private readonly organs: ImportOrgans,
  ) {}

  async run(options: ImportOptions, output: Output): Promise<number> {
    const mapping = await mappingAt(options.mapping);
    const files = await filesIn(options.folder);
    const id = newId();
    if (!options.dryRun) await this.runs.endDead();
    return this.runs.during(id, async (lost) => {
      const { actor, organId } = await this.begin(id, mapping, files, options);
      return this.import({ id, actor, mapping, organId, files }, options, output, lost);
    });
  }

  private async import(
    request: Pick<ImportRequest, 'id' | 'actor' | 'mapping' | 'organId' | 'files'>,
    options: ImportOptions,
    output: Output,
    lost: AbortSignal,
  ): Promise<number> {
    const { id, mapping } = request;
    const stop = new AbortController();
    const interrupt = (): void => stop.abort();
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    const display = output.err.isTTY ? new Bar(output.err) : new Lines(output.err);
    let progress: ImportProgress | undefined;
    try {
      const summary = await this.engine.run({
        ...request,
        dryRun: options.dryRun,
        signal: AbortSignal.any([stop.signal, lost]),
        report: (phase, now) => display.show(phase, (progress = { ...now })),
      });
      display.end();
      if (!options.dryRun) await this.runs.done(id, summary, progress!);
      await this.tell(id, mapping, summary, options, output);
      return 0;
    } catch (error) {
      display.end();
      const stopped = error instanceof ImportStopped;
      const failure = stopped || error instanceof DomainError ? error.message : BROKEN_OFF;
      if (!options.dryRun) await this.runs.failed(id, failure);
      if (!stopped) throw error;
      output.err.write('Stopped. What was written stays; run the same command again to go on from there.\n');
      return 1;
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      if (options.dryRun) await this.worker.query('DELETE FROM app.import_reject WHERE import_id = $1', [id]);
    }
  }

  /** A dry run leaves nothing behind, not even its own record. */
  private begin(
    id: string,
    mapping: Mapping,
    files: readonly SourceFile[],
    { organCode, dryRun }: ImportOptions,
  ): Promise<{ actor: Actor; organId: string | null }> {
    const wanted = organCode === undefined ? undefined : { code: organCode };
    if (dryRun) {
      return this.organs
        .find(this.worker.manager, mapping, wanted)
        .then(({ organ }) => ({ actor: systemActor, organId: organ?.id ?? null }));
    }
    const names = mapping.sources
      .flatMap((source) => source.files)
      .filter((name) => files.some((file) => file.name === name));
    return this.unitOfWork.run(systemActor, async (tx) => {
      const organ = await this.organs.ensure(
        tx,
        mapping,
        await this.organs.find(tx.manager, mapping, wanted),
      );
      await this.runs.begin(tx, { id, mapping, organId: organ.id, dryRun }, 'READING', names);
      const under = await tx.manager.query<{ id: string }[]>(
        'SELECT id FROM app.organ WHERE path @> ARRAY[$1::uuid]',
        [organ.id],
      );
      const grant = {
        role: 'INTAKE_OFFICER' as const,
        organId: organ.id,
        organIds: under.map((one) => one.id),
      };
      return { actor: systemWith([grant]), organId: organ.id };
    });
  }

  private async tell(
    id: string,
    mapping: Mapping,
    summary: ImportSummary,
    options: ImportOptions,
    { out }: Output,
  ): Promise<void> {
    const [any] = await rejectsOf(this.worker, id, undefined, 1);
    const rejectsFile = any && (options.rejects ?? `rejects-${mapping.system}-${id}.csv`);
    if (rejectsFile !== undefined) {
      await pipeline(Readable.from(rejectsAsCsv(this.worker, id)), createWriteStream(rejectsFile));
    }
    if (options.json) {
      out.write(
        `${JSON.stringify({ dryRun: options.dryRun, ...summary, rejectsFile: rejectsFile ?? null }, null, 2)}\n`,
      );
      return;
    }
    out.write(`${mapping.title}\n\n${summaryText(summary, options.dryRun)}\n`);
    if (rejectsFile !== undefined) out.write(`The rejected rows, with the reasons: ${rejectsFile}\n`);
  }
}

/** The files of a folder. @throws DomainError when there is no such folder */
export async function filesIn(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new DomainError(
      'no-such-folder',
      400,
      error.code === 'ENOTDIR'
        ? `${folder} is a file. Name the folder that it is in.`
        : `The folder ${folder} cannot be read (${error.code}).`,
    );
  });
  return Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async ({ name }) => {
        const path = join(folder, name);
        const { size } = await stat(path);
        return {
          name,
          size,
          open: () => createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>,
        };
      }),
  );
}

/** Counts the time of each phase. */
class Timer {
  private phase: Phase | undefined;
  private since = 0;

  seconds(phase: Phase): number {
    if (phase !== this.phase) [this.phase, this.since] = [phase, performance.now()];
    return (performance.now() - this.since) / 1000;
  }
}

/** A bar on a terminal. */
class Bar {
  private readonly timer = new Timer();
  private readonly bar: cliProgress.SingleBar;
  private phase: Phase | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.bar = new cliProgress.SingleBar({
      stream,
      format: '{what} |{bar}| {percentage} %  {count}  {rate}/s  {left} left',
      barCompleteChar: '#',
      barIncompleteChar: '-',
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
    });
  }

  show(phase: Phase, progress: ImportProgress): void {
    const { done, total, rate, secondsLeft } = paceOf(phase, progress, this.timer.seconds(phase));
    const payload = {
      what: phase === 'READING' ? 'reading' : 'writing',
      count: doneSoFar(phase, progress),
      rate: number(rate),
      left: duration(secondsLeft),
    };
    if (phase !== this.phase) {
      if (this.phase !== undefined) this.bar.stop();
      this.phase = phase;
      this.bar.start(total, done, payload);
    } else {
      this.bar.update(done, payload);
    }
  }

  end(): void {
    this.bar.stop();
  }
}

const LINE_MS = 2000;

/** A line now and then, where there is no terminal: in a log, in a pipe. */
class Lines {
  private readonly timer = new Timer();
  private told = performance.now();
  private phase: Phase | undefined;

  constructor(private readonly stream: NodeJS.WritableStream) {}

  show(phase: Phase, progress: ImportProgress): void {
    const pace = paceOf(phase, progress, this.timer.seconds(phase));
    const now = performance.now();
    const last = phase === 'WRITING' && pace.done === pace.total;
    if (now - this.told < LINE_MS && phase === this.phase && !last) return;
    [this.told, this.phase] = [now, phase];
    this.stream.write(`${progressLine(progress, pace)}\n`);
  }

  end(): void {
    // Nothing is open.
  }
}
