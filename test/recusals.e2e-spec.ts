import { get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { reconcile } from '../src/audit/reconcile.js';
import { HistoryService } from '../src/audit/history.service.js';
import { RecusalSweep } from '../src/recusals/recusal-sweep.job.js';
import { aNewUser } from './support/accounts.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anAllegation, assign, today, type CaseUnderTest } from './support/builders.js';

const ACT = '2026-02-27';
let badge = 0;

describe('a conflict of interest', () => {
  let t: TestApp;
  let admin: Client;
  beforeAll(async () => {
    t = await startTestApp();
    admin = await t.as('administrator');
  });
  afterAll(() => t.stop());

  /** An officer with an appointment. */
  async function anOfficer(
    organ: keyof TestApp['ids']['organs'],
    { from = '2020-01-01', to = null as string | null, leads = false } = {},
  ): Promise<string> {
    const { body } = await admin
      .post('/officers', { badgeNumber: `R${++badge}`, name: `Officer ${badge}` })
      .expect(201);
    const appointment = { organId: t.ids.organs[organ], post: 'Post', leads, validFrom: from, validTo: to };
    await admin.post(`/officers/${body.id}/appointments`, appointment).expect(201);
    return body.id as string;
  }

  /** A new account with one role, of somebody who is this officer. */
  async function anAccount(
    role: string,
    officerId: string | null,
    organ: keyof TestApp['ids']['organs'] = 'ministry',
  ): Promise<{ id: string; client: Client }> {
    const username = `person-${++badge}`;
    const password = 'a long enough password';
    const body = await aNewUser(t, { username, password, officerId });
    const grant = { role, organId: t.ids.organs[organ], reason: 'for the test' };
    await admin.post(`/users/${body.id}/grants`, grant).expect(201);
    const { body: session } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
    return { id: body.id, client: t.withToken(session.accessToken) };
  }

  const aSupervisor = (officerId: string): Promise<{ id: string; client: Client }> =>
    anAccount('SUPERVISOR', officerId);
  const sees = async ({ client }: { client: Client }, c: CaseUnderTest): Promise<boolean> => {
    const { status } = await client.get(`/cases/${c.id}`);
    const { body } = await client.get('/cases?limit=200').expect(200);
    const listed = body.items.some(({ id }: { id: string }) => id === c.id);
    expect([listed, status]).toEqual([status === 200, status === 200 ? 200 : 404]);
    return listed;
  };

  describe('that the records show', () => {
    const subject = () => t.ids.officers[1]!;

    it.each([
      ['serves in the unit of the subject', 'station', {}, false],
      ['served there at the time of the act', 'station', { from: '2026-01-01', to: ACT }, false],
      ['came there later and left again', 'station', { from: '2026-03-01', to: '2026-04-01' }, true],
      ['left there before the act', 'station', { to: '2026-02-26' }, true],
      ['serves in another station', 'station2', {}, true],
      ['heads the county above', 'county', { leads: true }, false],
      ['headed the county at the time', 'county', { leads: true, to: '2026-03-31' }, false],
      ['serves in the county above', 'county', {}, true],
      ['heads the city, two levels above', 'city', { leads: true }, true],
      ['heads another station', 'station2', { leads: true }, true],
    ] as const)('who %s (%s): sees it %#', async (_who, organ, when, seen) => {
      const c = await aCase(t);
      const person = await aSupervisor(await anOfficer(organ, when));
      expect(await sees(person, c)).toBe(seen);
    });

    it('takes effect with the next request of an open session, and ends with it', async () => {
      const officer = await anOfficer('station2');
      const person = await aSupervisor(officer);
      const c = await aCase(t);
      expect(await sees(person, c)).toBe(true);
      const { body } = await admin
        .post(`/officers/${officer}/appointments`, {
          organId: t.ids.organs.station,
          post: 'Deputy',
          validFrom: today(t),
        })
        .expect(201);
      expect(await sees(person, c)).toBe(false);
      await person.client
        .post(`/cases/${c.id}/accept`, { reason: 'for a friend' }, { 'if-match': '"1"' })
        .expect(404);
      t.clock.advance({ days: 1 });
      admin = await t.as('administrator');
      const yesterday = new Date(t.clock.now().getTime() - 86_400_000 + 8 * 3_600_000);
      await admin
        .post(
          `/officers/${officer}/appointments/${body.id}/end`,
          { validTo: yesterday.toISOString().slice(0, 10), reason: 'moved on' },
          { 'if-match': `"${body.officerVersion}"` },
        )
        .expect(200);
      const username = await t.sql<{ username: string }>(
        'SELECT username FROM app.user_account WHERE id = $1',
        [person.id],
      );
      const { body: session } = await t.anonymous
        .post('/auth/login', { username: username[0]!.username, password: 'a long enough password' })
        .expect(200);
      expect(await sees({ client: t.withToken(session.accessToken) }, c)).toBe(true);
    });

    it('keeps a subject, a reporter and a witness away, and no list, count, search or export knows the case', async () => {
      const [accused, reporter, witness] = [
        await anOfficer('station2'),
        await anOfficer('city'),
        await anOfficer('province'),
      ];
      const people = await Promise.all([accused, reporter, witness].map(aSupervisor));
      const c = await aCase(t, {
        channel: 'INTERNAL_REPORT',
        statement: 'The unmistakable zebra.',
        reporter: { kind: 'CONFIDENTIAL', name: 'A colleague', officerId: reporter },
        allegations: [anAllegation(t, { subjects: [{ officerId: accused, role: 'PRINCIPAL' }] })],
      });
      expect(await sees(people[2]!, c)).toBe(true);
      const supervisor = await t.as('supervisor');
      await supervisor
        .post(`/cases/${c.id}/witnesses`, { officerId: witness, reason: 'stood beside them' })
        .expect(201);
      const { body: all } = await supervisor.get('/cases?count=true&q=zebra').expect(200);
      expect(all.total).toBe(1);
      for (const person of people) {
        expect(await sees(person, c)).toBe(false);
        const { body } = await person.client.get('/cases?count=true&q=zebra').expect(200);
        expect(body).toEqual({ items: [], nextCursor: null, total: 0 });
        for (const path of ['history', 'allegations', 'recusals', 'export?format=json&purpose=curious']) {
          await person.client.get(`/cases/${c.id}/${path}`).expect(404);
        }
        const { text } = await person.client.get('/auth/me').expect(200);
        expect(text).not.toContain(c.id);
      }
    });

    it('is no secret to whoever assigns, and refuses the assignment', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      const { id } = await anAccount('INVESTIGATOR', await anOfficer('station'));
      const { body } = await (
        await t.as('supervisor')
      )
        .post(`/cases/${c.id}/investigators`, { userId: id })
        .expect(409);
      expect(body).toMatchObject({ type: '/problems/conflict-of-interest', rule: 'SAME_UNIT' });
    });

    it('ends an assignment within the hour, with the ground in the trail', async () => {
      const c = await aCaseIn(t, 'PRELIMINARY');
      const officer = await anOfficer('province');
      const { id } = await anAccount('INVESTIGATOR', officer);
      await (await t.as('supervisor')).post(`/cases/${c.id}/investigators`, { userId: id }).expect(201);
      await admin
        .post(`/officers/${officer}/appointments`, {
          organId: t.ids.organs.station,
          post: 'Deputy',
          validFrom: today(t),
        })
        .expect(201);
      await t.get(RecusalSweep).run();
      const applied = (await eventsOf(t, c.id)).filter(({ type }) => type === 'recusal.applied');
      expect(applied.map(({ values }) => [values['userId'], values['grounds']])).toEqual([
        [id, ['SAME_UNIT']],
      ]);
      const [row] = await t.sql<{ investigator_ids: string[] }>(
        'SELECT investigator_ids FROM app."case" WHERE id = $1',
        [c.id],
      );
      expect(row!.investigator_ids).toHaveLength(2);
      expect(row!.investigator_ids).not.toContain(id);
      // Once is enough.
      await t.get(RecusalSweep).run();
      expect((await eventsOf(t, c.id)).filter(({ type }) => type === 'recusal.applied')).toHaveLength(1);
    });

    it('of the head lets the head of the higher organ act', async () => {
      const c = await aCaseIn(t, 'PRELIMINARY');
      const head = await anAccount('AGENCY_HEAD', await anOfficer('county', { leads: true }), 'county');
      const above = await anAccount('AGENCY_HEAD', await anOfficer('city', { leads: true }), 'city');
      const match = { 'if-match': `"${c.version}"` };
      await head.client.post(`/cases/${c.id}/file`, { reason: 'mine to bury' }, match).expect(404);
      await above.client.post(`/cases/${c.id}/file`, { reason: 'enough is shown' }, match).expect(200);
    });

    it('is only with the subject of an act, whose day may be unknown', async () => {
      const c = await aCase(t, { allegations: [anAllegation(t, { occurredFrom: null, occurredTo: null })] });
      expect(await sees(await aSupervisor(await anOfficer('station', { to: '2026-03-31' })), c)).toBe(true);
      expect(await sees(await aSupervisor(await anOfficer('station')), c)).toBe(false);
      expect(await sees(await aSupervisor(subject()), c)).toBe(false);
    });
  });

  describe('that is declared', () => {
    it('ends the assignment and the reading at once; another lifts it, never oneself', async () => {
      const c = await aCaseIn(t, 'PRELIMINARY');
      const mine = await t.as('investigator-2');
      const { body } = await mine
        .post(`/cases/${c.id}/recusals`, { ground: 'RELATIVE', reason: 'The subject is my cousin' })
        .expect(201);
      await mine.get(`/cases/${c.id}`).expect(404);
      const supervisor = await t.as('supervisor');
      const { body: file } = await supervisor.get(`/cases/${c.id}`).expect(200);
      expect(file.version).toBeGreaterThan(c.version);
      const { body: list } = await supervisor.get(`/cases/${c.id}/recusals`).expect(200);
      expect(list.recusals).toMatchObject([{ id: body.id, ground: 'RELATIVE', liftedAt: null }]);
      await supervisor.post(`/recusals/${body.id}/lift`, { reason: 'is unfounded' }).expect(403);
      await mine.post(`/recusals/${body.id}/lift`, { reason: 'is unfounded' }).expect(404);
      const head = await t.as('agency-head');
      await head.post(`/recusals/${body.id}/lift`, { reason: 'is unfounded' }).expect(200);
      await head.post(`/recusals/${body.id}/lift`, { reason: 'is unfounded' }).expect(409);
      await assign(t, c, 'investigator-2');
      await mine.get(`/cases/${c.id}`).expect(200);
    });

    it('is ordered by the leaders of the organ, of nobody twice', async () => {
      const c = await aCaseIn(t, 'PRELIMINARY');
      const order = {
        userId: t.ids.users['investigator-2'],
        ground: 'INTEREST',
        reason: 'A business partner',
      };
      await (await t.as('investigator')).post(`/cases/${c.id}/recusals`, order).expect(403);
      const supervisor = await t.as('supervisor');
      await supervisor.post(`/cases/${c.id}/recusals`, order).expect(201);
      await supervisor.post(`/cases/${c.id}/recusals`, order).expect(409);
      await supervisor.post(`/cases/${c.id}/recusals`, { ...order, userId: c.id }).expect(400);
      await supervisor.post(`/cases/${c.id}/recusals`, { ...order, ground: 'BOREDOM' }).expect(400);
      await (await t.as('investigator-2')).get(`/cases/${c.id}`).expect(404);
    });

    it('and not by who sees nothing of the case', async () => {
      const c = await aCase(t);
      await (
        await t.as('administrator')
      )
        .post(`/cases/${c.id}/recusals`, { ground: 'OTHER', reason: 'to see whether it exists' })
        .expect(404);
    });

    it('cannot be lifted by oneself behind the application either', async () => {
      const c = await aCase(t);
      const { body } = await (
        await t.as('agency-head')
      )
        .post(`/cases/${c.id}/recusals`, { ground: 'OTHER', reason: 'An old quarrel' })
        .expect(201);
      await expect(
        t.sql(
          `UPDATE app.recusal SET lifted_by = user_id, lifted_at = now(), lifted_reason = 'x' WHERE id = $1`,
          [body.id],
        ),
      ).rejects.toThrow('recusal_check');
    });
  });

  describe('between two offices of one case', () => {
    /** Behind the application, with an event, as whoever takes it over could. */
    const insert = async (caseId: string, sql: string, params: unknown[]): Promise<void> => {
      await t.sql('BEGIN');
      try {
        await t.sql(sql, params);
        await t.sql(
          `SELECT audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex'))`,
          [caseId],
        );
        await t.sql('COMMIT');
      } catch (error) {
        await t.sql('ROLLBACK');
        throw error;
      }
    };
    const aDeed = (caseId: string, name: string, username: string): Promise<void> =>
      insert(
        caseId,
        `INSERT INTO app.case_deed (id, case_id, deed, from_status, to_status, done_by, done_at, reason)
         VALUES (gen_random_uuid(), $1, $2, 'X', 'Y', $3, now(), 'behind')`,
        [caseId, name, t.ids.users[username]],
      );

    it.each([
      ['investigator', 'file'],
      ['investigator', 'legal-review'],
      ['investigator', 'decide'],
      ['legal-reviewer', 'report'],
      ['legal-reviewer', 'deliberate'],
      ['agency-head', 'start-investigation'],
    ])('the database refuses that %s does %s', async (username, name) => {
      const c = await aCaseIn(t, 'NOTICE_SERVED');
      await expect(aDeed(c.id, name, username)).rejects.toThrow('nobody acts in two offices');
    });

    it('the database refuses an assignment of who has reviewed the case', async () => {
      const c = await aCaseIn(t, 'NOTICE_SERVED');
      await expect(
        insert(
          c.id,
          `INSERT INTO app.investigator_assignment (id, case_id, user_id, is_lead, assigned_by, assigned_at)
           VALUES (gen_random_uuid(), $1, $2, false, $3, now())`,
          [c.id, t.ids.users['legal-reviewer'], t.ids.users['supervisor']],
        ),
      ).rejects.toThrow('nobody acts in two offices');
    });
  });

  describe('with a case in an export', () => {
    /** An auditor of their own, and a finished export of theirs that holds the case. */
    async function anExport(c: CaseUnderTest, format: string, filter: object) {
      const auditor = await anAccount('AUDITOR', null);
      const dto = { kind: 'CASE_LIST', format, filter, purpose: 'a yearly review' };
      const { body } = await auditor.client.post('/exports', dto).expect(201);
      const path = `/exports/${body.id}`;
      for (let status = 'QUEUED'; status !== 'DONE';) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ({ status } = (await auditor.client.get(path).expect(200)).body);
        expect(status).not.toBe('FAILED');
      }
      const order = { userId: auditor.id, ground: 'INTEREST', reason: 'an old quarrel' };
      const recuse = async () =>
        (await t.as('supervisor')).post(`/cases/${c.id}/recusals`, order).expect(201);
      return { ...auditor, id: body.id as string, path: `${path}/download`, recuse };
    }

    it.each(['csv', 'json'])(
      'the file (%s) is there no more for who has to keep away by now',
      async (format) => {
        const [c, other] = [await aCase(t, { channel: 'COURT' }), await aCase(t, { channel: 'MAILBOX' })];
        const [with_, without] = [
          await anExport(c, format, { channel: 'COURT' }),
          await anExport(c, format, { channel: 'MAILBOX' }),
        ];
        expect(other.id).not.toBe(c.id);
        await with_.client.get(with_.path).expect(200);
        await with_.recuse();
        await without.recuse();
        const { body } = await with_.client.get(with_.path).expect(404);
        const { body: missing } = await with_.client
          .get('/exports/01900000-0000-7000-8000-00000000dead/download')
          .expect(404);
        expect({ ...body, instance: '' }).toEqual({ ...missing, instance: '' });
        await without.client.get(without.path).expect(200);
      },
    );

    it('the stream that is open already breaks off', async () => {
      const c = await aCase(t, { channel: 'VISIT', statement: 'long '.repeat(20_000) });
      const taken = await anExport(c, 'json', { channel: 'VISIT' });
      // So many pieces that no buffer between here and there takes them all.
      const pieces = 200;
      await t.sql(
        `INSERT INTO app.export_piece (export_id, n, bytes)
         SELECT $1, m + n, decode(repeat('20', 262144), 'hex') FROM generate_series(1, $2::int) n,
           (SELECT max(n) AS m FROM app.export_piece WHERE export_id = $1) last`,
        [taken.id, pieces],
      );
      await t.sql('UPDATE app.export_run SET size_bytes = size_bytes + $2 WHERE id = $1', [
        taken.id,
        pieces * 262_144,
      ]);
      const { port } = t.app.getHttpServer().address() as AddressInfo;
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = {
          port,
          path: `/api/v1${taken.path}`,
          headers: { authorization: `Bearer ${taken.client.token}` },
        };
        httpGet(options, resolve).on('error', reject);
      });
      expect(response.statusCode).toBe(200);
      // Until here nobody has read a byte.
      await taken.recuse();
      let bytes = 0;
      const broken = await new Promise<Error | undefined>((resolve) => {
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => resolve(undefined)).on('error', resolve);
      });
      expect(broken?.message).toBe('aborted');
      expect(bytes).toBeLessThan(Number(response.headers['content-length']));
    });
  });

  it('leaves tables that say what the trail says', async () => {
    const report = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(report.differences).toEqual([]);
  });
});
