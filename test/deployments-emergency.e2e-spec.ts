import fc from 'fast-check';
import { hoursLate, quarterOf } from '../src/deployments/time-limits.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { aPerson, deployed, type DeploymentUnderTest, type Person } from './support/deployments.js';

let t: TestApp;
let commander: Person;
let approver: Person;
beforeAll(async () => {
  t = await startTestApp();
  commander = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station');
  approver = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station');
});
afterAll(() => t?.stop());
/** Sessions do not live as long as the clock is moved. */
const again = async (who: Person): Promise<void> => {
  const { username } = (await t.sql('SELECT username FROM app.user_account WHERE id = $1', [who.id]))[0]!;
  const { body } = await t.anonymous
    .post('/auth/login', { username, password: 'a long enough password' })
    .expect(200);
  Object.assign(who, { client: t.withToken(body.accessToken) });
};
const later = async (hours: number): Promise<void> => {
  t.clock.advance({ hours });
  await again(commander);
  await again(approver);
};

const ago = (hours: number): string => new Date(t.clock.now().getTime() - hours * 3_600_000).toISOString();
const theFight = (more: object = {}): object => ({
  organId: t.ids.organs.station,
  purpose: 'A man with a knife attacks people at the market now. 有人持刀行凶',
  place: 'Market 集市',
  dispatchedAt: ago(0.1),
  tasks: [{ code: 'STOP_CRIME', text: 'Stop the attack, protect those around' }],
  force: { officers: 40, weapons: 'ROUTINE', bodyCameras: true },
  ...more,
});
async function sent(more: object = {}): Promise<DeploymentUnderTest> {
  const { body } = await commander.client.post('/deployments/emergencies', theFight(more)).expect(201);
  return { id: body.id, reference: body.reference, version: body.version };
}
const rest = {
  activityType: 'CRIME_OR_PUBLIC_ORDER',
  law: { duties: [1], articles: ['警察法 6', '警察法 21'] },
  limits: { commander: 'Sergeant Lin', stopConditions: 'when he is disarmed' },
};
async function filed(d: DeploymentUnderTest): Promise<any> {
  const { body } = await commander.client
    .patch(`/deployments/${d.id}`, rest, { 'if-match': `"${d.version}"` })
    .expect(200);
  d.version = body.version;
  return deployed(commander.client, d, 'submit', {});
}

describe('an emergency', () => {
  it('sends police first; the request for them is due in 24 hours', async () => {
    const d = await sent();
    const { body } = await commander.client.get(`/deployments/${d.id}`).expect(200);
    expect(body).toMatchObject({
      status: 'EMERGENCY',
      operation: 'DISPATCHED',
      emergency: true,
      sentOfficers: 40,
      request: { requester: { name: expect.stringContaining('Shiqiao'), type: 'OWN_UNIT' } },
      allowed: ['submit', 'report-deviation', 'complete', 'record-paper'].sort(
        (a, b) => order.indexOf(a) - order.indexOf(b),
      ),
    });
    expect(Date.parse(body.checkDueAt) - Date.parse(body.dispatchedAt)).toBe(24 * 3_600_000);
    const mine = await commander.client.get('/deployments?waiting=true').expect(200);
    expect(mine.body.items.map(({ id }: any) => id)).toContain(d.id);
    await deployed(commander.client, d, 'withdraw', { reason: 'it never happened' }, 409);
    await deployed(approver.client, d, 'approve', { reason: 'at once' }, 409);
  });

  it('filed in time is submitted at level L0, and decided by another than who sent them', async () => {
    const d = await sent();
    expect(await filed(d)).toMatchObject({
      status: 'SUBMITTED',
      outcome: 'EMERGENCY_PROVISIONAL',
      level: 'L0',
      hoursLate: null,
    });
    await deployed(approver.client, d, 'approve', { reason: 'there was no other way' });
  });

  it('filed later is LATE, and whoever decides sees by how many hours', async () => {
    const d = await sent();
    await later(26.5);
    const overdue = await commander.client.get('/deployments?overdue=true').expect(200);
    expect(overdue.body.items.map(({ id }: any) => id)).toContain(d.id);
    expect(await filed(d)).toMatchObject({ status: 'LATE', hoursLate: 3 });
    const { body } = await approver.client.get('/deployments?status=LATE').expect(200);
    expect(body.items[0]).toMatchObject({ id: d.id, hoursLate: 3 });
    // Returned and submitted anew, it stays late.
    await deployed(approver.client, d, 'return', { reason: 'say who was hurt' });
    expect(await deployed(commander.client, d, 'submit', {})).toMatchObject({ status: 'LATE', hoursLate: 3 });
    await deployed(approver.client, d, 'approve', { reason: 'late, but needed' });
  });

  it('that was none keeps its level: sending first does not make it smaller', async () => {
    const d = await sent({
      purpose: 'Demolition of four houses on Mill Lane',
      tasks: [{ code: 'KEEP_ORDER', text: 'Pull the families out of the houses.' }],
    });
    expect(await filed(d)).toMatchObject({ outcome: 'NOT_POLICE_WORK', decisionLevel: 'L3' });
    await deployed(approver.client, d, 'approve', { reason: 'done is done' }, 403);
  });

  it.each([
    ['/dispatchedAt', () => ({ dispatchedAt: new Date(t.clock.now().getTime() + 60_000).toISOString() })],
    ['/endsAt', () => ({ endsAt: ago(2) })],
    ['/endsAt', (at = ago(1)) => ({ dispatchedAt: at, endsAt: at })],
    ['/tasks', () => ({ tasks: [] })],
    ['/force', () => ({ force: { officers: 0 } })],
    ['/officerIds/0', () => ({ officerIds: ['01900000-0000-7000-8000-00000000dead'] })],
    ['/oralOrder/words', () => ({ oralOrder: { name: 'Director', words: ' ', at: ago(1) } })],
    ['/oralOrder/at', () => ({ oralOrder: { name: 'Director', words: 'Send them', at: ago(-1) } })],
  ])('is refused with what is wrong at %s', async (pointer, wrong) => {
    const { body } = await commander.client.post('/deployments/emergencies', theFight(wrong())).expect(400);
    expect(body.errors.map((error: any) => error.pointer)).toContain(pointer);
  });

  it('is for police of one’s own organ', async () => {
    const elsewhere = theFight({ organId: t.ids.organs.station2 });
    await commander.client.post('/deployments/emergencies', elsewhere).expect(403);
    await (await t.as('legal-reviewer')).post('/deployments/emergencies', theFight()).expect(403);
  });
});

describe('an oral order', () => {
  it('is entered with words, time and name, and asks for paper within 24 hours', async () => {
    const oralOrder = { name: 'Deputy Mayor Ma', words: 'Send everybody to the market, now', at: ago(1) };
    const d = await sent({ oralOrder });
    const { body } = await commander.client.get(`/deployments/${d.id}`).expect(200);
    expect(body.oralOrder).toMatchObject({ ...oralOrder, paperReceivedAt: null });
    expect(Date.parse(body.oralOrder.paperDueAt) - Date.parse(oralOrder.at)).toBe(24 * 3_600_000);
    await filed(d);
    await later(24);
    const overdue = await commander.client.get('/deployments?overdue=true').expect(200);
    expect(overdue.body.items.map(({ id }: any) => id)).toContain(d.id);
    const paper = { reason: 'by messenger', number: '2026-17', receivedAt: ago(0) };
    await deployed(commander.client, d, 'record-paper', { ...paper, receivedAt: ago(-2) }, 400);
    await deployed(commander.client, d, 'record-paper', paper);
    await deployed(commander.client, d, 'record-paper', paper, 409);
    const recorded = (await eventsOf(t, d.id)).find(({ type }) => type === 'deployment.record-paper')!;
    expect(recorded.values).toMatchObject({ number: '2026-17', hoursLate: 2 });
    const after = await commander.client.get('/deployments?overdue=true').expect(200);
    expect(after.body.items.map(({ id }: any) => id)).not.toContain(d.id);
  });

  it('has paper only where there was one', async () => {
    const d = await sent();
    const paper = { reason: 'by messenger', number: '1', receivedAt: ago(0) };
    expect((await deployed(commander.client, d, 'record-paper', paper, 409)).type).toBe(
      '/problems/no-oral-order',
    );
  });
});

describe('three lates of one organ in a quarter', () => {
  it('leave one notice for its head and the auditor', async () => {
    const who = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station2');
    const late = async (): Promise<void> => {
      const here = { organId: t.ids.organs.station2, dispatchedAt: ago(30) };
      const { body } = await who.client.post('/deployments/emergencies', theFight(here)).expect(201);
      const d = { id: body.id, reference: body.reference, version: body.version };
      const { body: patched } = await who.client
        .patch(`/deployments/${d.id}`, rest, { 'if-match': `"${d.version}"` })
        .expect(200);
      d.version = patched.version;
      await deployed(who.client, d, 'submit', {});
    };
    const notices = async (): Promise<any[]> => {
      const { body } = await (await t.as('auditor')).get('/deployments/notices').expect(200);
      return body.items.filter(({ organId }: any) => organId === t.ids.organs.station2);
    };
    await late();
    await late();
    expect(await notices()).toEqual([]);
    await late();
    await late();
    expect(await notices()).toEqual([
      expect.objectContaining({ kind: 'THREE_LATE', count: 3, quarter: quarterOf(t.clock.now()) }),
    ]);
    await (await t.as('agency-head')).get('/deployments/notices').expect(200);
    const { body } = await (await t.as('investigator')).get('/deployments/notices');
    expect(body.items).toEqual([]);
  });
});

describe('lateness', () => {
  const start = new Date('2026-03-04T00:00:00Z');

  it('begins with the first moment past the limit and counts begun hours', () => {
    fc.assert(
      fc.property(fc.nat(400 * 3_600_000), fc.integer({ min: 1, max: 72 }), (elapsed, hours) => {
        const late = hoursLate(start, hours, new Date(start.getTime() + elapsed));
        const over = elapsed - hours * 3_600_000;
        if (over <= 0) return late === null;
        return late !== null && (late - 1) * 3_600_000 < over && over <= late * 3_600_000;
      }),
    );
  });

  it.each([
    ['2026-03-31T15:59:59Z', '2026-Q1'],
    ['2026-03-31T16:00:00Z', '2026-Q2'],
    ['2026-12-31T16:00:00Z', '2027-Q1'],
  ])('%s is in %s, by the day in China', (instant, quarter) => {
    expect(quarterOf(new Date(instant))).toBe(quarter);
  });
});

/** As the table of deeds has them. */
const order = ['submit', 'record-paper', 'report-deviation', 'complete'];
