import type { CasePlan } from './case-plan.js';
import type { ImportSummary } from './import-run.entity.js';

type Outcome = 'imported' | 'repeated' | 'rejected';

/** Counts what becomes of each row: of every file, the rows read are the sum of those imported, repeated and rejected. */
export class Tally {
  private readonly files: (Record<Outcome | 'read', number> & { file: string; reference: boolean })[] = [];
  private readonly added = { cases: 0, allegations: 0, findings: 0, sanctions: 0, officers: 0, organs: 0 };
  private readonly warnings = new Map<string, number>();

  /** @returns the number by which the file is counted */
  file(name: string, reference: boolean): number {
    return this.files.push({ file: name, reference, read: 0, imported: 0, repeated: 0, rejected: 0 }) - 1;
  }

  read(file: number, count: number): void {
    this.files[file]!.read += count;
  }

  count(file: number, outcome: Outcome, count = 1): void {
    this.files[file]![outcome] += count;
  }

  case(plan: CasePlan, warnings: readonly string[]): void {
    this.added.cases++;
    this.added.allegations += plan.allegations.length;
    this.added.findings += plan.allegations.reduce((sum, { findings }) => sum + findings.length, 0);
    this.added.sanctions += plan.sanctions.length;
    for (const kind of warnings) this.warnings.set(kind, (this.warnings.get(kind) ?? 0) + 1);
  }

  add(what: 'officers' | 'organs', count: number): void {
    this.added[what] += count;
  }

  /** @throws Error when a row was lost or counted twice, which would be a bug of ours */
  summary(): ImportSummary {
    const wrong = this.files.find(
      ({ reference, read, imported, repeated, rejected }) =>
        !reference && read !== imported + repeated + rejected,
    );
    if (wrong) throw new Error(`The sums of ${wrong.file} do not add up: ${JSON.stringify(wrong)}`);
    return {
      files: this.files
        .filter(({ reference }) => !reference)
        .map(({ file, read, imported, repeated, rejected }) => ({
          file,
          read,
          imported,
          repeated,
          rejected,
        })),
      references: this.files
        .filter(({ reference }) => reference)
        .map(({ file, read, rejected }) => ({ file, read, rejected })),
      casesAdded: this.added.cases,
      allegationsAdded: this.added.allegations,
      findingsAdded: this.added.findings,
      sanctionsAdded: this.added.sanctions,
      officersAdded: this.added.officers,
      organsAdded: this.added.organs,
      warnings: Object.fromEntries([...this.warnings].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
