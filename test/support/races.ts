import { Client as PgClient } from 'pg';
import type { TestApp } from './app.js';

/** Resolves once so many connections wait for a lock, so that a race is played out and not hoped for. */
export async function untilBlocked(t: TestApp, count: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const [row] = await t.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (row!.n >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${count} requests should be waiting for the lock`);
}

/**
 * Starts the works while the lock is held elsewhere, and lets go when all of them wait for it.
 * @param inTurn start each one only when the one before it waits, so that they get the lock in this order
 */
export async function racing<T>(
  t: TestApp,
  lock: string,
  params: unknown[],
  works: (() => Promise<T>)[],
  inTurn = false,
): Promise<T[]> {
  const holder = new PgClient(t.database.adminUrl);
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query(lock, params);
    const running: Promise<T>[] = [];
    try {
      for (const work of works) {
        running.push(work());
        if (inTurn) await untilBlocked(t, running.length);
      }
      await untilBlocked(t, works.length);
    } finally {
      await holder.query('COMMIT');
    }
    return await Promise.all(running);
  } finally {
    await holder.end();
  }
}
