import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, aDecision, aProposal, assign, deed, finding, today } from './support/builders.js';

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
});

void [aCase, aDecision, aProposal, assign, deed, finding];
