import { roles } from '../src/access/roles.js';
import { startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, aCaseIn, assign, today } from './support/builders.js';
import { aPerson, aSmallRequest, aSubmitted } from './support/deployments.js';
import { aBrokenGlass } from './support/glass.js';
import { operations, type Operation } from './support/samples.js';

const MISSING = '01900000-0000-7000-8000-00000000dead';

/** Routes with an id that hide nothing by it, and why. */
const open: Readonly<Record<string, string>> = {
  '/organs/{id}': 'the directory is for everybody',
  '/officers/{id}': 'the directory is for everybody',
  '/officers/{id}/appointments': 'the directory is for everybody',
  '/officers/{id}/appointments/{appointmentId}/end': 'the directory is for everybody',
  '/users/{id}': 'accounts are for administrators, who see them all; others get 403 for any',
  '/users/{id}/password': 'as above',
  '/users/{id}/end-sessions': 'as above',
  '/users/{id}/grants': 'as above',
  '/users/{id}/grants/{grantId}/revoke': 'as above',
  '/users/{id}/factor-resets': 'as above',
  '/factor-resets/{id}/confirm': 'as above',
  '/factor-resets/{id}/refuse': 'as above',
  '/access-reviews/users/{id}/reads': 'as above, for auditors',
  '/audit/verifications/{id}': 'of the whole log, for auditors, who see them all; others get 403 for any',
  '/operations/jobs/{id}/retry': 'numbers of the queue, for administrators, who see them all',
  '/audit/quarantines/{id}/propose-restart': 'the trail is for auditors, who see it all',
  '/audit/quarantines/{id}/confirm-restart': 'the trail is for auditors, who see it all',
  '/auth/factors/totp/{id}/confirm': 'found among one’s own only: test/second-factors',
  '/auth/factors/{id}': 'found among one’s own only: test/second-factors',
  '/imports/{id}': 'test/imports: an import is of whoever began it and their organ',
  '/imports/{id}/rejects': 'as above',
  '/access-alerts/{id}/answer': 'test/access-reviews raises them; a foreign one is 404 there',
  '/access-alerts/{id}/close': 'as above',
  '/read-questions/{id}/answer': 'as above',
  '/read-questions/{id}/judge': 'as above',
  '/erasures/{id}/confirm': 'test/erasures: they hang on a case that has ended',
  '/erasures/{id}/refuse': 'as above',
};

/** What a body must say beyond its schema before anything is looked up. */
const more: Readonly<Record<string, object>> = {
  '/cases/{id}/extend': { until: '2026-12-01' },
  '/cases/{id}/return': { defects: ['a page is missing'] },
  '/deployments/{id}/report-deviation': { at: '2026-03-01T08:00:00+08:00', tasks: [{ code: 'STAND_BY' }] },
  '/deployments/{id}/sign-off': { force: { officers: 1 } },
  '/deployments/{id}/assess': { legalBasis: ['警察法 6'] },
};

/** Which things an id in a path names. */
const kindOf = (path: string): string =>
  path.includes('/access-reviews/cases/') ? 'cases' : path.split('/')[1]!;

let t: TestApp;
/** By kind, of things that the readers below must not see. */
let foreign: Record<string, { id: string; second?: string }>;
const readers: { role: string; client: Client }[] = [];

beforeAll(async () => {
  t = await startTestApp();
  // All of it at the station of the demonstration, and who asks is of another.
  const c = await aCaseIn(t, 'DECIDED_SANCTION');
  const [sanction] = await t.sql<{ id: string }>('SELECT id FROM app.sanction WHERE case_id = $1', [c.id]);
  const fresh = await aCase(t, { reporter: { kind: 'CONFIDENTIAL', name: 'A colleague' } });
  await assign(t, fresh, 'investigator');
  const investigator = await t.as('investigator');
  const request = {
    purpose: 'HEAR_REPORTER',
    reason: 'The two versions must be told apart, and only the reporter saw both.',
  };
  const asked = await investigator.post(`/cases/${fresh.id}/identity-requests`, request);
  const { body: recusal } = await (
    await t.as('supervisor')
  )
    .post(`/cases/${fresh.id}/recusals`, {
      userId: t.ids.users['supervisor-2'],
      ground: 'INTEREST',
      reason: 'a friend',
    })
    .expect(201);
  const glass = await aBrokenGlass(t, 'legal-reviewer', fresh);
  const requester = await t.as('deployment-requester');
  const deployment = await aSubmitted(requester, aSmallRequest(t));
  const { body: order } = await (
    await t.as('auditor')
  )
    .post('/exports', { kind: 'CASE_LIST', format: 'csv', purpose: 'quarterly review' })
    .expect(201);
  const [session] = await t.sql<{ id: string }>('SELECT id FROM app.session WHERE user_id = $1 LIMIT 1', [
    t.ids.users['auditor'],
  ]);
  const approver = await aPerson(t, 'DEPLOYMENT_APPROVER', 'county');
  const deputy = await aPerson(t, 'OFFICER', 'county');
  const { body: delegation } = await approver.client
    .post('/deployment-delegations', {
      ...{ userId: deputy.id, organId: t.ids.organs.county, reason: 'on leave' },
      ...{ validFrom: today(t), validTo: today(t) },
    })
    .expect(201);
  foreign = {
    cases: { id: c.id },
    allegations: { id: c.allegationIds[0]! },
    sanctions: { id: sanction!.id },
    recusals: { id: recusal.id },
    'identity-requests': { id: asked.body.id ?? MISSING },
    'break-glass': { id: glass.id },
    deployments: { id: deployment.id, second: MISSING },
    'deployment-delegations': { id: delegation.id },
    exports: { id: order.id },
    auth: { id: session!.id },
  };
  expect(asked.status).toBe(201);
  for (const role of roles) {
    const { client } = await aPerson(t, role, 'station2');
    readers.push({ role, client });
  }
  // Each has proved a moment ago who they are, by the strongest means: no route stops before it looks for the id.
  await t.sql(
    `UPDATE app.session SET stepped_up_with = 'WEBAUTHN', stepped_up_at = $1 WHERE revoked_at IS NULL`,
    [t.clock.now()],
  );
}, 120_000);
afterAll(() => t.stop());

const short = (path: string): string => path.replace('/api/v1', '');
const swept = operations().filter(({ path }) => path.includes('{') && !(short(path) in open));

async function asked(client: Client, operation: Operation, id: string, second: string) {
  const { method, path, query } = operation;
  const body = operation.body && { ...operation.body, ...more[short(path)] };
  const to =
    short(path)
      .replace('{id}', id)
      .replace(/\{\w+\}/, second) + (query ? `?${query}` : '');
  const headers = { 'if-match': '"1"' };
  const response =
    method === 'get'
      ? await client.get(to)
      : method === 'post'
        ? await client.post(to, body, headers)
        : method === 'patch'
          ? await client.patch(to, body ?? {}, headers)
          : await client.delete(to);
  // The number of the request is each one's own.
  const said = { ...(response.body as object), instance: undefined };
  return { status: response.status, said, headers: Object.keys(response.headers).sort() };
}

describe('an id of something that one must not see', () => {
  it('is known to the sweep for each route that takes one', () => {
    expect(swept.map(({ path }) => kindOf(short(path))).filter((kind) => !(kind in foreign))).toEqual([]);
    const all = new Set(operations().map(({ path }) => short(path)));
    expect(Object.keys(open).filter((path) => !all.has(path))).toEqual([]);
  });

  it('is answered like one that is nobody’s, on every route, whatever role asks', async () => {
    const reached = new Map<string, number>();
    for (const operation of swept) {
      const kind = kindOf(short(operation.path));
      const { id, second = MISSING } = foreign[kind]!;
      for (const { role, client } of readers) {
        const [theirs, nobodys] = [
          await asked(client, operation, id, second),
          await asked(client, operation, MISSING, MISSING),
        ];
        const what = `${role} ${operation.method} ${short(operation.path)}`;
        expect({ what, ...theirs }).toEqual({ what, ...nobodys });
        expect(theirs.status).toBeGreaterThanOrEqual(400);
        expect(theirs.status).toBeLessThan(500);
        if (theirs.status === 404) {
          const key = `${operation.method} ${short(operation.path)}`;
          reached.set(key, (reached.get(key) ?? 0) + 1);
        }
      }
    }
    const unreached = swept
      .map(({ method, path }) => `${method} ${short(path)}`)
      .filter((route) => !reached.has(route));
    process.stdout.write(
      `${swept.length} routes × ${readers.length} roles; 404 reached on ${reached.size}\n`,
    );
    expect(unreached).toEqual([]);
  }, 300_000);

  it.each(['x', '0', '01900000-0000-7000-8000-00000000DEA', '%00', "'"])(
    'in a wrong shape (%s) is 4xx',
    async (id) => {
      for (const operation of swept) {
        const { status } = await asked(readers[0]!.client, operation, id, id);
        expect([operation.path, status >= 400 && status < 500]).toEqual([operation.path, true]);
      }
    },
  );
});
