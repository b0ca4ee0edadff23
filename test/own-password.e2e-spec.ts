import { aNewUser } from './support/accounts.js';
import { Client, eventsOf, PASSWORD, startTestApp, type TestApp } from './support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
// The limits count in real time, and all of this file comes from one address.
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const NEW = 'seven grey herons over water';
let made = 0;

const signIn = async (username: string, password = PASSWORD): Promise<Client> => {
  const { body } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
  return new Client(t.app.getHttpServer(), body.accessToken as string);
};
const aUser = (): Promise<{ id: string; username: string }> =>
  aNewUser(t, { username: `owner-${++made}`, displayName: 'Wu Jing' });
const change = (client: Client, body: object) => client.request('put', '/auth/password').send(body);

describe('one’s own password', () => {
  it('is changed with the old one, which ends the other sessions and is told to the owner', async () => {
    const { id, username } = await aUser();
    const [other, client] = [await signIn(username), await signIn(username)];
    const { headers } = await change(client, { currentPassword: PASSWORD, newPassword: NEW }).expect(204);
    expect(headers['audit-receipt']).toMatch(new RegExp(`^${id} `));
    await other.get('/auth/me').expect(401);
    const { body } = await client.get('/auth/me').expect(200);
    expect(body.notices).toEqual([
      expect.objectContaining({
        kind: 'PASSWORD_CHANGED',
        text: expect.stringContaining('from your own account'),
      }),
    ]);
    await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(401);
    await signIn(username, NEW);
    const types = (await eventsOf(t, id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'auth.password-changed')).toHaveLength(1);
    expect(JSON.stringify(await eventsOf(t, id))).not.toContain(NEW);
  });

  it('stays as it is when the old one is wrong, which counts as a guess and is in the trail', async () => {
    const { id, username } = await aUser();
    const client = await signIn(username);
    const { body } = await change(client, { currentPassword: 'not this one', newPassword: NEW }).expect(403);
    expect(body).toMatchObject({
      type: '/problems/wrong-password',
      errors: [{ pointer: '/currentPassword' }],
    });
    expect((await eventsOf(t, id)).at(-1)).toMatchObject({ type: 'auth.step-up-refused' });
    await t.sql(`UPDATE app.rate_limit SET points = 10 WHERE key LIKE 'failures:${username}'`);
    await change(client, { currentPassword: PASSWORD, newPassword: NEW }).expect(429);
    await t.sql('DELETE FROM app.rate_limit');
    await signIn(username);
  });

  it('wants a proof that is fresh', async () => {
    const client = await signIn((await aUser()).username);
    t.clock.advance({ minutes: 11 });
    const { body } = await change(client, { currentPassword: PASSWORD, newPassword: NEW }).expect(403);
    expect(body.type).toBe('/problems/step-up-required');
    await client.post('/auth/step-up', { kind: 'PASSWORD', password: PASSWORD }).expect(200);
    await change(client, { currentPassword: PASSWORD, newPassword: NEW }).expect(204);
  });

  it.each([
    ['too short', 'elevenchars'],
    ['a common one', 'Password1234'],
    ['two common ones', 'qwertyuiopdragon'],
    ['of the words of this place', 'Plumbline-Police'],
    ['of one’s own name', 'Wu Jing Wu Jing'],
    ['of few characters', 'ababababababab'],
    ['the present one', PASSWORD],
    ['a list', [NEW]],
  ])('is not changed to %s, and the field is named', async (_what, newPassword) => {
    const client = await signIn((await aUser()).username);
    const { body } = await change(client, { currentPassword: PASSWORD, newPassword }).expect(400);
    expect([...new Set(body.errors.map(({ pointer }: { pointer: string }) => pointer))]).toEqual([
      '/newPassword',
    ]);
    await signIn(client.token ? `owner-${made}` : '');
  });

  it('is not changed to the name of an organ', async () => {
    const administrator = await t.as('administrator');
    const { body: organ } = await administrator
      .post('/organs', { code: 'PWD-1', name: 'Harbour Brigade Nine', level: 'STATION', parentId: null })
      .expect(201);
    const { username } = await aUser();
    const { body } = await change(await signIn(username), {
      currentPassword: PASSWORD,
      newPassword: `${organ.name} 2026`,
    }).expect(400);
    expect(body.errors).toEqual([
      { pointer: '/newPassword', message: expect.stringContaining('names of this place') },
    ]);
  });

  it('needs a session', () =>
    t.anonymous
      .request('put', '/auth/password')
      .send({ currentPassword: PASSWORD, newPassword: NEW })
      .expect(401));
});

describe('the times of a session', () => {
  it('say when it ends: by itself a quarter of an hour after its last use, and after eight hours', async () => {
    const client = await signIn('auditor');
    const times = async () => (await client.get('/auth/me').expect(200)).body.session;
    const at = (text: string) => Date.parse(text);
    const first = await times();
    expect(at(first.idleEndsAt) - at(first.lastSeenAt)).toBe(15 * 60_000);
    expect(at(first.expiresAt) - at(first.createdAt)).toBe(8 * 3600_000);
    t.clock.advance({ minutes: 10 });
    const second = await times();
    expect(at(second.idleEndsAt) - at(first.idleEndsAt)).toBeGreaterThanOrEqual(10 * 60_000);
    expect(second.expiresAt).toBe(first.expiresAt);
    for (let quarter = 0; quarter < 36; quarter++) {
      t.clock.advance({ minutes: 13 });
      await client.get('/auth/me').expect(200);
    }
    // The last quarter of an hour is cut short by the eight hours.
    const last = await times();
    expect(last.idleEndsAt).toBe(last.expiresAt);
  });
});
