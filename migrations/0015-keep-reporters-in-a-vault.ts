import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

/**
 * Who reported moves into a schema with an owner of its own. The application writes there and reads through functions,
 * each of which answers one narrow question; what it stores is encrypted under a key that the database never sees.
 */
export class KeepReportersInAVault1764000000015 implements MigrationInterface {
  name = 'KeepReportersInAVault1764000000015';

  async up(q: QueryRunner): Promise<void> {
    await this.requests(q);
    await this.trail(q);
    await this.vault(q);
    await this.conflicts(q);
  }

  /** Who asked for an identity, what was decided, and how long it holds. */
  private async requests(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- The key that would encrypt them is not here, and the trail keeps them under the wrong one (ADR 20).
      DO $$ BEGIN
        IF EXISTS (SELECT FROM app.reporter WHERE name IS NOT NULL OR contact IS NOT NULL OR details IS NOT NULL
                   OR officer_id IS NOT NULL) THEN
          RAISE EXCEPTION 'this database has reporters in clear, from before there was a release. Export its cases, '
            'and begin with an empty database';
        END IF;
      END $$;
      DROP TABLE app.reporter;
      GRANT USAGE ON SCHEMA app TO plumbline_vault_owner;
      GRANT REFERENCES ON app."case", app.officer, app.user_account TO plumbline_vault_owner;

      CREATE TABLE app.identity_request (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        asked_by uuid NOT NULL REFERENCES app.user_account,
        asked_at timestamptz NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('HEAR_REPORTER', 'PROTECT_REPORTER', 'VERIFY_EVIDENCE', 'COURT', 'OTHER')),
        reason text NOT NULL CHECK (length(reason) >= 40),
        status text NOT NULL CHECK (status IN ('REQUESTED', 'RELEASED', 'REFUSED', 'WITHDRAWN')),
        decided_by uuid REFERENCES app.user_account,
        decided_at timestamptz,
        decision_reason text,
        expires_at timestamptz,
        withdrawn_by uuid REFERENCES app.user_account,
        withdrawn_at timestamptz,
        withdrawn_reason text,
        -- Two persons, also against an application that forgot it.
        CHECK (decided_by <> asked_by),
        CHECK ((status = 'REQUESTED') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
          AND (decided_by IS NULL) = (decision_reason IS NULL)),
        CHECK ((status IN ('RELEASED', 'WITHDRAWN')) = (expires_at IS NOT NULL)),
        CHECK (expires_at > decided_at AND expires_at <= decided_at + interval '72 hours'),
        CHECK ((status = 'WITHDRAWN') = (withdrawn_by IS NOT NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)
          AND (withdrawn_by IS NULL) = (withdrawn_reason IS NULL))
      );
      CREATE INDEX identity_request_case ON app.identity_request (case_id);
      CREATE UNIQUE INDEX identity_request_once ON app.identity_request (case_id, asked_by) WHERE status = 'REQUESTED';
      GRANT SELECT, INSERT ON app.identity_request TO plumbline_app;
      GRANT UPDATE (status, decided_by, decided_at, decision_reason, expires_at, withdrawn_by, withdrawn_at,
        withdrawn_reason) ON app.identity_request TO plumbline_app;
      GRANT SELECT ON app.identity_request TO plumbline_vault_owner;
      -- A decision stays as it was made; a release may end early, and nothing else happens to it.
      CREATE FUNCTION app.refuse_second_decision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.status = 'REQUESTED' AND NEW.status IN ('RELEASED', 'REFUSED') OR
           OLD.status = 'RELEASED' AND NEW.status = 'WITHDRAWN'
             AND (NEW.decided_by, NEW.decided_at, NEW.decision_reason, NEW.expires_at)
               = (OLD.decided_by, OLD.decided_at, OLD.decision_reason, OLD.expires_at) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a request that is % is not changed to % (by %)', OLD.status, NEW.status, session_user
          USING ERRCODE = '42501';
      END $$;
      CREATE TRIGGER identity_request_decided_once BEFORE UPDATE ON app.identity_request FOR EACH ROW
        EXECUTE FUNCTION app.refuse_second_decision();
      ALTER TABLE app.identity_request ENABLE ALWAYS TRIGGER identity_request_decided_once;
      ${audited('identity_request', 'case_id')}`);
    await q.query('RESET ROLE');
  }

  /** What the vault asks of the trail. */
  private async trail(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      CREATE FUNCTION audit.is_erased(p_subject text) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT EXISTS (SELECT FROM audit.subject_key WHERE subject = p_subject AND erased_by IS NOT NULL)
      $$;
      REVOKE ALL ON FUNCTION audit.is_erased FROM PUBLIC;
      GRANT USAGE ON SCHEMA audit TO plumbline_vault_owner;
      GRANT EXECUTE ON FUNCTION audit.is_erased, audit.require_event_by_case_id TO plumbline_vault_owner`);
    await q.query('RESET ROLE');
  }

  private async vault(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_vault_owner');
    await q.query(`
      CREATE TABLE vault.known_key (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32)
      );
      CREATE TABLE vault.identity (
        case_id uuid PRIMARY KEY REFERENCES app."case",
        -- Named openly to those who handle the case; any other identity comes out under a release only.
        open boolean NOT NULL,
        -- In clear: who has to keep away is decided in SQL, and what SQL can compute its owner can, too (ADR 20).
        officer_id uuid REFERENCES app.officer,
        sealed bytea,
        CHECK (sealed IS NOT NULL OR officer_id IS NULL)
      );
      CREATE INDEX identity_officer ON vault.identity (officer_id) WHERE officer_id IS NOT NULL;
      -- What reporter and organ write to each other. Days, not instants: a time could be compared with a network's log.
      CREATE TABLE vault.message (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        no int NOT NULL CHECK (no > 0),
        author text NOT NULL CHECK (author IN ('REPORTER', 'ORGAN')),
        written_by uuid REFERENCES app.user_account,
        written_on date NOT NULL,
        sealed bytea,
        UNIQUE (case_id, no),
        CHECK ((author = 'ORGAN') = (written_by IS NOT NULL))
      );
      CREATE TABLE vault.receipt (
        case_id uuid PRIMARY KEY REFERENCES app."case",
        -- HMAC-SHA-256 of the code under a key made of the vault key.
        lookup bytea NOT NULL UNIQUE CHECK (octet_length(lookup) = 32),
        issued_on date NOT NULL
      );
      GRANT USAGE ON SCHEMA vault TO plumbline_app, plumbline_owner;
      GRANT INSERT ON vault.identity, vault.message, vault.receipt TO plumbline_app;

      -- Rows are emptied by an erasure, which destroys the key of the reporter in the same transaction; by nothing else.
      CREATE FUNCTION vault.refuse_but_erasure() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF audit.is_erased('reporter:' || OLD.case_id)
           AND (TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || TG_ARGV[0]::jsonb
                OR TG_OP = 'DELETE' AND TG_TABLE_NAME = 'receipt') THEN
          RETURN NULL;
        END IF;
        RAISE EXCEPTION 'vault.% is never changed but by an erasure (% by %)', TG_TABLE_NAME, TG_OP, session_user
          USING ERRCODE = '42501';
      END $$;
      CREATE FUNCTION vault.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'vault.% is never emptied (by %)', TG_TABLE_NAME, session_user USING ERRCODE = '42501';
      END $$`);
    for (const [table, emptied] of [
      ['identity', '{"officer_id": null, "sealed": null}'],
      ['message', '{"sealed": null}'],
      ['receipt', '{}'],
    ] as const) {
      await q.query(`
        CREATE CONSTRAINT TRIGGER ${table}_only_erased AFTER UPDATE OR DELETE ON vault.${table}
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION vault.refuse_but_erasure('${emptied}');
        CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON vault.${table} FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse();
        ALTER TABLE vault.${table} ENABLE ALWAYS TRIGGER ${table}_only_erased;
        ALTER TABLE vault.${table} ENABLE ALWAYS TRIGGER refuse_truncate;
        ${audited(table, 'case_id', 'vault')}`);
    }
    await q.query(`
      -- Whether this is the key of the first start; then it is kept.
      CREATE FUNCTION vault.know_key(p_fingerprint bytea) RETURNS boolean
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        INSERT INTO vault.known_key (fingerprint) VALUES (p_fingerprint) ON CONFLICT DO NOTHING;
        RETURN (SELECT fingerprint = p_fingerprint FROM vault.known_key);
      END $$;
      -- The identity of a reporter who named themselves openly; of another one nothing.
      CREATE FUNCTION vault.named(p_case uuid) RETURNS TABLE (o_sealed bytea, o_officer uuid)
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT sealed, officer_id FROM vault.identity WHERE case_id = p_case AND open
      $$;
      -- The identity that a release in force opens. The application says what time it is, and cannot set it back.
      CREATE FUNCTION vault.released(p_request uuid, p_at timestamptz) RETURNS TABLE (o_sealed bytea, o_officer uuid)
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT i.sealed, i.officer_id FROM app.identity_request r JOIN vault.identity i USING (case_id)
        WHERE r.id = p_request AND r.status = 'RELEASED' AND r.expires_at > greatest(p_at, now())
      $$;
      CREATE FUNCTION vault.cases_reported_by(p_officer uuid) RETURNS SETOF uuid
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT case_id FROM vault.identity WHERE officer_id = p_officer
      $$;
      CREATE FUNCTION vault.case_of_receipt(p_lookup bytea) RETURNS uuid
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT case_id FROM vault.receipt WHERE lookup = p_lookup
      $$;
      CREATE FUNCTION vault.has_receipt(p_case uuid) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT EXISTS (SELECT FROM vault.receipt WHERE case_id = p_case)
      $$;
      CREATE FUNCTION vault.correspondence(p_case uuid)
      RETURNS TABLE (o_id uuid, o_no int, o_author text, o_written_by uuid, o_written_on text, o_sealed bytea)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT id, no, author, written_by, written_on::text, sealed FROM vault.message WHERE case_id = p_case ORDER BY no
      $$;
      -- What the rows are, as the trail has them, with hashes instead of what is secret: to compare, not to read.
      CREATE FUNCTION vault.rows_of(p_cases uuid[]) RETURNS TABLE (o_table text, o_row jsonb)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT 'identity', jsonb_build_object('caseId', case_id, 'open', open, 'officerId', officer_id,
          'sealed', 'sha256:' || encode(sha256(sealed), 'base64')) FROM vault.identity WHERE case_id = ANY (p_cases)
        UNION ALL
        SELECT 'message', jsonb_build_object('id', id, 'caseId', case_id, 'no', no, 'author', author,
          'writtenBy', written_by, 'writtenOn', written_on, 'sealed', 'sha256:' || encode(sha256(sealed), 'base64'))
        FROM vault.message WHERE case_id = ANY (p_cases)
        UNION ALL
        SELECT 'receipt', jsonb_build_object('caseId', case_id, 'issuedOn', issued_on,
          'lookup', 'sha256:' || encode(sha256(lookup), 'base64')) FROM vault.receipt WHERE case_id = ANY (p_cases)
      $$;
      CREATE FUNCTION vault.erase(p_case uuid) RETURNS void
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        UPDATE vault.identity SET sealed = NULL, officer_id = NULL WHERE case_id = p_case;
        UPDATE vault.message SET sealed = NULL WHERE case_id = p_case;
        DELETE FROM vault.receipt WHERE case_id = p_case;
      $$;
      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION vault.know_key, vault.named, vault.released, vault.cases_reported_by,
        vault.case_of_receipt, vault.has_receipt, vault.correspondence, vault.rows_of, vault.erase TO plumbline_app;
      GRANT EXECUTE ON FUNCTION vault.cases_reported_by TO plumbline_owner`);
    await q.query('RESET ROLE');
  }

  /** app.conflicts_of asks the vault who reported; all else of it stays as it is. */
  private async conflicts(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      DO $do$
      DECLARE
        was text := pg_get_functiondef('app.conflicts_of(uuid, date)'::regprocedure);
        old text := $sql$SELECT r.case_id, 'REPORTER' FROM app.reporter r JOIN me USING (officer_id)$sql$;
      BEGIN
        IF position(old IN was) = 0 THEN RAISE EXCEPTION 'app.conflicts_of is not as expected'; END IF;
        EXECUTE replace(was, old,
          $sql$SELECT c, 'REPORTER' FROM me CROSS JOIN LATERAL vault.cases_reported_by(me.officer_id) c$sql$);
      END $do$`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
