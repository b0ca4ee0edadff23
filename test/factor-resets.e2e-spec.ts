import { FactorResetsService } from '../src/auth/factor-resets.service.js';
import { aNewUser } from './support/accounts.js';
import { Client, eventsOf, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import { codeAt } from './support/authenticator.js';

let t: TestApp;
let made = 0;

beforeAll(async () => {
  t = await startTestApp();
  const { id } = await anAccount('second-admin');
  const grant = { role: 'ADMINISTRATOR', organId: t.ids.organs.ministry, reason: 'the second person' };
  await (await t.as('administrator')).post(`/users/${id}/grants`, grant).expect(201);
});
afterAll(() => t?.stop());
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const anAccount = (username: string): Promise<{ id: string; username: string }> => aNewUser(t, { username });

const login = async (username: string): Promise<any> =>
  (await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200)).body;

interface Owner {
  id: string;
  username: string;
  client: Client;
  /** Signs in with password and code. */
  signIn(): Promise<any>;
}

/** Somebody with a second factor, signed in. */
async function anOwner(): Promise<Owner> {
  const account = await anAccount(`owner-${++made}`);
  const client = new Client(t.app.getHttpServer(), (await login(account.username)).accessToken);
  const { body } = await client.post('/auth/factors/totp', { name: 'my telephone' }).expect(201);
  const code = (): string => codeAt(body.secret as string, t.clock.now());
  await client.post(`/auth/factors/totp/${body.id}/confirm`, { code: code() }).expect(200);
  return {
    ...account,
    client,
    signIn: async () => {
      t.clock.advance({ seconds: 30 });
      const { ticket } = await login(account.username);
      const proof = { ticket, kind: 'TOTP', code: code() };
      return (await t.anonymous.post('/auth/login/second-factor', proof).expect(200)).body;
    },
  };
}

const reason = { reason: 'lost the telephone on duty' };

async function proposed({ id }: Owner): Promise<string> {
  const { body } = await (await t.as('administrator')).post(`/users/${id}/factor-resets`, reason).expect(201);
  return body.id;
}

const confirm = async (by: string, id: string) =>
  (await t.as(by)).post(`/factor-resets/${id}/confirm`, reason);

async function confirmed(owner: Owner): Promise<string> {
  const id = await proposed(owner);
  expect((await confirm('second-admin', id)).status).toBe(200);
  return id;
}

const takeEffect = () => t.get(FactorResetsService).takeEffect();

describe('a reset of somebody’s second factors', () => {
  it('is proposed by one, confirmed by another, and takes effect a day later', async () => {
    const owner = await anOwner();
    const id = await proposed(owner);
    const { body } = await confirm('second-admin', id);
    expect(body).toMatchObject({
      id,
      userId: owner.id,
      status: 'CONFIRMED',
      proposedBy: t.ids.users['administrator'],
      ...reason,
      endedAt: null,
    });
    expect(Date.parse(body.takesEffectAt) - Date.parse(body.confirmedAt)).toBe(24 * 3_600_000);

    t.clock.advance({ hours: 23, minutes: 59 });
    await takeEffect();
    expect((await login(owner.username)).secondFactor).toEqual(['TOTP']);
    t.clock.advance({ minutes: 1 });
    await takeEffect();
    await takeEffect();
    expect((await login(owner.username)).accessToken).toBeDefined();
    const events = await eventsOf(t, owner.id);
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('user.factor'))).toEqual([
      'user.factor-reset-proposed',
      'user.factor-reset-confirmed',
      'user.factors-reset',
    ]);
    expect(events.find(({ type }) => type === 'user.factor-reset-proposed')!.values).toMatchObject(reason);
    const list = await (await t.as('administrator')).get(`/users/${owner.id}/factor-resets`).expect(200);
    expect(list.body).toMatchObject([{ id, status: 'DONE' }]);
  });

  it('ends the sessions of the owner when it is confirmed and when it takes effect', async () => {
    const owner = await anOwner();
    await confirmed(owner);
    await owner.client.get('/auth/me').expect(401);
    t.clock.advance({ hours: 24 });
    const client = new Client(t.app.getHttpServer(), (await owner.signIn()).accessToken);
    await takeEffect();
    await client.get('/auth/me').expect(401);
  });

  it('is told to the owner at the sign-in and after it, at each step', async () => {
    const owner = await anOwner();
    expect((await owner.client.get('/auth/me').expect(200)).body.notices).toEqual([]);
    expect(await owner.signIn()).not.toHaveProperty('notices');
    const id = await proposed(owner);
    const notice = { kind: 'SECOND_FACTOR_RESET', resetId: id, text: expect.stringContaining(id) };
    expect((await owner.client.get('/auth/me').expect(200)).body.notices).toEqual([
      expect.objectContaining({ ...notice, status: 'PROPOSED', takesEffectAt: null }),
    ]);
    await confirm('second-admin', id);
    const told = await owner.signIn();
    expect(told.notices).toMatchObject([
      { ...notice, status: 'CONFIRMED', takesEffectAt: expect.any(String) },
    ]);
    // The password alone tells nothing: its owner may be somebody else.
    expect(await login(owner.username)).not.toHaveProperty('notices');
    t.clock.advance({ hours: 24 });
    await takeEffect();
    expect((await login(owner.username)).notices).toMatchObject([{ status: 'DONE' }]);
    t.clock.advance({ days: 29 });
    expect((await login(owner.username)).notices).toHaveLength(1);
    t.clock.advance({ days: 2 });
    expect(await login(owner.username)).not.toHaveProperty('notices');
  });

  it('is refused by the owner until it takes effect, and stays refused', async () => {
    const owner = await anOwner();
    const id = await confirmed(owner);
    const client = new Client(t.app.getHttpServer(), (await owner.signIn()).accessToken);
    const { body } = await client.post(`/factor-resets/${id}/refuse`, { reason: 'not me' }).expect(200);
    expect(body.status).toBe('REFUSED');
    t.clock.advance({ hours: 25 });
    await takeEffect();
    expect((await login(owner.username)).secondFactor).toEqual(['TOTP']);
    expect((await confirm('second-admin', id)).status).toBe(409);
    // A new proposal does not hide the refused one.
    await proposed(owner);
    const list = await (await t.as('administrator')).get(`/users/${owner.id}/factor-resets`).expect(200);
    expect((list.body as { status: string }[]).map(({ status }) => status)).toEqual(['PROPOSED', 'REFUSED']);
  });

  it('is refused by an administrator as well, and by nobody else', async () => {
    const owner = await anOwner();
    const id = await proposed(owner);
    await (await t.as('auditor')).post(`/factor-resets/${id}/refuse`, reason).expect(404);
    await (await t.as('second-admin')).post(`/factor-resets/${id}/refuse`, reason).expect(200);
    await (await t.as('second-admin')).post(`/factor-resets/${id}/refuse`, reason).expect(409);
  });

  it('is not confirmed by whoever proposed it', async () => {
    const owner = await anOwner();
    const id = await proposed(owner);
    const refused = await confirm('administrator', id);
    expect([refused.status, refused.body.type]).toEqual([403, '/problems/forbidden']);
    await takeEffect();
    expect((await login(owner.username)).secondFactor).toEqual(['TOTP']);
  });

  it('is neither proposed nor confirmed by the owner, even as an administrator', async () => {
    const owner = await anOwner();
    const grant = { role: 'ADMINISTRATOR', organId: t.ids.organs.ministry, reason: 'for the test' };
    await (await t.as('administrator')).post(`/users/${owner.id}/grants`, grant).expect(201);
    await owner.client.post(`/users/${owner.id}/factor-resets`, reason).expect(403);
    const id = await proposed(owner);
    await owner.client.post(`/factor-resets/${id}/confirm`, reason).expect(403);
  });

  it('is for administrators of all the roles that the account holds', async () => {
    const owner = await anOwner();
    const local = await anAccount('local-admin');
    const admin = await t.as('administrator');
    const grant = { role: 'ADMINISTRATOR', organId: t.ids.organs.station, reason: 'for the test' };
    await admin.post(`/users/${local.id}/grants`, grant).expect(201);
    const high = { role: 'AUDITOR', organId: t.ids.organs.ministry, reason: 'for the test' };
    await admin.post(`/users/${owner.id}/grants`, high).expect(201);
    await (await t.as('local-admin')).post(`/users/${owner.id}/factor-resets`, reason).expect(403);
    expect((await confirm('local-admin', await proposed(owner))).status).toBe(403);
    await (await t.as('auditor')).post(`/users/${owner.id}/factor-resets`, reason).expect(404);
  });

  it('is one at a time, for an account that has a second factor, and is confirmed once', async () => {
    const owner = await anOwner();
    const admin = await t.as('administrator');
    const id = await confirmed(owner);
    await admin.post(`/users/${owner.id}/factor-resets`, reason).expect(409);
    expect((await confirm('second-admin', id)).status).toBe(409);
    const bare = await anAccount('without-factor');
    const none = await admin.post(`/users/${bare.id}/factor-resets`, reason).expect(409);
    expect(none.body.type).toBe('/problems/no-second-factor');
    await admin.post(`/users/${owner.id}/factor-resets`, { reason: '  ' }).expect(400);
    expect((await confirm('second-admin', '01900000-0000-7000-8000-00000000dead')).status).toBe(404);
  });

  it.each([
    [
      'one person in both places',
      'UPDATE app.factor_reset SET confirmed_by = proposed_by, confirmed_at = now()',
    ],
    ['the owner as the first person', 'UPDATE app.factor_reset SET proposed_by = user_id'],
    [
      'the owner as the second person',
      'UPDATE app.factor_reset SET confirmed_by = user_id, confirmed_at = now()',
    ],
    ['an end without a second person', `UPDATE app.factor_reset SET status = 'DONE', ended_at = now()`],
    [
      'an end before the day is over',
      `UPDATE app.factor_reset SET status = 'DONE', confirmed_at = now(), ended_at = now() + interval '23 hours',
         confirmed_by = (SELECT id FROM app.user_account WHERE username = 'auditor')`,
    ],
  ])('is refused by the database itself with %s', async (_, update) => {
    const id = await proposed(await anOwner());
    await expect(t.sql(`${update} WHERE id = $1`, [id])).rejects.toThrow('violates check constraint');
  });

  it('is not in time when the owner refuses while it takes effect: one of them wins', async () => {
    const owner = await anOwner();
    const id = await confirmed(owner);
    t.clock.advance({ hours: 24 });
    const client = new Client(t.app.getHttpServer(), (await owner.signIn()).accessToken);
    const [refused] = await Promise.all([client.post(`/factor-resets/${id}/refuse`, reason), takeEffect()]);
    const [row] = await t.sql<{ status: string }>('SELECT status FROM app.factor_reset WHERE id = $1', [id]);
    expect([refused.status, row!.status]).toEqual(
      row!.status === 'REFUSED' ? [200, 'REFUSED'] : [expect.any(Number), 'DONE'],
    );
    expect((await login(owner.username)).secondFactor).toEqual(
      row!.status === 'REFUSED' ? ['TOTP'] : undefined,
    );
  });
});
