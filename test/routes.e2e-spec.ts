import { RequestMethod, type INestApplication } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { API_PREFIX, createApplication } from '../src/application.js';
import { readConfig } from '../src/config.js';
import { setUpDemonstration } from '../src/demo.js';
import { PASSWORD } from './support/app.js';
import { aDatabase, type TestDatabase } from './support/database.js';

/** Everything that answers without a session. Whoever adds to this list publishes a route. */
const operational = ['GET /health/live', 'GET /health/ready', 'GET /metrics'];
const login = `POST /${API_PREFIX}/auth/login`;
/** The reference describes the interface and holds no data. */
const isReference = (route: string): boolean =>
  /^GET \/api\/(docs(-yaml)?|openapi\.json)($|\/)/.test(route) && !route.includes(':');
/** The ways to a session: they ask for something else instead. */
const signIns = [
  login,
  `POST /${API_PREFIX}/auth/login/own-password`,
  `POST /${API_PREFIX}/auth/login/second-factor`,
  `GET /${API_PREFIX}/auth/oidc`,
  `GET /${API_PREFIX}/auth/oidc/offered`,
  `GET /${API_PREFIX}/auth/oidc/callback`,
];
/** For whoever reports without saying who they are. */
const sourceChannel = ['reports', 'receipts/answers', 'receipts/messages', 'receipts/identity'].map(
  (path) => `POST /${API_PREFIX}/public/${path}`,
);
const isPublic = (route: string): boolean =>
  [...operational, ...signIns, ...sourceChannel].includes(route) || isReference(route);

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
}

let app: INestApplication;
let database: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  database = await aDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'plumbline-data-'));
  const config = readConfig({ LOG_LEVEL: 'silent', PLUMBLINE_DATA_DIR: dataDir });
  // As production makes it, with the reference around it.
  app = await createApplication(config, database);
  await app.listen(0, '127.0.0.1');
  await setUpDemonstration(app, PASSWORD);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

const http = (route: string): request.Test => {
  const [method, path] = route.replaceAll(/:[A-Za-z]+/g, '01900000-0000-7000-8000-00000000dead').split(' ');
  const agent = request(app.getHttpServer());
  const test = agent[method!.toLowerCase() as 'get'](path!);
  return method === 'GET' ? test : test.send({});
};

const withToken = (route: string, token: string): request.Test =>
  http(route).set('authorization', `Bearer ${token}`);

const withoutSlash = (path: string): string => path.replace(/(.)\/$/, '$1');

/** A middleware is a layer of every method, and what answers 404 has none of its own; a route has one. */
const routesOf = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) => {
    const methods = Object.keys(route?.methods ?? {});
    const own = methods.length === 1 && !methods.includes('_all') ? methods : [];
    return [
      ...own.map((method) => `${method.toUpperCase()} ${withoutSlash(route!.path)}`),
      ...routesOf(handle?.stack ?? []),
    ];
  });

const registered = (): string[] => {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  return [...new Set(routesOf(router.stack))];
};

/** The same, as the decorators of the controllers say. */
function declared(): string[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as new () => object).prototype as Record<string, object>;
    const base = Reflect.getMetadata(PATH_METADATA, metatype as object) as string;
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
      const method = Reflect.getMetadata(METHOD_METADATA, prototype[name]!) as RequestMethod | undefined;
      if (method === undefined) return [];
      const path = `/${base}/${Reflect.getMetadata(PATH_METADATA, prototype[name]!) as string}`.replaceAll(
        /\/+/g,
        '/',
      );
      const prefix = /^\/(health|metrics)\b/.test(path) ? '' : `/${API_PREFIX}`;
      return [`${RequestMethod[method]} ${prefix}${withoutSlash(path)}`];
    });
  });
}

const expectRefusal = (response: request.Response, route: string): void => {
  const { status, headers, body } = response;
  expect({ route, status, body }).toMatchObject({
    route,
    status: 401,
    body: {
      type: '/problems/not-signed-in',
      title: 'Unauthorized',
      status: 401,
      instance: headers['x-request-id'],
    },
  });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(headers['www-authenticate']).toBe('Bearer');
};

describe('the routes', () => {
  it('are found, the known ones among them', () => {
    expect(registered().length).toBeGreaterThan(50);
    expect(registered()).toEqual(
      expect.arrayContaining([
        ...operational,
        login,
        'GET /api/openapi.json',
        'GET /api/v1/cases',
        'POST /api/v1/cases',
        'POST /api/v1/cases/:id/accept',
        'GET /api/v1/cases/:id/history',
        'PATCH /api/v1/allegations/:id',
        'POST /api/v1/users/:id/grants/:grantId/revoke',
      ]),
    );
  });

  it('are those of the controllers, and the reference', () => {
    const known = declared();
    expect(known.length).toBeGreaterThan(50);
    expect(
      registered()
        .filter((route) => !isReference(route))
        .sort(),
    ).toEqual(known.sort());
  });

  it('want a session, all but the public ones', async () => {
    const closed = registered().filter((route) => !isPublic(route));
    expect(closed.length).toBeGreaterThan(45);
    for (const route of closed) expectRefusal(await http(route), route);
  });

  it('take no token that no session has', async () => {
    const closed = registered().filter((route) => !isPublic(route));
    for (const route of closed) {
      expectRefusal(await withToken(route, randomBytes(32).toString('base64url')), route);
    }
  });

  it('are public only where it is meant', async () => {
    expect(
      registered()
        .filter((route) => isPublic(route) && !isReference(route))
        .sort(),
    ).toEqual([...operational, ...signIns, ...sourceChannel].sort());
    for (const route of sourceChannel) expect((await http(route)).status).toBe(400);
    for (const route of operational) expect((await http(route)).status).toBe(200);
    // It asks for a name and a password instead.
    for (const route of signIns.slice(0, 3)) expect((await http(route)).status).toBe(400);
    // There is no provider to go to, unless the settings name one.
    for (const route of signIns.slice(3)) {
      expect((await http(route)).status).toBe(route.endsWith('/offered') ? 200 : 404);
    }
  });
});

describe('the metrics', () => {
  it('are for this machine, which a request through a proxy does not come from', async () => {
    const response = await http('GET /metrics').set('x-forwarded-for', '127.0.0.1');
    expect(response.status).toBe(404);
    expect(response.text).not.toContain('http_request_duration_seconds');
  });
});

describe('a session', () => {
  const me = `GET /${API_PREFIX}/auth/me`;
  const signIn = async (): Promise<string> => {
    const credentials = { username: 'auditor', password: PASSWORD };
    const { body } = await http(login).send(credentials).expect(200);
    return body.accessToken;
  };

  let valid: string;
  beforeAll(async () => {
    valid = await signIn();
  });

  it('opens the routes', async () => {
    await withToken(me, valid).expect(200);
  });

  it.each([
    ['has another scheme', (token: string) => http(me).set('authorization', `Basic ${token}`)],
    ['has no scheme', (token: string) => http(me).set('authorization', token)],
    ['is cut short', (token: string) => withToken(me, token.slice(0, -1))],
    ['has something behind it', (token: string) => withToken(me, `${token}A`)],
    [
      'is changed in one place',
      (token: string) => withToken(me, (token.startsWith('A') ? 'B' : 'A') + token.slice(1)),
    ],
    ['is empty', () => withToken(me, '')],
    ['stands in the query', (token: string) => http(`${me}?access_token=${token}`)],
    ['stands in a cookie of the wrong name', (token: string) => http(me).set('cookie', `token=${token}`)],
    [
      'is the hash that the database keeps',
      async () => {
        const [row] = await database.sql<{ token_hash: Buffer }>(
          'SELECT token_hash FROM app.session LIMIT 1',
        );
        return withToken(me, row!.token_hash.toString('base64url'));
      },
    ],
  ])('is none when the token %s', async (_, send) => {
    expectRefusal(await send(valid), me);
  });

  it.each([
    ['its time is over', `expires_at = now() - interval '1 second'`],
    ['it was idle too long', `last_seen_at = now() - interval '15 minutes 1 second'`],
    ['it was revoked', 'revoked_at = now()'],
  ])('is none when %s', async (_, change) => {
    const token = await signIn();
    await withToken(me, token).expect(200);
    await database.sql(`UPDATE app.session SET ${change}`);
    expectRefusal(await withToken(me, token), me);
  });
});
