import { startTestApp, type Client, type TestApp } from './support/app.js';
import { today } from './support/builders.js';
import { aDemolition, aPerson, aSmallRequest, aSubmitted, deployed } from './support/deployments.js';

let t: TestApp;
let requester: Client;
let approver: Client;
beforeAll(async () => {
  t = await startTestApp();
  [requester, approver] = await Promise.all([t.as('deployment-requester'), t.as('deployment-approver')]);
});
afterAll(() => t?.stop());

const at = (hours: number): string => new Date(t.clock.now().getTime() + hours * 3_600_000).toISOString();

describe('the figures of deployments', () => {
  it('count what was asked, done, refused, overridden and late', async () => {
    const soon = { startsAt: at(-3), endsAt: at(5), law: { duties: [2, 3], articles: ['警察法 6'] } };
    const done = await aSubmitted(requester, aSmallRequest(t, soon));
    await deployed(await t.as('deployment-approver-2'), done, 'approve', { reason: 'police work by duty 2' });
    const now = at(0);
    await deployed(approver, done, 'dispatch', { reason: 'on time', dispatchedAt: now, officers: 4 });
    t.clock.advance({ minutes: 5 });
    const end = {
      reason: 'quiet',
      startedAt: now,
      endedAt: new Date(Date.parse(now) + 150_000).toISOString(),
    };
    await deployed(approver, done, 'complete', end);
    const report = {
      reason: 'quiet',
      tasks: [{ code: 'KEEP_ORDER' }],
      force: { officers: 4 },
      deviated: false,
    };
    await deployed(requester, done, 'sign-off', report);

    const refused = await aSubmitted(requester, aDemolition(t));
    await deployed(approver, refused, 'refuse', { reason: 'the government organises it' });

    const overridden = await aSubmitted(requester, aDemolition(t));
    const legal = { opinion: 'OPPOSES', reason: 'no duty covers it', legalBasis: ['警察法 6'] };
    await deployed(await t.as('legal-reviewer'), overridden, 'assess', legal);
    const { body } = await approver.get(`/deployments/${overridden.id}`).expect(200);
    const codes = new Set<string>(body.test.warnings.map(({ code }: any) => code));
    codes.delete('MISSING');
    const answers = [...codes].map((code) => ({ code, reason: 'guarded against', legalBasis: '警察法 6' }));
    const override = { reason: 'shots were fired', legalBasis: '警察法 21' };
    await deployed(approver, overridden, 'approve', { reason: 'all the same', answers, override });
    await deployed(await t.as('deployment-approver-2'), overridden, 'approve', { reason: 'all the same' });

    const late = { ...(aSmallRequest(t) as any), dispatchedAt: at(-30) };
    const { organId, purpose, place, dispatchedAt, tasks, force, activityType, limits } = late;
    const emergency = { organId, purpose, place, dispatchedAt, tasks, force, activityType, limits };
    const { body: sent } = await requester.post('/deployments/emergencies', emergency).expect(201);
    const d = { id: sent.id, reference: sent.reference, version: sent.version };
    const law = { law: { duties: [], articles: [] } };
    const { body: patched } = await requester
      .patch(`/deployments/${d.id}`, law, { 'if-match': `"${d.version}"` })
      .expect(200);
    d.version = patched.version;
    await deployed(requester, d, 'submit', {});

    const query = `from=${today(t)}&to=${today(t)}`;
    const { body: figures } = await approver.get(`/deployments/figures?${query}`).expect(200);
    const station = expect.stringContaining('Shiqiao');
    expect(figures).toMatchObject({
      requests: 4,
      officerHours: 0.2,
      requestsByDay: [{ day: today(t), organ: station, count: 4 }],
      hoursByDuty: [
        { code: '2', deployments: 1, officerHours: 0.2 },
        { code: '3', deployments: 1, officerHours: 0.2 },
      ],
      hoursByNpCode: [],
      refusals: [{ organ: station, count: 1 }],
      lates: [{ organ: station, count: 1, hours: 7 }],
      repeatRequesters: [{ requester: 'Willow County', requesterType: 'GOVERNMENT', count: 2, refused: 1 }],
    });
    expect(figures.byRequester).toContainEqual({
      requesterType: 'GOVERNMENT',
      outcome: 'NOT_POLICE_WORK',
      count: 2,
    });
    expect(figures.overrides).toEqual(
      expect.arrayContaining([
        { code: 'NP01', count: 1 },
        { code: 'OUTCOME', count: 1 },
      ]),
    );
    const csv = await approver.get(`/deployments/figures?${query}&format=csv`).expect(200);
    expect(csv.text.split('\r\n')[0]).toBe(
      '\uFEFFfigure,day,organ,requester,requesterType,outcome,code,count,refused,deployments,officerHours,hours',
    );
    expect(csv.text).toContain('repeatRequesters,,,Willow County,GOVERNMENT,,,2,1,,,');
    const elsewhere = `${query}&organId=${t.ids.organs.station2}`;
    expect((await approver.get(`/deployments/figures?${elsewhere}`).expect(200)).body.requests).toBe(0);
  });

  it('are of the organs of the reader, and want a period', async () => {
    const there = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station2');
    const query = `from=${today(t)}&to=${today(t)}`;
    expect((await there.client.get(`/deployments/figures?${query}`).expect(200)).body.requests).toBe(0);
    expect((await requester.get(`/deployments/figures?${query}`).expect(200)).body.requests).toBe(0);
    await approver.get('/deployments/figures').expect(400);
    await approver.get('/deployments/figures?from=2026-02-02&to=2026-02-01').expect(400);
  });
});

describe('the calendar', () => {
  it('shows each day on which a deployment takes place', async () => {
    const night = { startsAt: '2032-03-01T20:00:00+08:00', endsAt: '2032-03-02T04:00:00+08:00' };
    const d = await aSubmitted(requester, aSmallRequest(t, night));
    const { body } = await approver.get('/deployments/calendar?from=2032-03-01&to=2032-03-03').expect(200);
    expect(body.days).toMatchObject([
      { day: '2032-03-01', officers: 4, deployments: [{ id: d.id, startsAt: night.startsAt }] },
      { day: '2032-03-02', officers: 4, deployments: [{ id: d.id }] },
      { day: '2032-03-03', officers: 0, deployments: [] },
    ]);
    await approver.get('/deployments/calendar?from=2032-01-01&to=2032-12-31').expect(400);
  });
});
