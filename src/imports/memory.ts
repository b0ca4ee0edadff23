import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const COMFORTABLE_BYTES = 230 * 1024 * 1024;
const PAUSE_MS = 500;

let collect: (() => void) | undefined;
let last = 0;

/**
 * Frees what is not used any more when this process has become large. An import holds little at any time, but on a
 * machine with much memory V8 would let what it is done with pile up far beyond that.
 */
export function keepSmall(): void {
  const now = performance.now();
  if (now - last < PAUSE_MS || process.memoryUsage.rss() < COMFORTABLE_BYTES) return;
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  last = performance.now();
}
