import { CasesService } from '../../src/intake/cases.service.js';
import { newId } from '../../src/common/ids.js';
import { madeIn, statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, cycle, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';

/** Readers whose rules differ: an organ and those under it, everything, one's own cases, and both of these at once. */
export const READERS = ['supervisor-1', 'supervisor-2', 'auditor', 'investigator-7', 'investigator-0'];
export const FILTERS = [
  { category: 'MONEY_CASE', status: 'CLOSED' },
  { category: 'ARBITRARY_FINE', status: 'INVESTIGATING' },
  { category: 'COLD_SERVICE', status: 'REGISTERED' },
  { category: 'FAVOUR_CASE', status: 'CLOSED' },
] as const;
export const LIMIT = 50;

/** List 50 cases, newest first, filtered by permission, category and state, with the event of the search. */
export async function list(place: Place): Promise<Comparison> {
  const readers = await Promise.all(READERS.map((username) => place.account(username)));
  const questions = readers.flatMap((reader) => FILTERS.map((filter) => ({ reader, filter })));
  const lists = [];
  for (const { reader, filter } of questions) {
    const actor = await place.capture.actor(reader.id);
    const { statements: found, result } = await place.capture.statements(() =>
      place.capture.service(CasesService).list(actor, { ...filter, limit: LIMIT }),
    );
    const recorded = await place.capture.event(actor, {
      type: 'search.run',
      stream: actor.userId,
      target: { kind: 'list', id: 'cases' },
      values: { list: 'cases', question: filter, found: result.items.map(({ id }) => id) },
      data: { count: result.items.length },
      purpose: { code: 'UNSTATED' },
    });
    const made = madeIn(recorded, [actor.userId, ...actor.grants.map(({ organId }) => organId)]);
    const statements = [...found, ...recorded];
    lists.push({
      statements,
      made,
      templates: statements.map((statement) => statementTemplate(statement, made)),
    });
  }
  const question = cycle(questions);
  const straight = cycle(lists);
  return {
    statements: lists.flatMap(({ statements }) => statements),
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async () => {
          const { reader, filter } = question();
          const query = new URLSearchParams({ ...filter, limit: String(LIMIT) });
          await place.caller.call('GET', `${API}/cases?${query.toString()}`, reader.token);
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const { made, templates } = straight();
          const fill = made.map(() => newId());
          for (const template of templates) await place.straight.send(connection, template(fill));
        },
      },
    ],
  };
}
