import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc are hundredths of a second on every Linux. */
const TICK_MS = 10;

/**
 * Milliseconds of processor time that these processes and their living children have used so far; undefined where
 * there is no /proc. Beside the time on the clock it tells what a unit of work costs when other programs share the
 * machine: they take time away, but hardly change how much is needed.
 */
export function processorTime(roots: readonly number[]): number | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(statOf)
      .filter((stat) => stat !== undefined && (roots.includes(stat.pid) || roots.includes(stat.parent)))
      .reduce((sum, stat) => sum + stat!.ms, 0);
  } catch {
    return undefined;
  }
}

function statOf(pid: string): { pid: number; parent: number; ms: number } | undefined {
  try {
    // The name of the program, in brackets, may hold blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid: Number(pid), parent: Number(fields[1]), ms: ticks * TICK_MS };
  } catch {
    // It ended since the list was read.
    return undefined;
  }
}
