import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

/** What was done about the urgent measures of an allegation. Whoever does not see the case does not see that either. */
export class TakeUrgentMeasures1764000000031 implements MigrationInterface {
  name = 'TakeUrgentMeasures1764000000031';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.urgent_measure (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        allegation_id uuid NOT NULL REFERENCES app.allegation,
        code text NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('DONE', 'NOT_DONE')),
        done_at timestamptz,
        recorded_late boolean NOT NULL,
        note text NOT NULL,
        recorded_by uuid NOT NULL REFERENCES app.user_account,
        recorded_at timestamptz NOT NULL,
        CHECK ((done_at IS NOT NULL) = (outcome = 'DONE')),
        CHECK (done_at <= recorded_at)
      );
      CREATE INDEX urgent_measure_allegation ON app.urgent_measure (allegation_id);
      CREATE INDEX urgent_measure_case ON app.urgent_measure (case_id);
      -- It can be not done for a while, and it is done once.
      CREATE UNIQUE INDEX urgent_measure_done_once ON app.urgent_measure (allegation_id, code) WHERE outcome = 'DONE';
      GRANT SELECT, INSERT ON app.urgent_measure TO plumbline_app;
      ${audited('urgent_measure', 'case_id')};
      CREATE POLICY with_case ON app.urgent_measure TO plumbline_app
        USING (EXISTS (SELECT FROM app."case" c WHERE c.id = urgent_measure.case_id));
      CREATE POLICY worker ON app.urgent_measure TO plumbline_worker USING (true);
      CREATE POLICY owner ON app.urgent_measure TO plumbline_owner USING (true);
      ALTER TABLE app.urgent_measure ENABLE ROW LEVEL SECURITY;
      ALTER TABLE app.urgent_measure FORCE ROW LEVEL SECURITY`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
