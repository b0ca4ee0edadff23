import { newId } from '../../src/common/ids.js';
import { API, APP_CONNECTIONS, cycle, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';
import { RESUME, SUSPEND, suspensionOf } from './suspension.js';

const CASES = 1000;

/** One deed with its event: up to 1,000 cases under investigation are suspended and resumed in turn. */
export async function deed(place: Place): Promise<Comparison> {
  const rows: Row[] = [];
  const supervisors = await Promise.all([1, 2, 3, 4].map((n) => place.account(`supervisor-${n}`)));
  for (const { token, organId } of supervisors) {
    const open = await place.rows<{ id: string; version: number }>(
      `SELECT c.id, c.version FROM app."case" c JOIN app.organ o ON o.id = c.organ_id
       WHERE o.path @> ARRAY[$1::uuid] AND c.status = 'INVESTIGATING' ORDER BY md5(c.id::text) LIMIT $2`,
      [organId, (2 * CASES) / supervisors.length],
    );
    rows.push(...open.map((row) => ({ ...row, token, suspended: false })));
  }
  const example = rows.shift()!;
  const actor = await place.capture.actor(supervisors[0]!.id);
  const { suspend, resume } = await suspensionOf(place.capture, actor, example);

  // Each connection has cases of its own: nobody waits for another's lock, as it is among people.
  const ofApp = sharesOf(
    rows.filter((_, i) => i % 2 === 0),
    APP_CONNECTIONS,
  );
  const ofDatabase = sharesOf(
    rows.filter((_, i) => i % 2 === 1),
    DATABASE_CONNECTIONS,
  );
  return {
    statements: suspend.statements,
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async (connection) => {
          const row = ofApp[connection]!();
          const [name, body] = row.suspended ? ['resume', RESUME] : ['suspend', SUSPEND];
          const match = { 'if-match': `"${row.version}"` };
          await place.caller.call('POST', `${API}/cases/${row.id}/${name}`, row.token, body, match);
          row.version++;
          row.suspended = !row.suspended;
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const row = ofDatabase[connection]!();
          const { made, templates } = row.suspended ? resume : suspend;
          const fill = [row.id, ...made.map(() => newId())];
          for (const template of templates) await place.straight.send(connection, template(fill));
          row.suspended = !row.suspended;
        },
      },
    ],
  };
}

interface Row {
  readonly id: string;
  /** Of the supervisor whose case it is. */
  readonly token: string;
  version: number;
  suspended: boolean;
}

/** Deals the cases out; each share goes round and round. */
const sharesOf = (rows: readonly Row[], shares: number): (() => Row)[] =>
  Array.from({ length: shares }, (_, share) => cycle(rows.filter((_, i) => i % shares === share)));
