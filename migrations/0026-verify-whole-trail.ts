import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An auditor lets the whole trail be verified: how far that is, and how it ended. */
export class VerifyWholeTrail1764000000026 implements MigrationInterface {
  name = 'VerifyWholeTrail1764000000026';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- The books of a job. That somebody asked for it is an event.
      CREATE TABLE app.trail_check (
        id uuid PRIMARY KEY,
        requested_by uuid NOT NULL REFERENCES app.user_account,
        requested_at timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
        size bigint NOT NULL CHECK (size >= 0),
        checked bigint NOT NULL CHECK (checked BETWEEN 0 AND size),
        wrong bigint NOT NULL CHECK (wrong >= 0),
        failures jsonb NOT NULL,
        finished_at timestamptz,
        CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING')))
      );
      -- One at a time: it reads the whole log.
      CREATE UNIQUE INDEX trail_check_running ON app.trail_check ((true)) WHERE finished_at IS NULL;
      CREATE INDEX trail_check_at ON app.trail_check (requested_at DESC);
      GRANT SELECT, INSERT, UPDATE ON app.trail_check TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('There is no way down');
  }
}
