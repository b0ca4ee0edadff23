import { HistoryService } from '../src/audit/history.service.js';
import { KeyRing } from '../src/audit/key-ring.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCaseIn } from './support/builders.js';

/** What readers are told when whoever owns the database changed values beside the trail. */
describe('altered values', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
    await t.sql(
      'ALTER TABLE audit.disclosure DISABLE TRIGGER ALL; ALTER TABLE audit.subject_key DISABLE TRIGGER ALL',
    );
  });
  afterAll(() => t.stop());

  it.each([
    ['changed', `content = set_byte(content, 14, get_byte(content, 14) # 1)`],
    ['removed', 'content = NULL'],
    ['under another digest', 'digests = sha256(digests)'],
  ])('a reader is told that values were %s, and sees the rest', async (_what, set) => {
    const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
    await t.sql(
      `UPDATE audit.disclosure SET ${set} WHERE event = (SELECT event FROM audit.entry WHERE stream = '${c.id}' AND seq = 2)`,
    );
    const auditor = await t.as('auditor');
    const { body } = await auditor.get(`/cases/${c.id}/history`).expect(200);
    const [registered, , accepted] = body.items;
    expect(registered).toMatchObject({ altered: [] });
    expect(registered.values.length).toBeGreaterThan(0);
    expect(accepted).toMatchObject({ words: 'Accepted after triage', values: [], erased: [] });
    expect(accepted.altered.length).toBeGreaterThan(0);
    const export_ = async (format: string) =>
      auditor.get(`/cases/${c.id}/export?format=${format}&purpose=check`).expect(200);
    expect((await export_('json')).body.events[2].altered).toEqual(accepted.altered);
    expect((await export_('csv')).text).toContain('altered behind the program');
    await export_('pdf');
  });

  it('nothing leaves and nothing is done while the key of a case does not open', async () => {
    const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
    await t.sql(
      `UPDATE audit.subject_key SET wrapped = set_byte(wrapped, 14, get_byte(wrapped, 14) # 1) WHERE subject = 'stream:${c.id}'`,
    );
    // As a process does that has not the key in memory.
    t.get(KeyRing).forget(`stream:${c.id}`);
    const { body } = await (await t.as('auditor')).get(`/cases/${c.id}/history`).expect(503);
    expect(body).toMatchObject({ type: '/problems/key-damaged' });
    const [entry] = await t.get(HistoryService).read(c.id, -1, 1);
    expect(entry).toMatchObject({ seq: 0, erased: [] });
    expect(entry!.altered.length).toBeGreaterThan(0);
  });
});
