import { addMonths } from '../src/rulebook/periods.js';
import { startTestApp, type TestApp } from './support/app.js';
import {
  aCase,
  aCaseIn,
  aDecision,
  anIntake,
  aProposal,
  deed,
  finding,
  grantRole,
  today,
  type CaseUnderTest,
} from './support/builders.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());

const read = async (id: string) => (await (await t.as('supervisor')).get(`/cases/${id}`).expect(200)).body;
const propose = async (c: CaseUnderTest, username = 'legal-reviewer') =>
  (await t.as(username)).post(`/cases/${c.id}/sanctions`, aProposal(t, c));
const decideSanction = async (id: string, username: string, body = aDecision(t, { outcome: 'DECIDED' })) =>
  (await t.as(username)).post(
    `/sanctions/${id}/decide`,
    { reason: 'as the procedure asks', ...body },
    { 'if-match': '"1"' },
  );
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

describe('nobody acts in two offices of one case', () => {
  beforeAll(async () => {
    for (const role of ['LEGAL_REVIEWER', 'DECISION_MAKER', 'AGENCY_HEAD', 'SUPERVISOR']) {
      await grantRole(t, 'investigator', role);
    }
    await grantRole(t, 'legal-reviewer-2', 'DECISION_MAKER');
    await grantRole(t, 'legal-reviewer-2', 'INVESTIGATOR');
    await grantRole(t, 'decision-maker-2', 'LEGAL_REVIEWER');
  });

  it.each(['file', 'close-without-case'])('who investigates does not approve: %s', async (name) => {
    const c = await aCaseIn(t, 'PRELIMINARY');
    await deed(t, 'legal-reviewer', c, 'legal-opinion');
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED', 'UNTRUE');
    const refusal = await deed(t, 'investigator', c, name, {}, 409);
    expect(refusal.type).toBe('/problems/second-office');
  });

  it('who investigates neither proposes a sanction, nor finds finally, nor decides one', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    expect((await propose(c, 'investigator')).body.type).toBe('/problems/second-office');
    const { body } = await propose(c);
    const final = { stage: 'FINAL', outcome: 'SUBSTANTIATED', reason: 'as reported' };
    const found = await (
      await t.as('investigator')
    ).post(`/allegations/${c.allegationIds[0]}/findings`, final);
    expect(found.body.type).toBe('/problems/second-office');
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    expect((await decideSanction(body.id, 'investigator')).body.type).toBe('/problems/second-office');
  });

  it('who only recorded a final finding does not propose a sanction', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    await finding(t, 'decision-maker-2', c.allegationIds[0]!, 'FINAL');
    const { body } = await propose(c, 'decision-maker-2');
    expect(body.type).toBe('/problems/second-office');
    expect(body.detail).toContain('final-finding');
  });

  it('who only proposed a sanction does not decide on it, and does not investigate', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    const { body } = await propose(c, 'legal-reviewer-2');
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    expect((await decideSanction(body.id, 'legal-reviewer-2')).body.type).toBe('/problems/second-office');
    expect((await deed(t, 'legal-reviewer-2', c, 'decide', aDecision(t), 409)).type).toBe(
      '/problems/second-office',
    );
    const assigned = await (
      await t.as('supervisor')
    ).post(`/cases/${c.id}/investigators`, { userId: t.ids.users['legal-reviewer-2'] });
    expect(assigned.body).toMatchObject({ type: '/problems/second-office', rule: 'SECOND_OFFICE' });
  });
});

describe('nothing is back-dated silently', () => {
  const lastDeed = async (c: CaseUnderTest) => (await read(c.id)).deeds.at(-1).details;

  it('what is entered on its day carries no mark', async () => {
    const c = await aCaseIn(t, 'NOTICE_SERVED');
    expect(await lastDeed(c)).not.toHaveProperty('recordedLate');
  });

  it('a notice is served after the report, the subject heard after the notice, the meeting held after the review', async () => {
    const c = await aCaseIn(t, 'REPORTED');
    const reported = today(t);
    const early = dayBefore(reported);
    const notice = (servedOn: string) => ({ servedOn, proof: 'signed receipt' });
    expect((await deed(t, 'legal-reviewer', c, 'serve-notice', notice(early), 400)).errors[0].pointer).toBe(
      '/servedOn',
    );
    await deed(t, 'legal-reviewer', c, 'serve-notice', notice(reported));
    const heard = (heardOn: string) => ({ heardOn, declined: true });
    expect((await deed(t, 'legal-reviewer', c, 'record-defence', heard(early), 400)).errors[0].pointer).toBe(
      '/heardOn',
    );
    await deed(t, 'legal-reviewer', c, 'record-defence', heard(reported));
    await deed(t, 'legal-reviewer', c, 'legal-review');
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    const meeting = { heldOn: early, attendees: ['Head'], minutes: 'Heard, discussed, agreed.' };
    const refusal = await deed(t, 'decision-maker', c, 'decide', { outcome: 'EXEMPT', meeting }, 400);
    expect(refusal.errors[0].pointer).toBe('/meeting/heldOn');
  });

  it('what is entered on a later day says so, step by step', async () => {
    const c = await aCaseIn(t, 'REPORTED');
    const paper = today(t);
    t.clock.advance({ days: 1 });
    const late = { recordedLate: true };
    await deed(t, 'legal-reviewer', c, 'serve-notice', { servedOn: paper, proof: 'signed receipt' });
    expect(await lastDeed(c)).toMatchObject(late);
    await deed(t, 'legal-reviewer', c, 'record-defence', { heardOn: paper, declined: true });
    expect(await lastDeed(c)).toMatchObject(late);
    await deed(t, 'legal-reviewer', c, 'legal-review');
    const heldOn = today(t);
    t.clock.advance({ days: 1 });
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    const meeting = { heldOn, attendees: ['Head'], minutes: 'Heard, discussed, agreed.' };
    await deed(t, 'decision-maker', c, 'decide', { outcome: 'EXEMPT', meeting });
    const { deeds, decidedOn } = await read(c.id);
    expect(decidedOn).toBe(heldOn);
    expect(deeds.slice(-2)).toMatchObject([
      { deed: 'deliberate', details: late },
      { deed: 'decide', details: late },
    ]);
    await deed(t, 'supervisor', c, 'serve-decision', { servedOn: heldOn });
    expect(await lastDeed(c)).toMatchObject(late);
  });
});

describe('a sanction', () => {
  it('is decided with the minutes of the meeting only, and served only once the case is decided', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    const { body } = await propose(c);
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    const without = await decideSanction(body.id, 'decision-maker', { outcome: 'DECIDED' });
    expect(without.body.errors[0].pointer).toBe('/meeting');
    const decided = await decideSanction(body.id, 'decision-maker');
    expect(decided.body).toMatchObject({ status: 'DECIDED', effectiveFrom: today(t), version: 2 });
    const serve = async () =>
      (await t.as('supervisor')).post(
        `/sanctions/${body.id}/serve`,
        { servedOn: today(t), reason: 'handed over' },
        { 'if-match': '"2"' },
      );
    expect((await serve()).body.type).toBe('/problems/sanction-out-of-turn');
    await deed(t, 'decision-maker', c, 'decide', aDecision(t));
    expect((await serve()).body.status).toBe('SERVED');
  });

  it('falls when the final finding differs from the recommended one', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    const { body } = await propose(c);
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL', 'NOT_SUBSTANTIATED');
    const refusal = await deed(t, 'decision-maker', c, 'decide', aDecision(t), 409);
    expect(refusal).toMatchObject({ type: '/problems/sanction-unfounded', allegations: c.allegationIds });
    expect((await decideSanction(body.id, 'decision-maker')).body.type).toBe('/problems/sanction-unfounded');
    await deed(t, 'decision-maker', c, 'decide', aDecision(t, { outcome: 'EXEMPT' }));
  });
});

describe('out of turn', () => {
  it('a finding is not taken: the recommended one after the report, the final one before the review', async () => {
    const c = await aCaseIn(t, 'REPORTED');
    const record = async (username: string, stage: string) =>
      (await t.as(username)).post(`/allegations/${c.allegationIds[0]}/findings`, {
        stage,
        outcome: 'UNTRUE',
        reason: 'seen otherwise',
      });
    expect((await record('investigator-2', 'RECOMMENDED')).body).toMatchObject({
      type: '/problems/finding-out-of-turn',
      state: 'REPORTED',
      recordableIn: ['PRELIMINARY', 'INVESTIGATING'],
    });
    // Who decides does not even see the case before it was reviewed.
    expect((await record('decision-maker', 'FINAL')).status).toBe(404);
  });

  it('a decision without sanction is refused beside a sanction that was decided', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    const { body } = await propose(c);
    await finding(t, 'decision-maker', c.allegationIds[0]!, 'FINAL');
    expect((await decideSanction(body.id, 'decision-maker')).status).toBe(200);
    const refusal = await deed(t, 'decision-maker', c, 'decide', aDecision(t, { outcome: 'EXEMPT' }), 409);
    expect(refusal.type).toBe('/problems/sanction-decided');
  });

  it('a report is refused once one of two investigators was withdrawn, or with an outsider as second signer', async () => {
    const c = await aCaseIn(t, 'INVESTIGATING');
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED');
    const report = (username: string, status: number) =>
      deed(t, 'investigator', c, 'report', { secondSignerId: t.ids.users[username] }, status);
    expect((await report('supervisor', 400)).errors[0].pointer).toBe('/secondSignerId');
    await deed(t, 'investigator-2', c, 'report', { secondSignerId: t.ids.users['investigator'] }, 403);
    const withdrawal = { userId: t.ids.users['investigator-2'], reason: 'on leave' };
    await (await t.as('supervisor')).post(`/cases/${c.id}/investigators/withdraw`, withdrawal).expect(200);
    c.version++;
    expect((await report('investigator-2', 409)).type).toBe('/problems/too-few-investigators');
  });
});

describe('a case that has ended', () => {
  it('takes no investigator', async () => {
    const c = await aCase(t);
    await deed(t, 'supervisor', c, 'decline', { ground: 'NO_SUBSTANCE' });
    const response = await (
      await t.as('supervisor')
    ).post(`/cases/${c.id}/investigators`, { userId: t.ids.users['investigator-2'] });
    expect(response.body).toMatchObject({ type: '/problems/case-not-open', state: 'NOT_ACCEPTED' });
  });

  it('without acceptance is closed, and reopened on new evidence', async () => {
    const c = await aCase(t);
    await deed(t, 'supervisor', c, 'decline', { ground: 'NO_SUBSTANCE' });
    await deed(t, 'supervisor', c, 'close');
    await deed(t, 'agency-head', c, 'reopen', { ground: 'NEW_EVIDENCE' });
    expect((await read(c.id)).status).toBe('REOPENED');
  });

  it('is filed anew when reopened, with a new limit, and wants new findings', async () => {
    const c = await aCaseIn(t, 'CLOSED');
    const before = await read(c.id);
    expect(before.decidedOn).toBe(today(t));
    await deed(t, 'agency-head', c, 'reopen', { ground: 'CHANGED_JUDGMENT' });
    expect(await read(c.id)).toMatchObject({
      filedOn: today(t),
      decisionDueOn: addMonths(today(t), 6),
      decidedOn: null,
    });
    await deed(t, 'investigator', c, 'start-investigation');
    const second = { secondSignerId: t.ids.users['investigator-2'] };
    const refusal = await deed(t, 'investigator', c, 'report', second, 409);
    expect(refusal.errors).toEqual([
      { pointer: '/allegations/0/findings', message: 'has no recommended finding' },
    ]);
    await finding(t, 'investigator', c.allegationIds[0]!, 'RECOMMENDED');
    await deed(t, 'investigator', c, 'report', second);
  });
});

describe('a text of blanks is no text', () => {
  it('as a reason, or as minutes', async () => {
    const c = await aCaseIn(t, 'LEGAL_REVIEWED');
    const meeting = { heldOn: today(t), attendees: ['Head'], minutes: ' '.repeat(20) };
    const body = { outcome: 'EXEMPT', meeting, reason: '\u3000 \u00a0 ' };
    const refusal = await deed(t, 'decision-maker', c, 'decide', body, 400);
    expect(refusal.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/meeting/minutes',
      '/reason',
    ]);
  });

  it('as a statement', async () => {
    const intake = await t.as('intake-officer');
    const { body } = await intake.post('/cases', anIntake(t, { statement: ' \n ' })).expect(400);
    expect(body.errors).toEqual([{ pointer: '/statement', message: 'statement must not be blank' }]);
  });
});
