import type { Response } from 'supertest';
import { OF_NO_ALERT, startTestApp, type Client, type Headers, type TestApp } from './support/app.js';
import { aCase, anAllegation, anIntake } from './support/builders.js';
import { racing } from './support/races.js';

let t: TestApp;
let intake: Client;
let petitions: Client;
let supervisor: Client;
beforeAll(async () => {
  t = await startTestApp();
  [intake, petitions, supervisor] = await Promise.all([
    t.as('intake-officer'),
    t.as('petition-officer'),
    t.as('supervisor'),
  ]);
});
afterAll(() => t?.stop());

let last = 0;
const aKey = (): string => `key-${++last}`;
const repeatable = (key: string, more: Headers = {}): Headers => ({ 'idempotency-key': key, ...more });

const register = (client: Client, key: string, overrides: Record<string, unknown> = {}) =>
  client.post('/cases', anIntake(t, overrides), repeatable(key));

const cases = async (): Promise<number> =>
  (await t.sql<{ n: number }>('SELECT count(*)::int AS n FROM app."case"'))[0]!.n;
const events = async (): Promise<number> =>
  (await t.sql<{ n: number }>(`SELECT count(*)::int AS n FROM audit.entry WHERE ${OF_NO_ALERT}`))[0]!.n;
const keys = async (key: string): Promise<number> =>
  (await t.sql<{ n: number }>('SELECT count(*)::int AS n FROM app.idempotency_key WHERE key = $1', [key]))[0]!
    .n;

/** Does the work and tells how many cases and events it left. */
async function adds<T>(work: () => Promise<T>): Promise<{ result: T; cases: number; events: number }> {
  const before = { cases: await cases(), events: await events() };
  const result = await work();
  return { result, cases: (await cases()) - before.cases, events: (await events()) - before.events };
}

const expectSameAnswer = (second: Response, first: Response): void => {
  expect(second.status).toBe(first.status);
  expect(second.body).toEqual(first.body);
  for (const header of ['audit-receipt', 'etag', 'content-type'])
    expect(second.headers[header]).toBe(first.headers[header]);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect(second.headers['idempotency-replayed']).toBe('true');
};

describe('a request with an Idempotency-Key', () => {
  it('is answered again as the first time, with the same receipts, and stored once', async () => {
    const key = aKey();
    const { result: first, ...added } = await adds(() => register(intake, key).expect(201));
    expect(added.cases).toBe(1);
    expect((first.headers['audit-receipt'] as string).split(', ')).toHaveLength(added.events);

    const again = await adds(() => register(intake, key));
    expectSameAnswer(again.result, first);
    const third = await adds(() => register(intake, key));
    expectSameAnswer(third.result, first);
    expect([again.cases, again.events, third.cases, third.events]).toEqual([0, 0, 0, 0]);
  });

  it('is stored each time with another key, or with none', async () => {
    const added = await adds(async () => {
      await register(intake, aKey()).expect(201);
      await register(intake, aKey()).expect(201);
      await intake.post('/cases', anIntake(t)).expect(201);
      await intake.post('/cases', anIntake(t)).expect(201);
    });
    expect(added.cases).toBe(4);
  });

  it('is refused when the key was used for another body, which is not stored', async () => {
    const key = aKey();
    const first = await register(intake, key).expect(201);
    const { result, ...added } = await adds(() =>
      register(intake, key, { statement: 'Other words.' }).expect(409),
    );
    expect(result.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(result.body).toMatchObject({ type: '/problems/key-reused', status: 409 });
    expect(result.text).not.toContain(first.body.id);
    expect(added).toEqual({ cases: 0, events: 0 });
    // The first answer stands.
    expectSameAnswer(await register(intake, key), first);
  });

  it('is refused when the key was used for another address', async () => {
    const key = aKey();
    const { id } = await aCase(t);
    await intake.post(`/cases/${id}/allegations`, anAllegation(t), repeatable(key)).expect(201);
    const other = await aCase(t);
    const { body } = await intake
      .post(`/cases/${other.id}/allegations`, anAllegation(t), repeatable(key))
      .expect(409);
    expect(body.type).toBe('/problems/key-reused');
  });

  it('does not meet the same key of another user', async () => {
    const key = aKey();
    const { result, ...added } = await adds(async () => [
      await register(intake, key).expect(201),
      await register(petitions, key).expect(201),
      await register(petitions, key, { statement: 'Other words.' }).expect(409),
    ]);
    expect(added.cases).toBe(2);
    const [mine, theirs] = result;
    expect(theirs!.body.id).not.toBe(mine!.body.id);
    expectSameAnswer(await register(petitions, key), theirs!);
  });

  it.each(['GET', 'PATCH'])('is what it is when it is no POST: %s', async (method) => {
    const key = aKey();
    const { id, allegationIds } = await aCase(t);
    if (method === 'GET') await intake.get(`/cases/${id}`, repeatable(key)).expect(200);
    const place = (name: string) =>
      intake.patch(
        `/allegations/${allegationIds[0]}`,
        { place: name, reason: 'known now' },
        repeatable(key, { 'if-match': '"1"' }),
      );
    if (method === 'PATCH') {
      await place('Bridge').expect(200);
      await place('Bridge').expect(412);
    }
    expect(await keys(key)).toBe(0);
  });
});

describe('a key that is malformed is refused, and nothing stored:', () => {
  it.each([
    ['an empty one', ''],
    ['one with a space', 'a b'],
    ['one of 201 characters', 'k'.repeat(201)],
    ['one that is not ASCII', 'cl\u00e9'],
    ['two of them', 'one, two'],
  ])('%s', async (_, key) => {
    const { result, ...added } = await adds(() => register(intake, key).expect(400));
    expect(result.body.errors).toMatchObject([{ pointer: 'Idempotency-Key' }]);
    expect(added).toEqual({ cases: 0, events: 0 });
  });

  it('but one of 200 characters is not', async () => {
    await register(intake, 'k'.repeat(200)).expect(201);
  });
});

describe('a request that was refused', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['for its input', { channel: 'PIGEON' }, 400],
    ['for what it refers to', { receivingOrganId: '01900000-0000-7000-8000-00000000dead' }, 400],
  ])('%s leaves the key free for the right one', async (_, overrides, status) => {
    const key = aKey();
    await register(intake, key, overrides).expect(status);
    await register(intake, key, overrides).expect(status);
    expect(await keys(key)).toBe(0);
    const { cases: stored } = await adds(() => register(intake, key).expect(201));
    expect(stored).toBe(1);
  });

  it('for want of a permission leaves the key free', async () => {
    const key = aKey();
    await register(supervisor, key).expect(403);
    expect(await keys(key)).toBe(0);
  });

  it('for the state of the case leaves the key free for when the state allows it', async () => {
    const key = aKey();
    const { id } = await aCase(t);
    const accept = (version: number) =>
      supervisor.post(
        `/cases/${id}/accept`,
        { reason: 'within our duty' },
        repeatable(key, { 'if-match': `"${version}"` }),
      );
    await accept(7).expect(412);
    await accept(1).expect(200);
  });
});

describe('a deed with an Idempotency-Key', () => {
  it('is done once, and its repeat is not taken for a stale or an untimely one', async () => {
    const key = aKey();
    const { id } = await aCase(t);
    const accept = () =>
      supervisor.post(
        `/cases/${id}/accept`,
        { reason: 'within our duty' },
        repeatable(key, { 'if-match': '"1"' }),
      );
    const first = await accept().expect(200);
    expect(first.body).toMatchObject({ status: 'TRIAGED_ACCEPTED', version: 2 });
    expect(first.headers['etag']).toBe('"2"');

    const { result, ...added } = await adds(accept);
    expectSameAnswer(result, first);
    expect(added.events).toBe(0);
    expect(await t.sql('SELECT deed FROM app.case_deed WHERE case_id = $1', [id])).toEqual([
      { deed: 'accept' },
    ]);
    // Without the key it is what it is.
    await supervisor
      .post(`/cases/${id}/accept`, { reason: 'within our duty' }, { 'if-match': '"1"' })
      .expect(412);
  });

  it('is another request when it means another version', async () => {
    const key = aKey();
    const { id } = await aCase(t);
    const accept = (version: number) =>
      supervisor.post(
        `/cases/${id}/accept`,
        { reason: 'within our duty' },
        repeatable(key, { 'if-match': `"${version}"` }),
      );
    await accept(1).expect(200);
    expect((await accept(2).expect(409)).body.type).toBe('/problems/key-reused');
  });

  it('is done once for an assignment and for an allegation too', async () => {
    const { id } = await aCase(t);
    const [one, two] = [aKey(), aKey()];
    const assign = () =>
      supervisor.post(`/cases/${id}/investigators`, { userId: t.ids.users['investigator'] }, repeatable(one));
    const add = () => intake.post(`/cases/${id}/allegations`, anAllegation(t), repeatable(two));
    for (const send of [assign, add]) {
      const first = await send().expect(201);
      expectSameAnswer(await send(), first);
    }
    const { body } = await supervisor.get(`/cases/${id}`).expect(200);
    expect(body.investigators).toHaveLength(1);
    expect(body.allegations).toHaveLength(2);
  });
});

describe('two requests with the same key at the same moment', () => {
  /** Holds back every write of a key until both requests wait for it: each has then seen that there is none. */
  const together = (send: () => PromiseLike<Response>): Promise<Response[]> => {
    const work = () => Promise.resolve(send());
    return racing(t, 'LOCK TABLE app.idempotency_key IN SHARE MODE', [], [work, work]);
  };

  it('open one case: the other is told to ask again, and then gets the answer of the first', async () => {
    const key = aKey();
    const { result, ...added } = await adds(() => together(() => register(intake, key)));
    const [done, other] = result.sort((a, b) => a.status - b.status) as [Response, Response];
    expect([done.status, other.status]).toEqual([201, 409]);
    expect(other.body.type).toBe('/problems/repeat-under-way');
    expect(added.cases).toBe(1);
    expect((done.headers['audit-receipt'] as string).split(', ')).toHaveLength(added.events);
    expectSameAnswer(await register(intake, key), done);
  });

  it('do a deed once', async () => {
    const key = aKey();
    const { id } = await aCase(t);
    const add = () => intake.post(`/cases/${id}/allegations`, anAllegation(t), repeatable(key));
    // The second waits for the case, not for the key: it finds the key taken when its turn comes.
    const [done, other] = (await together(add)).sort((a, b) => a.status - b.status) as [Response, Response];
    expect([done.status, other.status]).toEqual([201, 409]);
    expectSameAnswer(await add(), done);
    const rows = await t.sql('SELECT 1 FROM app.allegation WHERE case_id = $1', [id]);
    expect(rows).toHaveLength(2);
  });
});
