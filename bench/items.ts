import { finished } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import type { Capture } from './capture.js';
import type { Straight } from './load.js';
import { Caller, type Contestant } from './load.js';
import { PASSWORD } from './data.js';
import { residentMb, sql, type Application, type Database } from './stage.js';

export const APP_CONNECTIONS = 32;
export const API = '/api/v1';

/** A signed-in account of the data. */
export interface Account {
  readonly id: string;
  readonly token: string;
  /** The organ of its first grant. */
  readonly organId: string;
}

/** What an item works with: the filled database, the application on it, and the way straight to the database. */
export interface Place {
  readonly database: Database;
  readonly caller: Caller;
  readonly straight: Straight;
  readonly capture: Capture;
  account(username: string): Promise<Account>;
  /** Rows of a query as superuser. */
  rows<T>(text: string, values?: unknown[]): Promise<T[]>;
  /** How many rows some COPY ... TO STDOUT send, as superuser. */
  copied(...copies: string[]): Promise<number>;
  /** What the application occupies now. */
  memoryMb(): number;
}

/** A comparison of the application with the same SQL straight through the driver. */
export interface Comparison {
  readonly contestants: readonly Contestant[];
  /** The statements of one unit of work; a query among them is explained in the report. */
  readonly statements: readonly { readonly text: string; readonly values: readonly unknown[] }[];
  /** What else there is to say after the measurement. */
  readonly note?: () => string;
}

export function placeFor(
  application: Application,
  database: Database,
  straight: Straight,
  capture: Capture,
): Place {
  const caller = new Caller(application.origin, APP_CONNECTIONS);
  return {
    database,
    caller,
    straight,
    capture,
    rows: <T>(text: string, values: unknown[] = []) =>
      sql(database.adminUrl, async (client) => (await client.query(text, values)).rows as T[]),
    copied: (...copies) =>
      sql(database.adminUrl, async (client) => {
        let rows = 0;
        for (const copy of copies) {
          const stream = client.query(copyTo(copy));
          await finished(stream.resume());
          rows += stream.rowCount;
        }
        return rows;
      }),
    memoryMb: () => residentMb(application.pid),
    account: async (username) => {
      const session = await caller.json<{
        accessToken: string;
        user: { id: string; grants: { organId: string }[] };
      }>('POST', `${API}/auth/login`, undefined, { username, password: PASSWORD });
      return { id: session.user.id, token: session.accessToken, organId: session.user.grants[0]!.organId };
    },
  };
}

/** One after the other, over and over. */
export function cycle<T>(values: readonly T[]): () => T {
  let next = 0;
  return () => values[next++ % values.length]!;
}

/** Numbers from a fixed seed (Park and Miller), so that every run asks for the same rows. */
export function pick<T>(values: readonly T[], seed: number): () => T {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return values[state % values.length]!;
  };
}
