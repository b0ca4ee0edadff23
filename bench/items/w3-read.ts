import { CaseFilesService } from '../../src/casefiles/casefiles.service.js';
import { statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, cycle, pick, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';

const EVENTS = 50;
const DIFFERENT = 5000;

/** Read one case with its officers and up to 50 of its events, with permission: the file and its history. */
export async function read(place: Place): Promise<Comparison> {
  const readers = [];
  for (const username of ['supervisor-1', 'supervisor-2', 'auditor']) {
    const { id, token, organId } = await place.account(username);
    const cases = await place.rows<{ id: string }>(
      `SELECT c.id FROM app."case" c JOIN app.organ o ON o.id = c.organ_id
       WHERE o.path @> ARRAY[$1::uuid] AND c.investigator_ids <> '{}' ORDER BY md5(c.id::text) LIMIT ${DIFFERENT}`,
      [organId],
    );
    const example = cases[0]!.id;
    const actor = await place.capture.actor(id);
    const files = place.capture.service(CaseFilesService);
    const { statements } = await place.capture.statements(async () => {
      await files.get(actor, example);
      await files.historyPage(actor, example, { limit: EVENTS });
    });
    const templates = statements.map((statement) => statementTemplate(statement, [example]));
    readers.push({ token, statements, templates, next: pick(cases, 3) });
  }
  const reader = cycle(readers);
  return {
    statements: readers.at(-1)!.statements,
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async () => {
          const { token, next } = reader();
          const { id } = next();
          await place.caller.call('GET', `${API}/cases/${id}`, token);
          await place.caller.call('GET', `${API}/cases/${id}/history?limit=${EVENTS}`, token);
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const { templates, next } = reader();
          const { id } = next();
          for (const template of templates) await place.straight.send(connection, template([id]));
        },
      },
    ],
  };
}
