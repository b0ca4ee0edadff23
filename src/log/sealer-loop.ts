import pg from 'pg';
import type { Logger } from 'pino';
import { BrokenLogError, type SealedCheckpoint, type Sealer } from './sealer.js';
import { Bell } from './waiting.js';
import type { WitnessClient } from './witness-client.js';

const EVERY_MS = 1000;
const AFTER_FAILURE_MS = 5000;

export interface SealerLoopOptions {
  readonly databaseUrl: string;
  readonly sealer: Sealer;
  readonly witnesses: readonly WitnessClient[];
  readonly logger: Logger;
  /** Called with each new checkpoint after it is committed. */
  readonly onCheckpoint?: (checkpoint: SealedCheckpoint) => void;
}

/** Seals every second, sooner when somebody asks for it, and brings the checkpoints to the witnesses. */
export async function runSealer(options: SealerLoopOptions, signal: AbortSignal): Promise<void> {
  const { sealer, witnesses, logger } = options;
  const bell = new Bell(signal);
  const publish = (checkpoint: SealedCheckpoint): void => {
    witnesses.forEach((witness) => witness.publish(checkpoint));
    options.onCheckpoint?.(checkpoint);
  };
  const beside = [
    listen(options.databaseUrl, bell, signal),
    ...witnesses.map((witness) => witness.run(signal)),
  ];
  let greeted = false;
  while (!signal.aborted) {
    try {
      if (!greeted) {
        // A checkpoint may have been committed by a process that was killed before it could publish it.
        const latest = await sealer.latest();
        if (latest) publish(latest);
        greeted = true;
      }
      const { checkpoint, alarms, more } = await sealer.pass();
      for (const alarm of alarms) logger.error(alarm, 'an entry was refused and its stream set apart');
      if (checkpoint) publish(checkpoint);
      if (!more) await bell.wait(EVERY_MS);
    } catch (error) {
      if (signal.aborted) break;
      const { name, code, message, stack } = error as Error & { code?: string };
      const known = error instanceof BrokenLogError || code !== undefined;
      logger.error({ reason: known ? message : stack, code, kind: name }, 'nothing could be sealed');
      await bell.wait(AFTER_FAILURE_MS);
    }
  }
  await Promise.all(beside);
}

/** Rings when the application asks for a map of heads. Without it the next turn comes anyway. */
async function listen(connectionString: string, bell: Bell, signal: AbortSignal): Promise<void> {
  const pause = new Bell(signal);
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString, application_name: 'plumbline-sealer-bell' });
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', () => bell.ring());
    try {
      await client.connect();
      await client.query('LISTEN plumbline_sealer');
      await lost;
    } catch {
      // The next pass tells what is wrong with the database.
    }
    await client.end().catch(() => undefined);
    await pause.wait(EVERY_MS);
  }
}
