/** Whole numbers that were used, as ranges: a writer counts up, so there are few of them. */
export class UsedNumbers {
  /** `[from, to)`, in order, none touching the next. */
  private readonly ranges: [from: number, to: number][] = [];

  /** From the text of an int8multirange, such as `{[0,7),[9,12)}`. */
  static parse(text: string): UsedNumbers {
    const used = new UsedNumbers();
    for (const [, from, to] of text.matchAll(/\[(\d+),(\d+)\)/g))
      used.ranges.push([Number(from), Number(to)]);
    return used;
  }

  /** @returns false when the number was used before */
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

  toString(): string {
    return `{${this.ranges.map(([from, to]) => `[${from},${to})`).join(',')}}`;
  }
}
