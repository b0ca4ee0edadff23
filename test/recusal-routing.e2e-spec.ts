import { RecusalSweep } from '../src/recusals/recusal-sweep.job.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { aCase, deed } from './support/builders.js';

describe('a case from which everybody who could lead it has to keep away', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  it('goes to the outside body, once', async () => {
    const { organs, users } = t.ids;
    // Whoever leads now does so in the county; the outside body has somebody of its own.
    await t.sql('BEGIN');
    await t.sql(`SET LOCAL session_replication_role = replica`);
    await t.sql('ALTER TABLE app.user_grant DISABLE TRIGGER user_grant_audited');
    await t.sql(`UPDATE app.user_grant SET organ_id = $1 WHERE role = 'SUPERVISOR'`, [organs.county]);
    await t.sql(`UPDATE app.user_grant SET organ_id = $1 WHERE user_id = $2`, [
      organs.oversight,
      users['supervisor-2'],
    ]);
    await t.sql('ALTER TABLE app.user_grant ENABLE ALWAYS TRIGGER user_grant_audited');
    await t.sql('COMMIT');
    const c = await aCase(t);
    const outside = await t.as('supervisor-2');
    await outside.get(`/cases/${c.id}`).expect(404);
    await (
      await t.as('supervisor')
    )
      .post(`/cases/${c.id}/recusals`, { ground: 'RELATIVE', reason: 'My brother is the subject' })
      .expect(201);
    await t.get(RecusalSweep).run();
    const { body } = await outside.get(`/cases/${c.id}`).expect(200);
    expect(body).toMatchObject({ status: 'REGISTERED' });
    const routed = (await eventsOf(t, c.id)).filter(({ type }) => type === 'case.routed-outside');
    expect(routed.map(({ values }) => values['organId'])).toEqual([
      { from: organs.county, to: organs.oversight },
    ]);
    await t.get(RecusalSweep).run();
    expect((await eventsOf(t, c.id)).filter(({ type }) => type === 'case.routed-outside')).toHaveLength(1);
    await deed(t, 'supervisor-2', Object.assign(c, { version: body.version }), 'accept');
  });
});
