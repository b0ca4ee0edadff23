import { writeFileSync } from 'node:fs';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, assign, finding, type CaseUnderTest } from './support/builders.js';
import { aSealer } from './support/sealing.js';

/** What a page of a case has to be told so that it offers what is possible, and nothing else. */
describe('for the page of a case the interface says', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  const file = async (username: string, { id }: CaseUnderTest): Promise<any> =>
    (await (await t.as(username)).get(`/cases/${id}`).expect(200)).body;
  const candidates = async (c: CaseUnderTest, query = ''): Promise<string[]> => {
    const { body } = await (
      await t.as('supervisor')
    )
      .get(`/cases/${c.id}/investigators/candidates${query}`)
      .expect(200);
    return body.items.map(({ userId }: { userId: string }) => userId);
  };

  describe('who could investigate it', () => {
    it('each can then be assigned, and nobody who has it already is among them', async () => {
      const c = await aCase(t);
      const before = await candidates(c);
      expect(before).toEqual(
        expect.arrayContaining([t.ids.users['investigator'], t.ids.users['investigator-2']]),
      );
      expect(before).not.toContain(t.ids.users['supervisor']);
      expect(before).not.toContain(t.ids.users['legal-reviewer']);
      await assign(t, c, 'investigator');
      expect(await candidates(c)).toEqual(before.filter((id) => id !== t.ids.users['investigator']));
    });

    it('without whoever has to keep away', async () => {
      const c = await aCase(t);
      await assign(t, c, 'investigator-2');
      const kin = await t.as('investigator-2');
      await kin
        .post(`/cases/${c.id}/recusals`, { ground: 'RELATIVE', reason: 'a cousin of theirs' })
        .expect(201);
      expect(await candidates(c)).not.toContain(t.ids.users['investigator-2']);
      // The assignment says the same.
      await (
        await t.as('supervisor')
      )
        .post(`/cases/${c.id}/investigators`, { userId: t.ids.users['investigator-2'] })
        .expect(409);
    });

    it('page by page, by name and by part of the name', async () => {
      const c = await aCase(t);
      const all = await candidates(c);
      const supervisor = await t.as('supervisor');
      const path = `/cases/${c.id}/investigators/candidates`;
      const { body: first } = await supervisor.get(`${path}?limit=1&count=true`).expect(200);
      expect(first.total).toBe(all.length);
      const { body: rest } = await supervisor.get(`${path}?cursor=${first.nextCursor}`).expect(200);
      expect([...first.items, ...rest.items].map(({ userId }: { userId: string }) => userId)).toEqual(all);
      const [{ name }] = first.items;
      const { body: named } = await supervisor.get(`${path}?q=${encodeURIComponent(name)}`).expect(200);
      expect(named.items.map((one: { name: string }) => one.name)).toContain(name);
      expect((await supervisor.get(`${path}?q=%25`).expect(200)).body.items).toEqual([]);
      await supervisor.get(`${path}?cursor=nonsense`).expect(400);
    });

    it('to those only who may assign it', async () => {
      const c = await aCaseIn(t, 'INVESTIGATING');
      await (await t.as('investigator')).get(`/cases/${c.id}/investigators/candidates`).expect(403);
      await (await t.as('legal-reviewer')).get(`/cases/${c.id}/investigators/candidates`).expect(404);
    });
  });

  describe('what can be recorded beside the steps, by the state and by who asks', () => {
    it.each([
      ['TRIAGED_ACCEPTED', { supervisor: ['assign', 'record-measure'], 'agency-head': [] }],
      [
        'INVESTIGATING',
        { supervisor: ['assign', 'record-measure'], investigator: ['record-measure', 'recommend-finding'] },
      ],
      ['REPORTED', { investigator: ['record-measure'], 'legal-reviewer': [] }],
      ['DEFENCE_HEARD', { 'legal-reviewer': ['propose-sanction'] }],
      [
        'LEGAL_REVIEWED',
        { 'legal-reviewer': ['propose-sanction'], 'decision-maker': ['record-final-finding'] },
      ],
      ['CLOSED', { supervisor: [] }],
    ] as const)('%s', async (state, expected) => {
      const c = await aCaseIn(t, state);
      for (const [username, records] of Object.entries(expected)) {
        expect([username, (await file(username, c)).recordable]).toEqual([username, records]);
      }
    });

    it('and what can be done to each sanction', async () => {
      const c = await aCaseIn(t, 'LEGAL_REVIEWED');
      const [officer] = (await file('supervisor', c)).allegations[0].subjects;
      await (
        await t.as('legal-reviewer')
      )
        .post(`/cases/${c.id}/sanctions`, {
          officerId: officer.officerId,
          track: 'EMPLOYER_DISCIPLINE',
          kind: 'DEMERIT',
          allegationIds: c.allegationIds,
          basis: ['处罚法 79'],
          reason: 'First act, money returned.',
        })
        .expect(201);
      const allowed = async (username: string, of = c): Promise<string[][]> =>
        (await file(username, of)).sanctions.map((one: { allowed: string[] }) => one.allowed);
      expect(await allowed('decision-maker')).toEqual([['decide']]);
      expect(await allowed('supervisor')).toEqual([[]]);
      const decided = await aCaseIn(t, 'DECIDED_SANCTION');
      expect(await allowed('supervisor', decided)).toEqual([['serve']]);
      expect(await allowed('decision-maker', decided)).toEqual([[]]);
    });
  });

  describe('its history', () => {
    const history = async (c: CaseUnderTest, query: string): Promise<any> =>
      (await (await t.as('supervisor')).get(`/cases/${c.id}/history?${query}`).expect(200)).body;
    const types = async (c: CaseUnderTest, query: string): Promise<string[]> =>
      (await history(c, query)).items.map(({ type }: { type: string }) => type);

    it('narrowed to a kind, a person, a role and days', async () => {
      const c = await aCaseIn(t, 'INVESTIGATING');
      await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED');
      await file('supervisor', c);
      expect(await types(c, 'kind=FINDING')).toEqual(['finding.recommended']);
      expect(await types(c, 'kind=READING')).toContain('case.read');
      expect(await types(c, 'kind=STEP')).not.toContain('case.read');
      expect(await types(c, `actorId=${t.ids.users['agency-head']}`)).toEqual(['case.file']);
      expect(await types(c, 'role=AGENCY_HEAD')).toEqual(['case.file']);
      expect(await types(c, 'role=AGENCY_HEAD&kind=FINDING')).toEqual([]);
      const [{ at }] = (await history(c, 'limit=1')).items;
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date(at));
      expect(await types(c, `to=${day}&kind=STEP`)).toContain('case.registered');
      expect(await types(c, 'to=2020-01-01')).toEqual([]);
      expect(await types(c, 'from=2099-01-01')).toEqual([]);
      await (await t.as('supervisor')).get(`/cases/${c.id}/history?kind=EVERYTHING`).expect(400);
    });

    it('in pages that leave nothing out and hold nothing twice, although few entries match', async () => {
      const c = await aCaseIn(t, 'CLOSED');
      const all = await types(c, 'kind=STEP&limit=200');
      const paged: string[] = [];
      let cursor = '';
      do {
        const page = await history(c, `kind=STEP&limit=3${cursor}`);
        expect(page.items.length).toBeLessThanOrEqual(3);
        paged.push(...page.items.map(({ type }: { type: string }) => type));
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(10);
    });

    it('with the place of each entry in the log, once it is sealed, and whether witnesses saw it', async () => {
      const c = await aCase(t);
      const states = async (): Promise<[number | null, boolean][]> =>
        (await history(c, 'kind=STEP')).items.map(
          ({ idx, witnessed }: { idx: number | null; witnessed: boolean }) => [idx, witnessed],
        );
      expect(await states()).toEqual([[null, false]]);
      const sealer = aSealer(t);
      try {
        await sealer.sealAll();
        const [[idx, witnessed]] = (await states()) as [[number | null, boolean]];
        expect(idx).toBeGreaterThanOrEqual(0);
        expect(witnessed).toBe(false);
        writeFileSync(`${t.dataDir}/policy.txt`, sealer.policyText);
        await sealer.cosign();
        expect(await states()).toEqual([[idx, true]]);
      } finally {
        await sealer.stop();
      }
    });
  });
});
