import { Client, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import { codeAt } from './support/authenticator.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ PLUMBLINE_SECOND_FACTOR: 'required' });
});
afterAll(() => t?.stop());
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const signIn = async (username: string): Promise<any> =>
  (await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200)).body;
const clientOf = ({ accessToken }: { accessToken: string }): Client =>
  new Client(t.app.getHttpServer(), accessToken);

async function enrol(client: Client): Promise<string> {
  const { body } = await client.post('/auth/factors/totp', { name: 'my telephone' }).expect(201);
  t.clock.advance({ seconds: 30 });
  await client
    .post(`/auth/factors/totp/${body.id}/confirm`, { code: codeAt(body.secret, t.clock.now()) })
    .expect(200);
  t.clock.advance({ seconds: 30 });
  return body.secret as string;
}

describe('where a second factor is wanted of everybody', () => {
  it('lets a password alone do nothing but what everybody may', async () => {
    const client = clientOf(await signIn('supervisor'));
    for (const path of ['/cases', '/cases?limit=1&count=true', '/exports', '/users']) {
      const { body } = await client.get(path).expect(403);
      expect(body).toMatchObject({ type: '/problems/second-factor-required' });
      expect(body.detail).toContain('POST /auth/factors/totp');
    }
    await client.post('/cases', {}).expect(403);
    for (const path of ['/auth/me', '/auth/sessions', '/auth/factors', '/organs'])
      await client.get(path).expect(200);
    expect((await client.get('/auth/me')).body.session).toMatchObject({ secondFactorWanted: true });
    const zh = await client.get('/cases').set('accept-language', 'zh').expect(403);
    expect(zh.body.detail).toContain('第二验证因素');
    await client.post('/auth/logout').expect(204);
  });

  it('opens everything else once one is registered and proven, in this session or in the next', async () => {
    const username = 'investigator';
    const client = clientOf(await signIn(username));
    const secret = await enrol(client);
    // Registered is not proven.
    const refused = (await client.get('/cases').expect(403)).body;
    expect(refused).toMatchObject({ type: '/problems/step-up-required', methods: ['TOTP'] });
    const { body } = await client
      .post('/auth/step-up', { kind: 'TOTP', code: codeAt(secret, t.clock.now()) })
      .expect(200);
    await clientOf(body).get('/cases').expect(200);
    const { session } = (await clientOf(body).get('/auth/me').expect(200)).body;
    expect(session).toMatchObject({ secondFactorWanted: false });

    t.clock.advance({ seconds: 30 });
    const { ticket } = await signIn(username);
    const { body: next } = await t.anonymous
      .post('/auth/login/second-factor', { ticket, kind: 'TOTP', code: codeAt(secret, t.clock.now()) })
      .expect(200);
    await clientOf(next).get('/cases').expect(200);
  });
});
