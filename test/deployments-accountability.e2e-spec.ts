import { HistoryService } from '../src/audit/history.service.js';
import { reconcile } from '../src/audit/reconcile.js';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { AccountabilityJob } from '../src/deployments/accountability.job.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import {
  aDemolition,
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  type DeploymentUnderTest,
  type Person,
} from './support/deployments.js';
import { signedIn } from './support/sessions.js';

let t: TestApp;
const people: Record<string, Person> = {};
/** Sessions do not live as long as the clock is moved. */
const by = (name: string): Promise<Client> => signedIn(t, people[name]!.id);
const demo = (name: string): Promise<Client> => signedIn(t, t.ids.users[name]!);

beforeAll(async () => {
  t = await startTestApp();
  people['asker'] = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station');
  people['approver'] = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station');
  people['city'] = await aPerson(t, 'DEPLOYMENT_APPROVER', 'city', t.ids.officers[3]);
  people['city2'] = await aPerson(t, 'DEPLOYMENT_APPROVER', 'city');
  // They lead cases as well, of every organ: what is hidden from them is hidden by the conflict alone.
  const admin = await t.as('administrator');
  for (const { id } of Object.values(people)) {
    await admin
      .post(`/users/${id}/grants`, {
        role: 'SUPERVISOR',
        organId: t.ids.organs.ministry,
        reason: 'for the test',
      })
      .expect(201);
  }
});
afterAll(() => t?.stop());
// All ask for the same: what one test refused must not stand in the way of the next.
afterEach(() => t.sql('DELETE FROM app.precedent'));

type Plain = Record<string, any>;
const inHours = (hours: number): string =>
  new Date(t.clock.now().getTime() + hours * 3_600_000).toISOString();
const soon = (): Plain => ({ startsAt: inHours(0), endsAt: inHours(100) });
const going = (): Plain => ({ reason: 'on time', dispatchedAt: inHours(0), officers: 4 });

async function approved(): Promise<DeploymentUnderTest> {
  const d = await aSubmitted(await by('asker'), aSmallRequest(t, soon()));
  await deployed(await by('approver'), d, 'approve', { reason: 'police work by duty 2' });
  return d;
}
async function dispatched(): Promise<DeploymentUnderTest> {
  const d = await approved();
  await deployed(await by('approver'), d, 'dispatch', going());
  return d;
}
/** Two persons of the city approve a demolition against the duty test. */
async function overridden(): Promise<DeploymentUnderTest> {
  const d = await aSubmitted(await by('asker'), aDemolition(t, soon()));
  await override(d);
  return d;
}
async function override(d: DeploymentUnderTest): Promise<void> {
  await deployed(await demo('legal-reviewer'), d, 'assess', {
    opinion: 'OPPOSES',
    reason: 'no duty',
    legalBasis: ['警察法 6'],
  });
  const { body } = await (await by('city')).get(`/deployments/${d.id}`).expect(200);
  const answers = body.test.warnings
    .filter(({ code }: any) => code !== 'MISSING')
    .map(({ code }: any) => ({ code, reason: 'looked at', legalBasis: '警察法 6' }));
  const insists = { reason: 'the mayor insists', legalBasis: '警察法 6' };
  for (const name of ['city', 'city2']) {
    await deployed(await by(name), d, 'approve', { reason: 'all the same', answers, override: insists });
  }
}
async function sentAtOnce(more: Plain = {}): Promise<DeploymentUnderTest> {
  const { body } = await (
    await by('asker')
  )
    .post('/deployments/emergencies', {
      organId: t.ids.organs.station,
      purpose: 'Demolition of four houses on Mill Lane',
      place: 'Mill Lane',
      dispatchedAt: inHours(-0.1),
      tasks: [{ code: 'KEEP_ORDER', text: 'Pull the families out of the houses.' }],
      force: { officers: 12, weapons: 'ROUTINE', bodyCameras: true },
      ...more,
    })
    .expect(201);
  return { id: body.id, reference: body.reference, version: body.version };
}
async function filed(d: DeploymentUnderTest): Promise<void> {
  const rest = {
    activityType: 'LAND_OR_DEMOLITION',
    requester: { name: 'Willow County', type: 'GOVERNMENT' },
    law: { duties: [2], articles: ['警察法 6'] },
    limits: { commander: 'Sergeant Lin', stopConditions: 'when it is quiet' },
  };
  const { body } = await (
    await by('asker')
  )
    .patch(`/deployments/${d.id}`, rest, { 'if-match': `"${d.version}"` })
    .expect(200);
  d.version = body.version;
  await deployed(await by('asker'), d, 'submit', {});
}

const heldFor = (
  d: DeploymentUnderTest,
): Promise<{ case_id: string; ground: string; allegation_id: string }[]> =>
  t.sql(
    'SELECT case_id, ground, allegation_id FROM app.accountability WHERE deployment_id = $1 ORDER BY id',
    [d.id],
  );
const groundsOf = async (d: DeploymentUnderTest): Promise<string[]> =>
  (await heldFor(d)).map(({ ground }) => ground);
const run = (): Promise<void> => t.get(AccountabilityJob).run();

describe('police who were sent as they must not be', () => {
  it('to what is no police work: a case is opened with the request, the approvers and the order as facts', async () => {
    const d = await overridden();
    expect(await groundsOf(d)).toEqual([]);
    await deployed(await by('approver'), d, 'dispatch', going());
    const [held] = await heldFor(d);
    expect(held!.ground).toBe('NON_POLICE_APPROVED');
    const { body } = await (await demo('auditor')).get(`/cases/${held!.case_id}`).expect(200);
    expect(body).toMatchObject({
      channel: 'DEPLOYMENT_BREACH',
      status: 'REGISTERED',
      organId: t.ids.organs.province,
    });
    expect(body.allegations).toHaveLength(1);
    expect(body.allegations[0]).toMatchObject({
      category: 'NON_POLICE_DEPLOYMENT',
      facts: {
        deploymentRequest: { exists: true, deploymentId: d.id, number: d.reference },
        activityType: 'NP01',
        approvalState: 'APPROVED_WRONGLY',
        requester: { name: 'Willow County' },
        officersSent: 4,
      },
    });
    expect(body.allegations[0].subjects).toEqual(
      expect.arrayContaining([expect.objectContaining({ officerId: t.ids.officers[3], role: 'APPROVER' })]),
    );
    const events = await eventsOf(t, held!.case_id);
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual([
      'case.registered',
      'allegation.added',
      'case.held-to-account',
    ]);
  });

  it('without approval: an emergency that is refused afterwards, and one for which no request ever came', async () => {
    const d = await sentAtOnce();
    await filed(d);
    expect(await groundsOf(d)).toEqual([]);
    await deployed(await by('city'), d, 'refuse', { reason: 'no emergency at all' });
    expect(await groundsOf(d)).toEqual(['NOT_APPROVED']);

    await t.sql('DELETE FROM app.precedent');
    const never = await sentAtOnce({ endsAt: inHours(100) });
    t.clock.advance({ hours: 71 });
    await run();
    expect(await groundsOf(never)).toEqual([]);
    t.clock.advance({ hours: 2 });
    await run();
    expect(await groundsOf(never)).toEqual(['NOT_APPROVED']);
  });

  it('without approval: an emergency that was filed and on which nobody decided', async () => {
    const undecided = await sentAtOnce({ endsAt: inHours(100) });
    await filed(undecided);
    await t.sql('DELETE FROM app.precedent');
    const returned = await sentAtOnce({ endsAt: inHours(100) });
    await filed(returned);
    await deployed(await by('city'), returned, 'return', { reason: 'say more', fields: ['purpose'] });
    t.clock.advance({ hours: 71 });
    await run();
    expect([await groundsOf(undecided), await groundsOf(returned)]).toEqual([[], []]);
    t.clock.advance({ hours: 2 });
    await run();
    expect([await groundsOf(undecided), await groundsOf(returned)]).toEqual([
      ['NOT_APPROVED'],
      ['NOT_APPROVED'],
    ]);
  });

  it('in spite of the duty test, also where police went first and the approval came after', async () => {
    const d = await sentAtOnce();
    await filed(d);
    await override(d);
    expect(await groundsOf(d)).toEqual(['NON_POLICE_APPROVED']);
  });

  it('while a refusal is under review: it is still one, to whoever stays and to whoever asks again', async () => {
    const d = await sentAtOnce();
    await filed(d);
    await deployed(await by('city'), d, 'refuse', { reason: 'no emergency at all' });
    await deployed(await by('asker'), d, 'request-review', { reason: 'look again' });
    const again = await sentAtOnce();
    expect(await groundsOf(again)).toEqual(['AGAINST_REFUSAL']);
    t.clock.advance({ hours: 2 });
    await deployed(await by('asker'), d, 'complete', { reason: 'over', endedAt: inHours(0) });
    expect(await groundsOf(d)).toEqual(['NOT_APPROVED', 'AGAINST_REFUSAL']);
  });

  it('against a refusal: sent at once to what was refused, or not called back', async () => {
    const refused = await aSubmitted(await by('asker'), aDemolition(t, soon()));
    await deployed(await by('city'), refused, 'refuse', { reason: 'not police work' });
    const again = await sentAtOnce();
    expect(await groundsOf(again)).toEqual(['AGAINST_REFUSAL']);
    // Danger in its words makes it another matter.
    const danger = await sentAtOnce({
      purpose: 'Mill Lane, demolition of houses: a man with a knife attacks people now. 有人持刀行凶',
      tasks: [{ code: 'STOP_CRIME', text: 'Stop the attack' }],
    });
    expect(await groundsOf(danger)).toEqual([]);

    await t.sql('DELETE FROM app.precedent');
    for (const [hours, grounds] of [
      [0.5, ['NOT_APPROVED']],
      [2, ['NOT_APPROVED', 'AGAINST_REFUSAL']],
    ] as const) {
      const d = await sentAtOnce();
      await filed(d);
      await deployed(await by('city'), d, 'refuse', { reason: 'no emergency at all' });
      t.clock.advance({ hours });
      await deployed(await by('asker'), d, 'complete', { reason: 'over', endedAt: inHours(0) });
      expect(await groundsOf(d)).toEqual(grounds);
      await t.sql('DELETE FROM app.precedent');
    }
  });

  it('beyond what was approved, when that is no police work; a crime that they meet they stop', async () => {
    const d = await dispatched();
    await deployed(await by('approver'), d, 'report-deviation', {
      reason: 'a theft before our eyes',
      at: inHours(0),
      tasks: [{ code: 'STOP_CRIME', text: 'Arrest the thief' }],
    });
    expect(await groundsOf(d)).toEqual([]);
    const pulled = {
      tasks: [{ code: 'REMOVE_PEOPLE', text: 'Pull the families out of the houses for the demolition' }],
    };
    await deployed(await by('approver'), d, 'report-deviation', {
      reason: 'the mayor asked',
      at: inHours(0),
      ...pulled,
    });
    expect(await groundsOf(d)).toEqual(['BEYOND_TASKS']);
    // Said again in the after-action record, it is the same.
    t.clock.advance({ hours: 1 });
    await deployed(await by('approver'), d, 'complete', { reason: 'over', endedAt: inHours(0) });
    await deployed(await by('approver'), d, 'sign-off', {
      ...{
        reason: 'done',
        force: { officers: 4, weapons: 'NONE' },
        deviated: true,
        deviation: 'the mayor asked',
        ...pulled,
      },
    });
    expect(await groundsOf(d)).toEqual(['BEYOND_TASKS']);
  });

  it('and of whom no record came in time; a further ground is added to the open case', async () => {
    const d = await overridden();
    await deployed(await by('approver'), d, 'dispatch', going());
    t.clock.advance({ hours: 1 });
    await deployed(await by('approver'), d, 'complete', { reason: 'over', endedAt: inHours(0) });
    t.clock.advance({ hours: 23 });
    await run();
    expect(await groundsOf(d)).toEqual(['NON_POLICE_APPROVED']);
    t.clock.advance({ hours: 2 });
    await Promise.all([run(), run()]);
    const held = await heldFor(d);
    expect(held.map(({ ground }) => ground)).toEqual(['NON_POLICE_APPROVED', 'REPORT_MISSING']);
    expect(new Set(held.map(({ case_id }) => case_id)).size).toBe(1);
    expect(new Set(held.map(({ allegation_id }) => allegation_id)).size).toBe(2);
    const { body } = await (await demo('auditor')).get(`/cases/${held[0]!.case_id}`).expect(200);
    expect(body.allegations.map(({ no }: any) => no)).toEqual([1, 2]);
  });

  it('not late: what was filed in time stays so when it is returned and completed', async () => {
    const d = await sentAtOnce({ endsAt: inHours(100) });
    await filed(d);
    t.clock.advance({ hours: 30 });
    await deployed(await by('city'), d, 'return', { reason: 'say more', fields: ['purpose'] });
    expect(await deployed(await by('asker'), d, 'submit', {})).toMatchObject({
      status: 'SUBMITTED',
      hoursLate: null,
    });
  });

  it('as they should: nothing is opened', async () => {
    const d = await dispatched();
    t.clock.advance({ hours: 1 });
    await deployed(await by('approver'), d, 'complete', { reason: 'over', endedAt: inHours(0) });
    await deployed(await by('approver'), d, 'sign-off', {
      reason: 'quiet',
      tasks: [{ code: 'KEEP_ORDER', text: 'Patrol' }],
      force: { officers: 4, weapons: 'NONE' },
      deviated: false,
    });
    t.clock.advance({ hours: 100 });
    await run();
    expect(await groundsOf(d)).toEqual([]);
  });
});

describe('those concerned', () => {
  it('learn nothing of the case, whatever else they may see', async () => {
    const d = await overridden();
    const before = await (await by('approver')).get('/cases?count=true').expect(200);
    const answer = await (
      await by('approver')
    )
      .post(`/deployments/${d.id}/dispatch`, going(), { 'if-match': `"${d.version}"` })
      .expect(200);
    const [held] = await heldFor(d);
    // The receipts are of the request's own stream.
    const receipts = (answer.headers['audit-receipt'] as string).split(', ');
    expect(receipts.map((one) => one.split(' ')[0])).toEqual([d.id]);
    expect(answer.text).not.toContain(held!.case_id);
    for (const name of Object.keys(people)) {
      const client = await by(name);
      await client.get(`/cases/${held!.case_id}`).expect(404);
      await client.get(`/cases/${held!.case_id}/history`).expect(404);
      const { body: list } = await client.get('/cases?limit=100').expect(200);
      expect(list.items.map(({ id }: any) => id)).not.toContain(held!.case_id);
    }
    const after = await (await by('approver')).get('/cases?count=true').expect(200);
    expect(after.body.total).toBe(before.body.total);
    const { text } = await (await by('approver')).get(`/deployments/${d.id}`).expect(200);
    expect(text).not.toContain(held!.case_id);
    expect(JSON.stringify(await eventsOf(t, d.id))).not.toContain(held!.case_id);
    // Others see it: who leads the cases of the organ above.
    await (await demo('auditor')).get(`/cases/${held!.case_id}`).expect(200);
    // In the trail it is the system's.
    const [entry] = await t.sql<{ body: string }>(
      `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 ORDER BY seq LIMIT 1`,
      [held!.case_id],
    );
    expect(JSON.parse(entry!.body).actor).toEqual({ uid: expect.any(String), role: 'SYSTEM' });
    expect(entry!.body).not.toContain(people['approver']!.id);
  });
});

describe('the deed and its consequence', () => {
  it('are one transaction: without the allegation police are not sent', async () => {
    const d = await overridden();
    await t.sql(
      `CREATE FUNCTION pg_temp_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$`,
    );
    await t.sql(
      'CREATE TRIGGER no BEFORE INSERT ON app.accountability FOR EACH ROW EXECUTE FUNCTION pg_temp_refuse()',
    );
    const match = { 'if-match': `"${d.version}"` };
    await (await by('approver')).post(`/deployments/${d.id}/dispatch`, going(), match).expect(500);
    await t.sql('DROP TRIGGER no ON app.accountability; DROP FUNCTION pg_temp_refuse');
    const { body } = await (await by('approver')).get(`/deployments/${d.id}`).expect(200);
    expect(body.operation).toBe('NONE');
    await deployed(await by('approver'), d, 'dispatch', going());
    expect(await groundsOf(d)).toEqual(['NON_POLICE_APPROVED']);
  });

  it('leave tables that say what the trail says', async () => {
    expect((await reconcile(t.get(WorkerDatabase), t.get(HistoryService))).differences).toEqual([]);
  });
});
