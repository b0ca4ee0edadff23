import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { abilityFor } from '../src/access/abilities.js';
import { roles } from '../src/access/roles.js';
import { deploymentDeeds } from '../src/access/shapes.js';
import { whereAccessible } from '../src/access/where-accessible.js';
import { HistoryService } from '../src/audit/history.service.js';
import { reconcile } from '../src/audit/reconcile.js';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { Deployment } from '../src/deployments/deployment.entity.js';
import { aRequest } from './deployments/requests.js';
import { anActor } from './support/actors.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import {
  aDemolition,
  aDraft,
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  type DeploymentUnderTest,
  withoutOrgan,
} from './support/deployments.js';

let t: TestApp;
let requester: Client;
let approver: Client;
beforeAll(async () => {
  t = await startTestApp();
  [requester, approver] = await Promise.all([t.as('deployment-requester'), t.as('deployment-approver')]);
});
afterAll(() => t?.stop());

describe('a request for police', () => {
  it('is drafted with every field, gets a number, and is read back as it was written', async () => {
    const request = aSmallRequest(t, {
      requester: {
        organId: t.ids.organs.county,
        document: { number: '2026-7', title: 'Request 请求' },
        signedBy: 'Director Zhao',
      },
      expectedPeople: 300,
      riskLevel: 'LOW',
      opposingPartiesPresent: false,
      documentNumbers: ['(2026) 7'],
      disputes: [],
      lifeOrCrimeAtStake: false,
      force: { auxiliaries: 2, vehicles: 1, dogs: 1, drones: 1, units: ['Patrol'], equipment: ['radio'] },
      limits: {
        medical: 'ambulance near',
        interpreter: 'none',
        videoPlan: 'two cameras',
        forbiddenActs: 'no entry',
      },
      money: { fee: null, meals: false, sponsor: null, payer: null },
    });
    const { body } = await requester.post('/deployments', request).expect(201);
    expect(body).toMatchObject({ status: 'DRAFT', operation: 'NONE', outcome: null, version: 1 });
    expect(body.reference).toMatch(/^PD-\d{4}-\d{6}$/);
    const { body: read } = await requester.get(`/deployments/${body.id}`).expect(200);
    const sent = withoutOrgan(request);
    expect(read.request).toMatchObject(sent);
    expect(read).toMatchObject({ allowed: ['submit', 'withdraw'], redacted: [], priorRequests: 0 });
  });

  it('is nobody else’s business while it is a draft', async () => {
    const d = await aDraft(requester, aSmallRequest(t));
    for (const user of ['deployment-approver', 'auditor', 'legal-reviewer', 'administrator', 'officer']) {
      await (await t.as(user)).get(`/deployments/${d.id}`).expect(404);
    }
  });

  it('changes as a draft, is checked as a whole, and keeps what was not sent', async () => {
    const d = await aDraft(requester, aSmallRequest(t));
    const patch = (body: object, status = 200) =>
      requester.patch(`/deployments/${d.id}`, body, { 'if-match': `"${d.version}"` }).expect(status);
    const { body } = await patch({ purpose: 'Patrol at the lake', expectedPeople: 40 });
    d.version = body.version;
    const { body: read } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(read.request).toMatchObject({
      purpose: 'Patrol at the lake',
      expectedPeople: 40,
      place: 'Lake Street 湖滨路',
      limits: { commander: 'Sergeant Lin' },
    });
    const wrong = await patch({ endsAt: '2026-03-04T08:00:00+08:00' }, 400);
    expect(wrong.body.errors[0]).toEqual({ pointer: '/endsAt', message: 'endsAt must be after startsAt' });
    expect((await patch({ purpose: null }, 400)).body.errors[0].pointer).toBe('/purpose');
    // The parade: only together are the two numbers absurd.
    await patch({ force: { officers: 10_000 } }, 400);
    await requester.patch(`/deployments/${d.id}`, { purpose: 'late' }, { 'if-match': '"1"' }).expect(412);
    await requester.patch(`/deployments/${d.id}`, { purpose: 'blind' }).expect(428);
  });

  it('is submitted with the whole answer of the duty test and the rulebook of its day', async () => {
    const d = await aDraft(requester, aDemolition(t));
    const { body: dry } = await requester
      .post('/deployments/check', withoutOrgan(aDemolition(t)))
      .expect(200);
    const body = await deployed(requester, d, 'submit', {});
    expect(body).toMatchObject({
      status: 'SUBMITTED',
      outcome: 'NOT_POLICE_WORK',
      level: 'L3',
      decisionLevel: 'L3',
      npCodes: ['NP01'],
    });
    const { body: read } = await approver.get(`/deployments/${d.id}`).expect(200);
    expect(dry).toMatchObject(read.test);
    expect(Object.keys(dry).sort()).toEqual(
      [...Object.keys(read.test), 'precedents', 'requesterRecord'].sort(),
    );
    expect(read).toMatchObject({ rulebookVersion: '2020-07', opinionWanted: true, round: 1 });
    await requester
      .patch(`/deployments/${d.id}`, { purpose: 'harmless' }, { 'if-match': `"${d.version}"` })
      .expect(409);
  });

  it('stands as submitted also against whoever holds the database', async () => {
    const d = await aSubmitted(requester, aSmallRequest(t));
    await expect(
      t.sql(`UPDATE app.deployment SET purpose = 'harmless' WHERE id = $1`, [d.id]),
    ).rejects.toThrow('a request that is SUBMITTED is not changed');
  });

  it('is not submitted without what a request must say', async () => {
    const d = await aDraft(requester, {
      organId: t.ids.organs.station,
      ...aRequest({ force: { weapons: null } }),
    });
    const { errors } = await deployed(requester, d, 'submit', {}, 400);
    expect(errors.map(({ pointer }: any) => pointer)).toEqual([
      '/activityType',
      '/force/weapons',
      '/force/bodyCameras',
      '/law/duties',
      '/law/articles',
      '/limits/commander',
    ]);
    // An empty list is an answer: none is claimed.
    const patch = {
      activityType: 'OTHER',
      force: { officers: 4, weapons: 'NONE', bodyCameras: false },
      law: { duties: [], articles: [] },
      limits: { commander: 'Lin' },
    };
    const { body } = await requester
      .patch(`/deployments/${d.id}`, patch, { 'if-match': `"${d.version}"` })
      .expect(200);
    d.version = body.version;
    await deployed(requester, d, 'submit', {});
  });

  it('is withdrawn by its requester alone, and not decided on afterwards', async () => {
    const d = await aSubmitted(requester, aSmallRequest(t));
    await deployed(approver, d, 'withdraw', { reason: 'not mine' }, 403);
    await deployed(requester, d, 'withdraw', { reason: 'the rain' });
    const { body } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(body).toMatchObject({ status: 'WITHDRAWN', allowed: [] });
    expect(body.steps.map(({ deed }: any) => deed)).toEqual(['submit', 'withdraw']);
    await deployed(requester, d, 'submit', {}, 409);
  });

  it('takes the police of the one organ in which its requester may ask, and of no other', async () => {
    const there = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station2');
    const without = withoutOrgan(aSmallRequest(t));
    const { body } = await there.client.post('/deployments', without).expect(201);
    expect(body.organId).toBe(t.ids.organs.station2);
    await there.client.post('/deployments', aSmallRequest(t)).expect(403);
    await (await t.as('investigator')).post('/deployments', aSmallRequest(t)).expect(403);
  });

  it.each([
    ['/endsAt', { endsAt: '2026-03-04T08:00:00+08:00' }],
    ['/force', { expectedPeople: 50, force: { officers: 10_000 } }],
    ['/law/duties', { law: { duties: [15] } }],
    ['/tasks', { tasks: [] }],
    ['/law/articles', { law: { articles: ['Law of Gravity 9'] } }],
    ['/riskLevel', { riskLevel: 'NONE' }],
    ['/force/units', { force: { units: 'all' } }],
    ['/requester/organId', { requester: { organId: '01900000-0000-7000-8000-00000000dead' } }],
    ['/tasks', { tasks: Array.from({ length: 6 }, () => ({ code: 'OTHER', text: 'x '.repeat(1900) })) }],
  ])('is refused with what is wrong at %s %#', async (pointer, wrong) => {
    const { body } = await requester.post('/deployments', aSmallRequest(t, wrong)).expect(400);
    expect(body.errors.map((error: any) => error.pointer)).toContain(pointer);
  });

  it('keeps name and contact of whoever asks out of the trail itself', async () => {
    const d = await aDraft(
      requester,
      aSmallRequest(t, { requester: { name: 'Zhu Discreet', contact: '138-0000' } }),
    );
    const bodies = await t.sql(
      `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1`,
      [d.id],
    );
    expect(JSON.stringify(bodies)).not.toMatch(/Zhu|138-0000/);
    expect((await eventsOf(t, d.id))[0]!.values['rows'][0].to).toMatchObject({
      requesterName: 'Zhu Discreet',
      requesterContact: '138-0000',
    });
  });
});

describe('an attachment', () => {
  const send = (
    client: Client,
    d: DeploymentUnderTest,
    name = 'request 请求.pdf',
    bytes = Buffer.from('%PDF-1.7 …'),
  ) =>
    client
      .request('post', `/deployments/${d.id}/attachments`)
      .attach('file', bytes, { filename: name, contentType: 'application/pdf' });

  it('is hashed as it arrives and comes back byte by byte', async () => {
    const d = await aDraft(requester, aSmallRequest(t));
    const bytes = Buffer.alloc(2_500_000, 'written request ');
    const { body } = await send(requester, d, 'request 请求.pdf', bytes).expect(201);
    expect(body).toMatchObject({
      name: 'request 请求.pdf',
      mediaType: 'application/pdf',
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const got = await requester
      .get(`/deployments/${d.id}/attachments/${body.id}/content`)
      .buffer()
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .expect(200);
    expect(bytes.equals(got.body as Buffer)).toBe(true);
    await expect(
      t.sql('DELETE FROM app.deployment_file WHERE attachment_id = $1', [body.id]),
    ).rejects.toThrow('an attachment is never changed');
    const { body: read } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(read.attachments).toEqual([body]);
    expect((await eventsOf(t, d.id)).map(({ type }) => type)).toContain('deployment.attachment-read');
  });

  it('is for who sees the request, and comes before it is submitted', async () => {
    const d = await aDraft(requester, aSmallRequest(t));
    await send(approver, d).expect(404);
    await send(requester, d, 'a.pdf', Buffer.alloc(0)).expect(400);
    await requester.post(`/deployments/${d.id}/attachments`, {}).expect(415);
    await deployed(requester, d, 'submit', {});
    await send(requester, d).expect(409);
    // Nothing of what was refused is left.
    expect(
      await t.sql(
        'SELECT 1 FROM app.deployment_file WHERE attachment_id NOT IN (SELECT id FROM app.deployment_attachment)',
      ),
    ).toEqual([]);
  });
});

describe('the list of requests', () => {
  it('pages and filters by status, organ, day, outcome, NP code, words, mine and waiting', async () => {
    const day = '2031-05-06';
    const on = { startsAt: `${day}T09:00:00+08:00`, endsAt: `${day}T12:00:00+08:00` };
    const small = await aSubmitted(
      requester,
      aSmallRequest(t, { ...on, purpose: 'Patrol at Crane 100% Pond' }),
    );
    const large = await aSubmitted(requester, { ...aDemolition(t, on), organId: t.ids.organs.station2 });
    const draft = await aDraft(requester, aSmallRequest(t, on));
    const idsOf = async (query: string, client = requester): Promise<string[]> => {
      const { body } = await client.get(`/deployments?day=${day}&${query}`).expect(200);
      return body.items.map(({ id }: any) => id);
    };
    expect(await idsOf('')).toEqual([draft.id, large.id, small.id]);
    expect(await idsOf('status=SUBMITTED')).toEqual([large.id, small.id]);
    expect(await idsOf(`organId=${t.ids.organs.station2}`)).toEqual([large.id]);
    expect(await idsOf('outcome=NOT_POLICE_WORK')).toEqual([large.id]);
    expect(await idsOf('npCode=NP01')).toEqual([large.id]);
    expect(await idsOf('q=100%25 Pond')).toEqual([small.id]);
    expect(await idsOf('q=the families')).toEqual([large.id]);
    expect(await idsOf('mine=true', approver)).toEqual([]);
    expect(await idsOf('waiting=true', approver)).toEqual([large.id, small.id]);
    expect(await idsOf('waiting=true')).toEqual([]);
    expect(await idsOf('waiting=true', await t.as('legal-reviewer'))).toEqual([large.id]);
    expect(await idsOf('waiting=true', (await aPerson(t, 'DEPLOYMENT_APPROVER', 'station')).client)).toEqual([
      small.id,
    ]);
    const { body } = await requester.get(`/deployments?day=${day}&limit=2&count=true`).expect(200);
    expect(body.total).toBe(3);
    const rest = await requester.get(`/deployments?day=${day}&limit=2&cursor=${body.nextCursor}`).expect(200);
    expect(rest.body).toMatchObject({ items: [{ id: small.id }], nextCursor: null });
    await requester.get('/deployments?npCode=all').expect(400);
    await requester.get('/deployments?unknown=1').expect(400);
  });
});

describe('who may do what', () => {
  it('is the same in SQL and in memory, for any roles in any organs', async () => {
    const { station, station2, county } = t.ids.organs;
    const organs = [station, station2, county];
    const users = ['deployment-requester', 'deployment-approver', 'officer'].map(
      (name) => t.ids.users[name]!,
    );
    const officers = [null, t.ids.officers[0]!, t.ids.officers[1]!];
    // Seeded behind the application, in one transaction without the trigger that demands an event.
    await t.sql('BEGIN');
    await t.sql('ALTER TABLE app.deployment DISABLE TRIGGER deployment_audited');
    await t.sql(
      `INSERT INTO app.deployment (id, reference, status, operation, organ_id, created_by, created_at, askers,
         stepped_aside, officer_ids, requester_name, requester_type, purpose, place, starts_at, ends_at, disputes,
         document_numbers, tasks, task_texts, officers, force, emergency, test, outcome, level, decision_level, submitted_at)
       SELECT gen_random_uuid(), 'T-' || row_number() OVER (), s, 'NONE', o, u, now(), array_remove(ARRAY[u, f], NULL),
         array_remove(ARRAY[a], NULL), array_remove(ARRAY[f], NULL), 'x', 'COURT', 'x', 'x', now(), now() + interval '1 hour',
         '{}', '{}', '[1]', '', 1, '{}', false, '{}', 'POLICE_WORK', 'L1', 'L1', now()
       FROM unnest(ARRAY['DRAFT', 'SUBMITTED', 'REFUSED']) s, unnest($1::uuid[]) o, unnest($2::uuid[]) u,
         unnest($3::uuid[]) f, unnest(ARRAY[NULL, $4::uuid]) a`,
      [organs, users, officers, officers[1]],
    );
    await t.sql('ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER deployment_audited');
    await t.sql('COMMIT');
    const manager = t.get(WorkerDatabase).manager;
    const all = await manager.find(Deployment);
    expect(all.length).toBeGreaterThan(150);
    const grant = fc.record({ role: fc.constantFrom(...roles), organ: fc.nat(2), wide: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(grant, { maxLength: 4 }),
        fc.constantFrom(...users),
        fc.constantFrom(...officers),
        fc.constantFrom('read' as const, 'update' as const, 'object' as const, ...deploymentDeeds),
        async (grants, userId, officerId, action) => {
          const ability = abilityFor(
            anActor({
              userId,
              officerId,
              grants: grants.map(({ role, organ, wide }) => ({
                role,
                organId: organs[organ]!,
                organIds: wide ? organs : [organs[organ]!],
              })),
            }),
          );
          for (const field of action === 'read' ? [undefined, 'file'] : [undefined]) {
            const query = manager.createQueryBuilder(Deployment, 'one').select('one.id', 'id');
            const rows = await whereAccessible(query, ability, action, 'Deployment', field).getRawMany();
            const inMemory = all.filter((row) => ability.can(action, row, field)).map(({ id }) => id);
            expect(rows.map(({ id }: any) => id).sort()).toEqual(inMemory.sort());
          }
        },
      ),
      { numRuns: 150 },
    );
    await t.sql('BEGIN');
    await t.sql('ALTER TABLE app.deployment DISABLE TRIGGER deployment_audited');
    await t.sql(`DELETE FROM app.deployment WHERE reference LIKE 'T-%'`);
    await t.sql('ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER deployment_audited');
    await t.sql('COMMIT');
  }, 120_000);
});

describe('the tables', () => {
  it('say what the trail says', async () => {
    const report = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(report.differences).toEqual([]);
    const d = await aDraft(requester, aSmallRequest(t));
    await t.sql('ALTER TABLE app.deployment DISABLE TRIGGER deployment_audited');
    await t.sql(`UPDATE app.deployment SET place = 'elsewhere' WHERE id = $1`, [d.id]);
    await t.sql('ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER deployment_audited');
    const { differences } = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(differences).toMatchObject([{ table: 'deployment', id: d.id, field: 'place', what: 'CHANGED' }]);
  });
});
