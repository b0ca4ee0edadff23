import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { API_PREFIX, configure } from '../../src/application.js';
import type { Actor } from '../../src/access/actor.js';
import { HistoryService } from '../../src/audit/history.service.js';
import { SessionsService } from '../../src/auth/sessions.service.js';
import { STEP_UP_MS } from '../../src/auth/step-up.guard.js';
import { Clock } from '../../src/common/clock.js';
import { readConfig } from '../../src/config.js';
import { setUpDemonstration } from '../../src/demo.js';
import { BUNDLE_PATIENCE } from '../../src/exports/case-bundle.service.js';
import { aDatabase, type TestDatabase } from './database.js';
import { demonstrationIds, type DemonstrationIds } from './demonstration.js';

export const PASSWORD = 'only for the tests';

/** A clock that the test sets. It runs on from there. */
export class TestClock extends Clock {
  private offset = 0;
  /** Until then the database has another time than the application. */
  settled: Promise<unknown> = Promise.resolve();

  constructor(private readonly sql?: TestDatabase['sql']) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }): void {
    this.offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    const moved = `CREATE OR REPLACE FUNCTION app.present() RETURNS timestamptz LANGUAGE sql STABLE
      AS 'SELECT now() + interval ''${this.offset} milliseconds'''`;
    this.settled = this.settled.then(() => this.sql?.(moved));
  }
}

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
export type Headers = Record<string, string>;

/** A signed-in person at the interface. Paths are relative to /api/v1. */
export class Client {
  constructor(
    private readonly server: any,
    public token: string | undefined,
  ) {}

  request(method: Method, path: string, headers: Headers = {}): request.Test {
    const test = request(this.server)[method](`/${API_PREFIX}${path}`).set(headers);
    // What the server answered belongs into the failure of an expectation.
    const expectStatus = test.expect.bind(test) as (...args: any[]) => request.Test;
    test.expect = (...args: any[]): request.Test =>
      typeof args[0] === 'number' && args.length === 1
        ? expectStatus((response: request.Response) => {
            if (response.status !== args[0]) {
              throw new Error(
                `${method} ${path}: ${response.status} instead of ${args[0]}: ${response.text}`,
              );
            }
          })
        : expectStatus(...args);
    // A proof of who one is gives another token.
    if (path === '/auth/step-up') {
      test.on('response', ({ body }: request.Response) => (this.token = body?.accessToken ?? this.token));
    }
    return this.token ? test.set('authorization', `Bearer ${this.token}`) : test;
  }

  get(path: string, headers?: Headers): request.Test {
    return this.request('get', path, headers);
  }

  post(path: string, body: object = {}, headers?: Headers): request.Test {
    return this.request('post', path, headers).send(body);
  }

  delete(path: string, headers?: Headers): request.Test {
    return this.request('delete', path, headers);
  }

  patch(path: string, body: object = {}, headers?: Headers): request.Test {
    return this.request('patch', path, headers).send(body);
  }
}

export interface TestApp {
  readonly app: NestExpressApplication;
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly clock: TestClock;
  readonly ids: DemonstrationIds;
  /** Signs in once and keeps the session. */
  as(username: string): Promise<Client>;
  /** Nobody: no session. */
  readonly anonymous: Client;
  /** Whoever has this session. */
  withToken(token: string): Client;
  readonly sql: TestDatabase['sql'];
  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T;
  stop(): Promise<void>;
}

/** Which entries of the trail to count: an alert about reading is the system's own, raised whenever a minute begins. */
export const OF_NO_ALERT = `position('"access-alert.raised"'::bytea IN body) = 0`;

/** The values of the events of a stream by name, as whoever holds the keys reads them. */
export async function eventsOf(
  t: Pick<TestApp, 'get'>,
  stream: string,
): Promise<{ type: string; target: { kind: string; id: string }; values: Record<string, any> }[]> {
  const events = [];
  for await (const { type, target, values } of t.get(HistoryService).all(stream)) {
    events.push({ type, target, values: Object.fromEntries(values.map(({ name, value }) => [name, value])) });
  }
  return events;
}

/** Who a signed-in person is to the services. */
export const actorAs = async (t: TestApp, username: string): Promise<Actor> =>
  (await t.get(SessionsService).actorOf((await t.as(username)).token!, { id: 'test' }))!;

/** The whole application on a database of its own, with the demonstration accounts. */
export async function startTestApp(
  env: NodeJS.ProcessEnv = {},
  { bundlePatience = 30_000 } = {},
): Promise<TestApp> {
  const database = await aDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'plumbline-data-'));
  const config = {
    ...readConfig({ LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent', PLUMBLINE_DATA_DIR: dataDir, ...env }),
    poolSize: 8,
  };
  const clock = new TestClock(database.sql);
  const module = await Test.createTestingModule({ imports: [AppModule.with(config, database)] })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(BUNDLE_PATIENCE)
    .useValue(bundlePatience)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  app.use((_request: unknown, _response: unknown, next: () => void) => void clock.settled.then(() => next()));
  configure(app, config);
  await app.init();
  await app.listen(0, '127.0.0.1');
  await setUpDemonstration(app, PASSWORD);

  const ids = await demonstrationIds(database.sql);
  const server = app.getHttpServer();
  const anonymous = new Client(server, undefined);
  const clients = new Map<string, { client: Promise<Client>; until: number }>();
  const signIn = async (username: string): Promise<Client> => {
    const { body } = await anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200);
    return new Client(server, body.accessToken);
  };
  return {
    app,
    database,
    dataDir,
    clock,
    ids,
    as: (username) => {
      // A proof of who somebody is lasts minutes: at a time to which the test moved the clock there is a new one.
      const now = clock.now().getTime();
      const kept = clients.get(username);
      if (kept && now < kept.until) return kept.client;
      const client = signIn(username);
      clients.set(username, { client, until: now + STEP_UP_MS / 2 });
      return client;
    },
    anonymous,
    withToken: (token) => new Client(server, token),
    sql: database.sql,
    get: (type) => app.get(type as Type, { strict: false }),
    stop: async () => {
      await app.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
