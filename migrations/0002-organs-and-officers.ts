import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class OrgansAndOfficers1764000000002 implements MigrationInterface {
  name = 'OrgansAndOfficers1764000000002';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      GRANT USAGE ON SCHEMA app TO plumbline_app, plumbline_sealer, plumbline_auditor;
      CREATE TABLE app.organ (
        id uuid PRIMARY KEY,
        parent_id uuid REFERENCES app.organ,
        -- This organ and all above it, so that a subtree is one indexed condition.
        path uuid[] NOT NULL CHECK (path[1] = id),
        code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,79}$'),
        name text NOT NULL,
        level text NOT NULL CHECK (level IN ('STATION', 'COUNTY', 'CITY', 'PROVINCE', 'MINISTRY', 'OVERSIGHT')),
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX organ_path ON app.organ USING gin (path);
      CREATE INDEX organ_parent ON app.organ (parent_id);

      CREATE TABLE app.officer (
        id uuid PRIMARY KEY,
        badge_number text,
        name text,
        rank text,
        birth_year int CHECK (birth_year BETWEEN 1900 AND 2100),
        -- Where an imported officer comes from: the source's name and its own key.
        origin_system text,
        origin_key text,
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (origin_system, origin_key),
        CHECK (badge_number IS NOT NULL OR name IS NOT NULL OR origin_key IS NOT NULL)
      );
      CREATE UNIQUE INDEX officer_badge_number ON app.officer (badge_number) WHERE origin_system IS NULL;
      CREATE INDEX officer_name ON app.officer (lower(name) text_pattern_ops);

      CREATE TABLE app.appointment (
        id uuid PRIMARY KEY,
        officer_id uuid NOT NULL REFERENCES app.officer,
        organ_id uuid NOT NULL REFERENCES app.organ,
        post text NOT NULL,
        valid_from date,
        valid_to date,
        version int NOT NULL DEFAULT 1,
        CHECK (valid_to >= valid_from)
      );
      CREATE INDEX appointment_officer ON app.appointment (officer_id, valid_from);
      CREATE INDEX appointment_organ ON app.appointment (organ_id);
      GRANT SELECT, INSERT, UPDATE ON app.organ, app.officer, app.appointment TO plumbline_app;
      ${audited('organ', 'system')};
      ${audited('officer', 'system')};
      ${audited('appointment', 'system')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
