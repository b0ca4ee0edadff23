import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PASSWORD, startTestApp, type Headers, type TestApp } from './support/app.js';
import { anIntake } from './support/builders.js';

/** What must not stand in any line, whatever happens to the request. */
const SECRETS = {
  password: PASSWORD,
  wrongPassword: 'the one of the other account',
  username: 'intake-officer',
  name: 'Ouyang Whistle',
  contact: 'behind the mill',
  statement: 'They beat him in cell four',
  secondLine: 'and the chief looked on',
  indentedLine: 'at noon, in front of Zhao',
  query: 'words that somebody looks for',
  header: 'a-header-of-the-caller',
};

interface Line {
  level: number;
  time: number;
  requestId?: string;
  userId?: string;
  req?: { method: string; path: string };
  res?: { status: number };
  msg?: string;
  [member: string]: unknown;
}

let t: TestApp;
let program: ChildProcess;
let address: string;
let output = '';
let log = '';
/** What the failure answered. */
let answered = '';

beforeAll(async () => {
  t = await startTestApp();
  // The compiled program itself, on the database of the tests and as talkative as it can be.
  program = spawn(process.execPath, ['dist/src/main.js'], {
    env: {
      ...process.env,
      DATABASE_URL: t.database.appUrl,
      PLUMBLINE_WORKER_DATABASE_URL: t.database.workerUrl,
      PLUMBLINE_DATA_DIR: t.dataDir,
      PORT: '0',
      LOG_LEVEL: 'trace',
    },
  });
  program.stdout!.on('data', (data: Buffer) => (output += data.toString()));
  program.stderr!.on('data', (data: Buffer) => (log += data.toString()));
  for (;;) {
    const [, found] = /ready: +(http:\S+)\/api\/v1/.exec(output) ?? [];
    if (found) {
      address = found;
      return;
    }
    if (program.exitCode !== null) throw new Error(`${output}${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
afterAll(async () => {
  await stop();
  await t?.stop();
});

async function stop(): Promise<void> {
  if (!program || program.exitCode !== null) return;
  const closed = once(program, 'close');
  program.kill('SIGTERM');
  await closed;
}

async function send(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Response> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-secret': SECRETS.header, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return response;
}

interface Sent {
  readonly name: string;
  readonly id: string;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly userId: string | undefined;
}

/** One request of each kind, those that fail included. */
async function sendAll(): Promise<{ sent: Sent[]; token: string }> {
  const sent: Sent[] = [];
  const request = async (
    name: string,
    userId: string | undefined,
    ...[method, path, body, headers]: Parameters<typeof send>
  ): Promise<Response> => {
    const response = await send(method, path, body, headers);
    const id = response.headers.get('x-request-id')!;
    if (name === 'failure') answered = await response.clone().text();
    sent.push({ name, id, status: response.status, method, path: path.split('?')[0]!, userId });
    return response;
  };
  const { username, password, wrongPassword, query } = SECRETS;
  const me = t.ids.users[username]!;
  const login = '/api/v1/auth/login';
  await request('wrong password', undefined, 'POST', login, { username, password: wrongPassword });
  const { accessToken } = (await (
    await request('sign-in', me, 'POST', login, { username, password })
  ).json()) as {
    accessToken: string;
  };
  const auth = { authorization: `Bearer ${accessToken}` };
  const intake = anIntake(t, {
    reporter: { kind: 'NAMED', name: SECRETS.name, contact: SECRETS.contact },
    statement: `${SECRETS.statement}\n${SECRETS.secondLine}\n    ${SECRETS.indentedLine}`,
  });
  const cases = '/api/v1/cases';
  await request('intake', me, 'POST', cases, intake, { ...auth, 'idempotency-key': 'k-1' });
  await request('repeat', me, 'POST', cases, intake, { ...auth, 'idempotency-key': 'k-1' });
  await request('wrong input', me, 'POST', cases, { ...intake, [SECRETS.name]: SECRETS.contact }, auth);
  await request('malformed', undefined, 'POST', cases, `{"statement": "${SECRETS.statement}`, auth);
  await request('wrong type', undefined, 'POST', cases, SECRETS.statement, {
    ...auth,
    'content-type': 'text/plain',
  });
  await request('search', me, 'GET', `${cases}?q=${encodeURIComponent(query)}`, undefined, auth);
  await request(
    'wrong search',
    me,
    'GET',
    `${cases}?words=${encodeURIComponent(query)}&access_token=${accessToken}`,
    undefined,
    auth,
  );
  await request('unknown token', undefined, 'GET', cases, undefined, {
    authorization: `Bearer ${accessToken}x`,
  });
  await request('no route', undefined, 'GET', '/api/v1/nothing', undefined, auth);
  await request('health', undefined, 'GET', '/health/live');
  await request('broken address', undefined, 'GET', '/api/v1/cases/%E0', undefined, auth);

  // A failure whose message quotes what was to be stored, as those of a database do.
  await t.sql(`
    CREATE FUNCTION app.fail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'cannot store %', NEW.text USING DETAIL = NEW.text; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON app.statement FOR EACH ROW EXECUTE FUNCTION app.fail()`);
  await request('failure', me, 'POST', cases, intake, auth);
  await t.sql('DROP TRIGGER fail ON app.statement');
  await request('sign-out', me, 'POST', '/api/v1/auth/logout', undefined, auth);
  return { sent, token: accessToken };
}

describe('the log of the program', () => {
  let sent: Sent[];
  let token: string;
  let lines: Line[];
  const linesOf = (name: string): Line[] => {
    const { id } = sent.find((one) => one.name === name)!;
    return lines.filter(({ requestId }) => requestId === id);
  };

  beforeAll(async () => {
    ({ sent, token } = await sendAll());
    await stop();
    lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  });

  it('got every kind of request', () => {
    expect(Object.fromEntries(sent.map(({ name, status }) => [name, status]))).toEqual({
      'wrong password': 401,
      'sign-in': 200,
      intake: 201,
      repeat: 201,
      'wrong input': 400,
      malformed: 400,
      'wrong type': 415,
      search: 200,
      'wrong search': 400,
      'unknown token': 401,
      'no route': 404,
      'broken address': 400,
      health: 200,
      failure: 500,
      'sign-out': 204,
    });
  });

  it('is of JSON lines with level and time, on standard error only', () => {
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(Number), time: expect.any(Number) });
    }
    expect(output).not.toMatch(/^\s*\{/m);
    for (const { id } of sent) expect(output).not.toContain(id);
  });

  it('names nothing twice in one line, which readers of JSON may understand in two ways', () => {
    const twice = log
      .trim()
      .split('\n')
      .filter((line) => JSON.stringify(JSON.parse(line)) !== line);
    expect(twice).toEqual([]);
  });

  it('has one line for each request, with its id, who sent it, where to and what became of it', () => {
    // An address that cannot be read goes to no route, and so to no log of one.
    for (const { id, status, method, path, userId, name } of sent.filter(
      (one) => one.name !== 'broken address',
    )) {
      const own = lines.filter(({ requestId, res }) => requestId === id && res !== undefined);
      expect({ name, own }).toMatchObject({ name, own: [{ req: { method, path }, res: { status } }] });
      expect({ name, userId: own[0]!.userId }).toEqual({ name, userId });
    }
  });

  it('alone tells of it: the answer to a failure says nothing but where to ask', () => {
    expect(JSON.parse(answered)).toEqual({
      type: '/problems/internal-error',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong here. Give this number to your administrator.',
      instance: sent.find(({ name }) => name === 'failure')!.id,
    });
  });

  it('tells of a failure as an error, with its id and where it happened', () => {
    const [failure] = linesOf('failure').filter(({ res }) => res === undefined);
    expect(failure).toMatchObject({ level: 50, requestId: expect.any(String), error: 'QueryFailedError' });
    expect(failure!['stack']).toMatch(/^\s+at /);
    expect(failure!['stack']).toContain('registration.service');
    expect(linesOf('failure').find(({ res }) => res)).toMatchObject({ level: 50 });
    for (const { name } of sent.filter(({ status }) => status < 500)) {
      for (const { level } of linesOf(name)) expect(level).toBeLessThan(50);
    }
  });

  it.each(Object.entries(SECRETS))('holds no %s', (_, secret) => {
    expect(log.includes(secret)).toBe(false);
    expect(log.includes(encodeURIComponent(secret))).toBe(false);
    expect(output.includes(secret)).toBe(false);
  });

  it('holds no token, no digest of one, and no statement of SQL', async () => {
    expect(log).not.toContain(token);
    const [row] = await t.sql<{ token_hash: Buffer }>(
      'SELECT token_hash FROM app.session ORDER BY created_at DESC LIMIT 1',
    );
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(log).not.toContain(row!.token_hash.toString(encoding));
    }
    expect(log).not.toMatch(/\b(INSERT INTO|UPDATE|SELECT) /);
  });

  it('holds nothing of a request but what is named here', () => {
    const expected = [
      'context',
      'hostname',
      'level',
      'msg',
      'pid',
      'req',
      'requestId',
      'res',
      'responseTime',
      'time',
      'userId',
    ];
    for (const { req, res, err, ...rest } of lines.filter((line) => line.req)) {
      expect(Object.keys(req!)).toEqual(['method', 'path']);
      expect(Object.keys(res!)).toEqual(['status']);
      expect(Object.keys(err ?? { type: '', stack: '' })).toEqual(['type', 'stack']);
      expect(Object.keys(rest).filter((member) => !expected.includes(member))).toEqual([]);
    }
  });
});

describe('the id of a request', () => {
  it.each(['abcdefgh', 'a-proxy.gave_it-2026', 'x'.repeat(100)])(
    'is the one that a proxy gave: %s',
    async (id) => {
      const { headers, body } = await t.anonymous.get('/cases', { 'x-request-id': id }).expect(401);
      expect([headers['x-request-id'], body.instance]).toEqual([id, id]);
    },
  );

  it.each(['short', 'with space in it', '{"level":60}', 'x'.repeat(101), '<script>alert(1)</script>'])(
    'is a new one when what was sent is none: %s',
    async (id) => {
      const { headers, body } = await t.anonymous.get('/cases', { 'x-request-id': id }).expect(401);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.instance).toBe(headers['x-request-id']);
    },
  );
});
