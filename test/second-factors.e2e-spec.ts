import { WorkerDatabase } from '../src/database/worker-database.js';
import { reconcile } from '../src/audit/reconcile.js';
import { HistoryService } from '../src/audit/history.service.js';
import { TRIES_BEFORE_LOCKOUT } from '../src/auth/attempts.js';
import { TICKET_TRIES } from '../src/auth/tickets.js';
import { aNewUser } from './support/accounts.js';
import { Client, eventsOf, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import { codeAt, SecurityKey } from './support/authenticator.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
// The limits count in real time, and all of this file comes from one address.
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const clientOf = (body: { accessToken: string }): Client =>
  new Client(t.app.getHttpServer(), body.accessToken);

const login = async (username: string): Promise<any> =>
  (await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200)).body;

const finish = (ticket: string, proof: object) =>
  t.anonymous.post('/auth/login/second-factor', { ticket, ...proof });

interface Person {
  id: string;
  username: string;
  /** Signed in with the password, before there was a second factor. */
  client: Client;
}

let made = 0;
async function aPerson(): Promise<Person> {
  const username = `person-${++made}`;
  const { id } = await aNewUser(t, { username });
  return { id, username, client: clientOf(await login(username)) };
}

interface Codes {
  id: string;
  secret: string;
  /** The code that the app shows now, at a step that was not used yet. */
  next(): string;
}

async function enrolTotp(client: Client): Promise<Codes> {
  const { body } = await client.post('/auth/factors/totp', { name: 'my telephone' }).expect(201);
  const codes = {
    id: body.id as string,
    secret: body.secret as string,
    next: () => {
      t.clock.advance({ seconds: 30 });
      return codeAt(body.secret as string, t.clock.now());
    },
  };
  await client.post(`/auth/factors/totp/${body.id}/confirm`, { code: codes.next() }).expect(200);
  return codes;
}

async function enrolKey(client: Client, key = new SecurityKey()): Promise<{ id: string; key: SecurityKey }> {
  const { body } = await client.post('/auth/factors/webauthn/options').expect(200);
  const attestation = key.create(body.options as { challenge: string });
  const dto = { ticket: body.ticket, name: 'blue key', attestation };
  const enrolled = await client.post('/auth/factors/webauthn', dto).expect(201);
  return { id: enrolled.body.id, key };
}

const events = async (person: Person): Promise<string[]> =>
  (await eventsOf(t, person.id)).map(({ type }) => type);

describe('codes of an app', () => {
  it('count for nothing until one of them was confirmed', async () => {
    const person = await aPerson();
    const { body } = await person.client.post('/auth/factors/totp', { name: 'my telephone' }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringContaining(`secret=${body.secret}`),
    });
    expect((await login(person.username)).accessToken).toBeDefined();
    expect((await person.client.get('/auth/factors').expect(200)).body).toEqual([]);

    const confirm = `/auth/factors/totp/${body.id}/confirm`;
    const wrong = await person.client.post(confirm, { code: '000000' }).expect(400);
    expect(wrong.body.errors[0].pointer).toBe('/code');
    await person.client.post(confirm, { code: '12345' }).expect(400);
    await person.client.post(confirm, { code: codeAt(body.secret as string, t.clock.now()) }).expect(200);
    await person.client.post(confirm, { code: codeAt(body.secret as string, t.clock.now()) }).expect(404);
    expect((await person.client.get('/auth/factors').expect(200)).body).toEqual([
      { id: body.id, kind: 'TOTP', name: 'my telephone', createdAt: expect.any(String) },
    ]);
    expect((await events(person)).slice(-2)).toEqual(['auth.signed-in', 'auth.factor-enrolled']);
  });

  it('are asked for at the sign-in, which gives a ticket and no session', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const awaited = await login(person.username);
    expect(awaited).toEqual({
      secondFactor: ['TOTP'],
      ticket: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      expiresAt: expect.any(String),
    });
    expect(Date.parse(awaited.expiresAt as string) - t.clock.now().getTime()).toBeLessThanOrEqual(300_000);
    // The ticket opens nothing.
    await clientOf({ accessToken: awaited.ticket }).get('/auth/me').expect(401);

    const signedIn = await finish(awaited.ticket, { kind: 'TOTP', code: codes.next() }).expect(200);
    expect(Object.keys(signedIn.body as object)).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(signedIn.headers['audit-receipt']).toBeDefined();
    const client = clientOf(signedIn.body);
    const { body: sessions } = await client.get('/auth/sessions').expect(200);
    expect(sessions[0]).toMatchObject({ current: true, steppedUpWith: 'TOTP' });
    expect((await events(person)).slice(-2)).toEqual(['auth.first-factor-proven', 'auth.signed-in']);
  });

  it('count once, also at two sign-ins at once, and not the one that was confirmed with', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const proof = { kind: 'TOTP', code: codeAt(codes.secret, t.clock.now()) };
    await finish((await login(person.username)).ticket, proof).expect(401);
    const again = { kind: 'TOTP', code: codes.next() };
    const [one, other] = [await login(person.username), await login(person.username)];
    const answers = await Promise.all([finish(one.ticket, again), finish(other.ticket, again)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(answers.find(({ status }) => status === 401)!.body.type).toBe('/problems/wrong-second-factor');
  });

  it('of somebody else are wrong', async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    await enrolTotp(person.client);
    const codes = await enrolTotp(other.client);
    await finish((await login(person.username)).ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
  });

  it('lie in the database encrypted, and in no event and no kept answer', async () => {
    const person = await aPerson();
    const key = { 'idempotency-key': 'totp-1' };
    const { body } = await person.client.post('/auth/factors/totp', { name: 'x' }, key).expect(201);
    const [row] = await t.sql<{ sealed_secret: Buffer }>(
      'SELECT sealed_secret FROM app.second_factor WHERE id = $1',
      [body.id],
    );
    expect(row!.sealed_secret).toHaveLength(12 + 20 + 16);
    const kept = await t.sql(`SELECT 1 FROM app.idempotency_key WHERE key = 'totp-1'`);
    expect(kept).toEqual([]);
    const all = JSON.stringify(await eventsOf(t, person.id));
    expect(all).not.toContain(body.secret);
    expect(all).not.toContain(row!.sealed_secret.toString('base64'));
  });

  it('cannot be moved to another factor behind the program', async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    const [codes, mine] = [await enrolTotp(person.client), await enrolTotp(other.client)];
    await t.sql('ALTER TABLE app.second_factor DISABLE TRIGGER USER');
    const [kept] = await t.sql<{ sealed_secret: Buffer }>(
      'SELECT sealed_secret FROM app.second_factor WHERE id = $1',
      [codes.id],
    );
    await t.sql(
      `UPDATE app.second_factor SET sealed_secret =
         (SELECT sealed_secret FROM app.second_factor WHERE id = $2) WHERE id = $1`,
      [codes.id, mine.id],
    );
    const { status } = await finish((await login(person.username)).ticket, {
      kind: 'TOTP',
      code: mine.next(),
    });
    const found = await reconcile(t.get(WorkerDatabase), t.get(HistoryService), person.id);
    await t.sql('UPDATE app.second_factor SET sealed_secret = $2 WHERE id = $1', [
      codes.id,
      kept!.sealed_secret,
    ]);
    for (const trigger of ['second_factor_forward', 'second_factor_audited']) {
      await t.sql(`ALTER TABLE app.second_factor ENABLE ALWAYS TRIGGER ${trigger}`);
    }
    expect(status).toBe(401);
    expect(found.differences).toMatchObject([{ table: 'second_factor', field: 'sealedSecret' }]);
  });

  it('are wrong again and again until the ticket is used up, and then the account is locked', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const wrong = { kind: 'TOTP', code: '000000' };
    const { ticket } = await login(person.username);
    for (let i = 0; i < TICKET_TRIES; i++) {
      expect((await finish(ticket, wrong).expect(401)).body.type).toBe('/problems/wrong-second-factor');
    }
    const over = await finish(ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
    expect(over.body.type).toBe('/problems/ticket-over');
    // The right password in between does not begin the count anew.
    const second = (await login(person.username)).ticket as string;
    for (let i = TICKET_TRIES; i < TRIES_BEFORE_LOCKOUT; i++) await finish(second, wrong).expect(401);
    const third = (await login(person.username)).ticket as string;
    await t.sql(`DELETE FROM app.rate_limit WHERE key NOT LIKE 'factor-failures:%'`);
    const locked = await finish(third, { kind: 'TOTP', code: codes.next() }).expect(429);
    expect(locked.body.type).toBe('/problems/too-many-failures');
    await t.sql('DELETE FROM app.rate_limit');
    await finish(third, { kind: 'TOTP', code: codes.next() }).expect(200);
    expect((await events(person)).filter((type) => type === 'auth.sign-in-refused')).toHaveLength(10);
  });
});

describe('a ticket', () => {
  it('counts once', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const { ticket } = await login(person.username);
    await finish(ticket, { kind: 'TOTP', code: codes.next() }).expect(200);
    const again = await finish(ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
    expect(again.body.type).toBe('/problems/ticket-over');
  });

  it('is over after five minutes', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const [early, late] = [await login(person.username), await login(person.username)];
    t.clock.advance({ minutes: 4, seconds: 20 });
    await finish(early.ticket, { kind: 'TOTP', code: codes.next() }).expect(200);
    t.clock.advance({ seconds: 15 });
    await finish(late.ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
  });

  it('is over when the password was changed or the account disabled meanwhile', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    const [one, other] = [await login(person.username), await login(person.username)];
    const admin = await t.as('administrator');
    await admin.post(`/users/${person.id}/password`, { reason: 'for the test' }).expect(200);
    await finish(one.ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
    await admin
      .patch(`/users/${person.id}`, { status: 'DISABLED', reason: 'for the test' }, { 'if-match': '"3"' })
      .expect(200);
    await finish(other.ticket, { kind: 'TOTP', code: codes.next() }).expect(401);
  });

  it('lies in the database as a hash only', async () => {
    const person = await aPerson();
    await enrolTotp(person.client);
    const { ticket } = await login(person.username);
    const rows = await t.sql('SELECT encode(token_hash, $1) AS hash, t::text FROM app.auth_ticket t', [
      'hex',
    ]);
    const all = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(all).not.toContain(Buffer.from(ticket as string, 'base64url').toString('hex'));
    expect(all).not.toContain(ticket);
  });

  const none = 'A'.repeat(43);
  it.each<[string, object, number]>([
    ['nothing', {}, 400],
    ['no kind', { ticket: none }, 400],
    ['a password as the kind', { ticket: none, kind: 'PASSWORD', code: '123456' }, 400],
    ['no code', { ticket: none, kind: 'TOTP' }, 400],
    ['a number as the code', { ticket: none, kind: 'TOTP', code: 123456 }, 400],
    ['no assertion', { ticket: none, kind: 'WEBAUTHN' }, 400],
    ['a list as the assertion', { ticket: none, kind: 'WEBAUTHN', assertion: [] }, 400],
    ['a list as the ticket', { ticket: [none], kind: 'TOTP', code: '123456' }, 400],
    ['a ticket that nobody has', { ticket: none, kind: 'TOTP', code: '123456' }, 401],
    ['an empty assertion for no ticket', { ticket: none, kind: 'WEBAUTHN', assertion: {} }, 401],
  ])('is refused with %s', async (_, body, status) => {
    const response = await t.anonymous.post('/auth/login/second-factor', body).expect(status);
    expect(response.headers['content-type']).toMatch(/problem\+json/);
  });
});

describe('an authenticator', () => {
  it('is enrolled, asked at the sign-in, and opens the session', async () => {
    const person = await aPerson();
    const { id, key } = await enrolKey(person.client);
    const awaited = await login(person.username);
    expect(awaited).toMatchObject({
      secondFactor: ['WEBAUTHN'],
      webauthn: {
        rpId: 'localhost',
        userVerification: 'required',
        allowCredentials: [{ id: key.id.toString('base64url') }],
      },
    });
    const assertion = key.get(awaited.webauthn as { challenge: string });
    const { body } = await finish(awaited.ticket, { kind: 'WEBAUTHN', assertion }).expect(200);
    const [session] = (await clientOf(body).get('/auth/sessions').expect(200)).body;
    expect(session).toMatchObject({ steppedUpWith: 'WEBAUTHN' });
    expect((await person.client.get('/auth/factors').expect(200)).body).toMatchObject([
      { id, kind: 'WEBAUTHN', name: 'blue key' },
    ]);
  });

  // The private key is the right one in the first four: only what it signed is wrong.
  const wrong: [string, (key: SecurityKey, challenge: string) => object][] = [
    ['of another place', (key, challenge) => key.but({ place: 'evil.example' }).get({ challenge })],
    ['from another page', (key, challenge) => key.but({ origin: 'https://evil.example' }).get({ challenge })],
    ['of a touch without knowing whose', (key, challenge) => key.but({ flags: 1 }).get({ challenge })],
    ['for another challenge', (key) => key.get({ challenge: Buffer.alloc(32).toString('base64url') })],
    [
      'by a key that bears its name',
      (key, challenge) => new SecurityKey().but({ id: key.id }).get({ challenge }),
    ],
    ['of a key that nobody enrolled', (_key, challenge) => new SecurityKey().get({ challenge })],
    ['that is empty', () => ({})],
    ['that is nonsense', (key) => ({ id: key.id.toString('base64url'), rawId: 1, response: null })],
  ];
  it.each(wrong)('does not open it with a signature %s', async (_what, assertionOf) => {
    const person = await aPerson();
    const { key } = await enrolKey(person.client);
    const awaited = await login(person.username);
    const forged = assertionOf(key, awaited.webauthn.challenge as string);
    await finish(awaited.ticket, { kind: 'WEBAUTHN', assertion: forged }).expect(401);
    // The right one is still taken: it was the signature.
    const assertion = key.get(awaited.webauthn as { challenge: string });
    await finish(awaited.ticket, { kind: 'WEBAUTHN', assertion }).expect(200);
  });

  it('does not open it with a signature that was used, or a counter that went back', async () => {
    const person = await aPerson();
    const { key } = await enrolKey(person.client);
    const first = await login(person.username);
    const assertion = key.get(first.webauthn as { challenge: string }, 7);
    await finish(first.ticket, { kind: 'WEBAUTHN', assertion }).expect(200);
    const second = await login(person.username);
    await finish(second.ticket, { kind: 'WEBAUTHN', assertion }).expect(401);
    const cloned = key.get(second.webauthn as { challenge: string }, 7);
    await finish(second.ticket, { kind: 'WEBAUTHN', assertion: cloned }).expect(401);
    const next = key.get(second.webauthn as { challenge: string }, 8);
    await finish(second.ticket, { kind: 'WEBAUTHN', assertion: next }).expect(200);
  });

  it('is refused when it is enrolled for another place, for another ticket, twice, or by another person', async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    const options = async (client: Client) =>
      (await client.post('/auth/factors/webauthn/options').expect(200)).body;
    const enrol = (client: Client, ticket: string, attestation: object) =>
      client.post('/auth/factors/webauthn', { ticket, name: 'x', attestation });
    const { ticket, options: asked } = await options(person.client);
    await enrol(person.client, ticket, new SecurityKey().but({ place: 'evil.example' }).create(asked)).expect(
      400,
    );
    await enrol(person.client, ticket, new SecurityKey().but({ flags: 1 }).create(asked)).expect(400);
    await enrol(person.client, ticket, {}).expect(400);
    const key = new SecurityKey();
    await enrol(other.client, ticket, key.create(asked)).expect(401);
    await enrol(person.client, ticket, key.create(asked)).expect(201);
    await enrol(person.client, ticket, new SecurityKey().create(asked)).expect(401);
    const again = await options(other.client);
    const known = await enrol(other.client, again.ticket, key.create(again.options)).expect(409);
    expect(known.body.type).toBe('/problems/factor-known');
  });
});

describe('a step-up of an account with second factors', () => {
  it('asks for a code, not for the password', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    t.clock.advance({ minutes: 11 });
    const required = await person.client.post('/auth/factors/totp', { name: 'x' }).expect(403);
    expect(required.body).toMatchObject({ type: '/problems/step-up-required', methods: ['TOTP'] });
    const password = { kind: 'PASSWORD', password: PASSWORD };
    const refused = await person.client.post('/auth/step-up', password).expect(409);
    expect(refused.body).toMatchObject({ type: '/problems/other-proof-needed', methods: ['TOTP'] });
    await person.client.post('/auth/step-up', { kind: 'TOTP', code: '000000' }).expect(403);
    const code = codes.next();
    await person.client.post('/auth/step-up', { kind: 'TOTP', code }).expect(200);
    await person.client.post('/auth/step-up', { kind: 'TOTP', code }).expect(403);
    await person.client.post('/auth/factors/totp', { name: 'x' }).expect(201);
    expect(await events(person)).toEqual(expect.arrayContaining(['auth.stepped-up', 'auth.step-up-refused']));
  });

  it('asks for the authenticator when there is one, by a challenge of its own', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    await person.client.post('/auth/step-up/options').expect(409);
    const { key } = await enrolKey(person.client);
    await person.client.post('/auth/step-up', { kind: 'TOTP', code: codes.next() }).expect(409);
    const awaited = await login(person.username);
    expect(awaited.secondFactor).toEqual(['TOTP', 'WEBAUTHN']);
    // A ticket of the sign-in is none here, nor is one of an enrolment.
    const wrong = { kind: 'WEBAUTHN', ticket: awaited.ticket, assertion: key.get(awaited.webauthn) };
    await person.client.post('/auth/step-up', wrong).expect(401);
    const enrolment = (await person.client.post('/auth/factors/webauthn/options').expect(200)).body;
    const other = { kind: 'WEBAUTHN', ticket: enrolment.ticket, assertion: key.get(enrolment.options) };
    await person.client.post('/auth/step-up', other).expect(401);
    const { body } = await person.client.post('/auth/step-up/options').expect(200);
    const dto = { kind: 'WEBAUTHN', ticket: body.ticket, assertion: key.get(body.options) };
    const proven = await person.client.post('/auth/step-up', dto).expect(200);
    expect(proven.body.steppedUpWith).toBe('WEBAUTHN');
    await person.client.post('/auth/step-up', dto).expect(401);
  });
});

describe('removing a second factor', () => {
  it('wants a fresh proof, ends what it was asked for, and is in the trail', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    t.clock.advance({ minutes: 11 });
    await person.client.delete(`/auth/factors/${codes.id}`).expect(403);
    await person.client.post('/auth/step-up', { kind: 'TOTP', code: codes.next() }).expect(200);
    await person.client.delete(`/auth/factors/${codes.id}`).expect(204);
    await person.client.delete(`/auth/factors/${codes.id}`).expect(404);
    expect((await login(person.username)).accessToken).toBeDefined();
    expect(await events(person)).toContain('auth.factor-removed');
  });

  it('is its owner’s business only', async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    const codes = await enrolTotp(person.client);
    await other.client.delete(`/auth/factors/${codes.id}`).expect(404);
    await (await t.as('administrator')).delete(`/auth/factors/${codes.id}`).expect(404);
    expect((await login(person.username)).secondFactor).toEqual(['TOTP']);
  });

  it('cannot be undone or counted back behind the program', async () => {
    const person = await aPerson();
    const codes = await enrolTotp(person.client);
    await expect(
      t.sql('UPDATE app.second_factor SET counter = counter - 1 WHERE id = $1', [codes.id]),
    ).rejects.toThrow('does not go back');
    await person.client.delete(`/auth/factors/${codes.id}`).expect(204);
    await expect(
      t.sql('UPDATE app.second_factor SET removed_at = NULL WHERE id = $1', [codes.id]),
    ).rejects.toThrow('does not go back');
  });
});

it('the tables say what the trail says', async () => {
  const report = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
  expect(report.differences).toEqual([]);
});
