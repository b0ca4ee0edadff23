import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Turn } from './load.js';
import type { Plans } from './plans.js';
import { root } from './stage.js';

/** Nothing may be slower than a fifth of the same SQL straight through the driver. */
export const FLOOR = 0.2;

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Compared {
  readonly item: string;
  readonly what: string;
  /** The share of the raw figure to reach in the end. */
  readonly target: number;
  readonly app: Spread;
  readonly db: Spread;
  readonly ratio: Spread;
  /** The same, of the processor time of one unit of work; other programs on the machine disturb it less. */
  readonly cpuRatio?: number;
  readonly latency?: { readonly app: Latency; readonly db: Latency };
  /** Statements of one unit of work, BEGIN and COMMIT counted. */
  readonly statements?: readonly string[];
  /** What its queries read. */
  readonly plans?: Plans;
  readonly note?: string;
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** A figure that is not a comparison, such as the seconds of a start. */
export interface Measured {
  readonly item: string;
  readonly what: string;
  readonly unit: string;
  readonly value: Spread;
  /** At most, in the same unit. */
  readonly target?: number;
}

export type Result = Compared | Measured;

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** The figures of two contestants who took turns, with the ratio of each round. */
export function compare(
  app: readonly Turn[],
  db: readonly Turn[],
): Pick<Compared, 'app' | 'db' | 'ratio' | 'cpuRatio' | 'latency'> {
  const cpuRatios = app.map((turn, i) => (db[i]!.cpu ?? NaN) / (turn.cpu ?? NaN)).filter(Number.isFinite);
  const latency = (turns: readonly Turn[]): Latency => ({
    p50: spreadOf(turns.map((turn) => turn.p50)).median,
    p99: spreadOf(turns.map((turn) => turn.p99)).median,
  });
  return {
    app: spreadOf(app.map((turn) => turn.perSecond)),
    db: spreadOf(db.map((turn) => turn.perSecond)),
    ratio: spreadOf(app.map((turn, i) => turn.perSecond / db[i]!.perSecond)),
    ...(cpuRatios.length > 0 ? { cpuRatio: spreadOf(cpuRatios).median } : {}),
    latency: { app: latency(app), db: latency(db) },
  };
}

export interface Circumstances {
  readonly scale: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly postgres: string | undefined;
}

const isCompared = (result: Result): result is Compared => 'ratio' in result;
const isMeasured = (result: Result): result is Measured => !isCompared(result);

const isBelow = (result: Result): boolean => isCompared(result) && result.ratio.median < FLOOR;

/** Prints the report and keeps it as JSON. @returns whether every comparison is above the floor */
export function report(
  results: readonly Result[],
  circumstances: Circumstances,
  print: (text: string) => void,
): boolean {
  const machine = machineNow();
  print(heading(machine, circumstances));
  const compared = results.filter(isCompared);
  if (compared.length > 0) print(comparisons(compared));
  const measured = results.filter(isMeasured);
  if (measured.length > 0) print(figures(measured));
  print(`${notes(compared)}\n`);

  const directory = join(root, 'bench', 'results');
  mkdirSync(directory, { recursive: true });
  const name = `${machine.date.replaceAll(/[:.]/g, '-')}.json`;
  writeFileSync(join(directory, name), `${JSON.stringify({ machine, circumstances, results }, null, 2)}\n`);
  print(`Kept as bench/results/${name}`);
  return !results.some(isBelow);
}

const machineNow = () => ({
  date: new Date().toISOString(),
  commit: commit(),
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch} ${release()}`,
  node: process.version,
  load: loadavg()
    .map((value) => value.toFixed(1))
    .join(' '),
});

function commit(): string {
  try {
    // Without the complaint of a checkout that has no commit yet, or of a copy without a repository.
    const quiet = { cwd: root, encoding: 'utf8' as const, stdio: 'pipe' as const };
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], quiet).trim();
  } catch {
    return 'none';
  }
}

const heading = (
  machine: ReturnType<typeof machineNow>,
  { scale, rounds, seconds, postgres }: Circumstances,
): string =>
  [
    `# Benchmarks, ${machine.date}, commit ${machine.commit}`,
    '',
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; load at the end ${machine.load}`,
    `- Node ${machine.node}${postgres === undefined ? '' : `, PostgreSQL ${postgres}, every commit waits for the disk`}`,
    `- scale ${scale}, ${rounds} rounds of ${seconds} s, in turns; medians, with the least and the most in brackets`,
    '',
  ].join('\n');

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const spread = ({ median, min, max }: Spread): string => `${number(median)} (${number(min)}-${number(max)})`;
const milliseconds = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;

const comparisons = (results: readonly Compared[]): string =>
  table(
    [
      'item',
      'app/s',
      'db/s',
      'ratio',
      'by CPU',
      'p50 ms',
      'p99 ms',
      'db p50',
      'db p99',
      'target',
      'floor',
      '',
    ],
    results.map((result) => [
      `${result.item} ${result.what}`,
      spread(result.app),
      spread(result.db),
      `${result.ratio.median.toFixed(2)} (${result.ratio.min.toFixed(2)}-${result.ratio.max.toFixed(2)})`,
      result.cpuRatio?.toFixed(2) ?? '–',
      milliseconds(result.latency?.app.p50),
      milliseconds(result.latency?.app.p99),
      milliseconds(result.latency?.db.p50),
      milliseconds(result.latency?.db.p99),
      result.target.toFixed(1),
      FLOOR.toFixed(1),
      isBelow(result) ? 'BELOW' : 'PASS',
    ]),
  );

const figures = (results: readonly Measured[]): string =>
  table(
    ['figure', 'value', 'unit', 'target'],
    results.map(({ item, what, value, unit, target }) => [
      `${item} ${what}`,
      spread(value),
      unit,
      target === undefined ? '–' : `at most ${target}`,
    ]),
  );

const notes = (results: readonly Compared[]): string =>
  results
    .map(({ item, plans, note }) =>
      [
        `${item}:`,
        ...(plans ? [`A plan passes over ${plans.rows} rows at the most.`] : []),
        ...(plans?.scans ?? []).map((table) => `One scans the table ${table}.`),
        ...(note ? [note] : []),
      ].join(' '),
    )
    .join('\n');
