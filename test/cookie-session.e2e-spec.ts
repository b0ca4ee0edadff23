import request from 'supertest';
import { PASSWORD, startTestApp, type TestApp } from './support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.stop());

const API = '/api/v1';
const http = () => request(t.app.getHttpServer());
interface Browser {
  cookie: string;
  csrfToken: string;
}
async function signedIn(username = 'supervisor'): Promise<Browser> {
  const { body, headers } = await http()
    .post(`${API}/auth/login`)
    .set('session-in', 'cookie')
    .send({ username, password: PASSWORD })
    .expect(200);
  expect(body.accessToken).toBeUndefined();
  const [set] = headers['set-cookie'] as unknown as string[];
  return { cookie: set!.split(';')[0]!, csrfToken: body.csrfToken };
}

describe('a session in a cookie', () => {
  it('is for the host alone, for no script and for no other site', async () => {
    const { headers } = await http()
      .post(`${API}/auth/login`)
      .set('session-in', 'cookie')
      .send({ username: 'supervisor', password: PASSWORD })
      .expect(200);
    const [set] = headers['set-cookie'] as unknown as string[];
    expect(set).toMatch(/^__Host-plumbline=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('is given to whoever asks for it only', async () => {
    const { body, headers } = await http()
      .post(`${API}/auth/login`)
      .send({ username: 'supervisor', password: PASSWORD })
      .expect(200);
    expect(body.accessToken).toEqual(expect.any(String));
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('reads without more, and says the token for writes again after a reload', async () => {
    const { cookie, csrfToken } = await signedIn();
    const { body } = await http().get(`${API}/auth/me`).set('cookie', cookie).expect(200);
    expect(body.csrfToken).toBe(csrfToken);
    await http().get(`${API}/cases`).set('cookie', `other=1; ${cookie}; more=2`).expect(200);
  });

  it('writes with its own token only', async () => {
    const { cookie, csrfToken } = await signedIn();
    const other = await signedIn('intake-officer');
    const write = (headers: Record<string, string>) =>
      http()
        .delete(`${API}/auth/sessions`)
        .set({ cookie, ...headers });
    for (const wrong of [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': other.csrfToken },
      { 'x-csrf-token': cookie },
    ]) {
      const { body } = await write(wrong as Record<string, string>);
      expect(body).toMatchObject({ status: 403, type: '/problems/csrf-token' });
    }
    const { status } = await write({ 'x-csrf-token': csrfToken });
    expect([200, 201, 204, 404]).toContain(status);
  });

  it('counts for nothing beside an Authorization header', async () => {
    const { cookie } = await signedIn();
    await http().get(`${API}/auth/me`).set({ cookie, authorization: 'Bearer nothing' }).expect(401);
  });

  it('gets another token with a step-up: a new cookie, and a new token for writes', async () => {
    const { cookie, csrfToken } = await signedIn();
    const { body, headers } = await http()
      .post(`${API}/auth/step-up`)
      .set({ cookie, 'x-csrf-token': csrfToken })
      .send({ kind: 'PASSWORD', password: PASSWORD })
      .expect(200);
    const [set] = headers['set-cookie'] as unknown as string[];
    expect(set).toMatch(/^__Host-plumbline=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const next = set!.split(';')[0]!;
    expect(next).not.toBe(cookie);
    expect(body).toEqual({
      steppedUpAt: expect.any(String),
      steppedUpWith: 'PASSWORD',
      holdsUntil: expect.any(String),
      csrfToken: expect.any(String),
    });
    await http().get(`${API}/auth/me`).set('cookie', cookie).expect(401);
    const me = await http().get(`${API}/auth/me`).set('cookie', next).expect(200);
    expect(me.body.csrfToken).toBe(body.csrfToken);
    const write = (token: string) =>
      http().delete(`${API}/auth/sessions`).set({ cookie: next, 'x-csrf-token': token });
    await write(csrfToken).expect(403);
    await write(body.csrfToken).expect(204);
  });

  it('is ended by a sign-in that takes its place in the browser', async () => {
    const { cookie } = await signedIn();
    const elsewhere = await signedIn();
    const again = (headers: Record<string, string>) =>
      http().post(`${API}/auth/login`).set(headers).send({ username: 'supervisor', password: PASSWORD });
    // Whoever asks for a token leaves what is in the cookie as it is.
    await again({ cookie }).expect(200);
    await http().get(`${API}/auth/me`).set('cookie', cookie).expect(200);
    await again({ cookie, 'session-in': 'cookie' }).expect(200);
    await http().get(`${API}/auth/me`).set('cookie', cookie).expect(401);
    await http().get(`${API}/auth/me`).set('cookie', elsewhere.cookie).expect(200);
  });

  it('ends at the server and in the browser when one signs out', async () => {
    const { cookie, csrfToken } = await signedIn();
    const { headers } = await http()
      .post(`${API}/auth/logout`)
      .set({ cookie, 'x-csrf-token': csrfToken })
      .expect(204);
    expect((headers['set-cookie'] as unknown as string[])[0]).toMatch(
      /^__Host-plumbline=;.*Expires=Thu, 01 Jan 1970/,
    );
    await http().get(`${API}/auth/me`).set('cookie', cookie).expect(401);
  });
});
