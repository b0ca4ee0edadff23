import { WorkerDatabase } from '../src/database/worker-database.js';
import { HistoryService } from '../src/audit/history.service.js';
import { reconcile, reconciliationInWords, type Difference } from '../src/audit/reconcile.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCaseIn, anAllegation } from './support/builders.js';

describe('the tables, rebuilt from the trail', () => {
  let t: TestApp;
  let id: string;
  beforeAll(async () => {
    t = await startTestApp();
    id = (await aCaseIn(t, 'CLOSED')).id;
  }, 120_000);
  afterAll(() => t.stop());

  const report = () => reconcile(t.get(WorkerDatabase), t.get(HistoryService));

  it('are the same after a case went through the whole procedure', async () => {
    const found = await report();
    expect(found.differences).toEqual([]);
    expect(found.rows).toBeGreaterThan(60);
    expect(reconciliationInWords(found)).toMatch(/^The tables say what the trail says/);
  });

  it('are the same while people work: what comes between the tables and the events is no difference', async () => {
    const intake = await t.as('intake-officer');
    const one = await aCaseIn(t, 'REGISTERED');
    const allege = () => intake.post(`/cases/${one.id}/allegations`, anAllegation(t)).expect(201);
    let came = 0;
    const histories = {
      async *all(stream: string) {
        if (stream === one.id && came++ === 0) await allege();
        yield* t.get(HistoryService).all(stream);
      },
    } as HistoryService;
    const found = await reconcile(t.get(WorkerDatabase), histories);
    expect(found.differences).toEqual([]);
    expect(came).toBeGreaterThan(1);
  });

  /** Changes something as the owner of the database would, and changes it back. */
  const behind = async (change: string, back: string): Promise<readonly Difference[]> => {
    const quietly = (sql: string) =>
      t.sql(`BEGIN; SET LOCAL session_replication_role = replica; ALTER TABLE app."case" DISABLE TRIGGER ALL;
             ALTER TABLE app.finding DISABLE TRIGGER ALL; ALTER TABLE app.sanction DISABLE TRIGGER ALL;
             ALTER TABLE app.officer DISABLE TRIGGER ALL; ALTER TABLE app.user_account DISABLE TRIGGER ALL;
             ALTER TABLE app.affected_person DISABLE TRIGGER ALL; ${sql};
             ALTER TABLE app."case" ENABLE ALWAYS TRIGGER case_audited; COMMIT`);
    await quietly(change);
    try {
      return (await report()).differences;
    } finally {
      await quietly(back);
      expect((await report()).differences).toEqual([]);
    }
  };

  it('name the field, what the trail says and what was found', async () => {
    const differences = await behind(
      `UPDATE app."case" SET status = 'REGISTERED' WHERE id = '${id}'`,
      `UPDATE app."case" SET status = 'CLOSED' WHERE id = '${id}'`,
    );
    expect(differences).toEqual([
      {
        stream: id,
        table: 'case',
        id,
        field: 'status',
        what: 'CHANGED',
        inTrail: 'CLOSED',
        found: 'REGISTERED',
      },
    ]);
  });

  it('name a finding that was turned round', async () => {
    const [{ outcome }] = await t.sql(
      `SELECT outcome FROM app.finding WHERE case_id = '${id}' AND stage = 'FINAL'`,
    );
    const set = (to: string) =>
      `UPDATE app.finding SET outcome = '${to}' WHERE case_id = '${id}' AND stage = 'FINAL'`;
    const differences = await behind(set('UNTRUE'), set(outcome));
    expect(differences).toMatchObject([
      { table: 'finding', field: 'outcome', inTrail: outcome, found: 'UNTRUE' },
    ]);
  });

  it('name an officer of another name and an account of another password', async () => {
    const officer = t.ids.officers[0];
    const [{ name }] = await t.sql(`SELECT name FROM app.officer WHERE id = '${officer}'`);
    expect(
      await behind(
        `UPDATE app.officer SET name = 'Somebody else' WHERE id = '${officer}'`,
        `UPDATE app.officer SET name = '${name}' WHERE id = '${officer}'`,
      ),
    ).toMatchObject([{ table: 'officer', field: 'name', found: 'Somebody else' }]);
    const user = t.ids.users['auditor'];
    const [{ hash }] = await t.sql(`SELECT password_hash AS hash FROM app.user_account WHERE id = '${user}'`);
    expect(
      await behind(
        `UPDATE app.user_account SET password_hash = password_hash || 'x' WHERE id = '${user}'`,
        `UPDATE app.user_account SET password_hash = '${hash}' WHERE id = '${user}'`,
      ),
    ).toMatchObject([
      { table: 'user_account', field: 'passwordHash', found: expect.stringMatching(/^sha256:/) },
    ]);
  });

  it('name a row that is gone and one that nobody recorded', async () => {
    const [row] = await t.sql(`SELECT * FROM app.sanction WHERE case_id = '${id}'`);
    await t.sql(`CREATE TABLE kept AS SELECT * FROM app.sanction WHERE case_id = '${id}'`);
    expect(
      await behind(
        `DELETE FROM app.sanction WHERE id = '${row.id}'`,
        `INSERT INTO app.sanction SELECT * FROM kept`,
      ),
    ).toMatchObject([{ table: 'sanction', id: row.id, what: 'MISSING' }]);
    const other = '01900000-0000-7000-8000-00000000beef';
    expect(
      await behind(
        `INSERT INTO app.sanction SELECT (json_populate_record(k, json_build_object('id', '${other}'))).* FROM kept k`,
        `DELETE FROM app.sanction WHERE id = '${other}'`,
      ),
    ).toMatchObject([{ table: 'sanction', id: other, what: 'UNKNOWN' }]);
    await t.sql('DROP TABLE kept');
  });
});
