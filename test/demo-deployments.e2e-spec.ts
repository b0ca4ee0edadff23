import { addDemonstrationRequests } from '../src/demo-deployments.js';
import { startTestApp } from './support/app.js';

describe('the requests of the demonstration', () => {
  // By day, and in the night, when the duty test warns of more.
  it.each([10, 23])('are all there at %i hours in China', async (hour) => {
    const t = await startTestApp();
    try {
      t.clock.advance({ hours: 24 + ((hour - ((t.clock.now().getUTCHours() + 8) % 24) + 24) % 24) });
      await t.clock.settled;
      await addDemonstrationRequests(t.app);
      const approver = await t.as('deployment-approver');
      const { body } = await approver.get('/deployments').expect(200);
      const found = body.items.map(({ status, operation, outcome, hoursLate }: any) => ({
        status,
        operation,
        outcome,
        late: hoursLate !== null,
      }));
      const open = { status: 'SUBMITTED', operation: 'NONE', late: false };
      expect(found).toEqual([
        { status: 'APPROVED', operation: 'REPORTED', outcome: 'EMERGENCY_PROVISIONAL', late: false },
        { status: 'LATE', operation: 'DISPATCHED', outcome: 'EMERGENCY_PROVISIONAL', late: true },
        { ...open, outcome: 'NOT_POLICE_WORK' },
        { ...open, outcome: 'NOT_POLICE_WORK' },
        { ...open, outcome: 'POLICE_WORK' },
      ]);
      // Nobody stays signed in by it, and what the station refuses has an organ above it.
      expect(await t.sql('SELECT FROM app.session WHERE revoked_at IS NULL')).toHaveLength(1);
      const station = await t.as('station-approver');
      const friendly = body.items.at(-1);
      await station
        .post(
          `/deployments/${friendly.id}/refuse`,
          { reason: 'no officers to spare' },
          { 'if-match': `"${friendly.version}"` },
        )
        .expect(200);
      const { body: refusal } = await approver.get(`/deployments/${friendly.id}/refusal`).expect(200);
      expect(refusal.reviewBy).not.toBeNull();
    } finally {
      await t.stop();
    }
  });
});
