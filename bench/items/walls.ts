import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fill, PASSWORD, sizeAt } from '../data.js';
import { API, APP_CONNECTIONS, cycle, pick } from '../items.js';
import { Caller, takeTurns, type Contestant } from '../load.js';
import { compare, type Result } from '../report.js';
import { application, cleanUp, database, sql, type Database } from '../stage.js';
import { FILTERS, LIMIT, READERS } from './w2-list.js';

const DIFFERENT = 5000;

/** What the second wall costs: W2 and W3 by the same application on two copies of the data, one without row-level security. */
export async function walls(
  scale: number,
  rounds: number,
  seconds: number,
  tell: (text: string) => void,
): Promise<Result[]> {
  const both = await database('walls');
  await fill(both, sizeAt(scale));
  const one = await database('one_wall', 'walls');
  // The same data, so the same keys.
  cpSync(join(both.dataDir, 'keys'), join(one.dataDir, 'keys'), { recursive: true, force: true });
  await takeAway(one);
  const readers = { app: await readersOf(both), db: await readersOf(one) };
  const results: Result[] = [];
  for (const [item, what, work] of [
    ['W2', 'list 50 cases, both walls against one', listing],
    ['W3', 'read a case with its history, both walls against one', reading],
  ] as const) {
    tell(`${item} with both walls and with one ...`);
    const contestants = (['app', 'db'] as const).map((name): Contestant => ({
      name,
      connections: APP_CONNECTIONS,
      work: work(readers[name]),
    }));
    const [withBoth, withOne] = await takeTurns(contestants, rounds, seconds, () => undefined);
    results.push({
      ...{ item, what, target: 0.8, ...compare(withBoth!, withOne!) },
      note: 'app is the application as it is, db the same application on a copy without row-level security.',
    });
  }
  await cleanUp();
  return results;
}

const takeAway = ({ adminUrl }: Database): Promise<unknown> =>
  sql(adminUrl, (admin) =>
    admin.query(`DO $$ DECLARE t regclass; BEGIN
      FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity AND relnamespace = 'app'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t);
      END LOOP;
    END $$`),
  );

interface Reader {
  readonly caller: Caller;
  readonly username: string;
  readonly token: string;
  readonly cases: readonly { id: string }[];
}

async function readersOf(db: Database): Promise<Reader[]> {
  const app = await application({ DATABASE_URL: db.adminUrl, PLUMBLINE_DATA_DIR: db.dataDir });
  const caller = new Caller(app.origin, APP_CONNECTIONS);
  return Promise.all(
    READERS.map(async (username) => {
      const { accessToken: token } = await caller.json<{ accessToken: string }>(
        'POST',
        `${API}/auth/login`,
        undefined,
        { username, password: PASSWORD },
      );
      const cases = await sql(db.adminUrl, async (admin) => {
        const { rows } = await admin.query<{ id: string }>(
          `SELECT c.id FROM app."case" c JOIN app.organ o ON o.id = c.organ_id
             JOIN app.user_account u ON u.username = $1 JOIN app.user_grant g ON g.user_id = u.id
           WHERE CASE g.role WHEN 'INVESTIGATOR' THEN c.investigator_ids @> ARRAY[u.id] ELSE o.path @> ARRAY[g.organ_id] END
             AND c.investigator_ids <> '{}' ORDER BY md5(c.id::text) LIMIT ${DIFFERENT}`,
          [username],
        );
        return rows;
      });
      return { caller, username, token, cases };
    }),
  );
}

const listing = (readers: readonly Reader[]): Contestant['work'] => {
  const question = cycle(readers.flatMap((reader) => FILTERS.map((filter) => ({ reader, filter }))));
  return async () => {
    const { reader, filter } = question();
    const query = new URLSearchParams({ ...filter, limit: String(LIMIT) });
    await reader.caller.call('GET', `${API}/cases?${query.toString()}`, reader.token);
  };
};

const reading = (readers: readonly Reader[]): Contestant['work'] => {
  const question = cycle(readers.map((reader) => ({ reader, next: pick(reader.cases, 3) })));
  return async () => {
    const { reader, next } = question();
    const { id } = next();
    await reader.caller.call('GET', `${API}/cases/${id}`, reader.token);
    await reader.caller.call('GET', `${API}/cases/${id}/history?limit=50`, reader.token);
  };
};
