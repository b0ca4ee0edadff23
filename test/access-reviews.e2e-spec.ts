import { createHash } from 'node:crypto';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { AlertsJob } from '../src/accessreviews/alerts.job.js';
import { ReadWeekJob } from '../src/accessreviews/read-week.job.js';
import { reconcile } from '../src/audit/reconcile.js';
import { HistoryService } from '../src/audit/history.service.js';
import { readTypes } from '../src/audit/read-log.js';
import { aNewUser } from './support/accounts.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anAllegation, today, type CaseUnderTest } from './support/builders.js';
import { signedIn } from './support/sessions.js';

const NOWHERE = '019a0000-0000-7000-8000-00000000dead';
let n = 0;

describe('the review of access', () => {
  let t: TestApp;
  let admin: Client;
  let auditor: Client;

  /** The clock stands on a Tuesday at ten, in the zone of the law, on a day that is no holiday. */
  function officeHours(): void {
    for (let guard = 0; guard < 24 * 20; guard++) {
      const local = new Date(t.clock.now().getTime() + 8 * 3_600_000);
      if (local.getUTCDay() === 2 && local.getUTCHours() === 10) return;
      t.clock.advance({ hours: 1 });
    }
  }
  beforeAll(async () => {
    t = await startTestApp();
    officeHours();
    admin = await t.as('administrator');
    auditor = await t.as('auditor');
  });
  afterAll(() => t.stop());

  async function anOfficer(
    organ: keyof TestApp['ids']['organs'],
    name = `Somebody Else ${++n}`,
    to: string | null = null,
  ) {
    const { body } = await admin.post('/officers', { badgeNumber: `Z-${++n}-99`, name }).expect(201);
    await admin
      .post(`/officers/${body.id}/appointments`, {
        organId: t.ids.organs[organ],
        post: 'Post',
        validFrom: '2020-01-01',
        validTo: to,
      })
      .expect(201);
    return body.id as string;
  }
  async function anAccount(
    role: string,
    officerId: string | null,
    organ: keyof TestApp['ids']['organs'] = 'ministry',
  ) {
    const username = `reader-${++n}`;
    const body = await aNewUser(t, { username, password: 'a long enough password', officerId });
    await admin
      .post(`/users/${body.id}/grants`, { role, organId: t.ids.organs[organ], reason: 'for the test' })
      .expect(201);
    return { id: body.id as string, username, client: await signedIn(t, body.id) };
  }
  const judge = (): Promise<void> => t.get(AlertsJob).run();
  const alertsOf = async (userId: string): Promise<any[]> => {
    await judge();
    const { body } = await auditor.get(`/access-alerts?userId=${userId}&limit=200`).expect(200);
    return body.items;
  };
  const kinds = async (userId: string): Promise<string[]> =>
    (await alertsOf(userId)).map(({ kind }) => kind as string).sort();

  describe('of a case', () => {
    let c: CaseUnderTest;
    const readers = (id: string, on = today(t)): string => `/access-reviews/cases/${id}/readers?on=${on}`;
    beforeAll(async () => {
      c = await aCaseIn(t, 'PRELIMINARY');
    });

    it('says through which role and relation, and which parts', async () => {
      const { body } = await auditor.get(readers(c.id)).expect(200);
      const of = (name: string) => body.readers.filter((one: any) => one.username === name).at(-1);
      expect(of('supervisor')).toMatchObject({
        until: null,
        through: [{ role: 'SUPERVISOR', relation: 'OWN_ORGAN', organIds: [t.ids.organs.ministry] }],
        fields: expect.arrayContaining(['statement', 'reporterIdentity']),
      });
      expect(of('investigator').through).toMatchObject([{ role: 'INVESTIGATOR', relation: 'ASSIGNED' }]);
      expect(of('intake-officer')).toMatchObject({
        through: [{ role: 'INTAKE_OFFICER', relation: 'REGISTERED_BY_ME' }],
        fields: ['header'],
      });
      expect(of('administrator')).toBeUndefined();
    });

    it('says who was kept out by which conflict, but not who reported', async () => {
      const reporter = await anAccount('SUPERVISOR', await anOfficer('province'));
      const unit = await anAccount('SUPERVISOR', await anOfficer('station'));
      const { body: account } = await admin.get(`/users/${reporter.id}`).expect(200);
      const mine = await aCase(t, {
        channel: 'INTERNAL_REPORT',
        reporter: { kind: 'CONFIDENTIAL', name: 'A colleague', officerId: account.officerId },
      });
      await reporter.client.get(`/cases/${mine.id}`).expect(404);
      const { body, text } = await auditor.get(readers(mine.id)).expect(200);
      expect(body.keptOut).toMatchObject([{ userId: unit.id, grounds: ['SAME_UNIT'], until: null }]);
      expect(text).not.toContain(reporter.id);
      expect(text).not.toContain('REPORTER"');
    });

    it('is for reviewers in their organs, who are in no conflict, and about days that have come', async () => {
      await (await t.as('supervisor')).get(readers(c.id)).expect(403);
      await (await t.as('administrator')).get(readers(c.id)).expect(404);
      await (await t.as('agency-head')).get(readers(c.id)).expect(200);
      const far = await anAccount('AUDITOR', null, 'station2');
      const near = await anAccount('AUDITOR', await anOfficer('station'));
      for (const { client } of [far, near]) {
        for (const path of [readers(c.id), `/access-reviews/cases/${c.id}/reads`]) {
          const [hidden, missing] = [await client.get(path), await client.get(path.replace(c.id, NOWHERE))];
          expect([hidden.status, missing.status]).toEqual([404, 404]);
          expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
        }
      }
      await auditor.get(readers(c.id, '2199-01-01')).expect(400);
      await auditor.get(`/access-reviews/cases/${c.id}/readers`).expect(400);
      const { body } = await auditor.get(readers(c.id, '2020-01-01')).expect(200);
      expect(body).toMatchObject({ readers: [], keptOut: [] });
    });

    it('shows who did read, when, in which role and why; and that is a read itself', async () => {
      const supervisor = await t.as('supervisor');
      await supervisor.get(`/cases/${c.id}`, { purpose: 'ASSIGNED task-9' }).expect(200);
      const { body } = await auditor
        .get(`/access-reviews/cases/${c.id}/reads?userId=${t.ids.users['supervisor']}&limit=1`)
        .expect(200);
      expect(body.items).toMatchObject([
        {
          type: 'case.read',
          role: 'SUPERVISOR',
          caseId: c.id,
          purpose: { code: 'ASSIGNED', reference: 'task-9' },
          organId: t.ids.organs.ministry,
        },
      ]);
      const { body: rest } = await auditor
        .get(`/access-reviews/cases/${c.id}/reads?limit=200&count=true`)
        .expect(200);
      expect(rest.total).toBe(rest.items.length);
      expect(rest.items[0]).toMatchObject({
        type: 'access-review.reads-read',
        userId: t.ids.users['auditor'],
      });
      const { body: none } = await auditor
        .get(`/access-reviews/cases/${c.id}/reads?to=2020-01-01`)
        .expect(200);
      expect(none.items).toEqual([]);
      const clear = await t.sql<{ body: string }>(
        `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE body LIKE '%access-review%'`,
      );
      expect(clear.length).toBeGreaterThan(3);
      expect(clear.map(({ body: text }) => text).join()).not.toMatch(/supervisor|Demo /);
    });
  });

  describe('of a person', () => {
    it('shows what they read and looked for, to reviewers of their organ, and never one’s own', async () => {
      const reader = await anAccount('SUPERVISOR', null, 'county');
      const c = await aCase(t);
      await reader.client.get(`/cases/${c.id}`).expect(200);
      await reader.client.get('/cases?status=FILED').expect(200);
      const path = `/access-reviews/users/${reader.id}/reads`;
      const { body } = await auditor.get(path).expect(200);
      expect(body.items.map(({ type }: any) => type)).toEqual(['search.run', 'case.read']);
      const { body: one } = await auditor.get(`${path}?type=case.read&from=${today(t)}`).expect(200);
      expect(one.items).toMatchObject([{ caseId: c.id }]);
      await (await t.as('supervisor')).get(path).expect(403);
      const far = await anAccount('AUDITOR', null, 'station2');
      const conflicted = await anAccount('AUDITOR', await anOfficer('station'), 'county');
      expect((await far.client.get(path).expect(200)).body.items).toEqual([]);
      expect((await conflicted.client.get(path).expect(200)).body.items).toMatchObject([
        { type: 'search.run' },
      ]);
      expect((await auditor.get(`/access-reviews/users/${NOWHERE}/reads`).expect(200)).body.items).toEqual(
        [],
      );
      const own = await auditor.get(`/access-reviews/users/${t.ids.users['auditor']}/reads`).expect(200);
      expect(own.body.items).toEqual([]);
    });
  });

  describe('of tries that were denied', () => {
    it('knows them, and no answer tells whether there was something', async () => {
      const subject = await anOfficer('station2', 'Tan Weiming 谭伟明');
      const c = await aCase(t, {
        allegations: [anAllegation(t, { subjects: [{ officerId: subject, role: 'PRINCIPAL' }] })],
      });
      const accused = await anAccount('SUPERVISOR', subject, 'county');
      for (const path of ['/cases/ID', '/cases/ID/history', '/cases/ID/export?format=json&purpose=curious']) {
        const [hidden, missing] = [
          await accused.client.get(path.replace('ID', c.id)),
          await accused.client.get(path.replace('ID', NOWHERE)),
        ];
        expect([hidden.status, missing.status]).toEqual([404, 404]);
        expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
        expect(hidden.text).toHaveLength(missing.text.length);
        expect(Object.keys(hidden.headers).sort()).toEqual(Object.keys(missing.headers).sort());
      }
      await accused.client
        .post(`/cases/${c.id}/accept`, { reason: 'mine' }, { 'if-match': '"1"' })
        .expect(404);
      const tries = (await eventsOf(t, accused.id)).filter(({ type }) => type === 'read.denied');
      expect(tries.map(({ target }) => target.id)).toEqual([
        c.id,
        NOWHERE,
        c.id,
        NOWHERE,
        c.id,
        NOWHERE,
        c.id,
      ]);

      expect(await kinds(accused.id)).toEqual(['DENIED', 'LOOKED_UP_SELF', 'OWN_UNIT']);
      const alerts = await alertsOf(accused.id);
      expect(alerts.every(({ caseId, asked }) => caseId === c.id && asked === false)).toBe(true);
      // To be asked would tell them.
      expect((await accused.client.get('/access-alerts/own').expect(200)).body.items).toEqual([]);
      await accused.client
        .post(`/access-alerts/${alerts[0].id}/answer`, { answer: 'curious' }, { 'if-match': '"1"' })
        .expect(404);
    });

    it('says 503 and nothing else while the trail cannot be written', async () => {
      await t.sql('REVOKE EXECUTE ON FUNCTION audit.record FROM plumbline_app');
      try {
        await (await t.as('supervisor')).get(`/cases/${NOWHERE}`).expect(503);
      } finally {
        await t.sql('GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app');
      }
    });
  });

  describe('raises an alert about', () => {
    it.each([
      ['one’s own name', (_id: string) => '/officers?q=谭一鸣', ['LOOKED_UP_SELF']],
      [
        'one’s own name in a longer text',
        (_id: string) => '/cases?q=about%20Gu%20Changfeng%20again',
        ['LOOKED_UP_SELF'],
      ],
      ['part of a name of one character', (_id: string) => '/officers?q=谭', []],
      ['one’s own officer', (id: string) => `/cases?officerId=${id}`, ['LOOKED_UP_SELF']],
      ['one’s own record', (id: string) => `/officers/${id}`, ['LOOKED_UP_SELF']],
      ['one’s own unit', () => `/cases?organId=${t.ids.organs.station2}`, ['OWN_UNIT']],
      ['somebody of one’s unit', () => `/officers/${t.ids.officers[3]}`, ['OWN_UNIT']],
      ['somebody of one’s unit by name', () => '/officers?q=冯国强', ['OWN_UNIT']],
      ['somebody with whom one served', () => `/officers/${t.ids.officers[0]}`, ['COLLEAGUE']],
      ['somebody with whom one served, by name', () => '/officers?q=Lin%20Zhiyuan', ['COLLEAGUE']],
      ['nobody of them', () => '/cases?q=PL-2026', []],
      ['another unit', () => `/cases?organId=${t.ids.organs.city}`, []],
    ])('%s', async (_what, path, raised) => {
      // A name of one's own: a colleague of the same name would be another alert.
      const name = path('').includes('Gu') ? 'Gu Changfeng 顾长风' : 'Tan Yiming 谭一鸣';
      const officer = await anOfficer('station2', name);
      await admin
        .post(`/officers/${officer}/appointments`, {
          organId: t.ids.organs.station,
          post: 'Earlier',
          validFrom: '2023-01-01',
          validTo: '2024-06-30',
        })
        .expect(201);
      const reader = await anAccount('SUPERVISOR', officer, 'county');
      await reader.client.get(path(officer)).expect(200);
      expect(await kinds(reader.id)).toEqual(raised);
      // Once a day is enough.
      await reader.client.get(path(officer)).expect(200);
      expect(await kinds(reader.id)).toEqual(raised);
    });

    it('a case whose subject one served with, and keeps no word of any search', async () => {
      const officer = await anOfficer('station', 'Deng Xiulan 邓秀兰', '2024-06-30');
      const reader = await anAccount('SUPERVISOR', officer, 'county');
      const c = await aCase(t);
      await reader.client.get(`/cases/${c.id}`).expect(200);
      await reader.client.get('/officers?q=邓秀兰').expect(200);
      expect(await kinds(reader.id)).toEqual(['COLLEAGUE', 'LOOKED_UP_SELF']);
      const kept = await t.sql<{ row: string }>('SELECT r::text AS row FROM app.read_log r');
      const alerts = await t.sql<{ row: string }>('SELECT a::text AS row FROM app.access_alert a');
      const bodies = await t.sql<{ row: string }>(
        `SELECT convert_from(body, 'UTF8') AS row FROM audit.entry`,
      );
      expect([...kept, ...alerts, ...bodies].map(({ row }) => row).join()).not.toContain('邓秀兰');
    });

    it('reading at night, and leafing through lists', async () => {
      const reader = await anAccount('SUPERVISOR', null, 'county');
      for (let page = 0; page < 20; page++) await reader.client.get('/cases?limit=1').expect(200);
      expect(await kinds(reader.id)).toEqual([]);
      await reader.client.get('/cases?limit=1').expect(200);
      expect(await kinds(reader.id)).toEqual(['LIST_WALKING']);
      t.clock.advance({ hours: 12 });
      const owl = await signedIn(t, reader.id);
      await owl.get('/cases?limit=1').expect(200);
      auditor = await t.as('auditor');
      expect(await kinds(reader.id)).toEqual(['LIST_WALKING', 'OUT_OF_HOURS']);
      officeHours();
      [admin, auditor] = [await t.as('administrator'), await t.as('auditor')];
    });
  });

  describe('of an alert', () => {
    it('asks the reader once, and lets another close it, never the reader', async () => {
      const own = await anAccount('AUDITOR', null, 'county');
      await own.client.get(`/cases?q=${own.username}`).expect(200);
      const [alert] = await alertsOf(own.id);
      expect(alert).toMatchObject({
        kind: 'LOOKED_UP_SELF',
        state: 'OPEN',
        asked: true,
        caseId: null,
        answer: null,
      });
      const { body: mine } = await own.client.get('/access-alerts/own').expect(200);
      expect(mine.items).toEqual([
        {
          id: alert.id,
          kind: 'LOOKED_UP_SELF',
          readAt: alert.readAt,
          state: 'OPEN',
          answer: null,
          answeredAt: null,
          version: 1,
        },
      ]);
      expect((await own.client.get(`/access-alerts?userId=${own.id}`).expect(200)).body.items).toEqual([]);
      const at = `/access-alerts/${alert.id}`;
      const match = (version: number) => ({ 'if-match': `"${version}"` });
      const verdict = { verdict: 'EXPLAINED', reason: 'A test of the search' };
      await own.client.post(`${at}/close`, verdict, match(1)).expect(404);
      await auditor.post(`${at}/answer`, { answer: 'not mine' }, match(1)).expect(404);
      await own.client.post(`${at}/answer`, { answer: '  ' }, match(1)).expect(400);
      await own.client.post(`${at}/answer`, { answer: 'I tried the search' }).expect(428);
      await own.client.post(`${at}/answer`, { answer: 'I tried the search' }, match(1)).expect(200);
      const ownIn = async (state: string): Promise<string[]> =>
        (await own.client.get(`/access-alerts/own?state=${state}`).expect(200)).body.items.map(
          ({ id }: any) => id,
        );
      expect(await ownIn('OPEN')).not.toContain(alert.id);
      expect(await ownIn('ANSWERED')).toContain(alert.id);
      await own.client.post(`${at}/answer`, { answer: 'No, otherwise' }, match(2)).expect(409);
      await (await t.as('agency-head')).post(`${at}/close`, verdict, match(2)).expect(403);
      await auditor.post(`${at}/close`, verdict, match(1)).expect(412);
      const { body: closed } = await auditor.post(`${at}/close`, verdict, match(2)).expect(200);
      expect(closed).toMatchObject({
        state: 'CLOSED',
        answer: 'I tried the search',
        closedBy: t.ids.users['auditor'],
      });
      await auditor.post(`${at}/close`, verdict, match(3)).expect(409);
      const { body: list } = await auditor.get(`/access-alerts?state=CLOSED&userId=${own.id}`).expect(200);
      expect(list.items).toHaveLength(1);
      const types = (await eventsOf(t, own.id))
        .map(({ type }) => type)
        .filter((type) => type.startsWith('access-alert'));
      expect(types).toEqual(['access-alert.raised', 'access-alert.answered', 'access-alert.closed']);
    });

    it('is not shown to who reviews nobody, to other organs, or to who is in conflict with its case', async () => {
      const officer = await anOfficer('station', undefined, '2024-06-30');
      const reader = await anAccount('SUPERVISOR', officer, 'county');
      const c = await aCase(t);
      await reader.client.get(`/cases/${c.id}`).expect(200);
      const [alert] = await alertsOf(reader.id);
      await (await t.as('supervisor')).get('/access-alerts').expect(403);
      const far = await anAccount('AUDITOR', null, 'station2');
      const near = await anAccount('AUDITOR', await anOfficer('station'), 'county');
      for (const { client } of [far, near]) {
        const { body } = await client.get(`/access-alerts?caseId=${c.id}`).expect(200);
        expect(body.items).toEqual([]);
        await client
          .post(
            `/access-alerts/${alert.id}/close`,
            { verdict: 'EXPLAINED', reason: 'none of mine' },
            { 'if-match': '"1"' },
          )
          .expect(404);
      }
    });

    it('cannot be closed by the reader behind the application either', async () => {
      await expect(
        t.sql(
          `UPDATE app.access_alert SET verdict = 'EXPLAINED', closed_by = user_id, closed_at = now(), close_reason = 'x'
           WHERE verdict IS NULL`,
        ),
      ).rejects.toThrow('access_alert_check');
    });
  });

  describe('of a week', () => {
    it('asks about a sample that can be drawn again, and compares with peers', async () => {
      const heavy = await anAccount('PETITION_OFFICER', null, 'county');
      for (let peer = 0; peer < 5; peer++) await anAccount('PETITION_OFFICER', null, 'county');
      for (let i = 0; i < 18; i++) await heavy.client.get('/cases?limit=1').expect(200);
      t.clock.advance({ days: 7 });
      [admin, auditor] = [await t.as('administrator'), await t.as('auditor')];
      await t.get(ReadWeekJob).run();
      await t.get(ReadWeekJob).run();
      const [drawn] = (
        await t.sql<{ body: string }>(
          `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE body LIKE '%read-sample.drawn%' ORDER BY id DESC`,
        )
      ).map(({ body }) => JSON.parse(body).data);
      const reads = await t.sql<{ id: string }>(
        `SELECT id FROM app.read_log WHERE type <> 'read.denied' AND at < ($1::date + 7)::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai'`,
        [drawn.week],
      );
      expect(drawn).toMatchObject({ reads: reads.length, drawn: 20 });
      const again = reads
        .map(({ id }) => ({
          id,
          rank: createHash('sha256')
            .update(drawn.seed + id)
            .digest('hex'),
        }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, 20)
        .map(({ id }) => id);
      const asked = await t.sql<{ read_id: string }>('SELECT read_id FROM app.read_question');
      expect(asked.map(({ read_id }) => read_id).sort()).toEqual(again.sort());
      expect(await kinds(heavy.id)).toEqual(['PEERS']);
    });

    it('lets the reader answer and another judge; who says nothing is overdue', async () => {
      const { body: list } = await auditor.get('/read-questions/review?state=OPEN&limit=200').expect(200);
      expect(list.items.length).toBeGreaterThan(2);
      const [first, second] = list.items;
      const reader = await signedIn(t, first.userId);
      const { body: mine } = await reader.get('/read-questions').expect(200);
      const question = mine.items.find(({ id }: any) => id === first.id);
      expect(question).toMatchObject({ state: 'OPEN', readAt: first.readAt });
      expect(Object.keys(question)).not.toContain('caseId');
      const at = `/read-questions/${first.id}`;
      const one = { 'if-match': '"1"' };
      const verdict = { verdict: 'PLAUSIBLE', reason: 'The task was theirs' };
      await auditor.post(`${at}/judge`, verdict, one).expect(409);
      await auditor.post(`${at}/answer`, { answer: 'for them' }, one).expect(404);
      await reader.post(`${at}/answer`, { answer: 'It was my task' }, one).expect(200);
      await reader.post(`${at}/judge`, verdict, { 'if-match': '"2"' }).expect(404);
      await auditor.post(`${at}/judge`, { ...verdict, verdict: 'FINE' }, { 'if-match': '"2"' }).expect(400);
      await auditor.post(`${at}/judge`, verdict, { 'if-match': '"2"' }).expect(200);
      await auditor.post(`${at}/judge`, verdict, { 'if-match': '"3"' }).expect(409);
      await (await t.as('supervisor')).get('/read-questions/review').expect(403);
      // The reader finds again what they said, by its state; without one, what waits.
      const ownIds = async (query: string): Promise<string[]> =>
        (await reader.get(`/read-questions${query}`).expect(200)).body.items.map(({ id }: any) => id);
      expect(await ownIds('?state=JUDGED')).toEqual([first.id]);
      expect(await ownIds('?state=ANSWERED')).toEqual([]);
      expect(await ownIds('')).not.toContain(first.id);
      await reader.get('/read-questions?state=LATER').expect(400);

      t.clock.advance({ days: 6, hours: 23 });
      auditor = await t.as('auditor');
      expect((await auditor.get('/read-questions/review?state=OVERDUE').expect(200)).body.items).toEqual([]);
      t.clock.advance({ hours: 2 });
      auditor = await t.as('auditor');
      const { body: late } = await auditor.get('/read-questions/review?state=OVERDUE&limit=200').expect(200);
      expect(late.items.map(({ id }: any) => id)).toContain(second.id);
      const said = { verdict: 'ESCALATE', reason: 'Said nothing for a week' };
      const { body: judged } = await auditor
        .post(`/read-questions/${second.id}/judge`, said, one)
        .expect(200);
      expect(judged).toMatchObject({ state: 'JUDGED', answer: null, verdict: 'ESCALATE' });
    });
  });

  it('has a row for each event of reading, and for nothing else', async () => {
    const events = await t.sql<{ id: string; type: string }>(
      `SELECT event AS id, convert_from(body, 'UTF8')::jsonb->>'type' AS type FROM audit.entry
       WHERE writer <> 'test'`,
    );
    const rows = await t.sql<{ id: string; type: string }>('SELECT id, type FROM app.read_log');
    const text = (list: { id: string; type: string }[]): string[] =>
      list.map(({ id, type }) => `${id} ${type}`).sort();
    expect(text(rows)).toEqual(text(events.filter(({ type }) => readTypes.has(type as never))));
  });

  it('leaves tables that say what the trail says', async () => {
    const { differences } = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(differences).toEqual([]);
  });
});
