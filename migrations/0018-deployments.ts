import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class Deployments1764000000018 implements MigrationInterface {
  name = 'Deployments1764000000018';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      CREATE FUNCTION audit.require_event_by_deployment_id() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE wanted uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.deployment_id ELSE NEW.deployment_id END;
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM audit.head WHERE stream = wanted AND xid = pg_current_xact_id()) THEN
          RAISE EXCEPTION '%.% changed without an event', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION audit.require_event_by_deployment_id FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.require_event_by_deployment_id TO plumbline_owner`);
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE SEQUENCE app.deployment_number;
      GRANT USAGE ON SEQUENCE app.deployment_number TO plumbline_app;
      CREATE TABLE app.deployment (
        id uuid PRIMARY KEY,
        reference text NOT NULL UNIQUE,
        status text NOT NULL CHECK (status IN (
          'DRAFT', 'EMERGENCY', 'SUBMITTED', 'LATE', 'RETURNED', 'WITHDRAWN', 'APPROVED', 'STAND_BY', 'REFUSED',
          'UNDER_REVIEW', 'REFUSED_FINALLY')),
        operation text NOT NULL CHECK (operation IN ('NONE', 'DISPATCHED', 'COMPLETED', 'REPORTED')),
        -- Whose police are asked for; its approvers, or those above it, decide.
        organ_id uuid NOT NULL REFERENCES app.organ,
        created_by uuid NOT NULL REFERENCES app.user_account,
        created_at timestamptz NOT NULL,
        -- Accounts and officers, so that a second account of the same person is the same person to every rule.
        askers uuid[] NOT NULL,
        stepped_aside uuid[] NOT NULL DEFAULT '{}',
        officer_ids uuid[] NOT NULL DEFAULT '{}',
        requester_name text NOT NULL,
        requester_type text NOT NULL,
        requester_organ_id uuid REFERENCES app.organ,
        requester_contact text,
        requester_document jsonb,
        signed_by text,
        purpose text NOT NULL,
        activity_type text,
        place text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        expected_people int,
        risk_level text CHECK (risk_level IN ('LOW', 'MEDIUM', 'HIGH')),
        opposing_parties_present boolean,
        disputes text[] NOT NULL,
        document_numbers text[] NOT NULL,
        life_or_crime_at_stake boolean,
        tasks jsonb NOT NULL CHECK (jsonb_array_length(tasks) > 0),
        -- The words of the tasks, a line each, so that they can be searched.
        task_texts text NOT NULL,
        officers int NOT NULL CHECK (officers >= 0),
        force jsonb NOT NULL,
        law jsonb,
        limits jsonb,
        money jsonb,
        submitted_at timestamptz,
        -- How many times it was submitted or taken up for review; opinions and signatures count for their round.
        round int NOT NULL DEFAULT 0,
        rulebook_version text,
        test jsonb,
        outcome text CHECK (outcome IN ('POLICE_WORK', 'LAWFUL_ASSISTANCE', 'STANDBY_ONLY', 'NOT_POLICE_WORK',
          'EMERGENCY_PROVISIONAL', 'NEEDS_HIGHER_APPROVAL')),
        level text CHECK (level IN ('L0', 'L1', 'L2', 'L3', 'L4')),
        -- Not below the level of the test; higher where somebody stepped aside.
        decision_level text CHECK (decision_level IN ('L0', 'L1', 'L2', 'L3', 'L4')),
        np_codes text[] NOT NULL DEFAULT '{}',
        opinion_wanted boolean NOT NULL DEFAULT false,
        decided_at timestamptz,
        conditions text[] NOT NULL DEFAULT '{}',
        emergency boolean NOT NULL,
        oral_order jsonb,
        paper_received_at timestamptz,
        hours_late int CHECK (hours_late > 0),
        dispatched_at timestamptz,
        started_at timestamptz,
        ended_at timestamptz,
        completed_at timestamptz,
        sent_officers int CHECK (sent_officers >= 0),
        version int NOT NULL DEFAULT 1,
        CHECK (ends_at > starts_at),
        CHECK (ended_at > started_at),
        CHECK (decision_level >= level),
        CHECK ((status = 'EMERGENCY') <= emergency),
        CHECK ((operation = 'NONE') = (dispatched_at IS NULL)),
        -- Nothing is decided that was not tested.
        CHECK (status IN ('DRAFT', 'EMERGENCY', 'WITHDRAWN') OR (test IS NOT NULL AND outcome IS NOT NULL
          AND decision_level IS NOT NULL AND submitted_at IS NOT NULL)),
        -- Police go only where somebody approved it, or in an emergency.
        CHECK (operation = 'NONE' OR emergency OR status IN ('APPROVED', 'STAND_BY'))
      );
      CREATE INDEX deployment_organ ON app.deployment (organ_id, id DESC);
      CREATE INDEX deployment_askers ON app.deployment USING gin (askers);
      CREATE INDEX deployment_officers ON app.deployment USING gin (officer_ids);
      CREATE INDEX deployment_np_codes ON app.deployment USING gin (np_codes);
      CREATE INDEX deployment_starts ON app.deployment (starts_at);
      CREATE INDEX deployment_requester ON app.deployment (requester_name);

      -- A step, as it was done. Immutable.
      CREATE TABLE app.deployment_deed (
        id uuid PRIMARY KEY,
        deployment_id uuid NOT NULL REFERENCES app.deployment,
        deed text NOT NULL,
        from_status text NOT NULL,
        to_status text NOT NULL,
        round int NOT NULL,
        done_by uuid NOT NULL REFERENCES app.user_account,
        done_at timestamptz NOT NULL,
        -- The organ by whose power it was decided, and for whom, when that was a deputy.
        organ_id uuid REFERENCES app.organ,
        on_behalf_of uuid REFERENCES app.user_account,
        reason text NOT NULL,
        details jsonb NOT NULL
      );
      CREATE INDEX deployment_deed_deployment ON app.deployment_deed (deployment_id, done_at);
      CREATE INDEX deployment_deed_person ON app.deployment_deed (done_by);

      CREATE TABLE app.deployment_attachment (
        id uuid PRIMARY KEY,
        deployment_id uuid NOT NULL REFERENCES app.deployment,
        name text NOT NULL,
        media_type text NOT NULL,
        size_bytes bigint NOT NULL,
        sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
        uploaded_by uuid NOT NULL REFERENCES app.user_account,
        uploaded_at timestamptz NOT NULL
      );
      CREATE INDEX deployment_attachment_deployment ON app.deployment_attachment (deployment_id);
      -- What the record above has the hash of.
      CREATE TABLE app.deployment_file (
        attachment_id uuid NOT NULL, n int NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (attachment_id, n)
      );

      -- What was really done: the after-action record.
      CREATE TABLE app.deployment_report (
        id uuid PRIMARY KEY,
        deployment_id uuid NOT NULL UNIQUE REFERENCES app.deployment,
        tasks jsonb NOT NULL,
        force jsonb NOT NULL,
        force_used text,
        incidents text,
        injuries text,
        complaints text,
        videos text[] NOT NULL,
        deviated boolean NOT NULL,
        deviation text,
        test jsonb NOT NULL,
        outcome text NOT NULL,
        officer_minutes int NOT NULL CHECK (officer_minutes >= 0),
        hours_late int CHECK (hours_late > 0),
        signed_by uuid NOT NULL REFERENCES app.user_account,
        signed_at timestamptz NOT NULL,
        CHECK (deviated = (deviation IS NOT NULL))
      );

      -- An officer's objection to an order (警察法 33). It lies in the stream of its author, away from the deployment's.
      CREATE TABLE app.deployment_objection (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        deployment_id uuid NOT NULL REFERENCES app.deployment,
        text text NOT NULL,
        created_at timestamptz NOT NULL,
        higher_organ_ids uuid[] NOT NULL,
        order_givers uuid[] NOT NULL
      );
      CREATE INDEX deployment_objection_user ON app.deployment_objection (user_id);
      CREATE INDEX deployment_objection_organs ON app.deployment_objection USING gin (higher_organ_ids);

      -- A deputy for some days: it stands beside the grant by which the deputy acts.
      CREATE TABLE app.deployment_delegation (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        delegated_by uuid NOT NULL REFERENCES app.user_account,
        grant_id uuid NOT NULL UNIQUE REFERENCES app.user_grant,
        organ_id uuid NOT NULL REFERENCES app.organ,
        valid_from date NOT NULL,
        valid_to date NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CHECK (user_id <> delegated_by),
        CHECK (valid_to >= valid_from AND valid_to - valid_from < 31)
      );
      CREATE INDEX deployment_delegation_user ON app.deployment_delegation (user_id);
      CREATE INDEX deployment_delegation_by ON app.deployment_delegation (delegated_by);

      -- What heads and auditors should look at.
      CREATE TABLE app.deployment_notice (
        id uuid PRIMARY KEY,
        deployment_id uuid NOT NULL REFERENCES app.deployment,
        organ_id uuid NOT NULL REFERENCES app.organ,
        kind text NOT NULL CHECK (kind IN ('THREE_LATE')),
        quarter text NOT NULL CHECK (quarter ~ '^[0-9]{4}-Q[1-4]$'),
        count int NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (organ_id, kind, quarter)
      );
      GRANT SELECT, INSERT, UPDATE ON app.deployment, app.deployment_delegation TO plumbline_app;
      GRANT SELECT, INSERT ON app.deployment_deed, app.deployment_attachment, app.deployment_report,
        app.deployment_objection, app.deployment_notice TO plumbline_app;
      GRANT SELECT, INSERT, DELETE ON app.deployment_file TO plumbline_app;
      ${audited('deployment', 'id')};
      ${['deed', 'attachment', 'report', 'notice']
        .map((table) => audited(`deployment_${table}`, 'deployment_id'))
        .join(';\n')};
      ${audited('deployment_objection', 'user_id')};
      ${audited('deployment_delegation', 'user_id')}`);
    await q.query(`
      -- Two persons, also against an application that forgot it: whoever asked does not decide, not by a second
      -- account either, and from level L2 on an approval has the signatures of two persons.
      CREATE FUNCTION app.refuse_own_deployment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (
          SELECT FROM app.deployment d JOIN app.user_account a ON a.id = d.created_by
            JOIN app.user_account b ON b.id = NEW.done_by
          WHERE d.id = NEW.deployment_id AND (a.id = b.id OR a.officer_id = b.officer_id OR b.officer_id = ANY (d.askers))
        ) THEN
          RAISE EXCEPTION 'whoever asked for police does not decide on it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'requester_is_no_approver';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER requester_is_no_approver AFTER INSERT ON app.deployment_deed FOR EACH ROW
        WHEN (NEW.deed IN ('assess', 'approve', 'stand-by', 'refuse', 'return', 'request-opinion'))
        EXECUTE FUNCTION app.refuse_own_deployment();
      CREATE FUNCTION app.refuse_unsigned_deployment() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE signers int;
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.status = NEW.status THEN RETURN NULL; END IF;
        SELECT count(DISTINCT coalesce(u.officer_id, u.id)) INTO signers
        FROM app.deployment_deed s JOIN app.user_account u ON u.id = s.done_by
        WHERE s.deployment_id = NEW.id AND s.round = NEW.round
          AND s.deed = CASE NEW.status WHEN 'APPROVED' THEN 'approve' ELSE 'stand-by' END
          AND NOT NEW.stepped_aside && ARRAY[u.id, u.officer_id];
        IF signers < (CASE WHEN NEW.decision_level >= 'L2' THEN 2 ELSE 1 END) THEN
          RAISE EXCEPTION 'an approval of level % by % person(s)', NEW.decision_level, signers
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'two_persons';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER two_persons AFTER INSERT OR UPDATE ON app.deployment FOR EACH ROW
        WHEN (NEW.status IN ('APPROVED', 'STAND_BY')) EXECUTE FUNCTION app.refuse_unsigned_deployment();
      -- What was submitted is what is decided on.
      CREATE FUNCTION app.refuse_changed_request() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'a request that is % is not changed', OLD.status
          USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'request_stands';
      END $$;
      CREATE TRIGGER request_stands BEFORE UPDATE ON app.deployment FOR EACH ROW
        WHEN (OLD.status NOT IN ('DRAFT', 'RETURNED', 'EMERGENCY') AND (
          OLD.purpose, OLD.place, OLD.starts_at, OLD.ends_at, OLD.tasks, OLD.officers, OLD.force, OLD.law, OLD.limits,
          OLD.money, OLD.requester_name, OLD.requester_type, OLD.activity_type, OLD.organ_id, OLD.askers
        ) IS DISTINCT FROM (
          NEW.purpose, NEW.place, NEW.starts_at, NEW.ends_at, NEW.tasks, NEW.officers, NEW.force, NEW.law, NEW.limits,
          NEW.money, NEW.requester_name, NEW.requester_type, NEW.activity_type, NEW.organ_id, NEW.askers))
        EXECUTE FUNCTION app.refuse_changed_request();
      -- What an upload left is removed until its record exists; from then on the bytes stay as they are.
      CREATE FUNCTION app.refuse_change_of_attached() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM app.deployment_attachment WHERE id = OLD.attachment_id) THEN
          RAISE EXCEPTION 'an attachment is never changed' USING ERRCODE = '42501';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
      END $$;
      CREATE TRIGGER attached_stays BEFORE UPDATE OR DELETE ON app.deployment_file FOR EACH ROW
        EXECUTE FUNCTION app.refuse_change_of_attached();
      ALTER TABLE app.deployment_file ENABLE ALWAYS TRIGGER attached_stays;
      ALTER TABLE app.deployment_deed ENABLE ALWAYS TRIGGER requester_is_no_approver;
      ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER two_persons;
      ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER request_stands`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
