/**
 * A pause that can be cut short. Not made of AbortSignal.any(): a signal that lives as long as the process would keep
 * every one of them.
 */
export class Bell {
  private wake: (() => void) | undefined;
  private rung = false;

  constructor(private readonly ending: AbortSignal) {
    ending.addEventListener('abort', () => this.ring(), { once: true });
  }

  /** Ends the present pause, or the next one at once. */
  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Waits so long, or until it rings. */
  async wait(ms: number): Promise<void> {
    if (!this.rung && !this.ending.aborted) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.wake = undefined;
    }
    this.rung = false;
  }
}

/** Does the work with a signal that comes after so long, or with the other signal. */
export async function withDeadline<T>(
  ending: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  ending.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener('abort', abort);
  }
}
