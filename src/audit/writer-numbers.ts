import type { ReadEntry, Refusal } from './entry-checks.js';

/** A set of whole numbers as ranges: a writer counts up, so there are few of them. */
export class Numbers {
  /** `[from, to)`, in order, none touching the next. */
  private readonly ranges: [from: number, to: number][] = [];

  /** From the text of an int8multirange, such as `{[0,7),[9,12)}`. */
  static parse(text: string): Numbers {
    const numbers = new Numbers();
    for (const [, from, to] of text.matchAll(/\[(\d+),(\d+)\)/g))
      numbers.ranges.push([Number(from), Number(to)]);
    return numbers;
  }

  /** @returns false when the number was in it before */
  add(n: number): boolean {
    // New numbers are at the end, so look from there.
    let i = this.ranges.length;
    while (i > 0 && this.ranges[i - 1]![0] > n) i--;
    const [before, after] = [this.ranges[i - 1], this.ranges[i]];
    if (before && n < before[1]) return false;
    const [touchesBefore, touchesAfter] = [before?.[1] === n, after?.[0] === n + 1];
    if (touchesBefore && touchesAfter) {
      before![1] = after![1];
      this.ranges.splice(i, 1);
    } else if (touchesBefore) before![1] = n + 1;
    else if (touchesAfter) after![0] = n;
    else this.ranges.splice(i, 0, [n, n + 1]);
    return true;
  }

  /** How many of the numbers below the highest are neither in this set nor in the other one. */
  missing(other: Numbers): number {
    const ranges = [...this.ranges, ...other.ranges].sort(([a], [b]) => a - b);
    let [reached, missing] = [0, 0];
    for (const [from, to] of ranges) {
      missing += Math.max(0, from - reached);
      reached = Math.max(reached, to);
    }
    return missing;
  }

  toString(): string {
    return `{${this.ranges.map(([from, to]) => `[${from},${to})`).join(',')}}`;
  }
}

/** The numbers of one writer, as far as they were seen. */
export interface WriterNumbers {
  readonly used: Numbers;
  /**
   * Declared void. Kept apart: when the connection breaks during COMMIT, the writer never learns how it ended and
   * declares numbers void that are used.
   */
  readonly voided: Numbers;
}

/** Counts the numbers that an entry uses and declares void. @returns why it cannot be; then nothing was counted */
export function countNumbers(
  { used, voided }: WriterNumbers,
  { envelope, body }: ReadEntry,
): Refusal | undefined {
  const w = body['w'] as { id?: unknown; n?: unknown; void?: unknown } | undefined;
  const burnt = Array.isArray(w?.void) ? (w.void as unknown[]) : [];
  if (w?.id !== envelope.writer || !isNumber(w.n) || !burnt.every(isNumber))
    return ['COUNTER', 'it has no number of its writer'];
  if (!used.add(w.n)) return ['COUNTER', `its writer used number ${w.n} before`];
  for (const n of burnt) voided.add(n);
  return undefined;
}

const isNumber = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
