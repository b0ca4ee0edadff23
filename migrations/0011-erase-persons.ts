import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class ErasePersons1764000000011 implements MigrationInterface {
  name = 'ErasePersons1764000000011';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.erasure (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        person text NOT NULL CHECK (person IN ('REPORTER', 'AFFECTED_PERSON')),
        person_id uuid,
        legal_basis text NOT NULL,
        status text NOT NULL CHECK (status IN ('PROPOSED', 'DONE', 'REFUSED')),
        proposed_by uuid NOT NULL REFERENCES app.user_account,
        proposed_at timestamptz NOT NULL,
        reason text NOT NULL,
        decided_by uuid REFERENCES app.user_account,
        decided_at timestamptz,
        CHECK ((person = 'AFFECTED_PERSON') = (person_id IS NOT NULL)),
        CHECK ((status = 'PROPOSED') = (decided_by IS NULL)),
        -- Two persons, also against an application that forgot it.
        CHECK (decided_by <> proposed_by)
      );
      CREATE INDEX erasure_case ON app.erasure (case_id);
      GRANT SELECT, INSERT, UPDATE ON app.erasure TO plumbline_app;
      -- A decided erasure empties these and nothing else of the rows.
      CREATE FUNCTION app.refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF to_jsonb(NEW) <> to_jsonb(OLD) || TG_ARGV[0]::jsonb OR NOT EXISTS (
          SELECT FROM app.erasure e WHERE e.case_id = NEW.case_id AND e.status = 'DONE'
            AND e.person_id IS NOT DISTINCT FROM (to_jsonb(NEW)->>'id')::uuid
        ) THEN
          RAISE EXCEPTION 'app.% is never changed but by an erasure (by %)', TG_TABLE_NAME, session_user
            USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER reporter_only_erased BEFORE UPDATE ON app.reporter FOR EACH ROW EXECUTE FUNCTION
        app.refuse_change_but_erasure('{"name": null, "contact": null, "details": null}');
      CREATE TRIGGER affected_person_only_erased BEFORE UPDATE ON app.affected_person FOR EACH ROW EXECUTE FUNCTION
        app.refuse_change_but_erasure('{"name": null, "organisation": null, "vulnerabilities": []}');
      ALTER TABLE app.reporter ENABLE ALWAYS TRIGGER reporter_only_erased;
      ALTER TABLE app.affected_person ENABLE ALWAYS TRIGGER affected_person_only_erased;
      GRANT UPDATE (name, contact, details) ON app.reporter TO plumbline_app;
      GRANT UPDATE (name, organisation, vulnerabilities) ON app.affected_person TO plumbline_app;
      ${audited('erasure', 'case_id')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
