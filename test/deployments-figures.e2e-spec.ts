import { parse } from 'csv-parse/sync';
import { startTestApp, type Client, type TestApp } from './support/app.js';
import { beginTheDay, today } from './support/builders.js';
import { aDemolition, aPerson, aSmallRequest, aSubmitted, deployed } from './support/deployments.js';
import { signedIn } from './support/sessions.js';

let t: TestApp;
let requester: Client;
let approver: Client;
beforeAll(async () => {
  t = await startTestApp();
  beginTheDay(t);
  [requester, approver] = await Promise.all([t.as('deployment-requester'), t.as('deployment-approver')]);
});
afterAll(() => t?.stop());

const cell = ({ cells }: any, row: string, column: string): number | null | undefined =>
  cells.find((one: any) => one.row === row && one.column === column)?.count;

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
      // Who decides on all of them is told all of them.
      hiddenBelow: null,
      requests: 4,
      officerHours: 0.2,
      requestsByDay: [{ day: today(t), organ: station, count: 4 }],
      hoursByDuty: [
        { code: '2', requests: 3, deployments: 1, officerHours: 0.2 },
        { code: '3', requests: 1, deployments: 1, officerHours: 0.2 },
      ],
      refusals: [{ organ: station, organId: t.ids.organs.station, count: 1 }],
      lates: [{ organ: station, count: 1, hours: 7 }],
      repeatRequesters: [{ requester: 'Willow County', requesterType: 'GOVERNMENT', count: 2, refused: 1 }],
    });
    const month = today(t).slice(0, 7);
    expect(cell(figures.byRequester, 'GOVERNMENT', 'NOT_POLICE_WORK')).toBe(2);
    expect(cell(figures.outcomes, 'NOT_POLICE_WORK', month)).toBe(2);
    expect(cell(figures.outcomes, 'ALL', month)).toBe(4);
    expect(cell(figures.byOrgan, t.ids.organs.station, month)).toBe(4);
    expect(cell(figures.hoursByOrgan, t.ids.organs.station, 'ALL')).toBe(0.2);
    expect(figures.hoursByNpCode).toContainEqual({
      code: 'NP01',
      requests: 2,
      deployments: 0,
      officerHours: 0,
    });
    expect(figures.overrides).toEqual(
      expect.arrayContaining([
        { code: 'NP01', count: 1 },
        { code: 'OUTCOME', count: 1 },
      ]),
    );
    const csv = await approver.get(`/deployments/figures?${query}&format=csv`).expect(200);
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toBe('\uFEFFfigure,row,column,value,note');
    expect(lines).toContain('repeatRequesters,Willow County,count,2,');
    expect(lines).toContain('byRequester,GOVERNMENT,NOT_POLICE_WORK,2,');
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

describe('behind each figure', () => {
  const listed = async (filter: string, client = approver): Promise<number> =>
    (await client.get(`/deployments?count=true&submittedFrom=${today(t)}&${filter}`).expect(200)).body.total;

  it('is a list with as many requests', async () => {
    const { body } = await approver.get(`/deployments/figures?from=${today(t)}&to=${today(t)}`).expect(200);
    const numbers = await Promise.all([
      listed(''),
      listed('refused=true'),
      listed('late=true'),
      listed('override=NP01'),
      listed('override=OUTCOME'),
      listed('npCode=NP01'),
      listed('duty=2'),
      listed('duty=2&reported=true'),
      listed('requesterType=GOVERNMENT&outcome=NOT_POLICE_WORK'),
      listed(`submittedTo=${today(t)}`),
    ]);
    const code = (rows: any[], wanted: string) => rows.find((row) => row.code === wanted);
    expect(numbers).toEqual([
      body.requests,
      body.refusals[0].count,
      body.lates[0].count,
      code(body.overrides, 'NP01').count,
      code(body.overrides, 'OUTCOME').count,
      code(body.hoursByNpCode, 'NP01').requests,
      code(body.hoursByDuty, '2').requests,
      code(body.hoursByDuty, '2').deployments,
      cell(body.byRequester, 'GOVERNMENT', 'NOT_POLICE_WORK'),
      body.requests,
    ]);
    expect(await listed('refused=false')).toBe(body.requests - body.refusals[0].count);
    expect(await listed('submittedTo=2020-01-01')).toBe(0);
    await approver.get('/deployments?duty=15').expect(400);
    await approver.get('/deployments?override=%27').expect(400);
  });
});

describe('small numbers of deployments', () => {
  const month = (): string => {
    const [year, number] = today(t).split('-').map(Number) as [number, number];
    const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
    return `from=${today(t).slice(0, 7)}-01&to=${last}`;
  };

  it('are hidden from whoever only counts, in JSON and CSV', async () => {
    const auditor = await t.as('auditor');
    const { body } = await auditor.get(`/deployments/figures?${month()}`).expect(200);
    // Four requests.
    expect(body).toMatchObject({ hiddenBelow: 5, requests: null, requestsByDay: null, repeatRequesters: [] });
    expect(body.refusals).toEqual([expect.objectContaining({ count: null })]);
    expect(body.lates).toEqual([expect.objectContaining({ count: null, hours: null })]);
    const { text } = await auditor.get(`/deployments/figures?${month()}&format=csv`).expect(200);
    const lines = parse<Record<string, string>>(text, { bom: true, columns: true });
    expect(lines.filter(({ value }) => value !== '' && value !== '0')).toEqual([]);
    expect(lines).toContainEqual({
      figure: 'requests',
      row: 'ALL',
      column: 'ALL',
      value: '',
      note: 'hidden',
    });
    expect(text).not.toContain('Willow County');
  });

  it('are not found by parts of a month, which only who decides may ask for', async () => {
    const auditor = await t.as('auditor');
    const { body } = await auditor.get(`/deployments/figures?from=2026-01-02&to=2026-01-30`).expect(400);
    expect(body.errors.map(({ pointer }: any) => pointer.replace('/', ''))).toEqual(['from', 'to']);
    await auditor.get(`/deployments/figures?from=2020-01-01&to=2026-01-31`).expect(400);
  });

  it('are told to an approver of their own organs alone', async () => {
    const there = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station');
    const admin = await t.as('administrator');
    const grant = { role: 'AUDITOR', organId: t.ids.organs.county, reason: 'for the test' };
    await admin.post(`/users/${there.id}/grants`, grant).expect(201);
    const both = await signedIn(t, there.id);
    const { body: all } = await both.get(`/deployments/figures?${month()}`).expect(200);
    expect(all).toMatchObject({ hiddenBelow: 5, requests: null });
    const own = `${month()}&organId=${t.ids.organs.station}`;
    const { body } = await both.get(`/deployments/figures?${own}`).expect(200);
    expect(body).toMatchObject({ hiddenBelow: null, requests: 4 });
  });
});

describe('the calendar', () => {
  it('shows each day on which a deployment takes place', async () => {
    const night = { startsAt: '2032-03-01T20:00:00+08:00', endsAt: '2032-03-02T04:00:00+08:00' };
    const d = await aSubmitted(requester, aSmallRequest(t, night));
    const { body } = await approver.get('/deployments/calendar?from=2032-03-01&to=2032-03-03').expect(200);
    expect(body.days).toMatchObject([
      { day: '2032-03-01', count: 1, officers: 4, deployments: [{ id: d.id, startsAt: night.startsAt }] },
      { day: '2032-03-02', officers: 4, deployments: [{ id: d.id }] },
      { day: '2032-03-03', count: 0, officers: 0, deployments: [] },
    ]);
    await approver.get('/deployments/calendar?from=2032-01-01&to=2032-12-31').expect(400);
  });

  it('counts all of a day, and names the first of many', async () => {
    const requests = Array.from({ length: 27 }, (_, n) =>
      aSmallRequest(t, {
        startsAt: `2032-04-01T09:${String(n).padStart(2, '0')}:00+08:00`,
        endsAt: '2032-04-01T12:00:00+08:00',
      }),
    );
    const made = [];
    for (const request of requests) made.push(await aSubmitted(requester, request));
    const { body } = await approver.get('/deployments/calendar?from=2032-04-01&to=2032-04-02').expect(200);
    expect(body.days[0]).toMatchObject({ count: 27, officers: 27 * 4 });
    expect(body.days[0].deployments.map(({ id }: any) => id)).toEqual(made.slice(0, 25).map(({ id }) => id));
    const { body: list } = await approver.get('/deployments?day=2032-04-01&count=true').expect(200);
    expect(list.total).toBe(27);
  });
});
