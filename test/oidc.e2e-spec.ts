import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { ConfigError, readConfig } from '../src/config.js';
import { aNewUser } from './support/accounts.js';
import { Client, eventsOf, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import { codeAt } from './support/authenticator.js';

const SECRET = 'a secret between the two';
const REDIRECT_URI = 'https://plumbline.test/api/v1/auth/oidc/callback';

let t: TestApp;
let provider: ChildProcess;
let issuer: string;
let made = 0;

beforeAll(async () => {
  provider = fork('test/support/oidc-provider.mjs', ['plumbline', SECRET, REDIRECT_URI], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  [{ issuer }] = (await once(provider, 'message')) as [{ issuer: string }];
  t = await startTestApp({
    PLUMBLINE_OIDC_ISSUER: issuer,
    PLUMBLINE_OIDC_CLIENT_ID: 'plumbline',
    PLUMBLINE_OIDC_CLIENT_SECRET: SECRET,
    PLUMBLINE_OIDC_REDIRECT_URI: REDIRECT_URI,
  });
});
afterAll(async () => {
  await t?.stop();
  provider?.kill();
});
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const cookieIn = (response: Response): string =>
  (response.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;

/** What a browser keeps for the provider. */
class Jar {
  private readonly cookies = new Map<string, string>();

  /** Follows redirects as long as they stay at the provider. @returns the address that leads away from it */
  async travel(start: string): Promise<URL> {
    for (let url = new URL(start), hops = 0; hops < 10; hops++) {
      if (url.origin !== issuer) return url;
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        if (value) this.cookies.set(name!, value);
        else this.cookies.delete(name!);
      }
      const location = response.headers.get('location');
      if (!location) throw new Error(`${url.pathname}: ${response.status} ${await response.text()}`);
      url = new URL(location, url);
    }
    throw new Error('The provider sends us in circles');
  }
}

interface Journey {
  cookie: string;
  back: URL;
}

/** To the provider as somebody, and to the door of Plumbline again. */
async function journey(hint: string, jar = new Jar()): Promise<Journey> {
  const left = await t.anonymous.get('/auth/oidc').expect(302);
  const url = new URL(left.headers['location']!);
  url.searchParams.set('login_hint', hint);
  return { cookie: cookieIn(left), back: await jar.travel(url.href) };
}

const arrive = ({ cookie, back }: Journey, change: (query: URLSearchParams) => void = () => undefined) => {
  const query = new URLSearchParams(back.search);
  change(query);
  return t.anonymous.get(`/auth/oidc/callback?${query.toString()}`, cookie ? { cookie } : {});
};

const signIn = async (hint: string): Promise<Response> => arrive(await journey(hint));

const link = async (id: string, oidcSubject: string | null, version: number, status = 200): Promise<any> =>
  (
    await (
      await t.as('administrator')
    )
      .patch(`/users/${id}`, { oidcSubject, reason: 'as their card says' }, { 'if-match': `"${version}"` })
      .expect(status)
  ).body;

/** An account that is linked to a subject of the provider. */
async function aPerson(): Promise<{ id: string; username: string; subject: string }> {
  const [username, subject] = [`linked-${++made}`, `subject-${made}`];
  const { id } = await aNewUser(t, { username });
  await link(id as string, subject, 2);
  return { id, username, subject };
}

const clientOf = ({ body }: Response): Client =>
  new Client(t.app.getHttpServer(), body.accessToken as string);

describe('signing in elsewhere', () => {
  it('leaves with state, nonce and PKCE, and keeps what it needs sealed in the browser', async () => {
    const response = await t.anonymous.get('/auth/oidc').expect(302);
    const query = Object.fromEntries(new URL(response.headers['location']!).searchParams);
    expect(query).toEqual({
      client_id: 'plumbline',
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
      code_challenge: expect.stringMatching(/^.{43}$/),
      code_challenge_method: 'S256',
      max_age: '600',
    });
    const [cookie] = response.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/; Path=\/api\/v1\/auth\/oidc;.*HttpOnly; Secure; SameSite=Lax/);
    expect(Buffer.from(cookieIn(response).split('=')[1]!, 'base64url').toString()).not.toContain(
      query['state'],
    );
  });

  it('opens a session of the account that is linked, as the sign-in with a password does', async () => {
    const person = await aPerson();
    const response = await signIn(person.subject);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      accessToken: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      expiresIn: 8 * 3600,
      user: expect.objectContaining({ id: person.id, username: person.username }),
    });
    await clientOf(response).get('/auth/me').expect(200);
    expect((await eventsOf(t, person.id)).at(-1)).toMatchObject({ type: 'auth.signed-in' });
  });

  it('is refused to whom no account is linked, in the words of a wrong password', async () => {
    const wrong = await t.anonymous.post('/auth/login', { username: 'auditor', password: 'no' }).expect(401);
    const unlinked = await aPerson();
    await link(unlinked.id, null, 3);
    // Not by name either.
    for (const subject of ['somebody-else', 'auditor', unlinked.subject]) {
      const { status, body } = await signIn(subject);
      expect([status, { ...body, instance: '' }]).toEqual([401, { ...wrong.body, instance: '' }]);
    }
  });

  it('is refused to a disabled account', async () => {
    const person = await aPerson();
    const change = { status: 'DISABLED', reason: 'for the test' };
    const admin = await t.as('administrator');
    await admin.patch(`/users/${person.id}`, change, { 'if-match': '"3"' }).expect(200);
    expect((await signIn(person.subject)).status).toBe(401);
  });

  it('is refused when the provider refuses', async () => {
    const there = await journey('nobody');
    expect(there.back.searchParams.get('error')).toBe('access_denied');
    await arrive(there).expect(401);
  });

  it('takes a code once', async () => {
    const there = await journey((await aPerson()).subject);
    await arrive(there).expect(200);
    await arrive(there).expect(401);
  });

  it.each<[string, (there: Journey, other: Journey) => Response | PromiseLike<Response>]>([
    ['another browser', ({ back }) => arrive({ back, cookie: '' })],
    ['a browser that began another sign-in', ({ back }, { cookie }) => arrive({ back, cookie })],
    ['another state', (there) => arrive(there, (query) => query.set('state', 'A'.repeat(43)))],
    ['no state', (there) => arrive(there, (query) => query.delete('state'))],
    ['another code', (there) => arrive(there, (query) => query.set('code', 'A'.repeat(43)))],
    ['no code', (there) => arrive(there, (query) => query.delete('code'))],
    ['another issuer', (there) => arrive(there, (query) => query.set('iss', 'https://evil.example'))],
    ['a code twice', (there) => arrive(there, (query) => query.append('code', 'x'))],
    ['a made-up cookie', ({ back }) => arrive({ back, cookie: `plumbline-oidc=${'A'.repeat(200)}` })],
  ])('refuses to come back with %s', async (_, attempt) => {
    const person = await aPerson();
    const [there, other] = [await journey(person.subject), await journey(person.subject)];
    const response = await attempt(there, other);
    expect([response.status, response.body.type]).toEqual([401, '/problems/wrong-credentials']);
  });

  it('refuses somebody else’s code in one’s own journey, though its state were known: PKCE and nonce', async () => {
    const [victim, thief] = [
      await journey((await aPerson()).subject),
      await journey((await aPerson()).subject),
    ];
    const stolen = victim.back.searchParams.get('code')!;
    await arrive(thief, (query) => query.set('code', stolen)).expect(401);
  });

  it('wants to be back within ten minutes', async () => {
    const there = await journey((await aPerson()).subject);
    t.clock.advance({ minutes: 10, seconds: 1 });
    await arrive(there).expect(401);
  });
});

describe('what the provider proved', () => {
  const sessionOf = async (response: Response): Promise<object> =>
    (await clientOf(response).get('/auth/sessions').expect(200)).body[0];

  it('counts as a step-up when it was by several factors', async () => {
    const { subject } = await aPerson();
    const response = await signIn(`${subject} pwd otp mfa`);
    expect(await sessionOf(response)).toMatchObject({
      steppedUpWith: 'OIDC',
      steppedUpAt: expect.any(String),
    });
    await clientOf(response).post('/auth/factors/totp', { name: 'x' }).expect(201);
  });

  it('does not count as one otherwise: the password does', async () => {
    const { subject } = await aPerson();
    const response = await signIn(`${subject} pwd`);
    expect(await sessionOf(response)).toMatchObject({ steppedUpWith: null, steppedUpAt: null });
    const client = clientOf(response);
    await client.post('/auth/factors/totp', { name: 'x' }).expect(403);
    await client.post('/auth/step-up', { kind: 'PASSWORD', password: PASSWORD }).expect(200);
    await client.post('/auth/factors/totp', { name: 'x' }).expect(201);
  });

  it('never stands for a second factor that is enrolled here: whoever links an account cannot get in', async () => {
    const { subject } = await aPerson();
    const client = clientOf(await signIn(`${subject} mfa`));
    const { body: totp } = await client.post('/auth/factors/totp', { name: 'x' }).expect(201);
    const code = (): string => codeAt(totp.secret as string, t.clock.now());
    await client.post(`/auth/factors/totp/${totp.id}/confirm`, { code: code() }).expect(200);
    const awaited = await signIn(`${subject} mfa`);
    expect(awaited.body).toMatchObject({ secondFactor: ['TOTP'], ticket: expect.any(String) });
    expect(awaited.body).not.toHaveProperty('accessToken');
    t.clock.advance({ seconds: 30 });
    const proof = { ticket: awaited.body.ticket, kind: 'TOTP', code: code() };
    await t.anonymous.post('/auth/login/second-factor', proof).expect(200);
  });
});

describe('linking an account', () => {
  it('is done by an administrator, is in the trail, and holds for one account only', async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    const values = (await eventsOf(t, person.id)).find(({ type }) => type === 'user.updated')!.values;
    expect(values).toMatchObject({
      oidcSubject: { from: null, to: person.subject },
      reason: 'as their card says',
    });
    const taken = await link(other.id, person.subject, 3, 409);
    expect(taken).toMatchObject({ type: '/problems/subject-taken', errors: [{ pointer: '/oidcSubject' }] });
    for (const wrong of ['', 'x'.repeat(256)]) await link(other.id, wrong, 3, 400);
    await link(t.ids.users['administrator']!, 'me', 1, 403);
    const auditor = await t.as('auditor');
    const change = { oidcSubject: 'me', reason: 'for the test' };
    await auditor.patch(`/users/${t.ids.users['auditor']}`, change, { 'if-match': '"1"' }).expect(404);
  });
});

describe('the settings of it', () => {
  const whole = {
    PLUMBLINE_OIDC_ISSUER: 'https://id.example',
    PLUMBLINE_OIDC_CLIENT_ID: 'plumbline',
    PLUMBLINE_OIDC_CLIENT_SECRET: SECRET,
    PLUMBLINE_OIDC_REDIRECT_URI: REDIRECT_URI,
  };

  it('are all there or none', () => {
    expect(readConfig({}).oidc).toBeUndefined();
    expect(readConfig(whole).oidc).toEqual({
      issuer: 'https://id.example',
      clientId: 'plumbline',
      clientSecret: SECRET,
      redirectUri: REDIRECT_URI,
    });
    for (const name of Object.keys(whole)) {
      expect(() => readConfig({ ...whole, [name]: undefined })).toThrow(name);
    }
  });

  it.each([
    ['PLUMBLINE_OIDC_ISSUER', 'http://id.example'],
    ['PLUMBLINE_OIDC_ISSUER', 'nonsense'],
    ['PLUMBLINE_OIDC_REDIRECT_URI', 'http://plumbline.test/api/v1/auth/oidc/callback'],
    ['PLUMBLINE_OIDC_REDIRECT_URI', 'https://plumbline.test/elsewhere'],
  ])('refuse %s %s', (name, value) => {
    expect(() => readConfig({ ...whole, [name]: value })).toThrow(ConfigError);
  });

  it('take the secret from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-secret-'));
    const file = join(folder, 'secret');
    writeFileSync(file, `${SECRET}\n`);
    const fromFile = {
      ...whole,
      PLUMBLINE_OIDC_CLIENT_SECRET: undefined,
      PLUMBLINE_OIDC_CLIENT_SECRET_FILE: file,
    };
    expect(readConfig(fromFile).oidc).toMatchObject({ clientSecret: SECRET });
    rmSync(folder, { recursive: true });
    expect(() => readConfig(fromFile)).toThrow('PLUMBLINE_OIDC_CLIENT_SECRET_FILE');
  });
});

describe('a provider that cannot be asked', () => {
  it('is 503, and is asked again the next time', async () => {
    let broken: Server | undefined = createServer((_request, response) => response.writeHead(500).end());
    broken.listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as { port: number };
    const other = await startTestApp({
      PLUMBLINE_OIDC_ISSUER: `http://127.0.0.1:${port}`,
      PLUMBLINE_OIDC_CLIENT_ID: 'plumbline',
      PLUMBLINE_OIDC_CLIENT_SECRET: SECRET,
      PLUMBLINE_OIDC_REDIRECT_URI: REDIRECT_URI,
    });
    try {
      const { body } = await other.anonymous.get('/auth/oidc').expect(503);
      expect(body.type).toBe('/problems/provider-unavailable');
      broken.close();
      broken = undefined;
      await other.anonymous.get('/auth/oidc').expect(503);
    } finally {
      broken?.close();
      await other.stop();
    }
  });
});
