import { DomainError } from '../common/errors.js';
import type { SourceFile } from './decoding.js';
import type { ImportProgress } from './import-run.entity.js';
import type { Mapping, Source } from './mapping.js';
import { openTable } from './source-reader.js';
import { reasonAt, rowJudge, type RefusedRow, type RowToStage } from './staged-rows.js';
import type { Staging } from './staging.js';
import type { Tally } from './tally.js';

/** A file and the source that says what is in it. */
export interface Input {
  readonly source: Source;
  readonly file: SourceFile;
}

/** An import was asked to end; what it wrote stays, and the next one goes on from there. */
export class ImportStopped extends Error {}

/** What to say of the first file that the mapping needs and that is not among these; undefined when all are there. */
export function missingFile(mapping: Mapping, names: readonly string[]): string | undefined {
  for (const { name, files, optional } of mapping.sources) {
    const missing = optional ? undefined : files.find((file) => !names.includes(file));
    if (missing === undefined) continue;
    return (
      `${missing} is missing, which the mapping ${mapping.name} names in sources.${name}; there is ` +
      `${names.join(', ') || 'no file'}. Add the file, or correct its name in the mapping.`
    );
  }
  return undefined;
}

/**
 * Finds the file of each source.
 * @throws DomainError when one is missing, with what is there instead
 */
export function inputsOf(mapping: Mapping, files: readonly SourceFile[]): Input[] {
  const names = files.map(({ name }) => name);
  const missing = missingFile(mapping, names);
  if (missing !== undefined) throw new DomainError('file-missing', 400, missing);
  return mapping.sources.flatMap((source) =>
    source.files.flatMap((name) => {
      const file = files.find((one) => one.name === name);
      return file ? [{ source, file }] : [];
    }),
  );
}

const REJECTS_KEPT = 500;

/**
 * Reads all files into the staging table. Nothing else is written meanwhile, so that a file that turns out to be
 * broken on its last row has changed nothing.
 */
export async function stage(
  inputs: readonly Input[],
  staging: Staging,
  tally: Tally,
  progress: ImportProgress,
  beat: () => Promise<void>,
): Promise<void> {
  for (const [index, { source, file }] of inputs.entries()) {
    const table = await openTable(source, file, (count) => (progress.bytesRead += count));
    const judge = rowJudge(source, table.columns);
    const rejects: RefusedRow[] = [];
    const flushRejects = async (): Promise<void> => {
      await staging.reject(file.name, rejects);
      tally.count(index, 'rejected', rejects.length);
      rejects.length = 0;
    };
    for await (const records of table.records) {
      const rows: RowToStage[] = [];
      for (const record of records) {
        const row = judge(record);
        if ('reason' in row) rejects.push({ ...row, reason: reasonAt(row.reason, row) });
        else rows.push(row);
      }
      await staging.add(source, index, rows);
      if (rejects.length >= REJECTS_KEPT) await flushRejects();
      tally.read(index, records.length);
      progress.rowsRead += records.length;
      await beat();
    }
    await flushRejects();
  }
}
