import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { aCaseIn } from './support/builders.js';

describe('a sensitive read', () => {
  let t: TestApp;
  let id: string;
  let supervisor: Client;
  beforeAll(async () => {
    t = await startTestApp();
    id = (await aCaseIn(t, 'FILED')).id;
    supervisor = await t.as('supervisor');
  });
  afterAll(() => t.stop());

  const bodies = async (stream: string) =>
    (
      await t.sql<{ body: string }>(
        `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 ORDER BY seq`,
        [stream],
      )
    ).map(({ body }) => JSON.parse(body));

  it.each([
    ['the case', () => `/cases/${id}`, 'case.read'],
    ['its allegations', () => `/cases/${id}/allegations`, 'allegation.read'],
    ['its history', () => `/cases/${id}/history`, 'case.history-read'],
  ])('of %s is in the trail of the case, with who, in which role and why', async (_what, path, type) => {
    const answer = await supervisor.get(path(), { purpose: 'ASSIGNED task-17' }).expect(200);
    const last = (await bodies(id)).at(-1);
    expect(last).toMatchObject({
      type,
      actor: { uid: t.ids.users['supervisor'], role: 'SUPERVISOR' },
      purpose: { code: 'ASSIGNED', ref: 'task-17' },
    });
    expect(answer.headers['audit-receipt']).toContain(id);
  });

  it.each([
    ['the appointments of an officer', () => `/officers/${t.ids.officers[0]}/appointments`, 'officer.read'],
    [
      'what was asked about the factors of an account',
      () => `/users/${t.ids.users['auditor']}/factor-resets`,
      'user.read',
    ],
  ])('of %s is in the stream of the reader', async (_what, path, type) => {
    await (await t.as('administrator')).get(path(), { purpose: 'REVIEW task-4' }).expect(200);
    expect((await bodies(t.ids.users['administrator']!)).at(-1)).toMatchObject({
      type,
      purpose: { code: 'REVIEW', ref: 'task-4' },
    });
  });

  it('without a purpose says that none was stated', async () => {
    await supervisor.get(`/cases/${id}`).expect(200);
    expect((await bodies(id)).at(-1).purpose).toEqual({ code: 'UNSTATED' });
  });

  it.each(['because', 'assigned x', 'ASSIGNED two words', 'A'.repeat(40)])(
    'with the purpose %p is refused, and nothing is read',
    async (purpose) => {
      const before = (await bodies(id)).length;
      const { body } = await supervisor.get(`/cases/${id}`, { purpose }).expect(400);
      expect(body.errors).toMatchObject([{ pointer: expect.stringContaining('Purpose') }]);
      expect(await bodies(id)).toHaveLength(before);
    },
  );

  it('of what may not be seen leaves no event in its stream', async () => {
    const before = (await bodies(id)).length;
    await (await t.as('deployment-approver')).get(`/cases/${id}`).expect(404);
    expect(await bodies(id)).toHaveLength(before);
  });

  it('of a list is one event in the stream of the reader, with the question and what it found', async () => {
    const reader = t.ids.users['supervisor']!;
    const { body } = await supervisor.get('/cases?status=FILED&q=PL-').expect(200);
    const last = (await eventsOf(t, reader)).at(-1)!;
    expect(last.type).toBe('search.run');
    expect(last.values).toMatchObject({
      list: 'cases',
      question: { status: 'FILED', q: 'PL-' },
      found: body.items.map((item: { id: string }) => item.id),
    });
    const clear = (await bodies(reader)).at(-1);
    expect(clear.data).toEqual({ count: body.items.length });
    expect(JSON.stringify(clear)).not.toContain('PL-');
  });

  it('gives nothing when its event cannot be written', async () => {
    await t.sql('REVOKE EXECUTE ON FUNCTION audit.record FROM plumbline_app');
    try {
      for (const path of [`/cases/${id}`, `/cases/${id}/history`, '/cases', '/officers']) {
        const { text } = await supervisor.get(path).expect(503);
        expect(JSON.parse(text)).toMatchObject({ type: '/problems/trail-unavailable' });
        expect(text).not.toContain('PL-');
      }
    } finally {
      await t.sql('GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app');
    }
    await supervisor.get(`/cases/${id}`).expect(200);
  });
});
