import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/common/ids.js';
import { CASE_FILE } from '../../src/casefiles/case-file.sql.js';
import { CaseExportService } from '../../src/exports/case-export.service.js';
import { statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, pick, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const PURPOSE = 'for the benchmarks';
/** How many cases the large export has. */
const MANY = 1000;

/** The history of one case as JSON, with the event that says who took it. */
export async function exportOne(place: Place): Promise<Comparison> {
  const { id: userId, token } = await place.account('auditor');
  const cases = await place.rows<{ id: string }>(
    'SELECT id FROM app."case" ORDER BY md5(id::text) LIMIT 5000',
  );
  const [example] = cases;
  const actor = await place.capture.actor(userId);
  const service = place.capture.service(CaseExportService);
  const { statements } = await place.capture.statements(() =>
    service.export(actor, example!.id, { format: 'json', purpose: PURPOSE }),
  );
  const given = new Set([userId, example!.id, ...actor.grants.flatMap((grant) => grant.organIds)]);
  // The event is the one id that an export makes; the names that it looks up are of the case.
  const made = [
    ...new Set(
      JSON.stringify(statements.filter(({ text }) => text.includes('audit.record'))).match(UUID) ?? [],
    ),
  ].filter((id) => !given.has(id));
  const templates = statements.map((statement) => statementTemplate(statement, [example!.id, ...made]));
  // What the database is sent is sealed for other events; the application would find it altered.
  const next = pick(cases.slice(0, cases.length / 2), 5);
  const nextStraight = pick(cases.slice(cases.length / 2), 5);
  return {
    statements,
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async () => {
          const query = new URLSearchParams({ format: 'json', purpose: PURPOSE }).toString();
          await place.caller.call('GET', `${API}/cases/${next().id}/export?${query}`, token);
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const fill = [nextStraight().id, ...made.map(() => newId())];
          for (const template of templates) await place.straight.send(connection, template(fill));
        },
      },
    ],
  };
}

/** As psql's \copy would take the same: a line of JSON a case, and a row an entry of its history. */
const COPY_CASES = (since: string): string =>
  `COPY (SELECT ${CASE_FILE} FROM app."case" "case" WHERE "case".received_at > '${since}') TO STDOUT`;
const COPY_EVENTS = (since: string): string =>
  `COPY (SELECT e.*, ARRAY(SELECT d.content FROM audit.disclosure d WHERE d.event = e.event ORDER BY d.n)
         FROM audit.entry e JOIN app."case" c ON c.id = e.stream WHERE c.received_at > '${since}'
         ORDER BY e.stream, e.seq) TO STDOUT`;

/** Thousands of cases with their histories as JSON lines: asked for, made by the job, and downloaded. */
export async function exportMany(place: Place): Promise<Comparison> {
  const { token } = await place.account('auditor');
  const [{ since, cases, events }] = (await place.rows<{ since: string; cases: number; events: number }>(
    `SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since, count(*)::int AS cases,
            sum((SELECT count(*) FROM audit.entry e WHERE e.stream = c.id))::int AS events
     FROM (SELECT received_at AS since FROM app."case" ORDER BY received_at DESC OFFSET $1 LIMIT 1) s
     JOIN app."case" c ON c.received_at > since GROUP BY since`,
    [MANY],
  )) as [{ since: string; cases: number; events: number }];
  const body = { kind: 'CASE_LIST', format: 'json', purpose: PURPOSE, filter: { receivedFrom: since } };
  let peak = 0;
  return {
    statements: [],
    note: () =>
      `One unit is an export of ${cases} cases and ${events} events. ` +
      `The application had at most ${peak.toFixed(0)} MB.`,
    contestants: [
      {
        name: 'app',
        connections: 1,
        work: async () => {
          const { id } = await place.caller.json<{ id: string }>('POST', `${API}/exports`, token, body);
          for (let status = ''; status !== 'DONE'; await sleep(50)) {
            ({ status } = await place.caller.json<{ status: string }>('GET', `${API}/exports/${id}`, token));
            if (status === 'FAILED') throw new Error('The export failed');
            peak = Math.max(peak, place.memoryMb());
          }
          const text = await place.caller.call('GET', `${API}/exports/${id}/download`, token);
          const lines = text.split('\n').length - 1;
          if (lines < cases) throw new Error(`The export has ${lines} of ${cases} cases`);
        },
      },
      {
        name: 'db',
        connections: 1,
        work: async () => {
          const rows = await place.copied(COPY_CASES(since), COPY_EVENTS(since));
          if (rows < cases + events) throw new Error(`The copy has ${rows} of ${cases + events} rows`);
        },
      },
    ],
  };
}
