import pg from 'pg';
import { CaseDatabase } from '../src/access/case-database.js';
import { SessionsService } from '../src/auth/sessions.service.js';
import { newId } from '../src/common/ids.js';
import { Case } from '../src/intake/case.entity.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase } from './support/builders.js';
import {
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  type DeploymentUnderTest,
  type Person,
} from './support/deployments.js';

const tables = [
  ...['deployment', 'deployment_deed', 'deployment_attachment', 'deployment_file', 'deployment_report'],
  ...['deployment_objection', 'deployment_delegation', 'deployment_notice'],
];
const hex = (token: string): string => `'\\x${Buffer.from(token, 'utf8').toString('hex')}'::bytea`;

describe('requests for police behind the second wall', () => {
  let t: TestApp;
  let app: pg.Client;
  /** Each of the station, but the last one; the deputy is the approver's. */
  let [requester, approver, officer, auditor, deputy, elsewhere]: Person[] = [];
  /** Went all its way, and with a file; and one that waits. */
  let [done, waiting]: DeploymentUnderTest[] = [];
  let attachment: string;

  beforeAll(async () => {
    t = await startTestApp();
    app = new pg.Client(t.database.appUrl);
    await app.connect();
    requester = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station');
    approver = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station');
    officer = await aPerson(t, 'OFFICER', 'station', t.ids.officers[0]);
    auditor = await aPerson(t, 'AUDITOR', 'county');
    deputy = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station2');
    elsewhere = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station2');
    done = await aWholeOne();
    waiting = await aSubmitted(requester.client, aSmallRequest(t));
    await delegated(deputy);
  }, 120_000);
  afterAll(async () => {
    await app?.end();
    await t?.stop();
  });

  async function aWholeOne(): Promise<DeploymentUnderTest> {
    const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
    const times = { startsAt: inHours(0), endsAt: inHours(9) };
    const { body } = await requester!.client.post('/deployments', aSmallRequest(t, times)).expect(201);
    const d: DeploymentUnderTest = body;
    const upload = requester!.client.request('post', `/deployments/${d.id}/attachments`);
    attachment = (await upload.attach('file', Buffer.from('paper'), 'letter.pdf').expect(201)).body.id;
    await deployed(requester!.client, d, 'submit', {});
    await deployed(approver!.client, d, 'approve', { reason: 'police work by duty 2' });
    const sent = { officers: 4, officerIds: [t.ids.officers[0]] };
    await deployed(approver!.client, d, 'dispatch', { reason: 'on time', dispatchedAt: inHours(0), ...sent });
    await officer!.client.post(`/deployments/${d.id}/object`, { text: 'Not our duty.' }).expect(201);
    await deployed(approver!.client, d, 'complete', { reason: 'over', endedAt: new Date().toISOString() });
    await deployed(approver!.client, d, 'sign-off', {
      reason: 'quiet',
      tasks: [{ code: 'KEEP_ORDER', text: 'Patrol' }],
      force: { officers: 4, weapons: 'NONE', bodyCameras: true },
      deviated: false,
    });
    return d;
  }

  async function delegated({ id }: Person): Promise<void> {
    const day = new Date(t.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    const days = { validFrom: day, validTo: day, reason: 'away' };
    const body = { userId: id, organId: t.ids.organs.station, ...days };
    await approver!.client.post('/deployment-delegations', body).expect(201);
  }

  const tokenOf = ({ client }: Person): string => client.token!;
  /** A transaction of whoever holds the application's password and this session. */
  const as = async <T>(person: Person | undefined, work: () => Promise<T>): Promise<T> => {
    await app.query(person ? `BEGIN; SELECT app.begin_ctx(${hex(tokenOf(person))}, 'TEST')` : 'BEGIN');
    try {
      return await work();
    } finally {
      await app.query('ROLLBACK');
    }
  };
  const rows = async (text: string): Promise<number> => (await app.query(text)).rowCount!;
  const draftBy = (who: string, askers = `ARRAY['${who}']::uuid[]`): string =>
    `INSERT INTO app.deployment (id, reference, status, operation, organ_id, created_by, created_at, askers, requester_name,
       requester_type, purpose, place, starts_at, ends_at, disputes, document_numbers, tasks, task_texts, officers, force, emergency)
     VALUES (gen_random_uuid(), 'X-1', 'DRAFT', 'NONE', '${t.ids.organs.station}', '${who}', now(), ${askers}, 'x', 'COURT', 'x',
       'x', now(), now() + interval '1 hour', '{}', '{}', '[1]', '', 1, '{}', false)`;
  const deedBy = (who: Person, deed: string, { id }: DeploymentUnderTest): string =>
    `INSERT INTO app.deployment_deed (id, deployment_id, deed, from_status, to_status, round, done_by, done_at, reason, details)
     VALUES (gen_random_uuid(), '${id}', '${deed}', 'x', 'y', 1, '${who.id}', now(), 'r', '{}')`;
  const bytesOf = (who: Person, id = newId()): string =>
    `INSERT INTO app.deployment_file (attachment_id, n, bytes, uploaded_by) VALUES ('${id}', 0, '\\x00', '${who.id}')`;

  it('are seen and written by nobody without a session, and no question about them is answered', async () => {
    await as(undefined, async () => {
      for (const table of tables) expect([table, await rows(`SELECT FROM app.${table}`)]).toEqual([table, 0]);
      expect(await rows('UPDATE app.deployment SET version = version')).toBe(0);
      const { rows: answers } = await app.query(
        `SELECT app.prior_requests($1) AS prior, app.is_noticed($2, 'THREE_LATE', '2026-Q1') AS noticed,
           (SELECT count(*)::int FROM app.lates_of($2, '2000-01-01')) AS lates`,
        [done!.id, t.ids.organs.station],
      );
      expect(answers).toEqual([{ prior: 0, noticed: false, lates: 0 }]);
    });
    for (const text of [
      draftBy(requester!.id),
      deedBy(approver!, 'approve', waiting!),
      bytesOf(requester!),
    ]) {
      await as(undefined, () => expect(app.query(text)).rejects.toThrow('row-level security'));
    }
  });

  it('are asked for and decided in nobody else’s name', async () => {
    await as(requester, async () => expect(await rows(draftBy(requester!.id))).toBe(1));
    for (const [person, text] of [
      [requester, draftBy(approver!.id)],
      // Whoever leaves themselves out of those who asked could decide on it.
      [requester, draftBy(requester!.id, `'{}'`)],
      // In an organ where they ask for nothing.
      [elsewhere, draftBy(elsewhere!.id)],
      [elsewhere, deedBy(approver!, 'approve', waiting!)],
      [requester, bytesOf(approver!)],
    ] as const) {
      await as(person, () => expect(app.query(text)).rejects.toThrow('row-level security'));
    }
  });

  it('say what their author wrote: nobody else who does a deed on them changes it', async () => {
    const d = await aSubmitted(requester!.client, aSmallRequest(t));
    await deployed(approver!.client, d, 'return', { reason: 'say where' });
    const changed = `UPDATE app.deployment SET purpose = 'x' WHERE id = '${d.id}'`;
    await as(approver, () => expect(app.query(changed)).rejects.toMatchObject({ code: '42501' }));
    await as(requester, async () => expect(await rows(changed)).toBe(1));
  });

  it('keep who made them, when, and that it was an emergency', async () => {
    for (const column of ['id', 'reference', 'created_by', 'created_at', 'emergency']) {
      await as(approver, () =>
        expect(app.query(`UPDATE app.deployment SET ${column} = ${column}`)).rejects.toMatchObject({
          code: '42501',
        }),
      );
    }
    await as(approver, () =>
      expect(app.query('UPDATE app.deployment_delegation SET valid_to = valid_to')).rejects.toMatchObject({
        code: '42501',
      }),
    );
  });

  it('show the bytes of a file with the request, and before it has any to whoever sends them', async () => {
    const bytes = `SELECT FROM app.deployment_file WHERE attachment_id = '${attachment}'`;
    for (const [person, n] of [
      [requester, 1],
      [auditor, 1],
      [deputy, 1],
      [elsewhere, 0],
    ] as const) {
      await as(person, async () => expect(await rows(bytes)).toBe(n));
    }
    const sent = newId();
    await app.query(`BEGIN; SELECT app.begin_ctx(${hex(tokenOf(requester!))}, 'TEST')`);
    await app.query(bytesOf(requester!, sent));
    await app.query('COMMIT');
    const unattached = `app.deployment_file WHERE attachment_id = '${sent}'`;
    for (const [person, n] of [
      [approver, 0],
      [requester, 1],
    ] as const) {
      await as(person, async () => expect(await rows(`SELECT FROM ${unattached}`)).toBe(n));
      await as(person, async () => expect(await rows(`DELETE FROM ${unattached}`)).toBe(n));
    }
    await as(requester, () =>
      expect(
        app.query(`DELETE FROM app.deployment_file WHERE attachment_id = '${attachment}'`),
      ).rejects.toThrow('an attachment is never changed'),
    );
  });

  it('let the system follow up a deed, and nobody take up its rights in a transaction of their own', async () => {
    await aCase(t);
    const actor = (await t.get(SessionsService).actorOf(tokenOf(approver!), { id: 'test' }))!;
    const database = t.get(CaseDatabase);
    const seen = await database.as(actor, async (manager) => {
      await database.followUp(manager);
      return manager.count(Case);
    });
    expect(seen).toBe(0);
  });

  it('need each of their policies: without it, what it lets through is stopped, and what it stops is done', async () => {
    const grant = newId();
    const follows = `id, deployment_id`;
    const probes: Record<string, { by: Person; does: string; first?: string; stops?: true }> = {
      'deployment see': { by: auditor!, does: 'SELECT FROM app.deployment' },
      'deployment change': { by: requester!, does: 'UPDATE app.deployment SET version = version' },
      'deployment leave': { by: requester!, does: draftBy(requester!.id) },
      'deployment_deed see': { by: auditor!, does: 'SELECT FROM app.deployment_deed' },
      'deployment_deed leave': { by: approver!, does: deedBy(approver!, 'approve', waiting!) },
      'deployment_deed partial': {
        by: approver!,
        first: `UPDATE app.deployment SET stepped_aside = '{${approver!.id}}' WHERE id = '${waiting!.id}'`,
        does: deedBy(approver!, 'approve', waiting!),
        stops: true,
      },
      'deployment_attachment see': { by: auditor!, does: 'SELECT FROM app.deployment_attachment' },
      'deployment_attachment leave': {
        by: requester!,
        does: `INSERT INTO app.deployment_attachment (${follows}, name, media_type, size_bytes, sha256, uploaded_by, uploaded_at)
          VALUES (gen_random_uuid(), '${waiting!.id}', 'x', 'x', 1, sha256('x'), '${requester!.id}', now())`,
      },
      'deployment_file see': { by: auditor!, does: 'SELECT FROM app.deployment_file' },
      'deployment_file leave': { by: requester!, does: bytesOf(requester!) },
      'deployment_file remove': {
        by: requester!,
        first: bytesOf(requester!, grant),
        does: `DELETE FROM app.deployment_file WHERE attachment_id = '${grant}'`,
      },
      'deployment_report see': { by: auditor!, does: 'SELECT FROM app.deployment_report' },
      'deployment_report leave': {
        by: approver!,
        does: `INSERT INTO app.deployment_report (${follows}, tasks, force, videos, deviated, test, outcome, officer_minutes,
          signed_by, signed_at) VALUES (gen_random_uuid(), '${waiting!.id}', '[]', '{}', '{}', false, '{}', 'x', 1, '${approver!.id}', now())`,
      },
      'deployment_objection see': { by: officer!, does: 'SELECT FROM app.deployment_objection' },
      'deployment_objection leave': {
        by: officer!,
        does: `INSERT INTO app.deployment_objection (${follows}, user_id, text, created_at, higher_organ_ids, order_givers)
          VALUES (gen_random_uuid(), '${done!.id}', '${officer!.id}', 'x', now(), '{}', '{}')`,
      },
      'deployment_delegation see': { by: deputy!, does: 'SELECT FROM app.deployment_delegation' },
      'deployment_delegation change': {
        by: approver!,
        does: 'UPDATE app.deployment_delegation SET revoked_at = now()',
      },
      'deployment_delegation leave': {
        by: approver!,
        first: `ALTER TABLE app.user_grant DISABLE TRIGGER USER; INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from,
          granted_by, reason) VALUES ('${grant}', '${elsewhere!.id}', 'DEPLOYMENT_APPROVER', '${t.ids.organs.station}', now(), '${approver!.id}', 'r')`,
        does: `INSERT INTO app.deployment_delegation (id, user_id, delegated_by, grant_id, organ_id, valid_from, valid_to, reason, created_at)
          VALUES (gen_random_uuid(), '${elsewhere!.id}', '${approver!.id}', '${grant}', '${t.ids.organs.station}', now(), now(), 'r', now())`,
      },
      'deployment_notice see': {
        by: auditor!,
        first: `INSERT INTO app.deployment_notice (${follows}, organ_id, kind, quarter, count, created_at)
          VALUES (gen_random_uuid(), '${done!.id}', '${t.ids.organs.station}', 'THREE_LATE', '2020-Q1', 3, now())`,
        does: 'SELECT FROM app.deployment_notice',
      },
      'deployment_notice leave': {
        by: requester!,
        first: `UPDATE app.deployment SET hours_late = 1 WHERE id = '${waiting!.id}'`,
        does: `INSERT INTO app.deployment_notice (${follows}, organ_id, kind, quarter, count, created_at)
          VALUES (gen_random_uuid(), '${waiting!.id}', '${t.ids.organs.station}', 'THREE_LATE', '2020-Q1', 3, now())`,
      },
    };
    const policies = await t.sql<{ name: string }>(
      `SELECT tablename || ' ' || policyname AS name FROM pg_policies
       WHERE schemaname = 'app' AND tablename = ANY ($1) AND roles = '{plumbline_app}'`,
      [tables],
    );
    expect(policies.map(({ name }) => name).sort()).toEqual(Object.keys(probes).sort());

    const admin = new pg.Client(t.database.adminUrl);
    await admin.connect();
    /** In a transaction of its own in which the policy may be gone, as the person. */
    const passes = async (name: string, gone: boolean): Promise<boolean> => {
      const { by, does, first } = probes[name]!;
      const [table, policy] = name.split(' ');
      await admin.query(`BEGIN; ${first ?? 'SELECT 1'}; SET CONSTRAINTS ALL DEFERRED`);
      if (gone) await admin.query(`DROP POLICY ${policy} ON app.${table}`);
      await admin.query(`SELECT app.begin_ctx(${hex(tokenOf(by))}, 'TEST'); SET LOCAL ROLE plumbline_app`);
      try {
        return ((await admin.query(does)).rowCount ?? 0) > 0;
      } catch (error) {
        if ((error as { code?: string }).code !== '42501') throw error;
        return false;
      } finally {
        await admin.query('ROLLBACK');
      }
    };
    for (const [name, { stops }] of Object.entries(probes)) {
      const heard = { name, with: await passes(name, false), without: await passes(name, true) };
      expect(heard).toEqual({ name, with: !stops, without: Boolean(stops) });
    }
    await admin.end();
  });
});
