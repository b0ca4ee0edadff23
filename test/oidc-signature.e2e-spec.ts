import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { aNewUser } from './support/accounts.js';
import { startTestApp, type TestApp } from './support/app.js';

const CALLBACK = '/api/v1/auth/oidc/callback';
const REDIRECT_URI = `https://plumbline.test${CALLBACK}`;

interface Signer {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const aSigner = (): Signer => generateKeyPairSync('rsa', { modulusLength: 2048 });
const its = aSigner();
const strangers = aSigner();

/** A provider that signs as the test says, with the one key that it publishes. */
let provider: Server;
let issuer: string;
let t: TestApp;
/** How the next ID token is made. */
let made: { signer: Signer; nonce: string; alg: string; change?: (token: string) => string };

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function idToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: 'subject-1', aud: 'plumbline', nonce: made.nonce };
  const content = [
    base64url({ alg: made.alg, kid: 'one' }),
    base64url({ ...claims, iat: now, exp: now + 300, auth_time: now }),
  ].join('.');
  const signature =
    made.alg === 'none' ? '' : createSign('sha256').update(content).sign(made.signer.privateKey, 'base64url');
  return `${content}.${signature}`;
}

const answers: Record<string, () => object> = {
  '/.well-known/openid-configuration': () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }),
  '/jwks': () => ({
    keys: [{ ...its.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
  }),
  '/token': () => ({
    access_token: 'of no use here',
    token_type: 'bearer',
    id_token: made.change ? made.change(idToken()) : idToken(),
  }),
};

beforeAll(async () => {
  provider = createServer((incoming, response) => {
    const answer = answers[incoming.url ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer?.() ?? {}));
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  t = await startTestApp({
    PLUMBLINE_OIDC_ISSUER: issuer,
    PLUMBLINE_OIDC_CLIENT_ID: 'plumbline',
    PLUMBLINE_OIDC_CLIENT_SECRET: 'a secret between the two',
    PLUMBLINE_OIDC_REDIRECT_URI: REDIRECT_URI,
  });
  const administrator = await t.as('administrator');
  const body = await aNewUser(t, { username: 'linked' });
  await administrator
    .patch(
      `/users/${body.id}`,
      { oidcSubject: 'subject-1', reason: 'as their card says' },
      { 'if-match': '"2"' },
    )
    .expect(200);
});
afterAll(async () => {
  provider?.close();
  await t?.stop();
});

/** Back from the provider, with the ID token that it gives out next. */
async function comeBack(token: Partial<typeof made>, headers: Record<string, string> = {}) {
  const left = await t.anonymous.get('/auth/oidc').expect(302);
  const query = new URL(left.headers['location']!).searchParams;
  made = { signer: its, alg: 'RS256', nonce: query.get('nonce')!, ...token };
  const [cookie] = (left.headers['set-cookie'] as unknown as string[])[0]!.split(';');
  return request(t.app.getHttpServer())
    .get(`${CALLBACK}?code=any&state=${query.get('state')}`)
    .set({ cookie: cookie!, ...headers });
}

describe('the ID token', () => {
  it('opens a session when it is signed with the key that the provider publishes', async () => {
    const { status, body } = await comeBack({});
    expect(status).toBe(200);
    expect(body.user.username).toBe('linked');
  });

  it('opens none when it is signed with another key, though it came from the provider', async () => {
    const { status, body } = await comeBack({ signer: strangers });
    expect(status).toBe(401);
    expect(body.type).toBe('/problems/wrong-credentials');
  });

  it.each<[string, Partial<typeof made>]>([
    ['with none', { alg: 'none' }],
    [
      'over something else',
      {
        change: (token) => {
          const [header, claims, signature] = token.split('.');
          const said = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object;
          return `${header}.${base64url({ ...said, acr: 'phr' })}.${signature}`;
        },
      },
    ],
  ])('opens none when it is signed %s, though it came from the provider', async (_how, token) => {
    const { status, body } = await comeBack(token);
    expect(status).toBe(401);
    expect(body.type).toBe('/problems/wrong-credentials');
  });
});

describe('a browser that comes back', () => {
  it('is led to the console with what the provider sent, and nothing is taken yet', async () => {
    const { status, headers } = await comeBack({}, { 'sec-fetch-mode': 'navigate' });
    expect(status).toBe(303);
    expect(headers['location']).toMatch(/^\/sign-in\?code=any&state=.{43}$/);
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('gets its session in a cookie, for the page that asks for it', async () => {
    const { status, body, headers } = await comeBack(
      {},
      { 'session-in': 'cookie', 'sec-fetch-mode': 'cors' },
    );
    expect(status).toBe(200);
    expect(body.accessToken).toBeUndefined();
    expect(body.csrfToken).toEqual(expect.any(String));
    expect((headers['set-cookie'] as unknown as string[]).join()).toMatch(/__Host-plumbline=.{43};/);
  });

  it('is offered the provider, where there is one', async () => {
    expect((await t.anonymous.get('/auth/oidc/offered').expect(200)).body).toEqual({ oidc: true });
  });
});
