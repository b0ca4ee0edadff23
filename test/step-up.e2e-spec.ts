import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { demandsOf, needOf } from '../src/access/demands.js';
import { TRIES_BEFORE_LOCKOUT } from '../src/auth/attempts.js';
import { Client, eventsOf, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import { aCaseIn } from './support/builders.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
// The limits count in real time, and all of this file comes from one address.
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

async function signIn(username: string): Promise<Client> {
  const { body } = await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200);
  return new Client(t.app.getHttpServer(), body.accessToken as string);
}

const password = { kind: 'PASSWORD', password: PASSWORD };

const lastEvent = async (username: string) => (await eventsOf(t, t.ids.users[username]!)).at(-1)!;

/** A live session whose last proof is too old. */
async function stale(username: string): Promise<Client> {
  const client = await signIn(username);
  t.clock.advance({ minutes: 10, seconds: 1 });
  await client.get('/auth/me').expect(200);
  return client;
}

describe('proving again who one is', () => {
  it('is asked for ten minutes after the last proof, not before, and says with what', async () => {
    const client = await signIn('auditor');
    t.clock.advance({ minutes: 9, seconds: 50 });
    await client.post('/exports', { kind: 'CASES' }).expect(400);
    t.clock.advance({ seconds: 11 });
    const { body } = await client.post('/exports', { kind: 'CASES' }).expect(403);
    expect(body).toMatchObject({
      type: '/problems/step-up-required',
      status: 403,
      methods: ['PASSWORD'],
      detail: expect.stringContaining('POST /auth/step-up'),
    });
    // What does not ask for it goes on.
    await client.get('/cases').expect(200);

    const proven = await client.post('/auth/step-up', password).expect(200);
    expect(proven.body).toEqual({
      steppedUpAt: expect.any(String),
      steppedUpWith: 'PASSWORD',
      holdsUntil: expect.any(String),
      accessToken: expect.any(String),
    });
    expect(Date.parse(proven.body.holdsUntil) - Date.parse(proven.body.steppedUpAt)).toBe(600_000);
    expect(proven.headers['audit-receipt']).toBeDefined();
    await client.post('/exports', { kind: 'CASES' }).expect(400);
    t.clock.advance({ minutes: 10, seconds: 1 });
    await client.post('/exports', { kind: 'CASES' }).expect(403);
  });

  it('counts for this session and for no other one', async () => {
    const [one, other] = [await signIn('auditor'), await signIn('auditor')];
    t.clock.advance({ minutes: 11 });
    await one.post('/auth/step-up', password).expect(200);
    await one.post('/exports', {}).expect(400);
    await other.post('/exports', {}).expect(403);
  });

  it('gives the session another token, and the old one opens nothing more', async () => {
    const client = await signIn('auditor');
    const sessionOf = async (): Promise<string> =>
      (await client.get('/auth/sessions').expect(200)).body.find(({ current }: any) => current).id;
    const [before, old] = [await sessionOf(), t.withToken(client.token!)];
    const { body } = await client.post('/auth/step-up', password).expect(200);
    expect(body.accessToken).not.toBe(old.token);
    expect(await sessionOf()).toBe(before);
    for (const path of ['/auth/me', '/cases', '/auth/sessions']) {
      expect((await old.get(path).expect(401)).body.type).toBe('/problems/not-signed-in');
    }
    await old.post('/auth/step-up', password).expect(401);
    await client.get('/cases').expect(200);
  });

  it('gives one token only for two proofs at once with the same one', async () => {
    const client = await signIn('auditor');
    const twice = [t.withToken(client.token!), t.withToken(client.token!)];
    const answers = await Promise.all(twice.map((one) => one.post('/auth/step-up', password)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const alive = await Promise.all(twice.map(async (one) => (await one.get('/auth/me')).status));
    expect(alive.sort()).toEqual([200, 401]);
    await client.get('/auth/me').expect(401);
  });

  it('keeps the token when the proof is wrong', async () => {
    const client = await signIn('auditor');
    const { token } = client;
    await client.post('/auth/step-up', { ...password, password: 'not the password' }).expect(403);
    expect(client.token).toBe(token);
    await client.get('/auth/me').expect(200);
  });

  it('fails with a wrong password, leaves the session as it is, and is in the trail either way', async () => {
    const client = await stale('auditor');
    const { body } = await client
      .post('/auth/step-up', { ...password, password: 'not the password' })
      .expect(403);
    expect(body.type).toBe('/problems/step-up-refused');
    expect(await lastEvent('auditor')).toMatchObject({
      type: 'auth.step-up-refused',
      values: { with: 'PASSWORD' },
    });
    await client.post('/exports', {}).expect(403);
    await client.get('/auth/me').expect(200);
    await client.post('/auth/step-up', password).expect(200);
    expect(await lastEvent('auditor')).toMatchObject({
      type: 'auth.stepped-up',
      values: { with: 'PASSWORD' },
    });
  });

  it('is locked with the sign-in after too many failures, so that a stolen session cannot guess', async () => {
    const client = await signIn('chief-inspector');
    for (let i = 0; i < TRIES_BEFORE_LOCKOUT; i++) {
      await client.post('/auth/step-up', { ...password, password: `guess ${i}` }).expect(403);
    }
    await client.post('/auth/step-up', password).expect(429);
    await t.anonymous.post('/auth/login', { username: 'chief-inspector', password: PASSWORD }).expect(429);
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['another kind', { kind: 'OIDC' }],
    ['no password', { kind: 'PASSWORD' }],
    ['a list as the password', { kind: 'PASSWORD', password: [PASSWORD] }],
    ['an unknown field', { ...password, for: 'ever' }],
  ])('refuses %s', async (_, body) => {
    await (await t.as('auditor')).post('/auth/step-up', body).expect(400);
  });

  it('does not repeat an answer of another time: an Idempotency-Key counts for nothing', async () => {
    const client = await signIn('auditor');
    const key = { 'idempotency-key': 'step-up-1' };
    const first = await client.post('/auth/step-up', password, key).expect(200);
    t.clock.advance({ minutes: 1 });
    const second = await client.post('/auth/step-up', password, key).expect(200);
    expect(second.body.steppedUpAt).not.toBe(first.body.steppedUpAt);
    expect(await t.sql(`SELECT 1 FROM app.idempotency_key WHERE key = 'step-up-1'`)).toEqual([]);
  });
});

describe('what asks for it', () => {
  const somewhere = '01900000-0000-7000-8000-00000000dead';
  const asking = [
    'BreakGlassController.approve',
    'BreakGlassController.break',
    'BreakGlassController.review',
    'CaseErasuresController.propose',
    'AuditController.confirmRestart',
    'AuditController.proposeRestart',
    'CaseExportController.export',
    'DecisionsController.decide',
    'DelegationsController.create',
    'DeploymentDecisionsController.approve',
    'DeploymentDecisionsController.refuse',
    'DeploymentDecisionsController.standBy',
    'ErasuresController.confirm',
    'ErasuresController.refuse',
    'ExportsController.download',
    'ExportsController.request',
    'FactorResetsController.confirm',
    'FactorsController.authenticatorOptions',
    'FactorsController.beginTotp',
    'FactorsController.confirmTotp',
    'FactorsController.enrolAuthenticator',
    'FactorsController.remove',
    'IdentityRequestsController.read',
    'IdentityRequestsController.refuse',
    'IdentityRequestsController.release',
    'IdentityRequestsController.withdraw',
    'OwnPasswordController.change',
    'OwnSessionsController.end',
    'OwnSessionsController.endOthers',
    'SanctionsController.decide',
    'UserFactorResetsController.propose',
    'UsersController.create',
    'UsersController.endSessions',
    'UsersController.grant',
    'UsersController.revoke',
    'UsersController.resetPassword',
    'UsersController.update',
  ];

  it('is this list of routes and no other', () => {
    const controllers = [...t.app.get(ModulesContainer).values()].flatMap((module) => [
      ...module.controllers.values(),
    ]);
    const marked = controllers.flatMap(({ metatype }) => {
      const { prototype, name } = metatype as new () => object;
      const methods = prototype as Record<string, () => void>;
      return new MetadataScanner()
        .getAllMethodNames(prototype as object)
        .filter((method) => {
          const need = needOf(methods[method]!);
          return need !== undefined && demandsOf(need).stepUp !== undefined;
        })
        .map((method) => `${name}.${method}`);
    });
    expect(marked.sort()).toEqual(asking.sort());
  });

  it.each<[string, string, 'get' | 'post' | 'patch' | 'delete', string]>([
    ['officer', 'ending a session of one’s own', 'delete', `/auth/sessions/${somewhere}`],

    ['decision-maker', 'deciding a case', 'post', `/cases/${somewhere}/decide`],
    ['deployment-approver', 'approving a request for police', 'post', `/deployments/${somewhere}/approve`],
    ['deployment-approver', 'approving to stand by', 'post', `/deployments/${somewhere}/stand-by`],
    ['deployment-approver', 'refusing a request for police', 'post', `/deployments/${somewhere}/refuse`],
    ['deployment-approver', 'making a deputy', 'post', '/deployment-delegations'],
    ['decision-maker', 'deciding on a sanction', 'post', `/sanctions/${somewhere}/decide`],
    ['auditor', 'asking for an export', 'post', '/exports'],
    ['auditor', 'a download', 'get', `/exports/${somewhere}/download`],
    ['auditor', 'the file of a case', 'get', `/cases/${somewhere}/export?format=pdf`],
    ['identity-custodian', 'proposing an erasure', 'post', `/cases/${somewhere}/erasures`],
    ['agency-head', 'confirming an erasure', 'post', `/erasures/${somewhere}/confirm`],
    ['agency-head', 'refusing an erasure', 'post', `/erasures/${somewhere}/refuse`],
    ['identity-custodian', 'releasing an identity', 'post', `/identity-requests/${somewhere}/release`],
    ['investigator', 'reading a released identity', 'get', `/identity-requests/${somewhere}/identity`],
    ['administrator', 'proposing a restart', 'post', `/audit/quarantines/${somewhere}/propose-restart`],
    ['agency-head', 'confirming a restart', 'post', `/audit/quarantines/${somewhere}/confirm-restart`],
    ['administrator', 'making an account', 'post', '/users'],
    ['administrator', 'changing an account', 'patch', `/users/${somewhere}`],
    ['administrator', 'setting a password', 'post', `/users/${somewhere}/password`],
    ['administrator', 'ending the sessions of an account', 'post', `/users/${somewhere}/end-sessions`],
    ['administrator', 'granting a role', 'post', `/users/${somewhere}/grants`],
    ['administrator', 'revoking a role', 'post', `/users/${somewhere}/grants/${somewhere}/revoke`],
  ])('has the %s prove who they are before %s', async (username, _what, method, path) => {
    const client = await stale(username);
    const send = () =>
      method === 'get' || method === 'delete'
        ? client[method](path)
        : client[method](path, {}, { 'if-match': '"1"' });
    expect((await send().expect(403)).body.type).toBe('/problems/step-up-required');
    await client.post('/auth/step-up', password).expect(200);
    const { status, body } = await send();
    expect([400, 404]).toContain(status);
    expect(body.type).not.toBe('/problems/step-up-required');
  });

  it('does nothing of what it refuses', async () => {
    const c = await aCaseIn(t, 'REPORTED');
    const before = (await eventsOf(t, c.id)).length;
    const client = await stale('auditor');
    await client.get(`/cases/${c.id}/export?format=json&purpose=test`).expect(403);
    expect(await eventsOf(t, c.id)).toHaveLength(before);
    await client.post('/auth/step-up', password).expect(200);
    await client.get(`/cases/${c.id}/export?format=json&purpose=test`).expect(200);
  });
});

describe('the sessions of a person', () => {
  const sessionsOf = async (client: Client): Promise<{ id: string; current: boolean }[]> =>
    (await client.get('/auth/sessions').expect(200)).body;

  it('are listed, the newest first, with the one that asks, and without any of others', async () => {
    t.clock.advance({ hours: 9 });
    const first = await signIn('legal-reviewer');
    t.clock.advance({ minutes: 1 });
    const second = await signIn('legal-reviewer');
    await signIn('auditor');
    const { body } = await first.get('/auth/sessions').expect(200);
    expect(body).toEqual([
      expect.objectContaining({ current: false, steppedUpWith: 'PASSWORD' }),
      expect.objectContaining({ current: true, steppedUpWith: 'PASSWORD' }),
    ]);
    // Neither address nor browser, and nothing of the token.
    expect(Object.keys(body[0] as object).sort()).toEqual([
      'createdAt',
      'current',
      'expiresAt',
      'id',
      'lastSeenAt',
      'steppedUpAt',
      'steppedUpWith',
    ]);
    expect((await sessionsOf(second)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('are not listed once they are over: idle, at their end, or signed out', async () => {
    t.clock.advance({ hours: 9 });
    await signIn('legal-reviewer');
    t.clock.advance({ minutes: 15, seconds: 1 });
    await (await signIn('legal-reviewer')).post('/auth/logout').expect(204);
    expect(await sessionsOf(await signIn('legal-reviewer'))).toHaveLength(1);
  });

  it('can be ended one by one, at once', async () => {
    const [here, there] = [await signIn('legal-reviewer'), await signIn('legal-reviewer')];
    const { id } = (await sessionsOf(there)).find(({ current }) => current)!;
    await here.delete(`/auth/sessions/${id}`).expect(204);
    await there.get('/auth/me').expect(401);
    await here.get('/auth/me').expect(200);
    await here.delete(`/auth/sessions/${id}`).expect(404);
    expect(await lastEvent('legal-reviewer')).toMatchObject({
      type: 'auth.session-ended',
      target: { kind: 'session', id },
    });
  });

  it('can be ended all but the one that asks', async () => {
    const clients = [await signIn('supervisor'), await signIn('supervisor'), await signIn('supervisor')];
    await clients[1]!.delete('/auth/sessions').expect(204);
    const statuses = await Promise.all(clients.map(async (client) => (await client.get('/auth/me')).status));
    expect(statuses).toEqual([401, 200, 401]);
    expect(await lastEvent('supervisor')).toMatchObject({
      type: 'auth.sessions-ended',
      values: { count: 2 },
    });
  });

  it('ends sessions after a fresh proof only, and leaves them open without', async () => {
    const there = await signIn('officer');
    const { id } = (await sessionsOf(there)).find(({ current }) => current)!;
    const here = await stale('officer');
    await there.get('/auth/me').expect(200);
    for (const path of [`/auth/sessions/${id}`, '/auth/sessions'])
      expect((await here.delete(path).expect(403)).body.type).toBe('/problems/step-up-required');
    await there.get('/auth/me').expect(200);
    await here.post('/auth/step-up', password).expect(200);
    await here.delete(`/auth/sessions/${id}`).expect(204);
    await there.get('/auth/me').expect(401);
  });

  it('are nobody else’s to see or to end', async () => {
    const [mine, theirs] = [await signIn('auditor'), await signIn('supervisor')];
    const { id } = (await sessionsOf(theirs)).find(({ current }) => current)!;
    await mine.delete(`/auth/sessions/${id}`).expect(404);
    await mine.delete('/auth/sessions').expect(204);
    await theirs.get('/auth/me').expect(200);
    await mine.delete('/auth/sessions/none').expect(400);
  });
});
