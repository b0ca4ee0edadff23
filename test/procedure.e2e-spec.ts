import { startTestApp, type TestApp } from './support/app.js';
import { addMonths } from '../src/rulebook/periods.js';
import {
  aCase,
  aCaseIn,
  aDecision,
  anAllegation,
  aProposal,
  assign,
  completeFineFacts,
  deed,
  finding,
  grantRole,
  today,
} from './support/builders.js';

describe('the procedure of a case', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  it('goes from registration to the closing and can be reopened', async () => {
    const c = await aCaseIn(t, 'REOPENED');
    const { body } = await (await t.as('supervisor')).get(`/cases/${c.id}`).expect(200);
    expect(body.status).toBe('REOPENED');
    expect(body.deeds.map(({ deed: name, to }: { deed: string; to: string }) => `${name} ${to}`)).toEqual([
      'accept TRIAGED_ACCEPTED',
      'start-preliminary PRELIMINARY',
      'file FILED',
      'start-investigation INVESTIGATING',
      'report REPORTED',
      'serve-notice NOTICE_SERVED',
      'record-defence DEFENCE_HEARD',
      'legal-review LEGAL_REVIEWED',
      'deliberate DELIBERATED',
      'decide DECIDED_SANCTION',
      'serve-decision SERVED',
      'close CLOSED',
      'reopen REOPENED',
    ]);
    expect(body.sanctions).toMatchObject([{ kind: 'DEMERIT', status: 'SERVED', effectiveFrom: today(t) }]);
  });

  const as = (username: string) => t.as(username);
  const read = async (id: string) => (await (await as('supervisor')).get(`/cases/${id}`).expect(200)).body;

  describe('at triage', () => {
    it.each([
      ['decline', { ground: 'NO_SUBSTANCE' }, 'NOT_ACCEPTED'],
      ['transfer', { legalBasis: '信访 23', papers: ['letter'] }, 'TRANSFERRED'],
    ])('%s leads to its state and keeps the reason', async (name, body, status) => {
      const c = await aCase(t);
      const extra = name === 'transfer' ? { targetOrganId: t.ids.organs.oversight } : {};
      await deed(t, 'supervisor', c, name, { ...body, ...extra });
      expect(await read(c.id)).toMatchObject({
        status,
        deeds: [{ deed: name, reason: 'as the procedure asks', details: body }],
      });
    });

    it('a transfer that the other organ refused is taken back', async () => {
      const c = await aCase(t);
      await deed(t, 'supervisor', c, 'transfer', {
        targetOrganId: t.ids.organs.oversight,
        legalBasis: '信访 23',
      });
      await deed(t, 'supervisor', c, 'reclaim');
      expect((await read(c.id)).status).toBe('REGISTERED');
    });

    it('refuses a transfer to the organ that has it, or to none', async () => {
      const c = await aCase(t);
      for (const targetOrganId of [t.ids.organs.county, '019a0000-0000-7000-8000-00000000dead']) {
        const body = await deed(
          t,
          'supervisor',
          c,
          'transfer',
          { targetOrganId, legalBasis: '信访 23' },
          400,
        );
        expect(body.errors[0].pointer).toBe('/targetOrganId');
      }
    });

    it('merges into another open case, and into no other', async () => {
      const [c, master, closed] = [await aCase(t), await aCase(t), await aCase(t)];
      await deed(t, 'supervisor', closed, 'decline', { ground: 'REPEATED' });
      for (const masterCaseId of [c.id, closed.id, '019a0000-0000-7000-8000-00000000dead']) {
        await deed(t, 'supervisor', c, 'merge', { masterCaseId }, 400);
      }
      await deed(t, 'supervisor', c, 'merge', { masterCaseId: master.id });
      expect(await read(c.id)).toMatchObject({ status: 'MERGED', masterCaseId: master.id });
    });
  });

  describe('with investigators', () => {
    it('a preliminary inquiry wants two (政务处分法 42)', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      await assign(t, c, 'investigator');
      const refusal = await deed(t, 'supervisor', c, 'start-preliminary', {}, 409);
      expect(refusal).toMatchObject({
        type: '/problems/too-few-investigators',
        assigned: 1,
        needed: 2,
        article: '政务处分法 42',
      });
      await assign(t, c, 'investigator-2');
      await deed(t, 'supervisor', c, 'start-preliminary');
    });

    it('the investigation and the report want two as well, after one was withdrawn', async () => {
      const c = await aCaseIn(t, 'FILED');
      await (
        await as('supervisor')
      )
        .post(`/cases/${c.id}/investigators/withdraw`, {
          userId: t.ids.users['investigator-2'],
          reason: 'on leave',
        })
        .expect(200);
      c.version++;
      await deed(t, 'investigator', c, 'start-investigation', {}, 409);
    });

    it('only the lead starts and reports', async () => {
      const c = await aCaseIn(t, 'FILED');
      await deed(t, 'investigator-2', c, 'start-investigation', {}, 403);
      await deed(t, 'investigator', c, 'start-investigation');
    });

    it('nobody is assigned twice, who is no investigator there, or whom the case is about', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      const post = async (userId: string | undefined, body = {}) =>
        (await as('supervisor')).post(`/cases/${c.id}/investigators`, { userId, ...body });
      await (
        await post(t.ids.users['investigator'])
      ).body;
      expect((await post(t.ids.users['investigator'])).body.type).toBe('/problems/already-assigned');
      expect((await post(t.ids.users['auditor'])).body.errors[0].pointer).toBe('/userId');
      expect((await post(t.ids.users['supervisor'])).status).toBe(403);
      expect((await post(t.ids.users['investigator-2'], { lead: true })).body.type).toBe(
        '/problems/lead-taken',
      );
      const [officer] = await t.sql(`SELECT version FROM app.user_account WHERE username = 'investigator-2'`);
      const link = async (officerId: string | null, version: number) =>
        (await as('administrator'))
          .patch(
            `/users/${t.ids.users['investigator-2']}`,
            { officerId, reason: 'is this officer' },
            { 'if-match': `"${version}"` },
          )
          .expect(200);
      await link(t.ids.officers[1]!, officer.version);
      expect((await post(t.ids.users['investigator-2'])).body).toMatchObject({
        type: '/problems/conflict-of-interest',
        rule: 'SUBJECT',
      });
      await link(null, officer.version + 1);
    });

    it('a second lead is refused by the database as well', async () => {
      const c = await aCaseIn(t, 'PRELIMINARY');
      await expect(
        t.sql('UPDATE app.investigator_assignment SET is_lead = true WHERE case_id = $1', [c.id]),
      ).rejects.toMatchObject({ code: '23505' });
    });
  });

  it('a report wants the demanded facts and a recommended finding of each allegation', async () => {
    const c = await aCase(t, {
      allegations: [anAllegation(t, { facts: {} }), anAllegation(t, { subjects: [] })],
    });
    for (const go of [
      () => deed(t, 'supervisor', c, 'accept'),
      () => assign(t, c, 'investigator', 'investigator-2'),
      () => deed(t, 'supervisor', c, 'start-preliminary'),
      () => deed(t, 'agency-head', c, 'file'),
      () => deed(t, 'investigator', c, 'start-investigation'),
    ]) {
      await go();
    }
    const second = { secondSignerId: t.ids.users['investigator-2'] };
    const refusal = await deed(t, 'investigator', c, 'report', second, 409);
    expect(refusal.type).toBe('/problems/report-incomplete');
    expect(refusal.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining([
        '/allegations/0/facts/kind',
        '/allegations/0/findings',
        '/allegations/1/subjects',
      ]),
    );
    await (
      await as('investigator')
    )
      .patch(
        `/allegations/${c.allegationIds[0]}`,
        { facts: completeFineFacts(), reason: 'receipts found' },
        { 'if-match': '"1"' },
      )
      .expect(200);
    await (
      await as('investigator')
    )
      .patch(
        `/allegations/${c.allegationIds[1]}`,
        { subjects: [{ officerId: t.ids.officers[2], role: 'PARTICIPANT' }], reason: 'recognised' },
        { 'if-match': '"1"' },
      )
      .expect(200);
    c.version += 2;
    for (const id of c.allegationIds) await finding(t, 'investigator', id, 'RECOMMENDED');
    await deed(t, 'investigator', c, 'report', { secondSignerId: t.ids.users['investigator'] }, 400);
    await deed(t, 'investigator', c, 'report', second);
    // After the report the allegations are what the subject answers.
    await (
      await as('supervisor')
    )
      .patch(
        `/allegations/${c.allegationIds[0]}`,
        { place: 'elsewhere', reason: 'too late' },
        { 'if-match': '"2"' },
      )
      .expect(409);
  });

  it('an unknown officer is identified later, and the time is kept', async () => {
    const c = await aCase(t, {
      allegations: [
        anAllegation(t, { subjects: [{ description: 'tall, badge ends in 7', role: 'UNKNOWN' }] }),
      ],
    });
    await (
      await as('supervisor')
    )
      .patch(
        `/allegations/${c.allegationIds[0]}`,
        {
          subjects: [{ officerId: t.ids.officers[3], role: 'PRINCIPAL' }],
          reason: 'recognised on the video',
        },
        { 'if-match': '"1"' },
      )
      .expect(200);
    const { allegations } = await read(c.id);
    expect(allegations[0].subjects).toMatchObject([
      { officerId: t.ids.officers[3], identifiedAt: expect.any(String) },
    ]);
    const { body } = await (await as('supervisor')).get(`/cases?officerId=${t.ids.officers[3]}`).expect(200);
    expect(body.items.map(({ id }: { id: string }) => id)).toContain(c.id);
  });

  it('closes without a case only after a legal opinion and findings that let it end', async () => {
    const c = await aCaseIn(t, 'PRELIMINARY');
    expect(await deed(t, 'supervisor', c, 'close-without-case', {}, 409)).toMatchObject({
      legalOpinion: false,
    });
    await deed(t, 'legal-reviewer', c, 'legal-opinion');
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED', 'SUBSTANTIATED');
    expect(await deed(t, 'supervisor', c, 'close-without-case', {}, 409)).toMatchObject({
      allegationsWithoutFinding: c.allegationIds,
    });
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED', 'UNTRUE');
    await deed(t, 'supervisor', c, 'close-without-case');
    expect((await read(c.id)).status).toBe('CLOSED_NO_CASE');
  });

  it('sets six months at the filing and extends to twelve at the most (处分条例 44)', async () => {
    const c = await aCaseIn(t, 'PRELIMINARY');
    await deed(t, 'agency-head', c, 'file', { filedOn: '2026-08-31' });
    expect(await read(c.id)).toMatchObject({ filedOn: '2026-08-31', decisionDueOn: '2027-02-28' });
    await deed(t, 'investigator', c, 'start-investigation');
    for (const until of ['2027-02-28', '2027-09-01'])
      await deed(t, 'agency-head', c, 'extend', { until }, 400);
    await deed(t, 'agency-head', c, 'extend', { until: '2027-08-31' });
    expect((await read(c.id)).decisionDueOn).toBe('2027-08-31');
  });

  it('marks a filing that was entered late, and takes none from the future or before the receipt', async () => {
    const c = await aCaseIn(t, 'PRELIMINARY');
    for (const filedOn of ['2199-01-01', '2026-01-01'])
      await deed(t, 'agency-head', c, 'file', { filedOn }, 400);
    await deed(t, 'agency-head', c, 'file', { filedOn: '2026-06-01' });
    expect((await read(c.id)).deeds.at(-1).details).toEqual({ recordedLate: true });
  });

  it('is suspended and resumed, and the report returned with its defects', async () => {
    const c = await aCaseIn(t, 'INVESTIGATING');
    await deed(t, 'supervisor', c, 'suspend', { ground: 'CRIMINAL_CASE' });
    await deed(t, 'supervisor', c, 'resume');
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED');
    await deed(t, 'investigator', c, 'report', { secondSignerId: t.ids.users['investigator-2'] });
    await deed(t, 'legal-reviewer', c, 'return', { defects: ['no hearing of the payer'] });
    expect((await read(c.id)).status).toBe('INVESTIGATING');
  });

  it('hears the subject: a statement, or that they declined, never both', async () => {
    const c = await aCaseIn(t, 'NOTICE_SERVED');
    const day = { heldOn: undefined, heardOn: today(t) };
    await deed(t, 'legal-reviewer', c, 'record-defence', { ...day, declined: true, statement: 'x' }, 400);
    await deed(t, 'legal-reviewer', c, 'record-defence', { ...day, declined: false }, 400);
    await deed(t, 'legal-reviewer', c, 'record-defence', { heardOn: '2199-01-01', declined: true }, 400);
    await deed(t, 'investigator', c, 'record-defence', { ...day, declined: true });
  });

  describe('with sanctions', () => {
    it('rests a proposal on a substantiated allegation of this case against this officer', async () => {
      const c = await aCaseIn(t, 'DEFENCE_HEARD');
      const propose = async (overrides: object) =>
        (await as('legal-reviewer')).post(`/cases/${c.id}/sanctions`, aProposal(t, c, { ...overrides }));
      expect((await propose({ officerId: t.ids.officers[3] })).body.errors[0].pointer).toBe('/officerId');
      const other = await aCase(t);
      expect((await propose({ allegationIds: other.allegationIds })).body.errors[0].pointer).toBe(
        '/allegationIds/0',
      );
      expect((await propose({})).status).toBe(201);
    });

    it('rests none on an allegation that was not substantiated', async () => {
      const c = await aCaseIn(t, 'INVESTIGATING');
      await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED', 'UNTRUE');
      await deed(t, 'investigator', c, 'report', { secondSignerId: t.ids.users['investigator-2'] });
      await deed(t, 'legal-reviewer', c, 'serve-notice', { servedOn: today(t), proof: 'signed' });
      await deed(t, 'legal-reviewer', c, 'record-defence', { heardOn: today(t), declined: true });
      const response = await (
        await as('legal-reviewer')
      )
        .post(`/cases/${c.id}/sanctions`, aProposal(t, c))
        .expect(400);
      expect(response.body.errors[0].message).toContain('substantiated');
    });

    it('is proposed only once the subject was heard', async () => {
      const c = await aCaseIn(t, 'NOTICE_SERVED');
      await (await as('legal-reviewer')).post(`/cases/${c.id}/sanctions`, aProposal(t, c)).expect(409);
    });

    it.each([
      ['WARNING', 6],
      ['DEMERIT', 12],
      ['MAJOR_DEMERIT', 18],
      ['DOWNGRADE', 24],
      ['REMOVAL', 24],
      ['DISMISSAL', null],
    ])('%s runs its months from the day of the decision (政务处分法 8)', async (kind, months) => {
      const c = await aCaseIn(t, 'LEGAL_REVIEWED');
      await (
        await as('legal-reviewer')
      )
        .post(`/cases/${c.id}/sanctions`, aProposal(t, c, { kind }))
        .expect(201);
      await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t));
      const [sanction] = (await read(c.id)).sanctions;
      expect(sanction).toMatchObject({
        status: 'DECIDED',
        effectiveFrom: today(t),
        endsOn: months === null ? null : addMonths(today(t), months),
      });
    });

    it('decides nothing without the final finding of each allegation, and no sanction without a proposal', async () => {
      const c = await aCaseIn(t, 'LEGAL_REVIEWED');
      expect((await deed(t, 'decision-maker', c, 'decide', aDecision(t), 409)).type).toBe(
        '/problems/final-finding-missing',
      );
      await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
      expect((await deed(t, 'decision-maker', c, 'decide', aDecision(t), 409)).type).toBe(
        '/problems/no-sanction',
      );
      const body = await deed(t, 'decision-maker', c, 'decide', { outcome: 'SANCTION' }, 400);
      expect(body.errors[0].pointer).toBe('/meeting');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t, { outcome: 'EXEMPT' }));
      expect((await read(c.id)).status).toBe('DECIDED_EXEMPT');
    });

    it('is refused by itself, or with a decision that sanctions nobody', async () => {
      const c = await aCaseIn(t, 'LEGAL_REVIEWED');
      const ids = [];
      for (const kind of ['WARNING', 'DEMERIT']) {
        ids.push(
          (
            await (
              await as('legal-reviewer')
            )
              .post(`/cases/${c.id}/sanctions`, aProposal(t, c, { kind }))
              .expect(201)
          ).body.id,
        );
      }
      await (
        await as('decision-maker')
      )
        .post(`/sanctions/${ids[0]}/decide`, aDecision(t, { outcome: 'REFUSED', reason: 'too light' }), {
          'if-match': '"1"',
        })
        .expect(200);
      await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t, { outcome: 'WITHDRAWN' }));
      expect((await read(c.id)).sanctions.map(({ status }: { status: string }) => status)).toEqual([
        'REFUSED',
        'REFUSED',
      ]);
    });

    it('an officer sees their own sanction once it is decided, and no other', async () => {
      const subject = { subjects: [{ officerId: t.ids.officers[0], role: 'PRINCIPAL' }] };
      const c = await aCaseIn(t, 'LEGAL_REVIEWED', { allegations: [anAllegation(t, subject)] });
      const proposal = aProposal(t, c, { officerId: t.ids.officers[0] });
      const { body } = await (
        await as('legal-reviewer')
      )
        .post(`/cases/${c.id}/sanctions`, proposal)
        .expect(201);
      const officer = await as('officer');
      await officer.get(`/sanctions/${body.id}`).expect(404);
      await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t));
      await officer.get(`/sanctions/${body.id}`).expect(200);
      const { items } = (await officer.get('/sanctions').expect(200)).body;
      expect(items.map(({ officerId }: { officerId: string }) => officerId)).toEqual([t.ids.officers[0]]);
    });
  });

  describe('keeps apart who investigates, who reviews and who decides', () => {
    it('even when one person has all these roles', async () => {
      await grantRole(t, 'investigator', 'LEGAL_REVIEWER');
      await grantRole(t, 'legal-reviewer', 'DECISION_MAKER');
      const c = await aCaseIn(t, 'REPORTED');
      const refusal = await deed(
        t,
        'investigator',
        c,
        'serve-notice',
        { servedOn: today(t), proof: 'signed' },
        409,
      );
      expect(refusal.type).toBe('/problems/second-office');
      for (const go of [
        () => deed(t, 'legal-reviewer', c, 'serve-notice', { servedOn: today(t), proof: 'signed' }),
        () => deed(t, 'legal-reviewer', c, 'record-defence', { heardOn: today(t), declined: true }),
        () => deed(t, 'legal-reviewer', c, 'legal-review'),
        () => finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL'),
      ]) {
        await go();
      }
      expect(
        (await deed(t, 'legal-reviewer', c, 'decide', aDecision(t, { outcome: 'EXEMPT' }), 409)).type,
      ).toBe('/problems/second-office');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t, { outcome: 'EXEMPT' }));
    });
  });

  it('loses no step when two do the same at once: one is told that it is stale', async () => {
    const c = await aCase(t);
    const client = await as('supervisor');
    const other = await as('supervisor-2');
    const results = await Promise.all(
      [client, other, client, other].map((one) =>
        one.post(`/cases/${c.id}/accept`, { reason: 'at the same time' }, { 'if-match': `"${c.version}"` }),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });
});
