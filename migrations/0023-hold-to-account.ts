import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

/** Which cases were opened because of which request for police. Whoever does not see the case does not see that either. */
export class HoldToAccount1764000000023 implements MigrationInterface {
  name = 'HoldToAccount1764000000023';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.accountability (
        id uuid PRIMARY KEY,
        deployment_id uuid NOT NULL REFERENCES app.deployment,
        case_id uuid NOT NULL REFERENCES app."case",
        allegation_id uuid NOT NULL REFERENCES app.allegation,
        ground text NOT NULL CHECK (ground IN ('NOT_APPROVED', 'AGAINST_REFUSAL', 'BEYOND_TASKS', 'NON_POLICE_APPROVED',
          'REPORT_MISSING')),
        created_at timestamptz NOT NULL,
        -- Nobody is held to account twice for the same.
        UNIQUE (deployment_id, ground)
      );
      CREATE INDEX accountability_case ON app.accountability (case_id);
      GRANT SELECT, INSERT ON app.accountability TO plumbline_app;
      ${audited('accountability', 'case_id')};
      CREATE POLICY with_case ON app.accountability TO plumbline_app
        USING (EXISTS (SELECT FROM app."case" c WHERE c.id = accountability.case_id));
      CREATE POLICY worker ON app.accountability TO plumbline_worker USING (true);
      CREATE POLICY owner ON app.accountability TO plumbline_owner USING (true);
      ALTER TABLE app.accountability ENABLE ROW LEVEL SECURITY;
      ALTER TABLE app.accountability FORCE ROW LEVEL SECURITY`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
