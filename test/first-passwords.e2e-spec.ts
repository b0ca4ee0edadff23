import { TRIES_BEFORE_LOCKOUT } from '../src/auth/attempts.js';
import { weaknessOf } from '../src/auth/password-rules.js';
import { newFirstPassword } from '../src/auth/first-passwords.js';
import { aNewUser } from './support/accounts.js';
import { eventsOf, PASSWORD, startTestApp, type Client, type TestApp } from './support/app.js';
import { codeAt } from './support/authenticator.js';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
beforeEach(async () => {
  // The limits count in real time, and all of this file comes from one address.
  await t.sql('DELETE FROM app.rate_limit');
  admin = await t.as('administrator');
});

const OWN = 'seven grey herons over water';
const FORM = /^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/;
let made = 0;

interface Made {
  id: string;
  username: string;
  firstPassword: string;
  firstPasswordUntil: string;
}
const make = async (): Promise<Made> =>
  (await admin.post('/users', { username: `newcomer-${++made}`, displayName: 'Wu Jing' }).expect(201)).body;
const reset = async (id: string): Promise<Made> =>
  (await admin.post(`/users/${id}/password`, { reason: 'forgotten' }).expect(200)).body;
const login = (username: string, password: string) => t.anonymous.post('/auth/login', { username, password });
const choose = ({ username, firstPassword }: Made, newPassword: string = OWN) =>
  t.anonymous.post('/auth/login/own-password', { username, password: firstPassword, newPassword });
const typeOf = ({ body }: { body: { type: string } }): string => body.type.replace('/problems/', '');

describe('the password that a new account begins with', () => {
  it('is random, of the program’s making, and follows the rules on passwords', async () => {
    const [one, other] = [await make(), await make()];
    expect(one.firstPassword).toMatch(FORM);
    expect(other.firstPassword).not.toBe(one.firstPassword);
    const many = Array.from({ length: 200 }, () => newFirstPassword({ username: 'wu' }));
    expect(new Set(many).size).toBe(200);
    for (const password of many) {
      expect(password).toMatch(FORM);
      expect(password).not.toContain('wu');
      expect(weaknessOf(password, ['Wu Jing'])).toBeUndefined();
    }
    await admin
      .post('/users', { username: `newcomer-${++made}`, displayName: 'X', password: OWN })
      .expect(400);
  });

  it('opens no session: it leads to the choice of one’s own and to nothing else', async () => {
    const user = await make();
    const { body, headers } = await login(user.username, user.firstPassword).expect(403);
    expect(body).toMatchObject({
      type: '/problems/own-password-needed',
      until: user.firstPasswordUntil,
      detail: expect.stringContaining('POST /auth/login/own-password'),
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(await t.sql('SELECT 1 FROM app.session WHERE user_id = $1', [user.id])).toEqual([]);
    expect((await eventsOf(t, user.id)).at(-1)).toMatchObject({
      type: 'auth.sign-in-refused',
      values: { why: 'FIRST_PASSWORD' },
    });

    const { body: session } = await choose(user).expect(200);
    const client = t.withToken(session.accessToken);
    expect((await client.get('/auth/me').expect(200)).body).toMatchObject({
      user: { username: user.username },
      // They chose it a moment ago: there is nothing to be told.
      notices: [],
    });
    expect((await eventsOf(t, user.id)).map(({ type }) => type).slice(-2)).toEqual([
      'auth.password-chosen',
      'auth.signed-in',
    ]);
    await login(user.username, OWN).expect(200);
    expect((await admin.get(`/users/${user.id}`)).body.firstPasswordUntil).toBeNull();
  });

  it('counts once', async () => {
    const user = await make();
    await choose(user).expect(200);
    await login(user.username, user.firstPassword).expect(401);
    expect(typeOf(await choose(user, 'another one for the tests').expect(401))).toBe('wrong-credentials');
    const again = { ...user, firstPassword: OWN };
    expect(typeOf(await choose(again, 'another one for the tests').expect(409))).toBe('own-password-chosen');
    await login(user.username, OWN).expect(200);
  });

  it('counts once for two who use it at the same moment', async () => {
    const user = await make();
    const chosen = [OWN, 'another one for the tests'];
    const answers = await Promise.all(chosen.map((password) => choose(user, password)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const signedIn = await Promise.all(chosen.map((password) => login(user.username, password)));
    expect(signedIn.map(({ status }) => status)).toEqual(answers.map(({ status }) => status));
  });

  it('is over after three days, which only whoever knows it is told', async () => {
    const user = await make();
    t.clock.advance({ hours: 71, minutes: 59 });
    await login(user.username, user.firstPassword).expect(403);
    t.clock.advance({ minutes: 2 });
    expect(typeOf(await login(user.username, user.firstPassword).expect(403))).toBe('first-password-over');
    expect(typeOf(await choose(user).expect(403))).toBe('first-password-over');
    expect(typeOf(await login(user.username, 'not the password').expect(401))).toBe('wrong-credentials');
    admin = await t.as('administrator');
    const next = await reset(user.id);
    await choose(user).expect(401);
    await choose(next).expect(200);
  });

  it('never becomes the lasting one, nor does anything of its form', async () => {
    const user = await make();
    for (const wish of [user.firstPassword, newFirstPassword(user), newFirstPassword(user).toUpperCase()]) {
      const { body } = await choose(user, wish).expect(400);
      expect(body.errors).toEqual([{ pointer: '/newPassword', message: expect.any(String) }]);
    }
    const { body } = await choose(user).expect(200);
    await t
      .withToken(body.accessToken)
      .request('put', '/auth/password')
      .send({ currentPassword: OWN, newPassword: user.firstPassword })
      .expect(400);
  });

  it('is not replaced by a weak one, and goes on', async () => {
    const user = await make();
    const weak = [
      'elevenchars',
      'x1y2z'.repeat(41),
      'Password1234',
      'Wu Jing Wu Jing',
      `my ${user.username.toUpperCase()} account`,
      [OWN] as unknown as string,
    ];
    for (const wish of weak) {
      const { body } = await choose(user, wish).expect(400);
      expect([...new Set(body.errors.map(({ pointer }: any) => pointer))]).toEqual(['/newPassword']);
    }
    await choose(user).expect(200);
  });

  it('is replaced by one of any characters, also of two hundred', async () => {
    const wish = 'Ab 1 é ß "`<&>;--% 四月的雨落在旧石桥上很轻 🐦 '.padEnd(200, 'q w7!');
    expect(wish).toHaveLength(200);
    const user = await make();
    await choose(user, wish).expect(200);
    await login(user.username, wish).expect(200);
    // Nothing of it is cut off or changed.
    await login(user.username, wish.slice(0, -1)).expect(401);
    await login(user.username, wish.trim().toLowerCase()).expect(401);
  });

  it('cannot be guessed by this way either', async () => {
    const user = await make();
    for (let i = 0; i < TRIES_BEFORE_LOCKOUT; i++) {
      await choose({ ...user, firstPassword: `guess ${i}` }).expect(401);
    }
    await choose(user).expect(429);
    await login(user.username, user.firstPassword).expect(429);
  });
});

describe('a password that was reset', () => {
  it('is a one-time one again; the old one and every session end, and the owner is told', async () => {
    const user = await aNewUser(t, { username: `newcomer-${++made}` });
    const { body: before } = await login(user.username, PASSWORD).expect(200);
    const { firstPassword, ...shown } = await reset(user.id);
    expect(firstPassword).toMatch(FORM);
    expect(shown).toEqual({ ...user, firstPasswordUntil: expect.any(String), version: 3 });
    await t.withToken(before.accessToken).get('/auth/me').expect(401);
    await login(user.username, PASSWORD).expect(401);
    expect(
      (await eventsOf(t, user.id)).findLast(({ type }) => type === 'user.updated')?.values,
    ).toMatchObject({
      password: 'one-time',
      reason: 'forgotten',
    });
    const { body } = await choose({ ...user, firstPassword }).expect(200);
    const { body: me } = await t.withToken(body.accessToken).get('/auth/me').expect(200);
    expect(me.notices).toEqual([
      expect.objectContaining({ kind: 'PASSWORD_SET', text: expect.stringContaining('An administrator') }),
    ]);
  });

  it('does not get around the second factor', async () => {
    const user = await aNewUser(t, { username: `newcomer-${++made}` });
    const { body: session } = await login(user.username, PASSWORD).expect(200);
    const client = t.withToken(session.accessToken);
    const { body: factor } = await client.post('/auth/factors/totp', { name: 'app' }).expect(201);
    t.clock.advance({ seconds: 30 });
    const code = codeAt(factor.secret, t.clock.now());
    await client.post(`/auth/factors/totp/${factor.id}/confirm`, { code }).expect(200);
    const { body } = await choose(await reset(user.id)).expect(200);
    expect(body).toMatchObject({ secondFactor: ['TOTP'], ticket: expect.any(String) });
    expect(body.accessToken).toBeUndefined();
  });

  it('proves nothing in a session that was opened elsewhere', async () => {
    const user = await make();
    // As somebody who signs in at the provider, and has a one-time password besides.
    await choose(user).expect(200);
    const { body } = await login(user.username, OWN).expect(200);
    const client = t.withToken(body.accessToken);
    await t.sql('ALTER TABLE app.user_account DISABLE TRIGGER ALL');
    await t.sql(
      `UPDATE app.user_account SET first_password_until = now() + interval '9 years' WHERE id = $1`,
      [user.id],
    );
    await t.sql('ALTER TABLE app.user_account ENABLE TRIGGER ALL');
    await client.post('/auth/step-up', { kind: 'PASSWORD', password: OWN }).expect(403);
    await client
      .request('put', '/auth/password')
      .send({ currentPassword: OWN, newPassword: 'another one for the tests' })
      .expect(403);
  });

  it('is shown once: neither kept for a repeat of the request, nor in the trail, nor beside it', async () => {
    const key = { 'idempotency-key': `made-${++made}` };
    const dto = { username: `newcomer-${made}`, displayName: 'Wu Jing' };
    const { body: first } = await admin.post('/users', dto, key).expect(201);
    const again = await admin.post('/users', dto, key).expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const { firstPassword, ...shown } = first;
    expect(again.body).toEqual(shown);
    const answers = [(await admin.get(`/users/${first.id}`)).body, (await admin.get('/users')).body];
    const [stored] = await t.sql('SELECT password_hash FROM app.user_account WHERE id = $1', [first.id]);
    expect(stored.password_hash).toMatch(/^\$argon2id\$/);
    const kept = await t.sql(`
      SELECT string_agg(convert_from(body, 'UTF8'), ' ') AS text FROM audit.entry
      UNION ALL SELECT string_agg(answer::text, ' ') FROM app.idempotency_key`);
    expect(kept.every(({ text }) => text.length > 0)).toBe(true);
    const values = JSON.stringify(await eventsOf(t, first.id));
    expect(values).toContain('sha256:');
    for (const text of [JSON.stringify(answers), values, ...kept.map(({ text }) => text)]) {
      expect(text).not.toContain(firstPassword);
      expect(text).not.toContain('$argon2');
    }
  });
});
