import { startTestApp, type Client, type TestApp } from './support/app.js';

interface Rule {
  part: string;
  id: string;
  article: string;
  settings: { name: string; value: string }[];
}

let t: TestApp;
let client: Client;
beforeAll(async () => {
  t = await startTestApp();
  client = await t.as('administrator');
});
afterAll(() => t?.stop());

const rulesOn = async (day: string): Promise<Rule[]> =>
  (await client.get(`/rulebooks/rules?on=${day}`).expect(200)).body;
const keys = (rules: readonly Rule[]): string[] => rules.map(({ part, id }) => `${part} ${id}`);

describe('the rulebook', () => {
  it('has a version for each day on which a rule comes, goes or changes', async () => {
    const { body } = await client.get('/rulebooks').expect(200);
    const days = body.map(({ validFrom }: { validFrom: string }) => validFrom);
    expect(days).toEqual([...days].sort().reverse());
    // 征收与补偿条例 came into force on that day, and with it NP01.
    expect(days).toContain('2011-01-21');
    for (const { validFrom, rules } of body.slice(0, 3)) {
      expect(await rulesOn(validFrom)).toHaveLength(rules);
    }
    // Every version but the first differs from the one before.
    expect(
      body
        .slice(0, -1)
        .filter(
          (version: { added: number; removed: number; changed: number }) =>
            version.added + version.removed + version.changed === 0,
        ),
    ).toEqual([]);
  });

  it('says of each rule in force on a day where it stands and what it fixes', async () => {
    const rules = await rulesOn('2026-03-01');
    expect(rules).toContainEqual(
      expect.objectContaining({
        part: 'CASES',
        id: 'case-decision',
        article: '处分条例 44',
        confidence: 'A',
        settings: expect.arrayContaining([{ name: 'months', en: '6', zh: '6' }]),
      }),
    );
    expect(new Set(rules.map(({ part }) => part))).toEqual(
      new Set([
        ...['CASES', 'DUTIES', 'ASSISTANCE', 'NON_POLICE', 'SIGNALS', 'LEVELS', 'APPROVALS', 'EDGE_CASES'],
      ]),
    );
    expect(rules.filter(({ article }) => article === '')).toEqual([]);
  });

  it('is compared between two days: what came and what went', async () => {
    const compare = async (before: string, after: string): Promise<Record<string, Rule[]>> =>
      (await client.get(`/rulebooks/comparison?before=${before}&after=${after}`).expect(200)).body;
    const forward = await compare('2011-01-20', '2011-01-21');
    expect(keys(forward['added']!)).toContain('NON_POLICE NP01');
    const backward = await compare('2011-01-21', '2011-01-20');
    expect(keys(backward['removed']!)).toEqual(keys(forward['added']!));
    expect(await compare('2026-01-01', '2026-01-01')).toMatchObject({ added: [], removed: [], changed: [] });
    const [before, after] = [await rulesOn('2000-01-01'), await rulesOn('2026-01-01')];
    const { added, removed } = await compare('2000-01-01', '2026-01-01');
    expect(keys(after).filter((key) => !keys(before).includes(key))).toEqual(keys(added!));
    expect(keys(before).filter((key) => !keys(after).includes(key))).toEqual(keys(removed!));
  });

  it('names the statutory days of rest, year by year', async () => {
    const { body } = await client.get('/rulebooks/rest-days').expect(200);
    const { days } = body.years.find(({ year }: { year: number }) => year === 2026);
    expect(days).toEqual(expect.arrayContaining(['2026-01-01', '2026-02-17', '2026-09-25', '2026-10-03']));
    expect(days).toEqual([...days].sort());
    // Each year has its Qingming, Dragon Boat and Mid-Autumn, one day each.
    for (const { year, days: all } of body.years as { year: number; days: string[] }[])
      for (const season of [/-04-0[4-6]$/, /-0(5-31|6-\d\d)$/, /-(09-\d\d|10-0[4-8])$/])
        expect([year, season, all.some((day) => season.test(day))]).toEqual([year, season, true]);
    expect(body).toMatchObject({ nightFrom: 22, nightTo: 6 });
  });

  it.each([
    'rules',
    'rules?on=2026-02-30',
    'rules?on=1800-01-01',
    'comparison?before=2026-01-01',
    'comparison?before=x&after=2026-01-01',
  ])('refuses %s', (path) => client.get(`/rulebooks/${path}`).expect(400));

  it('is everybody’s to read who is signed in', async () => {
    await (await t.as('investigator')).get('/rulebooks').expect(200);
    await t.anonymous.get('/rulebooks').expect(401);
  });
});
