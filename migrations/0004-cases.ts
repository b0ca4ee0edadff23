import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class Cases1764000000004 implements MigrationInterface {
  name = 'Cases1764000000004';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE SEQUENCE app.case_number;
      CREATE TABLE app."case" (
        id uuid PRIMARY KEY,
        reference text NOT NULL UNIQUE,
        status text NOT NULL CHECK (status IN (
          'REGISTERED', 'TRIAGED_ACCEPTED', 'TRANSFERRED', 'NOT_ACCEPTED', 'MERGED', 'PRELIMINARY', 'CLOSED_NO_CASE',
          'FILED', 'INVESTIGATING', 'SUSPENDED', 'REPORTED', 'NOTICE_SERVED', 'DEFENCE_HEARD', 'LEGAL_REVIEWED',
          'DELIBERATED', 'DECIDED_SANCTION', 'DECIDED_EXEMPT', 'DECIDED_WITHDRAWN', 'DECIDED_REFER', 'SERVED',
          'CLOSED', 'REOPENED')),
        channel text NOT NULL CHECK (channel IN (
          'HOTLINE', 'MAILBOX', 'LETTER', 'VISIT', 'LEADER_RECEPTION', 'SUPERVISION_TEAM', 'PUBLIC_SUPERVISOR', 'WEB',
          'INTERNAL_REPORT', 'INSPECTION', 'TRANSFER_IN', 'COURT', 'MEDIA', 'DEPLOYMENT_BREACH', 'IMPORT')),
        received_at timestamptz NOT NULL,
        registered_at timestamptz NOT NULL,
        -- The organ that handles the case now; it changes when the case is transferred.
        organ_id uuid NOT NULL REFERENCES app.organ,
        receiving_organ_id uuid NOT NULL REFERENCES app.organ,
        reporter_kind text NOT NULL CHECK (reporter_kind IN ('NAMED', 'CONFIDENTIAL', 'ANONYMOUS')),
        registered_by uuid NOT NULL REFERENCES app.user_account,
        rulebook_version text NOT NULL,
        filed_on date,
        decision_due_on date,
        decided_on date,
        master_case_id uuid REFERENCES app."case",
        -- Kept in step with the tables below by the services: what rules and filters look at stands in one row.
        categories text[] NOT NULL,
        investigator_ids uuid[] NOT NULL DEFAULT '{}',
        subject_officer_ids uuid[] NOT NULL DEFAULT '{}',
        version int NOT NULL DEFAULT 1,
        CHECK ((status = 'MERGED') = (master_case_id IS NOT NULL))
      );
      CREATE INDEX case_newest ON app."case" (received_at DESC, id DESC);
      CREATE INDEX case_organ_newest ON app."case" (organ_id, received_at DESC, id DESC);
      CREATE INDEX case_investigators ON app."case" USING gin (investigator_ids);
      CREATE INDEX case_subjects ON app."case" USING gin (subject_officer_ids);
      CREATE INDEX case_categories ON app."case" USING gin (categories);
      CREATE INDEX case_registered_by ON app."case" (registered_by);

      -- The words as received. Never changed: a correction is another statement in the case.
      CREATE TABLE app.statement (
        case_id uuid PRIMARY KEY REFERENCES app."case", text text NOT NULL, sha256 bytea NOT NULL
      );
      CREATE TABLE app.reporter (
        case_id uuid PRIMARY KEY REFERENCES app."case", name text, contact text, details jsonb
      );
      CREATE TABLE app.allegation (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        no int NOT NULL CHECK (no > 0),
        category text NOT NULL,
        occurred_from timestamptz,
        occurred_to timestamptz,
        -- What the source knew: imported records may give a day or a month only.
        occurred_precision text NOT NULL DEFAULT 'INSTANT' CHECK (occurred_precision IN ('INSTANT', 'DAY', 'MONTH')),
        place text,
        organ_id uuid REFERENCES app.organ,
        facts jsonb NOT NULL,
        -- The source's own words beside the codes that a mapping chose for them.
        source_words jsonb,
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        UNIQUE (case_id, no),
        CHECK (occurred_to >= occurred_from)
      );
      CREATE TABLE app.allegation_subject (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        allegation_id uuid NOT NULL REFERENCES app.allegation,
        officer_id uuid REFERENCES app.officer,
        description text,
        role text NOT NULL CHECK (role IN ('PRINCIPAL', 'PARTICIPANT', 'INSTIGATOR', 'SUPERVISOR', 'APPROVER', 'UNKNOWN')),
        identified_at timestamptz,
        CHECK (officer_id IS NOT NULL OR description IS NOT NULL)
      );
      CREATE INDEX allegation_subject_allegation ON app.allegation_subject (allegation_id);
      CREATE INDEX allegation_subject_case ON app.allegation_subject (case_id);
      CREATE INDEX allegation_subject_officer ON app.allegation_subject (officer_id);
      CREATE TABLE app.affected_person (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        allegation_id uuid NOT NULL REFERENCES app.allegation,
        name text,
        organisation text,
        vulnerabilities text[] NOT NULL DEFAULT '{}',
        injury_level text NOT NULL,
        loss jsonb
      );
      CREATE INDEX affected_person_allegation ON app.affected_person (allegation_id);
      CREATE INDEX affected_person_case ON app.affected_person (case_id);
      CREATE TABLE app.finding (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        allegation_id uuid NOT NULL REFERENCES app.allegation,
        -- A new finding supersedes the one before of the same stage; none is ever changed.
        revision int NOT NULL CHECK (revision > 0),
        stage text NOT NULL CHECK (stage IN ('RECOMMENDED', 'FINAL')),
        outcome text NOT NULL CHECK (outcome IN (
          'SUBSTANTIATED', 'PARTLY_SUBSTANTIATED', 'NOT_SUBSTANTIATED', 'UNTRUE', 'LAWFUL_CONDUCT', 'MINOR_FLAW',
          'MALICIOUS_REPORT', 'REFERRED', 'TERMINATED')),
        reason text NOT NULL,
        mitigating jsonb NOT NULL DEFAULT '[]',
        aggravating jsonb NOT NULL DEFAULT '[]',
        source_words jsonb,
        recorded_by uuid NOT NULL REFERENCES app.user_account,
        recorded_at timestamptz NOT NULL,
        UNIQUE (allegation_id, stage, revision)
      );
      CREATE INDEX finding_case ON app.finding (case_id);
      CREATE TABLE app.investigator_assignment (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        user_id uuid NOT NULL REFERENCES app.user_account,
        is_lead boolean NOT NULL,
        assigned_by uuid NOT NULL REFERENCES app.user_account,
        assigned_at timestamptz NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_reason text,
        CHECK (user_id <> assigned_by),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
      );
      CREATE UNIQUE INDEX investigator_assigned_once ON app.investigator_assignment (case_id, user_id) WHERE withdrawn_at IS NULL;
      CREATE UNIQUE INDEX investigator_one_lead ON app.investigator_assignment (case_id) WHERE withdrawn_at IS NULL AND is_lead;
      CREATE INDEX investigator_assignment_user ON app.investigator_assignment (user_id);
      -- Each step of the procedure: who moved the case from where to where, and why. Never changed.
      CREATE TABLE app.case_deed (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        deed text NOT NULL,
        from_status text NOT NULL,
        to_status text NOT NULL,
        done_by uuid NOT NULL REFERENCES app.user_account,
        done_at timestamptz NOT NULL,
        reason text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX case_deed_case ON app.case_deed (case_id, done_at);
      CREATE TABLE app.sanction (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        officer_id uuid NOT NULL REFERENCES app.officer,
        track text NOT NULL CHECK (track IN ('EMPLOYER_DISCIPLINE', 'GOV_SANCTION')),
        kind text NOT NULL CHECK (kind IN ('WARNING', 'DEMERIT', 'MAJOR_DEMERIT', 'DOWNGRADE', 'REMOVAL', 'DISMISSAL')),
        status text NOT NULL CHECK (status IN ('PROPOSED', 'DECIDED', 'REFUSED', 'SERVED')),
        allegation_ids uuid[] NOT NULL CHECK (cardinality(allegation_ids) > 0),
        basis text[] NOT NULL,
        reason text NOT NULL,
        proposed_by uuid NOT NULL REFERENCES app.user_account,
        proposed_at timestamptz NOT NULL,
        decided_by uuid REFERENCES app.user_account,
        effective_from date,
        -- The last day of the period; null for a dismissal, which has none.
        ends_on date,
        served_on date,
        source_words jsonb,
        version int NOT NULL DEFAULT 1,
        CHECK (status NOT IN ('DECIDED', 'SERVED') OR effective_from IS NOT NULL)
      );
      CREATE INDEX sanction_case ON app.sanction (case_id);
      CREATE INDEX sanction_officer ON app.sanction (officer_id);

      CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'app.% is never changed (% by %)', TG_TABLE_NAME, TG_OP, session_user USING ERRCODE = '42501';
      END $$`);
    for (const table of ['statement', 'finding', 'case_deed']) {
      await q.query(`
        CREATE TRIGGER refuse_row BEFORE UPDATE OR DELETE ON app.${table} FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
        CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON app.${table} FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
        ALTER TABLE app.${table} ENABLE ALWAYS TRIGGER refuse_row;
        ALTER TABLE app.${table} ENABLE ALWAYS TRIGGER refuse_truncate;
        GRANT SELECT, INSERT ON app.${table} TO plumbline_app`);
    }
    await q.query(`
      GRANT USAGE ON SEQUENCE app.case_number TO plumbline_app;
      GRANT SELECT, INSERT, UPDATE ON app."case", app.allegation, app.allegation_subject,
        app.investigator_assignment, app.sanction TO plumbline_app;
      GRANT SELECT, INSERT ON app.reporter, app.affected_person TO plumbline_app;
      GRANT DELETE ON app.affected_person, app.allegation_subject TO plumbline_app;
      ${audited('case', 'id')};
      ${['statement', 'reporter', 'allegation', 'allegation_subject', 'affected_person', 'finding']
        .concat('investigator_assignment', 'case_deed', 'sanction')
        .map((table) => audited(table, 'case_id'))
        .join(';')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
