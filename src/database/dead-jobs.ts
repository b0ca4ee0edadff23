import type { DataSource } from 'typeorm';
import type { HeldWork } from './held-work.js';

/** So long it may take a process from taking a job to holding it. */
const GRACE = '5 seconds';

export interface DeadJob {
  readonly task: string;
  readonly payload: unknown;
  /** It was begun as often as it may be. */
  readonly exhausted: boolean;
}

/** The name under which a job is held. */
export const heldAs = (jobId: string): string => `job ${jobId}`;

/**
 * Gives back the jobs that a process took and died over, and ends those that will not be begun any more.
 * graphile-worker itself waits four hours for a process that may live. Its function that unlocks works on a whole
 * process, and would take from a living one what it does beside; so the one row is changed here.
 */
export async function freeDeadJobs(
  dataSource: DataSource,
  held: HeldWork,
  giveUp: (job: DeadJob) => Promise<void>,
): Promise<void> {
  const suspects = await dataSource.query<{ id: string }[]>(
    `SELECT id FROM graphile_worker._private_jobs
     WHERE locked_at < now() - $1::interval OR (locked_at IS NULL AND attempts >= max_attempts)`,
    [GRACE],
  );
  for (const { id } of suspects) {
    await held.ifFree(heldAs(id), async (manager) => {
      // Looked at again: since then its process may have ended it, or another may have taken it.
      const [[job]] = await manager.query<[DeadJob[], number]>(
        `UPDATE graphile_worker._private_jobs j SET locked_at = NULL, locked_by = NULL
         FROM graphile_worker._private_tasks t
         WHERE j.id = $1 AND t.id = j.task_id AND (j.locked_at IS NULL OR j.locked_at < now() - $2::interval)
         RETURNING t.identifier AS task, j.payload, j.attempts >= j.max_attempts AS exhausted`,
        [id, GRACE],
      );
      if (!job?.exhausted) return;
      await giveUp(job);
      await manager.query('DELETE FROM graphile_worker._private_jobs WHERE id = $1', [id]);
    });
  }
}
