import { PrecedentWordsJob } from '../src/deployments/precedent-words.job.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import {
  aPerson,
  aSmallRequest,
  aSubmitted,
  deployed,
  withoutOrgan,
  type DeploymentUnderTest,
} from './support/deployments.js';

let t: TestApp;
let requester: Client;
let ministry: Client;
let station: Client;
beforeAll(async () => {
  t = await startTestApp();
  [requester, ministry] = await Promise.all([t.as('deployment-requester'), t.as('deployment-approver')]);
  station = (await aPerson(t, 'DEPLOYMENT_APPROVER', 'station')).client;
});
afterAll(() => t?.stop());
// What one test decided is no precedent of another.
afterEach(() => t.sql('DELETE FROM app.precedent'));

type Plain = Record<string, any>;
const requestOf = (purpose: string, more: Plain = {}): Plain =>
  aSmallRequest(t, { purpose, place: purpose, tasks: [{ code: 'KEEP_ORDER', text: purpose }], ...more });

async function decided(
  request: Plain,
  deed: 'approve' | 'refuse',
  reason: string,
): Promise<DeploymentUnderTest> {
  const d = await aSubmitted(requester, request);
  const { body } = await ministry.get(`/deployments/${d.id}`).expect(200);
  const answers = body.test.warnings
    .filter(({ code }: any) => code !== 'MISSING')
    .map(({ code }: any) => ({ code, reason: 'looked at', legalBasis: '警察法 6' }));
  await deployed(
    ministry,
    d,
    deed,
    deed === 'approve' && answers.length > 0 ? { reason, answers } : { reason },
  );
  return d;
}

const check = async (client: Client, request: Plain): Promise<Plain> => {
  const { body } = await client.post('/deployments/check', withoutOrgan(request)).expect(200);
  return body;
};

describe('precedents', () => {
  it('are the most similar requests on which somebody decided, with outcome and reason, in both languages', async () => {
    const fair = await decided(requestOf('Temple fair at the old mill with acrobats'), 'approve', 'duty 2');
    const valley = await decided(requestOf('Patrol of the market in the valley'), 'approve', 'duty 2');
    const temple = await decided(requestOf('湖滨路庙会期间维护秩序'), 'refuse', '主办方自有安保');
    await aSubmitted(requester, requestOf('Another temple fair at the old mill, still undecided'));

    const english = await check(requester, requestOf('A temple fair with acrobats near the mill'));
    expect(english.precedents[0]).toMatchObject({
      id: fair.id,
      reference: fair.reference,
      status: 'APPROVED',
      outcome: 'POLICE_WORK',
      reason: 'duty 2',
    });
    expect(english.precedents[0].sharedWords).toEqual(
      expect.arrayContaining(['temple', 'fair', 'acrobats', 'mill']),
    );
    expect(english.precedents[0].sharedCodes).toEqual(expect.arrayContaining(['KEEP_ORDER']));
    expect(english.precedents[0].likeness).toBeGreaterThan(english.precedents[1].likeness);
    expect(english.precedents).toHaveLength(3);

    const chinese = await check(requester, requestOf('城隍庙庙会，请派警力维护秩序'));
    expect(chinese.precedents[0]).toMatchObject({
      id: temple.id,
      status: 'REFUSED',
      reason: '主办方自有安保',
    });
    expect(chinese.precedents[0].sharedWords).toEqual(expect.arrayContaining(['庙会', '维护', '秩序']));

    // Of a stored request it is not itself a precedent.
    const { body } = await requester.get(`/deployments/${valley.id}/precedents`).expect(200);
    expect(body.precedents.map(({ id }: any) => id)).not.toContain(valley.id);
    expect(body.precedents).toHaveLength(2);
  });

  it('are those only that one may read', async () => {
    const named = { requester: { name: 'Canal Office', type: 'OWN_UNIT' } };
    const elsewhere = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station2');
    const hidden = await aSubmitted(elsewhere.client, {
      ...requestOf('Dragon boat race on the canal', named),
      organId: t.ids.organs.station2,
    });
    await deployed(ministry, hidden, 'approve', { reason: 'duty 2' });
    const asked = requestOf('Dragon boat race on the canal next week', named);
    expect((await check(ministry, asked)).precedents.map(({ id }: any) => id)).toEqual([hidden.id]);
    const seen = await check(station, asked);
    expect(seen.precedents).toEqual([]);
    expect(seen.requesterRecord).toMatchObject({ asked: 0 });
    expect((await check(ministry, asked)).requesterRecord).toMatchObject({ asked: 1, approved: 1 });
    await station.get(`/deployments/${hidden.id}/precedents`).expect(404);
  });

  it('are those of one’s own organs, however many others were more alike', async () => {
    const words = 'Ice sculptures on the square';
    const own = await decided(requestOf(`${words}, evening`), 'approve', 'duty 2');
    const elsewhere = await aPerson(t, 'DEPLOYMENT_REQUESTER', 'station2');
    for (let n = 0; n < 60; n++) {
      const other = { ...requestOf(words), organId: t.ids.organs.station2 };
      const d = await aSubmitted(elsewhere.client, other);
      await deployed(ministry, d, 'approve', { reason: 'duty 2' });
    }
    expect((await check(station, requestOf(words))).precedents.map(({ id }: any) => id)).toEqual([own.id]);
  }, 60_000);

  it('are found by the words that tell something, once they are counted', async () => {
    for (let n = 0; n < 6; n++)
      await decided(requestOf(`Patrol of the market, evening ${n}`), 'approve', 'duty 2');
    const rare = await decided(
      requestOf('Patrol of the market while the circus is there'),
      'approve',
      'duty 2',
    );
    await t.get(PrecedentWordsJob).run();
    const { precedents } = await check(requester, requestOf('Patrol of the market and the circus'));
    expect(precedents[0].id).toBe(rare.id);
    expect(precedents[0].sharedWords[0]).toBe('circus');
  });

  it('are recorded as a search before they are shown', async () => {
    const d = await decided(requestOf('Lantern festival in the park'), 'approve', 'duty 2');
    await check(requester, requestOf('Lantern festival in the park again'));
    const event = (await eventsOf(t, t.ids.users['deployment-requester']!)).at(-1);
    expect(event).toMatchObject({
      type: 'search.run',
      target: { kind: 'list', id: 'precedents' },
      values: { found: [d.id] },
    });
  });
});

describe("the requester's record", () => {
  it('counts what was asked in the same name and what became of it, within a year', async () => {
    const named = { requester: { name: 'Harbour Fair Ltd', type: 'ENTERPRISE' } };
    await decided(requestOf('Crowd at the harbour gate', named), 'refuse', 'own guards');
    const other = await decided(requestOf('Regatta finish line', named), 'refuse', 'own guards');
    await decided(
      requestOf('Stolen boats at the quay', { requester: { name: 'Other Ltd', type: 'ENTERPRISE' } }),
      'refuse',
      'no duty',
    );
    await aSubmitted(requester, requestOf('Concert on the pier', named)).then((d) =>
      deployed(requester, d, 'withdraw'),
    );
    const asked = requestOf('Something else altogether', named);
    expect((await check(ministry, asked)).requesterRecord).toMatchObject({
      asked: 3,
      refused: 2,
      withdrawn: 1,
      approved: 0,
      overridden: 0,
      late: 0,
    });
    // Of a stored one: the others.
    const { body } = await ministry.get(`/deployments/${other.id}/precedents`).expect(200);
    expect(body.requesterRecord).toMatchObject({ asked: 2, refused: 1 });
  });
});

describe('a refusal gone around', () => {
  const debts = 'Accompany our clerks to collect the outstanding instalments from tenants of Maple Court';
  const reworded = 'Be present with our clerks at Maple Court where tenants pay outstanding instalments';
  const named = { requester: { name: 'Maple Estates', type: 'ENTERPRISE' } };
  const again = ({ warnings }: Plain): Plain[] => warnings.filter(({ code }: any) => code === 'ASKED_AGAIN');

  it('in other words, or at another organ by somebody else, is a warning with the number of the refusal', async () => {
    const refused = await decided(requestOf(debts, named), 'refuse', 'a civil claim');
    const [warning] = again(await check(ministry, requestOf(reworded, named)));
    expect(warning).toMatchObject({ text: refused.reference, article: '警察法 43' });
    // Word for word, whoever asks; other words by somebody else are another matter.
    expect(again(await check(ministry, requestOf(debts)))).toHaveLength(1);
    expect(again(await check(ministry, requestOf(reworded.replace('Maple Court', 'Elm Yard'))))).toEqual([]);
    expect(again(await check(ministry, requestOf('Lost child in the station hall', named)))).toEqual([]);
    // Who may not read the refusal learns its number and nothing else.
    const elsewhere = await aPerson(t, 'DEPLOYMENT_APPROVER', 'station2');
    const seen = await check(elsewhere.client, requestOf(reworded, named));
    expect(again(seen)).toHaveLength(1);
    expect(seen.precedents).toEqual([]);
    expect(JSON.stringify(seen)).not.toContain('a civil claim');
  });

  it('wants an answer in writing before it is approved', async () => {
    await decided(
      requestOf('Close Elm Row for the flea market', named),
      'refuse',
      'the district closes streets',
    );
    const d = await aSubmitted(requester, requestOf('Close Elm Row while the flea market lasts', named));
    const { body } = await ministry.get(`/deployments/${d.id}`).expect(200);
    expect(again(body.test)).toHaveLength(1);
    const refusedAt = await deployed(ministry, d, 'approve', { reason: 'duty 3' }, 400);
    expect(JSON.stringify(refusedAt.errors)).toContain('ASKED_AGAIN');
  });

  it('is none after thirty days, nor when the first was approved', async () => {
    await decided(requestOf('Guard the fountain while it is cleaned', named), 'refuse', 'no duty');
    await t.sql(`UPDATE app.precedent SET refused_at = refused_at - interval '31 days'`);
    expect(again(await check(ministry, requestOf('Guard the fountain while it is cleaned', named)))).toEqual(
      [],
    );
    await decided(requestOf('Patrol of the market by the river', named), 'approve', 'duty 2');
    expect(again(await check(ministry, requestOf('Patrol of the market by the river', named)))).toEqual([]);
  });
});
