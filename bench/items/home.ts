import { newId } from '../../src/common/ids.js';
import { DeploymentsService } from '../../src/deployments/deployments.service.js';
import { CasesService } from '../../src/intake/cases.service.js';
import { madeIn, statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, cycle, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';
import { fillRequests } from './w7-check.js';

/** Somebody with cases, somebody who sees all of both, and those who decide on requests: of all organs, and of one city. */
const READERS = ['supervisor-1', 'auditor', 'approver-0', 'approver-1'];
/** Each needs the row, since a list without its rows tells nothing. */
const ONE = { limit: 1, count: true } as const;
/** Of 100,000 requests. */
const UNDECIDED = 500;

/** What of both lists the console's home page counts (`waiting.ts` of its areas). */
const counted = (
  me: string,
): { list: 'cases' | 'deployments'; filter: Record<string, string | boolean> }[] => [
  { list: 'cases', filter: { overdue: true } },
  { list: 'cases', filter: { assignedTo: me } },
  { list: 'cases', filter: { status: 'REGISTERED' } },
  { list: 'cases', filter: { status: 'REPORTED' } },
  { list: 'deployments', filter: { overdue: true, waiting: true } },
  { list: 'deployments', filter: { waiting: true } },
];

/** The newest requests are not yet decided, and some of them late. */
async function leaveUndecided(place: Place): Promise<void> {
  await place.rows(`ALTER TABLE app.deployment DISABLE TRIGGER USER`);
  await place.rows(
    `UPDATE app.deployment SET status = CASE WHEN emergency THEN 'EMERGENCY' ELSE 'SUBMITTED' END, decided_at = NULL
     WHERE id IN (SELECT id FROM app.deployment ORDER BY submitted_at DESC LIMIT ${UNDECIDED})`,
  );
  await place.rows(`ALTER TABLE app.deployment ENABLE TRIGGER USER`);
  await place.rows('VACUUM (ANALYZE) app.deployment');
}

/** The counts of the home page, all at once as a browser asks for them, with the events of their searches. */
export async function home(place: Place): Promise<Comparison> {
  await fillRequests(place);
  await leaveUndecided(place);
  const readers = await Promise.all(READERS.map((username) => place.account(username)));
  const pages = [];
  for (const { id } of readers) {
    const actor = await place.capture.actor(id);
    const page = [];
    for (const { list, filter } of counted(id)) {
      const { statements: found, result } = await place.capture.statements<{ items: { id: string }[] }>(() =>
        list === 'cases'
          ? place.capture.service(CasesService).list(actor, { ...filter, ...ONE })
          : place.capture.service(DeploymentsService).list(actor, { ...filter, ...ONE }),
      );
      const recorded = await place.capture.event(actor, {
        type: 'search.run',
        stream: id,
        target: { kind: 'list', id: list },
        values: { list, question: { ...filter, ...ONE }, found: result.items.map((one) => one.id) },
        data: { count: result.items.length },
        purpose: { code: 'UNSTATED' },
      });
      const made = madeIn(recorded, [id, ...actor.grants.map(({ organId }) => organId)]);
      const statements = [...found, ...recorded];
      page.push({ statements, made, templates: statements.map((one) => statementTemplate(one, made)) });
    }
    pages.push(page);
  }
  const reader = cycle(readers);
  const straight = cycle(pages);
  return {
    statements: pages.flat().flatMap(({ statements }) => statements),
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS / 4,
        work: async () => {
          const { id, token } = reader();
          await Promise.all(
            counted(id).map(({ list, filter }) => {
              const query = new URLSearchParams(
                Object.entries({ ...filter, ...ONE }).map(([name, value]): [string, string] => [
                  name,
                  String(value),
                ]),
              );
              return place.caller.call('GET', `${API}/${list}?${query.toString()}`, token);
            }),
          );
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          for (const { made, templates } of straight()) {
            const fill = made.map(() => newId());
            for (const template of templates) await place.straight.send(connection, template(fill));
          }
        },
      },
    ],
    note: () => `100,000 requests at every scale, ${UNDECIDED} of them undecided; six counts a page.`,
  };
}
