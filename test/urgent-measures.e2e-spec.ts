import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anAllegation, type CaseUnderTest } from './support/builders.js';

let t: TestApp;
let supervisor: Client;
beforeAll(async () => {
  t = await startTestApp();
  supervisor = await t.as('supervisor');
});
afterAll(() => t.stop());

const COERCED = {
  category: 'COERCED_CONFESSION',
  facts: { consequence: 'MINOR' },
};
const note = 'Recordings of both rooms copied, hashes in the register';
const done = { code: 'PRESERVE_RECORDINGS', outcome: 'DONE', note };

const coerced = (overrides: Record<string, unknown> = {}): Promise<CaseUnderTest> =>
  aCase(t, { allegations: [anAllegation(t, COERCED)], ...overrides });
const post = (client: Client, c: CaseUnderTest, body: object) =>
  client.post(`/allegations/${c.allegationIds[0]}/measures`, body);
async function measureOf(c: CaseUnderTest, code: string, client = supervisor): Promise<any> {
  const { body } = await client.get(`/cases/${c.id}`).expect(200);
  return body.allegations[0].measures.find((one: { code: string }) => one.code === code);
}

describe('the urgent measures of an allegation', () => {
  it('stand in the case with the day by which they are due, counted from the receipt', async () => {
    const c = await coerced();
    expect(await measureOf(c, 'PRESERVE_RECORDINGS')).toEqual({
      code: 'PRESERVE_RECORDINGS',
      text: 'Place all recordings under hold and store their hashes.',
      source: 'proposal',
      dueAt: '2026-03-02T15:59:59.999Z',
      records: [],
    });
    expect((await measureOf(c, 'SEPARATE_SUBJECT')).dueAt).toBeNull();
  });

  it('count from when the allegation was added, where that was later', async () => {
    const c = await aCase(t);
    const { body } = await supervisor
      .post(`/cases/${c.id}/allegations`, anAllegation(t, COERCED))
      .expect(201);
    const { body: file } = await supervisor.get(`/cases/${c.id}`).expect(200);
    const added = file.allegations.find(({ id }: { id: string }) => id === body.id);
    const exam = added.measures.find(({ code }: { code: string }) => code === 'MEDICAL_EXAM');
    expect(new Date(exam.dueAt).getTime()).toBeGreaterThan(t.clock.now().getTime() + 23 * 3_600_000);
  });

  it('are ticked off with who, when and what, in the trail too', async () => {
    const c = await coerced();
    const doneAt = '2026-03-02T10:05:00+08:00';
    const { body } = await post(supervisor, c, { ...done, doneAt }).expect(201);
    expect(body).toMatchObject({ code: 'PRESERVE_RECORDINGS', outcome: 'DONE', recordedLate: true });
    const { records } = await measureOf(c, 'PRESERVE_RECORDINGS');
    expect(records).toEqual([
      {
        id: body.id,
        outcome: 'DONE',
        doneAt: '2026-03-02T02:05:00.000Z',
        recordedLate: true,
        note,
        recordedBy: t.ids.users['supervisor'],
        recordedByName: 'Demo supervisor',
        recordedAt: body.recordedAt,
      },
    ]);
    const { body: history } = await supervisor.get(`/cases/${c.id}/history?kind=STEP`).expect(200);
    const entry = history.items.find(({ type }: { type: string }) => type === 'measure.recorded');
    const values = Object.fromEntries(entry.values.map(({ name, value }: any) => [name, value]));
    expect(values).toMatchObject({ measure: 'PRESERVE_RECORDINGS', outcome: 'DONE', reason: note });
    expect((await eventsOf(t, c.id)).map(({ type }) => type)).toContain('measure.recorded');
  });

  it('are done now where no time is said, and then not late', async () => {
    const c = await coerced();
    await post(supervisor, c, done).expect(201);
    const { records } = await measureOf(c, 'PRESERVE_RECORDINGS');
    expect(records[0].recordedLate).toBe(false);
    expect(Date.parse(records[0].doneAt)).toBe(Date.parse(records[0].recordedAt));
  });

  it('can be not done for a reason, then done, and not done again', async () => {
    const c = await coerced();
    const reason = 'The server room is sealed until tomorrow';
    await post(supervisor, c, { ...done, outcome: 'NOT_DONE', note: reason }).expect(201);
    await post(supervisor, c, done).expect(201);
    expect((await post(supervisor, c, done).expect(409)).body.type).toBe('/problems/measure-done');
    const { records } = await measureOf(c, 'PRESERVE_RECORDINGS');
    expect(records.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['NOT_DONE', 'DONE']);
  });

  it('are done once when two say so at the same time', async () => {
    const c = await coerced();
    const answers = await Promise.all([post(supervisor, c, done), post(supervisor, c, done)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each([
    [{ code: 'SEAL_LEDGERS' }, '/code'],
    [{ outcome: 'PERHAPS' }, '/outcome'],
    [{ note: '  ' }, '/note'],
    [{ doneAt: '2026-03-01T10:00:00+08:00' }, '/doneAt'],
    [{ doneAt: '2999-01-01T10:00:00+08:00' }, '/doneAt'],
    [{ outcome: 'NOT_DONE', doneAt: '2026-03-02T10:05:00+08:00' }, '/doneAt'],
  ])('refuse %j', async (wrong, pointer) => {
    const c = await coerced();
    const { body } = await post(supervisor, c, { ...done, ...wrong }).expect(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await measureOf(c, 'PRESERVE_RECORDINGS')).records).toEqual([]);
  });

  it('are recorded by investigators of the case and by who heads the unit, by nobody else', async () => {
    const c = await aCaseIn(t, 'INVESTIGATING');
    const fine = { code: 'FREEZE_RECEIPTS', outcome: 'NOT_DONE', note: 'They are with the court' };
    await post(await t.as('investigator'), c, fine).expect(201);
    await post(await t.as('agency-head'), c, fine).expect(403);
    await post(await t.as('auditor'), c, fine).expect(403);
    await post(await t.as('intake-officer'), c, fine).expect(403);
    await post(await t.as('appeal-reviewer'), c, fine).expect(404);
    expect((await measureOf(c, 'FREEZE_RECEIPTS')).records).toHaveLength(1);
  });

  it('are not recorded any more once the case is closed', async () => {
    const c = await aCaseIn(t, 'CLOSED');
    const { body } = await post(supervisor, c, { ...done, code: 'FREEZE_RECEIPTS' }).expect(409);
    expect(body).toMatchObject({ type: '/problems/measure-out-of-turn', state: 'CLOSED' });
  });
});
