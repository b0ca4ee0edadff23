import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A second process wants a directory on which one runs already. */
export class AlreadyRunningError extends Error {
  constructor(
    directory: string,
    pid: number,
    what = 'Plumbline',
    otherwise = 'set PLUMBLINE_DATA_DIR to another directory',
  ) {
    super(
      `${what} is already running on ${directory} (process ${pid}). ` +
        `Stop that process first (Ctrl-C in its terminal, or: kill ${pid}), or ${otherwise}.`,
    );
    this.name = 'AlreadyRunningError';
  }
}

/**
 * One process per directory. Each contender first lays down a claim of its own and looks at the others only
 * then, so of two at least one sees the other: there is no moment at which two can win, and since the name
 * of a claim is the identity of its process, removing one that is stale never removes a new one.
 */
export async function claimDirectory(
  directory: string,
  ...who: [what?: string, otherwise?: string]
): Promise<() => void> {
  const claim = path.join(directory, `owner-${process.pid}-${inspectProcess(process.pid)?.started ?? 0}`);
  for (let attempt = 1; ; attempt++) {
    createClaim(directory, claim, who);
    const rival = livingRival(directory, path.basename(claim));
    if (rival === undefined) return once(() => rmSync(claim, { force: true }));
    rmSync(claim, { force: true });
    // It may be a contender that withdraws in favour of us, as we do of it: try again at another moment.
    if (attempt === 5) throw new AlreadyRunningError(directory, rival, ...who);
    await sleep(randomInt(20, 100));
  }
}

function createClaim(directory: string, claim: string, who: [what?: string, otherwise?: string]): void {
  try {
    writeFileSync(claim, `Process ${process.pid} uses this directory.\n`, { flag: 'wx' });
  } catch (error) {
    // Only this very process can have made a claim of this name.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new AlreadyRunningError(directory, process.pid, ...who);
    throw error;
  }
}

function livingRival(directory: string, ownClaim: string): number | undefined {
  for (const name of readdirSync(directory)) {
    const [, pid, started] = /^owner-(\d+)-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || name === ownClaim) continue;
    const present = inspectProcess(Number(pid));
    // Without the time a process id that was given out again would lock everybody out.
    const isSame =
      present && (present.started === 0 || started === '0' || present.started === Number(started));
    if (isSame) return Number(pid);
    rmSync(path.join(directory, name), { force: true });
  }
  return undefined;
}

/**
 * Undefined when the process is gone. A zombie is gone too: in a container nobody may ever collect it.
 * `started` tells a process from a later one with the same id; 0 when it cannot be found out.
 */
export function inspectProcess(pid: number): { started: number } | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  const [state, started] = process.platform === 'linux' ? linuxState(pid) : portableState(pid);
  return state === 'Z' || state === 'X' ? undefined : { started };
}

function linuxState(pid: number): [state: string, started: number] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses, which can itself contain blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[0] ?? '', Number(fields[19] ?? 0)];
  } catch {
    return ['', 0];
  }
}

function portableState(pid: number): [state: string, started: number] {
  const [state = '', ...started] = ps(pid, 'state=', 'lstart=').split(/\s+/);
  return [state.slice(0, 1), Date.parse(`${started.join(' ')} UTC`) / 1000 || 0];
}

/** Columns of `ps` for one process; for systems without /proc. */
export function ps(pid: number, ...columns: string[]): string {
  const args = ['-ww', ...columns.flatMap((column) => ['-o', column]), '-p', String(pid)];
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  return spawnSync('ps', args, { env, encoding: 'utf8' }).stdout.trim();
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
