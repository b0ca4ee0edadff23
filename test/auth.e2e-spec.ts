import { createMongoAbility, subject, type RawRuleOf, type MongoAbility } from '@casl/ability';
import type { Response } from 'supertest';
import { TRIES_BEFORE_LOCKOUT } from '../src/auth/attempts.js';
import { legalDay } from '../src/common/clock.js';
import { aNewUser } from './support/accounts.js';
import { Client, PASSWORD, startTestApp, type Headers, type TestApp } from './support/app.js';
import { racing } from './support/races.js';

const EIGHT_HOURS = 8 * 60 * 60;
const MINUTE_MS = 60_000;

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
// The limits count in real time, and all of this file comes from one address.
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const login = (username: unknown, password: unknown = PASSWORD, headers: Headers = {}) =>
  t.anonymous.post('/auth/login', { username, password }, headers);

/** A session of its own: the one that TestApp keeps would be idle once the clock has gone on. */
async function signIn(username: string): Promise<Client> {
  const { body } = await login(username).expect(200);
  return new Client(t.app.getHttpServer(), body.accessToken as string);
}

const idOf = (username: string): string => t.ids.users[username]!;

/** What a caller sees of an answer, without what differs from request to request anyway. */
const visible = ({ status, headers, body }: Response): object => ({
  status,
  headers: { ...headers, date: '', 'x-request-id': '' },
  problem: { ...body, instance: '' },
});

const pointers = (body: { errors: { pointer: string }[] }): string[] => [
  ...new Set(body.errors.map(({ pointer }) => pointer)),
];

/** The events of a stream, the oldest first. */
async function eventsOf(stream: string): Promise<{ type: string; target: { kind: string; id: string } }[]> {
  const rows = await t.sql<{ body: { type: string; target: { kind: string; id: string } } }>(
    `SELECT convert_from(body, 'UTF8')::json AS body FROM audit.entry WHERE stream = $1 ORDER BY seq`,
    [stream],
  );
  return rows.map(({ body }) => body);
}

/** The count of a limiter, as if so many had come before. */
const counted = (key: string, points: number, seconds: number): Promise<unknown> =>
  t.sql('INSERT INTO app.rate_limit (key, points, expire) VALUES ($1, $2, $3)', [
    key,
    points,
    Date.now() + seconds * 1000,
  ]);

const letPass = (key: string, seconds: number): Promise<unknown> =>
  t.sql('UPDATE app.rate_limit SET expire = expire - $2 WHERE key = $1', [key, seconds * 1000]);

/** An account of its own, without a role. */
let made = 0;
const aUser = (admin: Client): Promise<{ id: string; username: string }> =>
  aNewUser(t, { username: `new-user-${++made}` }, admin);

const changeUser = (admin: Client, id: string, change: object) =>
  admin.patch(`/users/${id}`, { ...change, reason: 'for the test' }, { 'if-match': '"2"' }).expect(200);

describe('signing in', () => {
  it('answers with a token, its time, and the user with the grants in force', async () => {
    const response = await login('auditor').expect(200);
    expect(response.body).toEqual({
      accessToken: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      expiresIn: EIGHT_HOURS,
      user: {
        id: idOf('auditor'),
        username: 'auditor',
        displayName: 'Demo auditor',
        officerId: null,
        grants: [{ role: 'AUDITOR', organId: t.ids.organs.ministry }],
      },
    });
    expect(response.headers['cache-control']).toBe('no-store');
    const client = new Client(t.app.getHttpServer(), response.body.accessToken as string);
    await client.get('/auth/me').expect(200);
  });

  it('gives another token each time', async () => {
    const tokens = [await login('auditor'), await login('auditor')].map(
      ({ body }) => body.accessToken as string,
    );
    expect(new Set(tokens).size).toBe(2);
  });

  it('takes the name in capital letters and with spaces around it, but not the password', async () => {
    const { body } = await login(' Auditor ').expect(200);
    expect(body.user.id).toBe(idOf('auditor'));
    await login('auditor', ` ${PASSWORD} `).expect(401);
    await login('auditor', PASSWORD.toUpperCase()).expect(401);
  });

  it('answers alike to a wrong password, an unknown name and a disabled account', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    await changeUser(admin, id, { status: 'DISABLED' });
    const wrong = await login('auditor', 'not the password').expect(401);
    const unknown = await login('nobody-of-this-name', 'not the password').expect(401);
    const disabled = await login(username).expect(401);
    expect(wrong.body).toMatchObject({ type: '/problems/wrong-credentials', instance: expect.any(String) });
    expect(visible(unknown)).toEqual(visible(wrong));
    expect(visible(disabled)).toEqual(visible(wrong));
  });

  it('lets nobody in as the system itself', async () => {
    await login('plumbline', '').expect(400);
    await login('plumbline', 'null').expect(401);
  });

  it.each<[string, object, string[]]>([
    ['no field', {}, ['/username', '/password']],
    ['no password', { username: 'auditor' }, ['/password']],
    ['no name', { password: PASSWORD }, ['/username']],
    ['an empty name', { username: '', password: PASSWORD }, ['/username']],
    ['null for both', { username: null, password: null }, ['/username', '/password']],
    ['a list as the name', { username: ['auditor'], password: PASSWORD }, ['/username']],
    ['an object as the password', { username: 'auditor', password: { $ne: 1 } }, ['/password']],
    ['a name that is too long', { username: 'a'.repeat(65), password: PASSWORD }, ['/username']],
    ['a password that is too long', { username: 'auditor', password: 'a'.repeat(201) }, ['/password']],
    ['an unknown field', { username: 'auditor', password: PASSWORD, remember: true }, ['/remember']],
    ['a list as the body', [], ['/username', '/password']],
    ['a list of bodies', [{ username: 'auditor', password: PASSWORD }], ['/username', '/password']],
  ])('refuses %s with a pointer, and counts it against nobody', async (_, body, expected) => {
    const response = await t.anonymous.post('/auth/login', body).expect(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(pointers(response.body).sort()).toEqual(expected.sort());
    expect(await t.sql('SELECT key FROM app.rate_limit')).toEqual([]);
  });

  it('without any body asks for both fields', async () => {
    const { body } = await t.anonymous.request('post', '/auth/login').expect(400);
    expect(pointers(body)).toEqual(['/username', '/password']);
  });

  it('leaves events in the stream of the user, and a receipt of the last one', async () => {
    const user = idOf('appeal-reviewer');
    const before = (await eventsOf(user)).length;
    await login('appeal-reviewer', 'not the password').expect(401);
    const response = await login('appeal-reviewer').expect(200);
    const client = new Client(t.app.getHttpServer(), response.body.accessToken as string);
    const out = await client.post('/auth/logout').expect(204);

    const events = (await eventsOf(user)).slice(before);
    expect(events.map(({ type }) => type)).toEqual([
      'auth.sign-in-refused',
      'auth.signed-in',
      'auth.signed-out',
    ]);
    expect(events[0]!.target).toEqual({ kind: 'user', id: user });
    expect(events[1]!.target).toEqual(events[2]!.target);
    const leaves = await t.sql<{ leaf: string }>(
      `SELECT encode(leaf, 'base64') AS leaf FROM audit.entry WHERE stream = $1 ORDER BY seq`,
      [user],
    );
    const receipt = (seq: number): string => `${user} ${seq} ${leaves[seq]!.leaf}`;
    expect(response.headers['audit-receipt']).toBe(receipt(before + 1));
    expect(out.headers['audit-receipt']).toBe(receipt(before + 2));
  });
});

describe('guessing a password', () => {
  it('locks the name after so many failures, even for the right password, until the time is over', async () => {
    for (let i = 0; i < TRIES_BEFORE_LOCKOUT; i++) await login('chief-inspector', `guess ${i}`).expect(401);
    const locked = await login('Chief-Inspector').expect(429);
    expect(locked.body).toMatchObject({ type: '/problems/too-many-failures', status: 429 });
    const wait = Number(locked.headers['retry-after']);
    expect(wait).toBeGreaterThan(14 * 60);
    expect(wait).toBeLessThanOrEqual(15 * 60);
    // Others are not locked with it.
    await login('auditor').expect(200);

    await letPass('failures:chief-inspector', wait - 30);
    await login('chief-inspector').expect(429);
    await letPass('failures:chief-inspector', 31);
    await login('chief-inspector').expect(200);
  });

  it('locks a name that nobody has just the same', async () => {
    await counted('failures:nobody', TRIES_BEFORE_LOCKOUT - 1, 900);
    await counted('failures:legal-reviewer', TRIES_BEFORE_LOCKOUT - 1, 900);
    await login('nobody', 'guess').expect(401);
    await login('legal-reviewer', 'guess').expect(401);
    const withoutTime = (response: Response): string =>
      JSON.stringify(visible(response)).replaceAll(/\b(8\d\d|900)\b/g, '');
    const [nobody, somebody] = [await login('nobody', 'guess'), await login('legal-reviewer', 'guess')];
    expect(nobody.status).toBe(429);
    expect(withoutTime(nobody)).toBe(withoutTime(somebody));
  });

  it('starts from nought after the right password', async () => {
    await counted('failures:auditor', TRIES_BEFORE_LOCKOUT - 1, 900);
    await login('auditor').expect(200);
    await login('auditor', 'guess').expect(401);
    await login('auditor').expect(200);
  });

  it('is counted by account, right passwords included', async () => {
    await counted('account:auditor', 19, 60);
    await login('auditor').expect(200);
    const refused = await login('auditor').expect(429);
    expect(refused.body.type).toBe('/problems/too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await login('supervisor').expect(200);
    await letPass('account:auditor', 60);
    await login('auditor').expect(200);
  });

  it('is counted by address, whatever the name, and whatever address the caller claims', async () => {
    await counted('address:127.0.0.1', 99, 60);
    await login('auditor').expect(200);
    for (const headers of [
      {},
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=203.0.113.7' },
    ] as Headers[]) {
      const { body } = await login('supervisor', PASSWORD, headers).expect(429);
      expect(body.type).toBe('/problems/too-many-requests');
    }
    await letPass('address:127.0.0.1', 60);
    await login('supervisor').expect(200);
  });
});

describe('a session', () => {
  it('ends when it is idle for a quarter of an hour, and each use starts that time again', async () => {
    const client = await signIn('auditor');
    for (let i = 0; i < 3; i++) {
      t.clock.advance({ minutes: 14 });
      await client.get('/auth/me').expect(200);
    }
    t.clock.advance({ minutes: 15, seconds: 1 });
    const { body } = await client.get('/auth/me').expect(401);
    expect(body.type).toBe('/problems/not-signed-in');
    // Asking did not wake it.
    await client.get('/auth/me').expect(401);
  });

  it('ends after eight hours, however busy it was', async () => {
    const client = await signIn('auditor');
    for (let minutes = 0; minutes < 8 * 60 - 14; minutes += 14) {
      t.clock.advance({ minutes: 14 });
      await client.get('/auth/me').expect(200);
    }
    t.clock.advance({ minutes: 5 });
    await client.get('/auth/me').expect(401);
  });

  it('ends with the logout, and no other one with it', async () => {
    const [client, other] = [await signIn('auditor'), await signIn('auditor')];
    const { text } = await client.post('/auth/logout').expect(204);
    expect(text).toBe('');
    await client.get('/auth/me').expect(401);
    await client.get('/cases').expect(401);
    await client.post('/auth/logout').expect(401);
    await other.get('/auth/me').expect(200);
  });

  it('ends with the account, which cannot sign in again until it is enabled', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const client = await signIn(username);
    await changeUser(admin, id, { status: 'DISABLED' });
    await client.get('/auth/me').expect(401);
    await login(username).expect(401);
    await admin
      .patch(`/users/${id}`, { status: 'ACTIVE', reason: 'back again' }, { 'if-match': '"3"' })
      .expect(200);
    await client.get('/auth/me').expect(401);
    await login(username).expect(200);
  });

  it('is none for an account that was disabled by hand, past the application', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const client = await signIn(username);
    await t.sql('ALTER TABLE app.user_account DISABLE TRIGGER ALL');
    await t.sql(`UPDATE app.user_account SET status = 'DISABLED' WHERE id = $1`, [id]);
    await t.sql('ALTER TABLE app.user_account ENABLE TRIGGER ALL');
    await client.get('/auth/me').expect(401);
  });
});

describe('a sign-in that meets a change of its account', () => {
  const changes: [string, (admin: Client, id: string) => Promise<Response>][] = [
    ['a new password', async (admin, id) => admin.post(`/users/${id}/password`, { reason: 'for the test' })],
    [
      'the end of the account',
      async (admin, id) =>
        admin.patch(`/users/${id}`, { status: 'DISABLED', reason: 'for the test' }, { 'if-match': '"2"' }),
    ],
  ];
  const lock = 'SELECT 1 FROM app.user_account WHERE id = $1 FOR UPDATE';

  it.each(changes)('opens no session once %s is in', async (_what, change) => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    // The old password is checked while the change waits to commit, and was right.
    const [changed, signedIn] = await racing(
      t,
      lock,
      [id],
      [() => change(admin, id), async () => login(username)],
      true,
    );
    expect([changed!.status, signedIn!.status]).toEqual([200, 401]);
    expect(signedIn!.body.type).toBe('/problems/wrong-credentials');
  });

  it.each(changes)('has its session ended by %s that comes after it', async (_what, change) => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const [signedIn, changed] = await racing(
      t,
      lock,
      [id],
      [async () => login(username), () => change(admin, id)],
      true,
    );
    expect([signedIn!.status, changed!.status]).toEqual([200, 200]);
    await new Client(t.app.getHttpServer(), signedIn!.body.accessToken as string).get('/auth/me').expect(401);
  });
});

describe('/auth/me', () => {
  type Rules = RawRuleOf<MongoAbility>[];
  const abilityOf = async (username: string): Promise<MongoAbility> => {
    const { body } = await (await signIn(username)).get('/auth/me').expect(200);
    return createMongoAbility(body.rules as Rules);
  };

  it('tells who is signed in, in which roles', async () => {
    const client = await signIn('officer');
    const { body } = await client.get('/auth/me').expect(200);
    const grants = [{ role: 'OFFICER', organId: t.ids.organs.ministry }];
    expect(body).toEqual({
      user: {
        id: idOf('officer'),
        username: 'officer',
        displayName: 'Demo officer',
        officerId: t.ids.officers[0],
        grants,
      },
      session: {
        createdAt: expect.any(String),
        lastSeenAt: expect.any(String),
        idleEndsAt: expect.any(String),
        expiresAt: expect.any(String),
        steppedUpAt: expect.any(String),
        secondFactorWanted: false,
      },
      grants,
      rules: expect.any(Array),
      notices: [],
    });
  });

  it('gives the rules by which a client can decide what to show', async () => {
    const intake = await abilityOf('intake-officer');
    const here = { organId: t.ids.organs.county };
    expect(intake.can('create', subject('Case', { ...here }))).toBe(true);
    expect(intake.can('create', subject('Case', { organId: 'elsewhere' }))).toBe(false);
    expect(intake.can('accept', subject('Case', { ...here }))).toBe(false);
    const supervisor = await abilityOf('supervisor');
    expect(supervisor.can('accept', subject('Case', { ...here }))).toBe(true);
  });

  it('gives the administrator no case', async () => {
    const administrator = await abilityOf('administrator');
    expect(administrator.can('read', 'Case')).toBe(false);
    expect(administrator.can('create', 'User')).toBe(true);
  });
});

describe('a grant', () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;
  const dayIn = (days: number): string => legalDay(new Date(t.clock.now().getTime() + days * DAY_MS));
  const grantsOf = async (username: string): Promise<unknown[]> => {
    const client = await signIn(username);
    const { body } = await client.get('/auth/me').expect(200);
    // What is said and what is allowed agree.
    await client.get('/users').expect(body.grants.length > 0 ? 200 : 403);
    return body.grants;
  };

  it('gives nothing before its first day and nothing after its last', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const role = { role: 'ADMINISTRATOR', organId: t.ids.organs.county };
    const days = { validFrom: dayIn(1), validTo: dayIn(2), reason: 'stands in for a colleague' };
    await admin.post(`/users/${id}/grants`, { ...role, ...days }).expect(201);

    expect(await grantsOf(username)).toEqual([]);
    t.clock.advance({ days: 1 });
    expect(await grantsOf(username)).toEqual([role]);
    t.clock.advance({ days: 1 });
    expect(await grantsOf(username)).toEqual([role]);
    t.clock.advance({ days: 1 });
    expect(await grantsOf(username)).toEqual([]);
  });

  it('gives nothing from the moment in which it is revoked', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const dto = { role: 'ADMINISTRATOR', organId: t.ids.organs.county, reason: 'for the test' };
    const { body } = await admin.post(`/users/${id}/grants`, dto).expect(201);
    const client = await signIn(username);
    await client.get('/users').expect(200);
    await admin.post(`/users/${id}/grants/${body.id}/revoke`, { reason: 'no longer' }).expect(200);
    await client.get('/users').expect(403);
  });

  it('gives nothing that it does not name: an account without one reads no case and no user', async () => {
    const { username } = await aUser(await signIn('administrator'));
    const client = await signIn(username);
    expect((await client.get('/cases').expect(200)).body).toEqual({ items: [], nextCursor: null });
    await client.get('/users').expect(403);
  });
});

describe('secrets', () => {
  /** Everything that every table holds, as text; bytes as hexadecimal digits. */
  async function wholeDatabase(): Promise<string> {
    const tables = await t.sql<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts = [];
    for (const { name } of tables) {
      const [row] = await t.sql<{ text: string | null }>(
        `SELECT string_agg(t::text, E'\\n') AS text FROM ${name} t`,
      );
      texts.push(row?.text ?? '');
    }
    return texts.join('\n');
  }

  const spellings = (secret: string): string[] => [
    secret,
    Buffer.from(secret, 'utf8').toString('hex'),
    Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
    Buffer.from(secret, 'base64url').toString('hex'),
  ];

  it('do not lie in the database in clear: no token, no password, even when a repeat is asked for', async () => {
    const admin = await signIn('administrator');
    const { id, username } = await aUser(admin);
    const [token, repeated] = await Promise.all(
      [{}, { 'idempotency-key': 'sign-in-1' }].map(
        async (headers) =>
          (await login(username, PASSWORD, headers as Headers).expect(200)).body.accessToken as string,
      ),
    );
    const { body } = await admin
      .post(`/users/${id}/password`, { reason: 'forgotten' }, { 'idempotency-key': 'password-1' })
      .expect(200);
    const password = body.firstPassword as string;
    expect(password).toMatch(/^[a-z2-9-]{23}$/);
    await login(username, 'a wrong one, typed by mistake').expect(401);

    const everything = await wholeDatabase();
    // It looks at the right place: names and digests are there.
    expect(everything).toContain(username);
    expect(everything).toContain('$argon2id$');
    for (const secret of [token!, repeated!, password, PASSWORD, 'a wrong one, typed by mistake']) {
      for (const spelling of spellings(secret)) expect(everything.includes(spelling)).toBe(false);
    }
  });

  it('are new for each sign-in, even with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'sign-in-2' };
    const [first, second] = [
      await login('auditor', PASSWORD, headers),
      await login('auditor', PASSWORD, headers),
    ];
    expect(Object.keys(second.body as object)).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(second.body.accessToken).not.toBe(first.body.accessToken);
  });
});
