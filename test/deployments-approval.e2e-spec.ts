import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { today } from './support/builders.js';
import {
  aDemolition,
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  type DeploymentUnderTest,
  type Person,
} from './support/deployments.js';

let t: TestApp;
let requester: Client;
let legal: Client;
const approvers: Record<string, Person> = {};
beforeAll(async () => {
  t = await startTestApp();
  [requester, legal] = await Promise.all([t.as('deployment-requester'), t.as('legal-reviewer')]);
  for (const [name, organ] of [
    ['station', 'station'],
    ['county', 'county'],
    ['county2', 'county'],
    ['city', 'city'],
    ['city2', 'city'],
    ['elsewhere', 'station2'],
  ] as const) {
    approvers[name] = await aPerson(t, 'DEPLOYMENT_APPROVER', organ);
  }
});
afterAll(() => t?.stop());
// All ask for the same: what one test refused must not stand in the way of the next.
afterEach(() => t.sql('DELETE FROM app.precedent'));

const by = (name: string): Client => approvers[name]!.client;
const small = (more: object = {}): Promise<DeploymentUnderTest> =>
  aSubmitted(requester, aSmallRequest(t, more));
/** Twelve officers: level L2, and nothing else. */
const medium = (more: object = {}): Promise<DeploymentUnderTest> =>
  small({ force: { officers: 12, weapons: 'NONE', bodyCameras: true }, ...more });
const demolition = (): Promise<DeploymentUnderTest> => aSubmitted(requester, aDemolition(t));
const opinion = (d: DeploymentUnderTest): Promise<any> =>
  deployed(legal, d, 'assess', {
    opinion: 'SUPPORTS',
    reason: 'Duty 2 covers it.',
    legalBasis: ['警察法 6'],
  });
const because = { reason: 'police work by duty 2' };
/** An answer to every warning. */
async function answersTo(d: DeploymentUnderTest): Promise<object[]> {
  const { body } = await by('city').get(`/deployments/${d.id}`).expect(200);
  const codes = body.test.warnings.map(({ code }: any) => code).filter((code: string) => code !== 'MISSING');
  return [...new Set<string>(codes)].map((code) => ({
    code,
    reason: 'looked at, and guarded against',
    legalBasis: '警察法 6',
  }));
}
const override = { reason: 'shots were fired there yesterday', legalBasis: '警察法 21' };

describe('the level that decides', () => {
  it('comes from the organ of the grant: a station decides L1, and no more', async () => {
    const one = await small();
    expect((await deployed(by('station'), one, 'approve', because)).status).toBe('APPROVED');
    const two = await medium();
    await opinion(two);
    const body = await deployed(by('station'), two, 'approve', because, 403);
    expect(body).toMatchObject({ level: 'L2', detail: expect.stringContaining('do not reach so high') });
    await deployed(by('station'), two, 'refuse', { reason: 'neither' }, 403);
  });

  it('is not that of another station: to its approver the request does not exist', async () => {
    const d = await small();
    await deployed(by('elsewhere'), d, 'approve', because, 404);
  });

  it('L4 is for an organ above the one whose police it is', async () => {
    const d = await aSubmitted(requester, {
      ...aSmallRequest(t, { activityType: 'EVENT', purpose: 'City marathon', expectedPeople: 6000 }),
      organId: t.ids.organs.city,
    });
    const { body } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(body.level).toBe('L4');
    await opinion(d);
    const answers = await answersTo(d);
    await deployed(by('city'), d, 'approve', { ...because, answers }, 403);
    const ministry = await t.as('deployment-approver');
    await deployed(ministry, d, 'approve', { ...because, answers });
  });

  it('is never reached by waiting: silence is no consent', async () => {
    const d = await small();
    t.clock.advance({ days: 40 });
    requester = await t.as('deployment-requester');
    const { body } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(body.status).toBe('SUBMITTED');
    t.clock.advance({ days: -40 });
    requester = await t.as('deployment-requester');
  });
});

describe('two persons', () => {
  it('sign from level L2 on; the first signature decides nothing', async () => {
    const d = await medium();
    await opinion(d);
    expect(
      (await deployed(by('county'), d, 'approve', { ...because, conditions: ['no weapons'] })).status,
    ).toBe('SUBMITTED');
    await deployed(by('county'), d, 'approve', because, 409);
    const { body: waiting } = await by('county').get('/deployments?waiting=true').expect(200);
    expect(waiting.items.map(({ id }: any) => id)).not.toContain(d.id);
    await deployed(by('county2'), d, 'stand-by', because, 409);
    const body = await deployed(by('county2'), d, 'approve', { ...because, conditions: ['back by noon'] });
    expect(body).toMatchObject({ status: 'APPROVED', decidedAt: expect.any(String) });
    const { body: read } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(read.conditions).toEqual(['no weapons', 'back by noon']);
    expect(read.steps.map(({ deed }: any) => deed)).toEqual(['submit', 'assess', 'approve', 'approve']);
    expect((await eventsOf(t, d.id)).filter(({ type }) => type === 'deployment.approve')).toHaveLength(2);
    const { body: history } = await by('county').get(`/deployments/${d.id}/history?limit=200`).expect(200);
    expect(history.items.map(({ words }: any) => words)).toEqual(
      expect.arrayContaining([
        'Request for police drafted',
        'Opinion of the legal section given',
        'Approval signed',
      ]),
    );
    await by('elsewhere').get(`/deployments/${d.id}/history`).expect(404);
  });

  it('are two persons, and not two accounts of one', async () => {
    const officer = t.ids.officers[3]!;
    const [one, other] = [
      await aPerson(t, 'DEPLOYMENT_APPROVER', 'county', officer),
      await aPerson(t, 'DEPLOYMENT_APPROVER', 'county', officer),
    ];
    const d = await medium();
    await opinion(d);
    await deployed(one.client, d, 'approve', because);
    expect((await deployed(other.client, d, 'approve', because, 409)).type).toBe('/problems/signed-already');
  });

  it('are demanded by the database as well', async () => {
    const d = await medium();
    await expect(
      t.sql(`UPDATE app.deployment SET status = 'APPROVED' WHERE id = $1`, [d.id]),
    ).rejects.toThrow('an approval of level L2 by 0 person(s)');
  });

  it('are not the requester, not by a second account of the same person either', async () => {
    const officer = t.ids.officers[4]!;
    const asks = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station', officer);
    const decides = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station', officer);
    const d = await aSubmitted(asks.client, aSmallRequest(t));
    for (const deed of ['approve', 'refuse', 'return']) {
      const { detail } = await deployed(decides.client, d, deed, because, 403);
      expect(detail).toBe('Whoever asked for police does not decide on it, by whatever account.');
    }
    const { body } = await decides.client.get('/deployments?waiting=true').expect(200);
    expect(body.items.map(({ id }: any) => id)).not.toContain(d.id);
    // The database sees through it alone.
    await expect(
      t.sql(
        `INSERT INTO app.deployment_deed VALUES (gen_random_uuid(), $1, 'approve', 'SUBMITTED', 'APPROVED', 1, $2, now(), NULL, NULL, 'x', '{}')`,
        [d.id, decides.id],
      ),
    ).rejects.toThrow('whoever asked for police does not decide on it');
    await deployed(by('station'), d, 'approve', because);
  });

  it('sign what they read: a first signature counts no more after a return', async () => {
    const d = await medium();
    await opinion(d);
    await deployed(by('county'), d, 'approve', because);
    await deployed(by('county2'), d, 'return', {
      reason: 'say when police stop',
      fields: ['limits.stopConditions'],
    });
    await deployed(by('county2'), d, 'approve', because, 409);
    const { body } = await requester
      .patch(`/deployments/${d.id}`, { purpose: 'Patrol, until noon' }, { 'if-match': `"${d.version}"` })
      .expect(200);
    d.version = body.version;
    await deployed(requester, d, 'submit', {});
    expect((await deployed(by('county2'), d, 'approve', because, 409)).type).toBe(
      '/problems/opinion-missing',
    );
    await opinion(d);
    expect((await deployed(by('county2'), d, 'approve', because)).status).toBe('SUBMITTED');
    expect((await deployed(by('county'), d, 'approve', because)).status).toBe('APPROVED');
  });
});

describe('the opinion of the legal section', () => {
  it('is wanted from level L2 on, and below where an approver asks for it', async () => {
    const d = await small();
    await deployed(by('station'), d, 'request-opinion', { reason: 'the owner objects' });
    expect((await deployed(by('station'), d, 'approve', because, 409)).type).toBe(
      '/problems/opinion-missing',
    );
    await opinion(d);
    await deployed(by('station'), d, 'approve', because);
  });

  it('names an article of a law', async () => {
    const d = await medium();
    const wrong = { opinion: 'SUPPORTS', reason: 'because', legalBasis: ['Law of Gravity 9'] };
    await deployed(legal, d, 'assess', wrong, 400);
    await deployed(legal, d, 'assess', { ...wrong, legalBasis: [] }, 400);
    await deployed(by('county'), d, 'assess', wrong, 400);
    await deployed(by('county'), d, 'assess', { ...wrong, legalBasis: ['警察法 6'] }, 403);
  });
});

describe('a warning', () => {
  it('wants a written answer of reason and legal basis before anything is approved past it', async () => {
    const d = await demolition();
    await opinion(d);
    const { errors } = await deployed(by('county'), d, 'approve', because, 400);
    expect(errors.map(({ pointer }: any) => pointer)).toContain('/override');
    expect(errors.some(({ message }: any) => message.startsWith('the warning NP01 at purpose'))).toBe(true);
    const answers = await answersTo(d);
    await deployed(by('county'), d, 'approve', { ...because, override, answers: answers.slice(1) }, 400);
    await deployed(by('county'), d, 'approve', { ...because, answers }, 400);
    const wrong = { code: 'NP99', reason: 'whatever', legalBasis: '警察法 6' };
    const stray = await deployed(
      by('county'),
      d,
      'approve',
      { ...because, override, answers: [...answers, wrong] },
      400,
    );
    expect(stray.errors[0].pointer).toBe(`/answers/${answers.length}/code`);
    const lawless = [{ ...wrong, code: 'NP01', legalBasis: 'Law of Gravity 9' }];
    await deployed(by('county'), d, 'approve', { ...because, override, answers: lawless }, 400);
    await deployed(by('county'), d, 'approve', { ...because, override, answers });
    // The second person signs what the first one answered.
    expect((await deployed(by('county2'), d, 'approve', because)).status).toBe('APPROVED');
  });
});

describe('a conflict of interest', () => {
  it('takes the one who declares it out, also what they signed', async () => {
    const d = await medium();
    await opinion(d);
    await deployed(by('county'), d, 'approve', because);
    const body = await deployed(by('county'), d, 'declare-conflict', {
      reason: 'my brother runs the market',
    });
    expect(body.decisionLevel).toBe('L2');
    const { detail } = await deployed(by('county'), d, 'approve', because, 403);
    expect(detail).toContain('You declared a conflict of interest');
    expect((await deployed(by('county2'), d, 'approve', because)).status).toBe('SUBMITTED');
    expect((await deployed(by('city'), d, 'approve', because)).status).toBe('APPROVED');
  });

  it('goes to the level above where no colleague is left, and where the head has it', async () => {
    const alone = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station2');
    const first = await aSubmitted(requester, { ...aSmallRequest(t), organId: t.ids.organs.station2 });
    await deployed(by('elsewhere'), first, 'declare-conflict', because);
    const body = await deployed(alone.client, first, 'declare-conflict', because);
    expect(body).toMatchObject({ level: 'L1', decisionLevel: 'L2' });
    const d = await demolition();
    expect(await deployed(by('county'), d, 'declare-conflict', because)).toMatchObject({
      level: 'L3',
      decisionLevel: 'L4',
    });
    await opinion(d);
    const answers = await answersTo(d);
    await deployed(by('county2'), d, 'approve', { ...because, answers, override }, 403);
    await deployed(by('city'), d, 'approve', { ...because, answers, override });
  });
});

describe('a refusal', () => {
  it('is printed with its reason, its article and the right door', async () => {
    const d = await demolition();
    await deployed(by('county'), d, 'refuse', { reason: 'The government organises it.\n# Not a heading' });
    const { body } = await requester.get(`/deployments/${d.id}/refusal`).expect(200);
    expect(body).toMatchObject({
      reference: d.reference,
      outcome: 'NOT_POLICE_WORK',
      level: 'L3',
      refusedBy: expect.stringContaining('Dongqu'),
      doors: [{ code: 'NP01', door: 'the city or county government; after a ruling, the court' }],
      reviewBy: expect.stringContaining('Liuan'),
      article: expect.any(String),
    });
    const { text } = await requester.get(`/deployments/${d.id}/refusal?format=markdown`).expect(200);
    expect(text).toContain(`# Refusal ${d.reference}`);
    expect(text).toContain('> # Not a heading');
    expect((await eventsOf(t, d.id)).map(({ type }) => type)).toContain('deployment.refusal-printed');
    const other = await small();
    await requester.get(`/deployments/${other.id}/refusal`).expect(409);
  });

  it('is looked at again once, by an organ above the one that refused', async () => {
    const d = await small();
    await deployed(by('county'), d, 'refuse', { reason: 'not police work' });
    await deployed(by('county'), d, 'request-review', because, 403);
    await deployed(requester, d, 'request-review', because);
    await deployed(by('county2'), d, 'approve', because, 403);
    await deployed(by('station'), d, 'approve', because, 403);
    expect((await deployed(by('city'), d, 'refuse', { reason: 'no, too' })).status).toBe('REFUSED_FINALLY');
    expect((await deployed(requester, d, 'request-review', because, 409)).type).toBe(
      '/problems/illegal-transition',
    );
    const other = await small();
    await deployed(by('county'), other, 'refuse', { reason: 'not police work' });
    await deployed(requester, other, 'request-review', because);
    const answers = await answersTo(other);
    expect((await deployed(by('city'), other, 'approve', { ...because, answers })).status).toBe('APPROVED');
  });

  it('by the highest organ is not looked at again: there is none above it', async () => {
    const d = await small();
    await deployed(await t.as('deployment-approver'), d, 'refuse', { reason: 'not police work' });
    expect((await deployed(requester, d, 'request-review', because, 409)).type).toBe(
      '/problems/no-higher-organ',
    );
  });
});

describe('a decision', () => {
  it('on what was withdrawn, or decided before, is refused with the state that stands in the way', async () => {
    const d = await small();
    await deployed(requester, d, 'withdraw');
    for (const deed of ['approve', 'stand-by', 'refuse', 'return']) {
      const body = await deployed(by('station'), d, deed, because, 409);
      expect(body).toMatchObject({
        type: '/problems/illegal-transition',
        detail: expect.stringContaining('A request that is WITHDRAWN'),
        state: 'WITHDRAWN',
        allowed: [],
      });
    }
    const other = await small();
    await deployed(by('station'), other, 'stand-by', because);
    await deployed(by('county'), other, 'refuse', because, 409);
  });

  it('is on what its maker read: a stale version is 412', async () => {
    const d = await small();
    await by('station').post(`/deployments/${d.id}/approve`, because, { 'if-match': '"1"' }).expect(412);
    await by('station').post(`/deployments/${d.id}/approve`, because).expect(428);
  });
});

describe('a deputy', () => {
  const days = (n: number): string =>
    new Date(Date.parse(today(t)) + n * 86_400_000).toISOString().slice(0, 10);
  const delegate = (from: string, userId: string, more: object = {}, status = 201) =>
    by(from)
      .post('/deployment-delegations', {
        userId,
        organId: t.ids.organs.county,
        validFrom: days(0),
        validTo: days(6),
        reason: 'on leave',
        ...more,
      })
      .expect(status);

  it('decides in the days named, says for whom, and not after', async () => {
    const deputy = await aPerson(t, 'OFFICER', 'station');
    const d = await medium();
    await opinion(d);
    await deployed(deputy.client, d, 'approve', because, 404);
    const { body } = await delegate('county', deputy.id);
    await deployed(deputy.client, d, 'approve', because);
    const { body: read } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(read.steps.at(-1)).toMatchObject({ doneBy: deputy.id, onBehalfOf: approvers['county']!.id });
    // Whoever made the deputy is no second signature.
    await deployed(by('county'), d, 'approve', because, 409);
    await deployed(by('county2'), d, 'approve', because);
    await by('county')
      .post(`/deployment-delegations/${body.id}/revoke`, { reason: 'back again' })
      .expect(200);
    await by('county')
      .post(`/deployment-delegations/${body.id}/revoke`, { reason: 'back again' })
      .expect(409);
    await deputy.client.get(`/deployments/${d.id}`).expect(404);
    const { body: mine } = await by('county').get('/deployment-delegations').expect(200);
    expect(mine.items[0]).toMatchObject({ id: body.id, revokedAt: expect.any(String), name: body.name });
    expect(body.name).not.toBe(body.delegatedByName);
    const { body: others } = await by('county2').get('/deployment-delegations').expect(200);
    expect(others.items).toEqual([]);
  });

  describe('is chosen among those who approve or serve in the organ or under it', () => {
    const found = async (from: string, query = ''): Promise<any[]> => {
      const { body } = await by(from).get(`/deployment-delegations/candidates?limit=200${query}`).expect(200);
      return body.items;
    };
    const idsOf = (items: { userId: string }[]): string[] => items.map(({ userId }) => userId);

    it('by name and unit and no more, never oneself, nobody above, none who cannot sign in', async () => {
      const below = await aPerson(t, 'OFFICER', 'station');
      const above = await aPerson(t, 'OFFICER', 'ministry');
      const other = await aPerson(t, 'SUPERVISOR', 'station');
      const gone = await aPerson(t, 'OFFICER', 'station');
      const admin = await t.as('administrator');
      const { body: account } = await admin.get(`/users/${gone.id}`).expect(200);
      const left = { status: 'DISABLED', reason: 'left the service' };
      await admin.patch(`/users/${gone.id}`, left, { 'if-match': `"${account.version}"` }).expect(200);
      const items = await found('county');
      const ids = idsOf(items);
      expect(ids).toEqual(expect.arrayContaining([below.id, approvers['county2']!.id]));
      for (const nobody of [approvers['county']!, above, other, gone]) expect(ids).not.toContain(nobody.id);
      const station = await t.sql<{ name: string }>('SELECT name FROM app.organ WHERE id = $1', [
        t.ids.organs.station,
      ]);
      const row = items.find(({ userId }) => userId === below.id);
      expect(Object.keys(row).sort()).toEqual(['name', 'unit', 'userId']);
      expect(row.unit).toBe(station[0]!.name);
    });

    it('searched by part of either, page by page', async () => {
      await aPerson(t, 'OFFICER', 'station');
      await aPerson(t, 'OFFICER', 'station');
      const all = await found('county');
      const [{ name, unit }] = all;
      const named = await found('county', `&q=${encodeURIComponent(name)}`);
      expect(named.map((one) => one.name)).toContain(name);
      expect(named.every((one) => one.name.includes(name) || one.unit.includes(name))).toBe(true);
      const inUnit = await found('county', `&q=${encodeURIComponent(unit)}`);
      expect(inUnit.length).toBeGreaterThan(0);
      expect(await found('county', '&q=%25')).toEqual([]);
      const path = '/deployment-delegations/candidates?limit=1&count=true';
      const { body: first } = await by('county').get(path).expect(200);
      expect(first.total).toBe(all.length);
      const { body: second } = await by('county').get(`${path}&cursor=${first.nextCursor}`).expect(200);
      expect(idsOf([...first.items, ...second.items])).toEqual(idsOf(all).slice(0, 2));
    });

    it('by approvers alone, and in their own organ', async () => {
      await requester.get('/deployment-delegations/candidates').expect(403);
      await (await t.as('auditor')).get('/deployment-delegations/candidates').expect(403);
      const of = (organ: 'ministry' | 'county') =>
        by('county').get(`/deployment-delegations/candidates?organId=${t.ids.organs[organ]}`);
      await of('ministry').expect(403);
      await of('county').expect(200);
    });
  });

  it('makes no deputies, is not oneself, and not for longer than a month', async () => {
    const deputy = await aPerson(t, 'OFFICER', 'station');
    approvers['deputy'] = deputy;
    await delegate('county', deputy.id);
    const third = await aPerson(t, 'OFFICER', 'station');
    expect((await delegate('deputy', third.id, {}, 403)).body.detail).toContain('not delegated again');
    await delegate('county', approvers['county']!.id, {}, 400);
    expect((await delegate('county', third.id, { validTo: days(31) }, 400)).body.errors[0].pointer).toBe(
      '/validTo',
    );
    await delegate('county', third.id, { validTo: days(30) });
    await delegate('county', third.id, { validFrom: days(-1) }, 400);
    await delegate('county', third.id, { validFrom: days(3), validTo: days(2) }, 400);
    await delegate('county', third.id, { organId: t.ids.organs.station }, 403);
  });

  it('has no power any more when whoever made them one lost it', async () => {
    const [principal, deputy] = [
      await aPerson(t, 'DEPLOYMENT_APPROVER', 'county'),
      await aPerson(t, 'OFFICER', 'station'),
    ];
    approvers['principal'] = principal;
    await delegate('principal', deputy.id);
    const d = await small();
    const admin = await t.as('administrator');
    const { body: user } = await admin.get(`/users/${principal.id}`).expect(200);
    await admin
      .post(`/users/${principal.id}/grants/${user.grants[0].id}/revoke`, { reason: 'moved away' })
      .expect(200);
    await deployed(deputy.client, d, 'approve', because, 403);
  });

  it('of whoever asked does not decide for them', async () => {
    const officer = t.ids.officers[2]!;
    const asks = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station', officer);
    approvers['asks'] = await aPerson(t, 'DEPLOYMENT_APPROVER', 'county', officer);
    const deputy = await aPerson(t, 'OFFICER', 'station');
    await delegate('asks', deputy.id);
    const d = await aSubmitted(asks.client, aSmallRequest(t));
    const { detail } = await deployed(deputy.client, d, 'approve', because, 403);
    expect(detail).toContain('deputy of somebody who may not decide');
  });
});
