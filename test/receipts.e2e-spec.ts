import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { HistoryService } from '../src/audit/history.service.js';
import { reconcile } from '../src/audit/reconcile.js';
import { caseStatuses } from '../src/intake/case.states.js';
import { statusWords } from '../src/reports/status-words.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { aCase, deed, today } from './support/builders.js';
import { textOfAllTables } from './support/dump.js';
import { until } from './support/installation.js';

const CODE = /^\d{4} \d{4} \d{4} \d{4}$/;
const STATEMENT = 'They sell the seized motorcycles behind the station.';
const MESSAGE = 'One of them has the plate 7731.';
const ANSWER = 'Thank you. On which day did you see it?';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
// The limits count in real time.
afterEach(() => t.sql('DELETE FROM app.rate_limit'));

const report = async (body: object = {}, status = 201): Promise<any> =>
  (
    await t.anonymous
      .post('/public/reports', { organId: t.ids.organs.station2, statement: STATEMENT, ...body })
      .expect(status)
  ).body;
const source = async (what: string, body: object, status = 200): Promise<any> =>
  (await t.anonymous.post(`/public/receipts/${what}`, body).expect(status)).body;
const read = (code: string, status = 200) => source('answers', { code }, status);

/** The case that came in last. */
const newest = async (): Promise<any> =>
  (
    await t.sql(
      `SELECT id, received_at, registered_at, version FROM app."case" WHERE channel = 'WEB' ORDER BY reference DESC LIMIT 1`,
    )
  )[0];

/** A report from the public, with its code. */
async function aReport(): Promise<{ id: string; code: string }> {
  const { code } = await report();
  return { id: (await newest()).id, code };
}

describe('a report from the public', () => {
  it('is a registered case of that organ, which its intake reads, and answers a code once', async () => {
    const answer = await report({ category: 'RENT_SEEKING' });
    expect(answer).toEqual({ code: expect.stringMatching(CODE), issuedOn: today(t) });
    const { id } = await newest();
    const { body } = await (await t.as('intake-officer')).get(`/cases/${id}`).expect(200);
    expect(body).toMatchObject({
      status: 'REGISTERED',
      channel: 'WEB',
      organId: t.ids.organs.station2,
      statement: STATEMENT,
      categories: ['RENT_SEEKING'],
      reporter: { kind: 'ANONYMOUS', name: { $redacted: 'reporter' } },
    });
    await (await t.as('supervisor')).get(`/cases/${id}`).expect(200);
    expect((await textOfAllTables(t.database)).replaceAll(/\D/g, '')).not.toContain(
      answer.code.replaceAll(' ', ''),
    );
  });

  it('knows the day and not the hour, in its times and in its ids', async () => {
    const { id } = await aReport();
    const { received_at, registered_at } = await newest();
    const midnight = new Date(`${today(t)}T00:00:00+08:00`);
    expect([received_at, registered_at]).toEqual([midnight, midnight]);
    const [{ id: allegation, created_at }] = await t.sql(
      'SELECT id, created_at FROM app.allegation WHERE case_id = $1',
      [id],
    );
    expect(created_at).toEqual(midnight);
    for (const one of [id, allegation]) {
      expect(parseInt(one.replaceAll('-', '').slice(0, 12), 16)).toBe(midnight.getTime());
    }
  });

  it.each([
    ['no statement', { statement: '  ' }, '/statement'],
    ['no organ', { organId: undefined }, '/organId'],
    ['an organ that is not there', { organId: '01900000-0000-7000-8000-00000000beef' }, '/organId'],
    ['another category', { category: 'NOISE' }, '/category'],
    ['a field that is not asked for', { email: 'a@b.example' }, '/email'],
  ])('with %s is refused', async (_what, body, pointer) => {
    const { errors } = await report(body, 400);
    expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
  });
});

describe('a receipt', () => {
  it('opens the state of the case in plain words, and what both wrote', async () => {
    const { id, code } = await aReport();
    expect(await read(code)).toEqual({
      receivedOn: today(t),
      status: 'Your report has arrived and will be read.',
      messages: [],
    });
    await source('messages', { code, text: MESSAGE }, 201);
    const staff = await t.as('intake-officer');
    await staff.post(`/cases/${id}/messages`, { text: ANSWER }).expect(201);
    const { body } = await staff.get(`/cases/${id}/messages`).expect(200);
    expect(body).toEqual([
      { no: 1, from: 'REPORTER', text: MESSAGE, on: today(t), writtenBy: null },
      { no: 2, from: 'ORGAN', text: ANSWER, on: today(t), writtenBy: t.ids.users['intake-officer'] },
    ]);
    expect((await eventsOf(t, id)).at(-1)).toMatchObject({ type: 'message.read', values: { count: 2 } });
    // The reporter is not told who answered.
    expect((await read(code.replaceAll(' ', '-'))).messages).toEqual([
      { no: 1, from: 'REPORTER', text: MESSAGE, on: today(t) },
      { no: 2, from: 'ORGAN', text: ANSWER, on: today(t) },
    ]);
    await deed(t, 'supervisor', { id, version: 1 } as never, 'accept');
    expect((await read(code)).status).toBe('Your report was accepted.');
    const compared = await reconcile(t.get(WorkerDatabase), t.get(HistoryService), id);
    expect(compared.differences).toEqual([]);
  });

  it('has words for every state', () => {
    expect(Object.keys(statusWords).sort()).toEqual([...caseStatuses].sort());
  });

  it('leaves no event when it is read, and the texts only as values beside the trail', async () => {
    const { id, code } = await aReport();
    await source('messages', { code, text: MESSAGE }, 201);
    const before = await eventsOf(t, id);
    expect(before.at(-1)).toMatchObject({
      type: 'message.received',
      values: { 'reporter.message': MESSAGE },
    });
    await read(code);
    expect(await eventsOf(t, id)).toHaveLength(before.length);
    const all = await textOfAllTables(t.database);
    for (const text of [MESSAGE, ANSWER]) expect(all.includes(text)).toBe(false);
    // Whoever reads the history of the case does not read the correspondence in it.
    const { text } = await (await t.as('auditor')).get(`/cases/${id}/history`).expect(200);
    expect(text).not.toContain(MESSAGE);
    await (await t.as('auditor')).get(`/cases/${id}/messages`).expect(404);
  });

  it('that nobody has answers like one with a wrong digit', async () => {
    const { code } = await aReport();
    const last = code.at(-1) === '0' ? '1' : '0';
    const refused = { type: '/problems/unknown-receipt', instance: expect.any(String) };
    const wrong = await read(code.slice(0, -1) + last, 404);
    expect(wrong).toMatchObject(refused);
    const same = { ...wrong, instance: expect.any(String) };
    const nobodys = { code: '0000 0000 0000 0001' };
    expect(await source('answers', nobodys, 404)).toEqual(same);
    expect(await source('messages', { ...nobodys, text: 'x' }, 404)).toEqual(same);
    expect(await source('identity', { ...nobodys, name: 'x' }, 404)).toEqual(same);
  });

  it.each([
    '',
    '123',
    '1234 5678 9012 345',
    '1234 5678 9012 34567',
    'abcd efgh ijkl mnop',
    null,
    1234567890123456,
  ])('that is no code is refused with the field: %p', async (code) => {
    const { errors } = await source('answers', { code }, 400);
    expect(errors).toMatchObject([{ pointer: '/code' }]);
  });

  it('is tried so often a minute and no more, whether it is known or not, and without an address', async () => {
    const { code } = await aReport();
    for (const one of [code, '0000 0000 0000 0002']) {
      const statuses = [];
      for (let i = 0; i < 11; i++) {
        statuses.push((await t.anonymous.post('/public/receipts/answers', { code: one })).status);
      }
      expect(statuses.filter((status) => status === 429)).toHaveLength(1);
      expect(statuses.at(-1)).toBe(429);
    }
    const refused = await t.anonymous.post('/public/receipts/answers', { code }).expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const counted = await t.sql<{ key: string }>(`SELECT key FROM app.rate_limit WHERE key LIKE 'source%'`);
    expect(counted.length).toBe(4);
    // What counts the tries of a code does not tell of which receipt.
    const lookups = await t.sql<{ lookup: Buffer }>('SELECT lookup FROM vault.receipt');
    for (const { lookup } of lookups) {
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(JSON.stringify(counted)).not.toContain(lookup.toString(encoding));
      }
    }
  });

  it('cannot be guessed faster than all together may try', async () => {
    await t.sql(`INSERT INTO app.rate_limit (key, points, expire) VALUES ('source-codes:all', 120, $1)`, [
      Date.now() + 60_000,
    ]);
    await t.anonymous.post('/public/receipts/answers', { code: '0000 0000 0000 0003' }).expect(429);
    await t.sql(`INSERT INTO app.rate_limit (key, points, expire) VALUES ('source-reports:all', 60, $1)`, [
      Date.now() + 60_000,
    ]);
    await report({}, 429);
  });

  it('is handed out once for a case that an officer registered, by that officer, and kept nowhere', async () => {
    const c = await aCase(t, { reporter: { kind: 'ANONYMOUS' } });
    for (const who of ['supervisor', 'auditor', 'identity-custodian', 'petition-officer']) {
      const { status } = await (await t.as(who)).post(`/cases/${c.id}/receipt`);
      expect([403, 404]).toContain(status);
    }
    const intake = await t.as('intake-officer');
    const early = await intake.post(`/cases/${c.id}/messages`, { text: ANSWER }).expect(409);
    expect(early.body.type).toBe('/problems/no-receipt');
    const { body } = await intake
      .post(`/cases/${c.id}/Receipt/`, {}, { 'idempotency-key': 'receipt-1' })
      .expect(201);
    expect(body.code).toMatch(CODE);
    expect(await t.sql(`SELECT 1 FROM app.idempotency_key WHERE key = 'receipt-1'`)).toEqual([]);
    const { body: again } = await intake.post(`/cases/${c.id}/receipt`).expect(409);
    expect(again.type).toBe('/problems/receipt-issued');
    expect((await read(body.code)).messages).toEqual([]);
  });

  it('lets an anonymous reporter say who they are, to the custodian alone', async () => {
    const { id, code } = await aReport();
    await source('identity', { code, name: 'Known Later 后来', contact: '139 1111 2222' }, 204);
    const { type } = await source('identity', { code, name: 'Another' }, 409);
    expect(type).toBe('/problems/identity-given');
    const { body } = await (await t.as('supervisor')).get(`/cases/${id}`).expect(200);
    expect(body.reporter).toMatchObject({ kind: 'ANONYMOUS', name: { $redacted: 'reporter' } });
    expect((await textOfAllTables(t.database)).includes('Known Later')).toBe(false);

    const c = { id, version: 1 } as never;
    await deed(t, 'supervisor', c, 'accept');
    await (
      await t.as('supervisor')
    )
      .post(`/cases/${id}/investigators`, { userId: t.ids.users['investigator'] })
      .expect(201);
    const investigator = await t.as('investigator');
    const asked = await investigator
      .post(`/cases/${id}/identity-requests`, {
        purpose: 'PROTECT_REPORTER',
        reason: 'A message says that the reporter is followed home in the evening.',
      })
      .expect(201);
    await (
      await t.as('identity-custodian')
    )
      .post(`/identity-requests/${asked.body.id}/release`, { reason: 'their safety needs it' })
      .expect(200);
    const opened = await investigator.get(`/identity-requests/${asked.body.id}/identity`).expect(200);
    expect(opened.body).toMatchObject({ kind: 'ANONYMOUS', given: true, name: 'Known Later 后来' });
  });

  it('is gone after an erasure, with identity and messages', async () => {
    const { id, code } = await aReport();
    await source('messages', { code, text: MESSAGE }, 201);
    await source('identity', { code, name: 'To Be Erased' }, 204);
    await deed(t, 'supervisor', { id, version: 1 } as never, 'decline', { ground: 'NO_SUBSTANCE' });
    const order = { person: 'REPORTER', legalBasis: '个人信息保护法 47', reason: 'asked for in writing' };
    const { body } = await (
      await t.as('identity-custodian')
    )
      .post(`/cases/${id}/erasures`, order)
      .expect(201);
    await (
      await t.as('agency-head')
    )
      .post(`/erasures/${body.id}/confirm`, { reason: 'in order' })
      .expect(200);
    expect(
      await t.sql(
        `SELECT (SELECT count(sealed) FROM vault.identity WHERE case_id = $1)::int AS identities,
           (SELECT count(sealed) FROM vault.message WHERE case_id = $1)::int AS messages,
           (SELECT count(*) FROM vault.receipt WHERE case_id = $1)::int AS receipts`,
        [id],
      ),
    ).toEqual([{ identities: 0, messages: 0, receipts: 0 }]);
    await read(code, 404);
    const { body: messages } = await (await t.as('supervisor')).get(`/cases/${id}/messages`).expect(200);
    expect(messages).toMatchObject([{ no: 1, text: null }]);
    const compared = await reconcile(t.get(WorkerDatabase), t.get(HistoryService), id);
    expect(compared.differences).toEqual([]);
  });
});

describe('the source channel', () => {
  const ADDRESS = '203.0.113.77';
  const AGENT = 'planted-agent/7.7.31';
  const PROXY_ID = 'planted-request-id-4711';
  let program: ChildProcess;
  let log = '';
  let output = '';
  let address = '';

  beforeAll(async () => {
    // The compiled program itself, behind a proxy that it believes, and as talkative as it can be.
    program = spawn(process.execPath, ['dist/src/main.js'], {
      env: {
        ...process.env,
        DATABASE_URL: t.database.appUrl,
        PLUMBLINE_WORKER_DATABASE_URL: t.database.workerUrl,
        PLUMBLINE_DATA_DIR: t.dataDir,
        PLUMBLINE_TRUST_PROXY: 'loopback',
        PORT: '0',
        LOG_LEVEL: 'trace',
      },
    });
    program.stdout!.on('data', (data: Buffer) => (output += data.toString()));
    program.stderr!.on('data', (data: Buffer) => (log += data.toString()));
    while (!address) {
      address = /ready: +(http:\S+)\/api\/v1/.exec(output)?.[1] ?? '';
      if (program.exitCode !== null) throw new Error(`${output}${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(async () => {
    if (!program || program.exitCode !== null) return;
    const closed = once(program, 'close');
    program.kill('SIGTERM');
    await closed;
  });

  const send = async (path: string, body: object | string): Promise<{ status: number; body: any }> => {
    const response = await fetch(`${address}/api/v1/public/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': AGENT,
        'x-forwarded-for': ADDRESS,
        'x-request-id': PROXY_ID,
        'idempotency-key': 'planted-key-4711',
        referer: `https://${ADDRESS}/`,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.headers.get('x-request-id')).not.toBe(PROXY_ID);
    expect(response.headers.get('audit-receipt')).toBeNull();
    return { status: response.status, body: await response.json().catch(() => undefined) };
  };

  it('leaves no address, agent or code in any line of the log or any table', async () => {
    const { body, status } = await send('reports', {
      organId: t.ids.organs.station,
      statement: STATEMENT,
    });
    expect(status).toBe(201);
    const { code } = body;
    const wrong = '0000 0000 0000 0009';
    const sent = [
      await send('receipts/answers', { code }),
      await send('receipts/answers', { code: wrong }),
      await send('receipts/messages', { code, text: MESSAGE }),
      await send('receipts/identity', { code, name: 'Planted Name', contact: 'planted contact' }),
      await send('receipts/answers', { code: 'nonsense' }),
      await send('receipts/answers', `{"code": "${code}`),
    ];
    // One whose failure the program did not foresee.
    await t.sql('REVOKE EXECUTE ON FUNCTION vault.case_of_receipt FROM plumbline_app');
    sent.push(await send('receipts/answers', { code }));
    await t.sql('GRANT EXECUTE ON FUNCTION vault.case_of_receipt TO plumbline_app');
    expect(sent.map((one) => one.status)).toEqual([200, 404, 201, 204, 400, 400, 500]);

    const lines = (): string[] => log.split('\n').filter((line) => line.includes('/public/'));
    // The line of an answer may come after it.
    await until('every answer is in the log', () => lines().length >= 7);
    const tables = await textOfAllTables(t.database);
    const bare = (digits: string): string[] => [digits, digits.replaceAll(' ', '')];
    for (const planted of [
      ADDRESS,
      AGENT,
      PROXY_ID,
      'planted-key',
      'Planted Name',
      'planted contact',
      MESSAGE,
    ]) {
      expect([planted, log.includes(planted), tables.includes(planted)]).toEqual([planted, false, false]);
    }
    for (const digits of [...bare(code), ...bare(wrong)]) {
      expect([digits, log.includes(digits), tables.includes(digits)]).toEqual([digits, false, false]);
    }
    expect(lines().join('')).not.toMatch(/127\.0\.0\.1|::1/);
  });
});
