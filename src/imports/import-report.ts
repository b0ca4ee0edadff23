import type { ImportProgress, ImportSummary } from './import-run.entity.js';

export type Phase = 'READING' | 'WRITING';

/** What a progress bar or line shows. */
export interface Pace {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  /** Rows or complaints a second, of this phase so far. */
  readonly rate: number;
  readonly secondsLeft: number | undefined;
}

/** How fast it is and how long it will take, from the progress of one phase and the time since it began. */
export function paceOf(phase: Phase, progress: Readonly<ImportProgress>, seconds: number): Pace {
  const { bytesRead, bytesTotal, rowsRead, casesDone, casesTotal } = progress;
  const [done, total, counted] =
    phase === 'READING' ? [bytesRead, bytesTotal, rowsRead] : [casesDone, casesTotal, casesDone];
  // In the first moment of a phase nothing has been learnt yet.
  const known = seconds > 0.1 && done > 0;
  return {
    phase,
    done,
    total,
    rate: known ? counted / seconds : 0,
    secondsLeft: known ? ((total - done) * seconds) / done : undefined,
  };
}

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
export const number = (value: number): string => numbers.format(value);

export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '?';
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${String(whole % 60).padStart(2, '0')} s` : `${whole} s`;
}

/** What was done so far, in words. */
export const doneSoFar = (
  phase: Phase,
  { rowsRead, casesDone, casesTotal }: Readonly<ImportProgress>,
): string =>
  phase === 'READING'
    ? `${number(rowsRead)} rows`
    : `${number(casesDone)} of ${number(casesTotal)} complaints`;

/** One line for where there is no terminal. */
export function progressLine(progress: Readonly<ImportProgress>, pace: Pace): string {
  const { phase, done, total, rate, secondsLeft } = pace;
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '0 %';
  const unit = phase === 'READING' ? 'rows' : 'complaints';
  const verb = phase === 'READING' ? 'reading' : 'writing';
  return `${verb}: ${doneSoFar(phase, progress)} (${share}), ${number(rate)} ${unit}/s, ${duration(secondsLeft)} left`;
}

const warningWords: Readonly<Record<string, string>> = {
  'incident-after-complaint': 'the incident is later than the complaint; kept',
  'end-before-beginning-left-out': 'the end is before the beginning; the end was left out',
  'rows-of-a-case-differ': 'the rows of one complaint say different things of it; the first one counts',
  'month-of-receipt-only': 'of the day of receipt only the month is known',
  'unusable-date-left-out': 'a date could not be read and was left out',
  'unusable-birth-year-left-out': 'a year of birth could not be read and was left out',
  'sanction-without-substantiated-finding':
    'a sanction without a substantiated finding; only its words were kept',
  'sanction-without-known-officer':
    'a sanction against an officer who is not known; only its words were kept',
  'sanction-without-date': 'a sanction without a date; only its words were kept',
};

/** The summary of an import for people: a table of which each row and each column adds up. */
export function summaryText(summary: ImportSummary, dryRun: boolean): string {
  const columns = ['read', 'imported', 'repeated', 'rejected'] as const;
  const sum = (column: (typeof columns)[number]): number =>
    summary.files.reduce((total, file) => total + file[column], 0);
  const rows = [
    ['file', ...columns],
    ...summary.files.map((file) => [file.file, ...columns.map((column) => number(file[column]))]),
    ['together', ...columns.map((column) => number(sum(column)))],
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const table = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('   '),
  );
  const counts = [
    `${number(summary.casesAdded)} cases`,
    `${number(summary.allegationsAdded)} allegations`,
    `${number(summary.findingsAdded)} findings`,
    `${number(summary.sanctionsAdded)} sanctions`,
    `${number(summary.officersAdded)} officers`,
    `${number(summary.organsAdded)} organs`,
  ].join(', ');
  const warnings = Object.entries(summary.warnings);
  return [
    ...table,
    ...summary.references.map(({ file, read }) => `${file}: ${number(read)} rows to look things up in`),
    '',
    `${dryRun ? 'Would add' : 'Added'} ${counts}.`,
    ...(warnings.length > 0 ? ['Cases that were taken although something is odd:'] : []),
    ...warnings.map(([kind, count]) => `  ${number(count)} × ${warningWords[kind] ?? kind}`),
  ].join('\n');
}
