import { CaseFilesService } from '../../src/casefiles/casefiles.service.js';
import { newId } from '../../src/common/ids.js';
import { madeIn, statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, cycle, pick, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';

const EVENTS = 50;
const DIFFERENT = 5000;

/** The readers see the same cases: all divide them alike. */
const isOfApp = ({ id }: { id: string }): boolean => parseInt(id.at(-1)!, 16) % 2 === 0;

/** Read one case with its officers and up to 50 of its events, with permission, and an event for each of the two. */
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
    const { statements: found } = await place.capture.statements(async () => {
      await files.get(actor, example);
      await files.historyPage(actor, example, { limit: EVENTS });
    });
    const event = (type: 'case.read' | 'case.history-read', values: Record<string, unknown>) =>
      place.capture.event(actor, {
        type,
        stream: example,
        target: { kind: 'case', id: example },
        values,
        purpose: { code: 'UNSTATED' },
      });
    const recorded = [
      ...(await event('case.read', { redacted: [] })),
      ...(await event('case.history-read', { from: 0, to: EVENTS })),
    ];
    const given = [id, example, ...actor.grants.map((grant) => grant.organId)];
    const made = madeIn(recorded, given);
    const statements = [...found, ...recorded];
    const templates = statements.map((statement) => statementTemplate(statement, [example, ...made]));
    // What is sent straight is sealed for other events: the application would find it altered.
    const ofApp = cases.filter(isOfApp);
    const ofDatabase = cases.filter((row) => !isOfApp(row));
    readers.push({ token, statements, made, templates, app: pick(ofApp, 3), straight: pick(ofDatabase, 3) });
  }
  const reader = cycle(readers);
  return {
    statements: readers.at(-1)!.statements,
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async () => {
          const { token, app } = reader();
          const { id } = app();
          await place.caller.call('GET', `${API}/cases/${id}`, token);
          await place.caller.call('GET', `${API}/cases/${id}/history?limit=${EVENTS}`, token);
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const { made, templates, straight } = reader();
          const fill = [straight().id, ...made.map(() => newId())];
          for (const template of templates) await place.straight.send(connection, template(fill));
        },
      },
    ],
  };
}
