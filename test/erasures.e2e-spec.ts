import pg from 'pg';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { HistoryService } from '../src/audit/history.service.js';
import { reconcile } from '../src/audit/reconcile.js';
import { keyRingAt, trustedKeys, verifyDatabase } from '../src/audit/verify-command.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anAllegation } from './support/builders.js';

const NAME = 'Hidden Reporter 李反映';
const PAYER = 'Payer Wang 王付款';

describe('the erasure of a person', () => {
  let t: TestApp;
  let id: string;
  beforeAll(async () => {
    t = await startTestApp();
    const c = await aCaseIn(t, 'CLOSED', {
      reporter: { kind: 'NAMED', name: NAME, contact: '138 0000 0000' },
      allegations: [anAllegation(t, { affectedPersons: [{ name: PAYER, injuryLevel: 'NONE' }] })],
    });
    id = c.id;
  }, 60_000);
  afterAll(() => t.stop());

  const order = { person: 'REPORTER', legalBasis: '个人信息保护法 47', reason: 'asked for in writing' };
  const history = async () =>
    (await (await t.as('supervisor')).get(`/cases/${id}/history?limit=200`).expect(200)).body.items;
  const propose = async (over: object = {}, status = 201) =>
    (
      await (
        await t.as('identity-custodian')
      )
        .post(`/cases/${id}/erasures`, { ...order, ...over })
        .expect(status)
    ).body;

  it('is proposed by the custodian only, in a case that has ended', async () => {
    for (const [who, status] of [
      ['supervisor', 403],
      ['agency-head', 403],
      ['administrator', 404],
    ] as const) {
      await (await t.as(who)).post(`/cases/${id}/erasures`, order).expect(status);
    }
    const open = await aCase(t);
    await (await t.as('identity-custodian')).post(`/cases/${open.id}/erasures`, order).expect(404);
  });

  it('is not done in a case that was reopened meanwhile', async () => {
    const c = await aCaseIn(t, 'CLOSED');
    const custodian = await t.as('identity-custodian');
    const head = await t.as('agency-head');
    const { body: erasure } = await custodian.post(`/cases/${c.id}/erasures`, order).expect(201);
    const { body: file } = await head.get(`/cases/${c.id}`).expect(200);
    const version = { 'if-match': `"${file.version}"` };
    await head
      .post(`/cases/${c.id}/reopen`, { reason: 'new evidence', ground: 'NEW_EVIDENCE' }, version)
      .expect(200);
    const { body } = await head.post(`/erasures/${erasure.id}/confirm`, { reason: 'in order' }).expect(409);
    expect(body).toMatchObject({ type: '/problems/legal-hold', state: 'REOPENED' });
  });

  it.each([
    ['nobody', { person: 'WITNESS' }, '/person'],
    ['a person without id', { person: 'AFFECTED_PERSON' }, '/personId'],
    ['no legal basis', { legalBasis: ' ' }, '/legalBasis'],
    ['no reason', { reason: '' }, '/reason'],
  ])('is not proposed for %s', async (_what, over, pointer) => {
    const { errors } = await propose(over, 400);
    expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
  });

  it('is not proposed for a person who is not in the case', async () => {
    await propose({ person: 'AFFECTED_PERSON', personId: '01900000-0000-7000-8000-00000000beef' }, 404);
  });

  it('may be refused, and then nothing is erased', async () => {
    const { id: erasure } = await propose();
    const head = await t.as('agency-head');
    const { body } = await head.post(`/erasures/${erasure}/refuse`, { reason: 'still sued' }).expect(200);
    expect(body).toMatchObject({ status: 'REFUSED', decidedBy: t.ids.users['agency-head'] });
    await head.post(`/erasures/${erasure}/confirm`, { reason: 'after all' }).expect(409);
    expect(JSON.stringify(await history())).toContain(NAME);
  });

  it('takes two persons, leaves the trail whole and says who did it and why', async () => {
    const before = await history();
    expect(JSON.stringify(before)).toContain(NAME);
    const { id: erasure } = await propose();
    await (
      await t.as('identity-custodian')
    )
      .post(`/erasures/${erasure}/confirm`, { reason: 'mine' })
      .expect(403);
    await (
      await t.as('agency-head')
    )
      .post(`/erasures/${erasure}/confirm`, { reason: 'in order' })
      .expect(200);

    const after = await history();
    expect(JSON.stringify(after)).not.toContain(NAME);
    const event = after.find(({ type }: { type: string }) => type === 'subject.erase');
    expect(event).toMatchObject({ actor: { role: 'AGENCY_HEAD' } });
    // Every entry is still there, with the digest of what was erased, and says by which event.
    expect(after.slice(0, before.length).map(({ proof }: any) => proof.leaf)).toEqual(
      before.map(({ proof }: any) => proof.leaf),
    );
    const [registered] = after;
    expect(registered.erased.length).toBeGreaterThan(0);
    for (const { digest, erasedBy } of registered.erased) {
      expect(erasedBy).toBe(event.event);
      expect(JSON.parse(registered.proof.body)._sd).toContain(digest);
    }

    const { body: file } = await (await t.as('supervisor')).get(`/cases/${id}`).expect(200);
    expect(file.reporter).toMatchObject({ kind: 'NAMED', name: null, contact: null });
    const [key] = await t.sql(
      `SELECT wrapped, erased_by, (SELECT count(content)::int FROM audit.disclosure d WHERE d.subject = k.subject) AS values
       FROM audit.subject_key k WHERE subject = $1`,
      [`reporter:${id}`],
    );
    expect(key).toEqual({ wrapped: null, erased_by: event.event, values: 0 });

    const report = await verifyDatabase(
      t.database.auditorUrl,
      trustedKeys([], t.dataDir),
      keyRingAt(t.dataDir),
    );
    expect(report).toMatchObject({ valid: true, failures: [] });
    const compared = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(compared.differences).toEqual([]);
    expect(compared.erased).toBe(1);
  });

  it('of a person affected leaves the others', async () => {
    const persons = await t.sql(`SELECT id, name FROM app.affected_person WHERE case_id = $1`, [id]);
    expect(persons.length).toBeGreaterThan(0);
    const { id: erasure } = await propose({ person: 'AFFECTED_PERSON', personId: persons[0].id });
    await (
      await t.as('agency-head')
    )
      .post(`/erasures/${erasure}/confirm`, { reason: 'in order' })
      .expect(200);
    const text = JSON.stringify(await history());
    expect(text).not.toContain(PAYER);
    const { body } = await (await t.as('identity-custodian')).get(`/cases/${id}/erasures`).expect(200);
    expect(body.map(({ status }: { status: string }) => status)).toEqual(['DONE', 'DONE', 'REFUSED']);
  });

  it('is not done by the application without its event, and by nobody for a value that is not erased', async () => {
    const app = new pg.Client({ connectionString: t.database.appUrl });
    await app.connect();
    try {
      await expect(
        app.query('SELECT audit.erase($1, $2)', [`stream:${id}`, '01900000-0000-7000-8000-00000000beef']),
      ).rejects.toThrow('no event of this transaction says so');
      await expect(app.query('UPDATE audit.disclosure SET content = NULL')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await app.end();
    }
    await expect(
      t.sql('UPDATE audit.disclosure SET content = NULL WHERE subject = $1', [`stream:${id}`]),
    ).rejects.toThrow('append-only');
    await expect(
      t.sql('UPDATE audit.subject_key SET wrapped = NULL WHERE subject = $1', [`stream:${id}`]),
    ).rejects.toThrow();
    await expect(t.sql('DELETE FROM audit.subject_key WHERE subject = $1', [`stream:${id}`])).rejects.toThrow(
      'append-only',
    );
  });
});
