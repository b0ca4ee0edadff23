import { WorkerDatabase } from '../src/database/worker-database.js';
import { HistoryService } from '../src/audit/history.service.js';
import { reconcile } from '../src/audit/reconcile.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import {
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  type DeploymentUnderTest,
  type Person,
} from './support/deployments.js';

let t: TestApp;
let approver: Person;
let requester: Person;
let officer: Person;
beforeAll(async () => {
  t = await startTestApp();
  [approver, requester, officer] = [
    await aPerson(t, 'DEPLOYMENT_APPROVER', 'station'),
    await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station'),
    await aPerson(t, 'OFFICER', 'station', t.ids.officers[0]),
  ];
});
afterAll(() => t?.stop());

const inHours = (hours: number): string =>
  new Date(t.clock.now().getTime() + hours * 3_600_000).toISOString();
const login = async (who: Person): Promise<void> => {
  const { username } = (await t.sql('SELECT username FROM app.user_account WHERE id = $1', [who.id]))[0]!;
  const password = 'a long enough password';
  const { body } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
  Object.assign(who, { client: t.withToken(body.accessToken) });
};
const later = async (hours: number): Promise<void> => {
  t.clock.advance({ hours });
  for (const who of [approver, requester, officer]) await login(who);
};

async function approved(deed = 'approve'): Promise<DeploymentUnderTest> {
  const soon = { startsAt: inHours(0), endsAt: inHours(100) };
  const d = await aSubmitted(requester.client, aSmallRequest(t, soon));
  await deployed(approver.client, d, deed, { reason: 'police work by duty 2' });
  return d;
}
const going = (more: object = {}): object => ({
  reason: 'on time',
  dispatchedAt: inHours(0),
  officers: 4,
  officerIds: [t.ids.officers[0]],
  ...more,
});
async function dispatched(): Promise<DeploymentUnderTest> {
  const d = await approved();
  await deployed(approver.client, d, 'dispatch', going());
  return d;
}
const done = (more: object = {}): object => ({
  reason: 'quiet night',
  tasks: [{ code: 'KEEP_ORDER', text: 'Patrol' }],
  force: { officers: 4, weapons: 'NONE', bodyCameras: true },
  forceUsed: 'none',
  incidents: 'one lost child, brought home',
  videos: ['archive/2026/17'],
  deviated: false,
  ...more,
});

describe('police who were sent', () => {
  it('go only where it was approved, and not in greater number', async () => {
    const soon = { startsAt: inHours(0), endsAt: inHours(10) };
    const waiting = await aSubmitted(requester.client, aSmallRequest(t, soon));
    await deployed(approver.client, waiting, 'dispatch', going(), 409);
    const d = await approved();
    expect((await deployed(approver.client, d, 'dispatch', going({ officers: 5 }), 409)).approved).toBe(4);
    await deployed(approver.client, d, 'dispatch', going({ dispatchedAt: inHours(1) }), 400);
    await deployed(approver.client, d, 'dispatch', going({ dispatchedAt: inHours(-1) }), 400);
    const nobody = '01900000-0000-7000-8000-00000000dead';
    await deployed(approver.client, d, 'dispatch', going({ officerIds: [nobody] }), 400);
    expect((await deployed(approver.client, d, 'dispatch', going())).operation).toBe('DISPATCHED');
    await deployed(approver.client, d, 'dispatch', going(), 409);
    await deployed(requester.client, d, 'withdraw', { reason: 'too late' }, 409);
  });

  it('see the order, without who asked for it and what came with it', async () => {
    const d = await dispatched();
    const { body } = await officer.client.get(`/deployments/${d.id}`).expect(200);
    expect(body).toMatchObject({ redacted: ['file'], test: null, steps: [], attachments: [], report: null });
    expect(body.request.requester).toEqual({ name: 'Somebody 某某', type: 'OWN_UNIT' });
    expect(body.request.money).toBeUndefined();
    await officer.client.get(`/deployments/${d.id}/history`).expect(404);
    await officer.client.get(`/deployments/${d.id}/refusal`).expect(404);
    const other = await approved();
    await officer.client.get(`/deployments/${other.id}`).expect(404);
  });

  it('cannot be there without an approval or an emergency, says the database', async () => {
    const d = await aSubmitted(requester.client, aSmallRequest(t));
    await expect(
      t.sql(`UPDATE app.deployment SET operation = 'DISPATCHED', dispatched_at = now() WHERE id = $1`, [
        d.id,
      ]),
    ).rejects.toThrow('deployment_check');
  });
});

describe('a deviation on the scene', () => {
  it('is reported with what police do in truth, tested by the duty test, and kept', async () => {
    const d = await dispatched();
    const body = await deployed(officer.client, d, 'report-deviation', {
      reason: 'the contractor asked for it',
      at: inHours(0),
      tasks: [{ code: 'REMOVE_PEOPLE', text: 'Pull the families out of the houses that are demolished' }],
    });
    expect(body).toMatchObject({ operation: 'DISPATCHED', test: { outcome: 'NOT_POLICE_WORK' } });
    const { body: read } = await approver.client.get(`/deployments/${d.id}`).expect(200);
    expect(read.outcome).toBe('POLICE_WORK');
    expect(read.steps.at(-1)).toMatchObject({
      deed: 'report-deviation',
      doneBy: officer.id,
      details: { outcome: 'NOT_POLICE_WORK', tasks: [{ code: 'REMOVE_PEOPLE' }] },
    });
    await deployed(
      officer.client,
      d,
      'report-deviation',
      { reason: 'again', at: inHours(1), tasks: [] },
      400,
    );
    await deployed(officer.client, d, 'complete', { reason: 'over', endedAt: inHours(0) }, 403);
  });
});

describe('the after-action record', () => {
  async function completed(hours = 3): Promise<DeploymentUnderTest> {
    const d = await dispatched();
    await later(hours);
    await deployed(approver.client, d, 'complete', { reason: 'all quiet', endedAt: inHours(0) });
    return d;
  }

  it('holds what was really done, with officer-hours and the duty test on it', async () => {
    const d = await completed();
    const body = await deployed(requester.client, d, 'sign-off', done());
    expect(body.operation).toBe('REPORTED');
    const { body: read } = await approver.client.get(`/deployments/${d.id}`).expect(200);
    expect(read.report).toMatchObject({
      outcome: 'POLICE_WORK',
      hoursLate: null,
      deviated: false,
      forceUsed: 'none',
      signedBy: requester.id,
    });
    expect(read.report.officerHours).toBeCloseTo(12, 0);
    await deployed(requester.client, d, 'sign-off', done(), 409);
  });

  it('owns up to what was not approved', async () => {
    const d = await completed();
    const tasks = [{ code: 'REMOVE_PEOPLE', text: 'Carried two people out' }];
    const hidden = await deployed(requester.client, d, 'sign-off', done({ tasks }), 400);
    expect(hidden.errors).toEqual([
      { pointer: '/deviated', message: 'must be true: REMOVE_PEOPLE was not approved' },
    ]);
    const more = { force: { officers: 9, weapons: 'NONE', bodyCameras: true } };
    await deployed(requester.client, d, 'sign-off', done(more), 400);
    await deployed(requester.client, d, 'sign-off', done({ deviated: true }), 400);
    await deployed(requester.client, d, 'sign-off', done({ deviation: 'none' }), 400);
    await deployed(
      requester.client,
      d,
      'sign-off',
      done({ tasks, deviated: true, deviation: 'they were in danger' }),
    );
  });

  it('after an approval to stand by, anything else is a deviation', async () => {
    const d = await approved('stand-by');
    await deployed(approver.client, d, 'dispatch', going());
    await later(1);
    await deployed(approver.client, d, 'complete', { reason: 'all quiet', endedAt: inHours(0) });
    await deployed(requester.client, d, 'sign-off', done(), 400);
    await deployed(
      requester.client,
      d,
      'sign-off',
      done({ deviated: true, deviation: 'kept the road free' }),
    );
  });

  it('is due a day after the end, is seen to be overdue, and says by how much it was late', async () => {
    const d = await completed();
    await later(25.5);
    const { body } = await approver.client.get('/deployments?overdue=true').expect(200);
    expect(body.items.map(({ id }: any) => id)).toContain(d.id);
    const mine = await requester.client.get('/deployments?waiting=true').expect(200);
    expect(mine.body.items.map(({ id }: any) => id)).toContain(d.id);
    await deployed(requester.client, d, 'sign-off', done());
    const { body: read } = await approver.client.get(`/deployments/${d.id}`).expect(200);
    expect(read.report.hoursLate).toBe(2);
    const after = await approver.client.get('/deployments?overdue=true').expect(200);
    expect(after.body.items.map(({ id }: any) => id)).not.toContain(d.id);
  });

  it('has times that can be', async () => {
    const d = await dispatched();
    await later(1);
    for (const [pointer, times] of [
      ['/endedAt', { endedAt: inHours(1) }],
      ['/startedAt', { startedAt: inHours(-5), endedAt: inHours(0) }],
      ['/endedAt', { startedAt: inHours(-0.2), endedAt: inHours(-0.5) }],
    ] as const) {
      const { errors } = await deployed(approver.client, d, 'complete', { reason: 'over', ...times }, 400);
      expect(errors[0].pointer).toBe(pointer);
    }
  });
});

describe('an officer’s objection', () => {
  const text = 'This is no police work; we were told to guard a shop. 这不是警务';

  it('is seen by its author and the organ above, and by nobody who gave the order', async () => {
    const d = await dispatched();
    const { body } = await officer.client.post(`/deployments/${d.id}/object`, { text }).expect(201);
    const [above, auditorAbove, same] = [
      await aPerson(t, 'DEPLOYMENT_APPROVER', 'county'),
      await aPerson(t, 'AUDITOR', 'county'),
      await aPerson(t, 'AUDITOR', 'station'),
    ];
    const seenBy = async ({ client }: Person): Promise<boolean> => {
      const { body: page } = await client.get('/deployments/objections');
      return (page.items ?? []).some(({ id }: any) => id === body.id);
    };
    expect(await seenBy(officer)).toBe(true);
    expect(await seenBy(above)).toBe(true);
    expect(await seenBy(auditorAbove)).toBe(true);
    expect([await seenBy(approver), await seenBy(requester), await seenBy(same)]).toEqual([
      false,
      false,
      false,
    ]);
    // Nothing of it in what the order-giver can read.
    const { text: file } = await approver.client.get(`/deployments/${d.id}`).expect(200);
    expect(file).not.toContain('police work; we were told');
    expect(JSON.stringify(await eventsOf(t, d.id))).not.toMatch(/objection|told to guard/);
    expect((await eventsOf(t, officer.id)).at(-1)).toMatchObject({
      type: expect.stringMatching(/objection\.made|search\.run/),
    });
  });

  it('stays hidden from an order-giver who sits in the organ above', async () => {
    const head = await aPerson(t, 'DEPLOYMENT_APPROVER', 'city');
    const soon = { startsAt: inHours(0), endsAt: inHours(100) };
    const d = await aSubmitted(requester.client, aSmallRequest(t, soon));
    await deployed(head.client, d, 'approve', { reason: 'police work by duty 2' });
    await deployed(approver.client, d, 'dispatch', going());
    const { body } = await officer.client.post(`/deployments/${d.id}/object`, { text }).expect(201);
    const { body: page } = await head.client.get('/deployments/objections').expect(200);
    expect(page.items.map(({ id }: any) => id)).not.toContain(body.id);
    const other = await aPerson(t, 'DEPLOYMENT_APPROVER', 'city');
    const { body: others } = await other.client.get('/deployments/objections').expect(200);
    expect(others.items[0]).toMatchObject({ id: body.id, userId: officer.id, text });
  });

  it('is made by those who were sent', async () => {
    const d = await dispatched();
    const stranger = await aPerson(t, 'OFFICER', 'station', t.ids.officers[1]);
    await stranger.client.post(`/deployments/${d.id}/object`, { text }).expect(404);
    await approver.client.post(`/deployments/${d.id}/object`, { text }).expect(403);
    await officer.client.post(`/deployments/${d.id}/object`, { text: ' ' }).expect(400);
  });
});

describe('all of it', () => {
  it('is in the tables as the trail has it', async () => {
    const { differences, rows } = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(rows).toBeGreaterThan(100);
    expect(differences).toEqual([]);
  });
});
