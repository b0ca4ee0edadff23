import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class BreakGlass1764000000016 implements MigrationInterface {
  name = 'BreakGlass1764000000016';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.broken_glass (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        -- The number as they gave it; whether there is such a case is not for them to know.
        reference text NOT NULL,
        case_id uuid REFERENCES app."case",
        organ_id uuid NOT NULL REFERENCES app.organ,
        outcome text NOT NULL CHECK (outcome IN ('OPENED', 'IN_CONFLICT', 'NO_SUCH_CASE')),
        category text NOT NULL
          CHECK (category IN ('RISK_TO_LIFE', 'EVIDENCE_AT_RISK', 'LEGAL_DEADLINE', 'ABSENT_HANDLER', 'OTHER')),
        reason text NOT NULL CHECK (length(reason) >= 40),
        broken_at timestamptz NOT NULL,
        open_until timestamptz NOT NULL,
        approved_by uuid REFERENCES app.user_account,
        approved_at timestamptz,
        ended_at timestamptz,
        reviewed_by uuid REFERENCES app.user_account,
        reviewed_at timestamptz,
        verdict text CHECK (verdict IN ('JUSTIFIED', 'NOT_JUSTIFIED', 'ESCALATE')),
        review_reason text,
        version int NOT NULL DEFAULT 1,
        CHECK ((outcome = 'NO_SUCH_CASE') = (case_id IS NULL)),
        CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
        CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (verdict IS NULL)
          AND (reviewed_by IS NULL) = (review_reason IS NULL)),
        -- A quarter of an hour alone, four hours with a second person.
        CONSTRAINT broken_glass_window CHECK (open_until > broken_at AND open_until <=
          broken_at + CASE WHEN approved_by IS NULL THEN interval '15 minutes' ELSE interval '4 hours' END),
        -- Whoever approves or reviews has no part in it.
        CONSTRAINT broken_glass_persons
          CHECK (approved_by <> user_id AND reviewed_by <> user_id AND reviewed_by <> approved_by)
      );
      CREATE INDEX broken_glass_user ON app.broken_glass (user_id, open_until);
      CREATE INDEX broken_glass_organ ON app.broken_glass (organ_id, broken_at);
      CREATE INDEX broken_glass_case ON app.broken_glass (case_id);
      GRANT SELECT, INSERT ON app.broken_glass TO plumbline_app;
      GRANT UPDATE (open_until, approved_by, approved_at, ended_at, reviewed_by, reviewed_at, verdict, review_reason, version)
        ON app.broken_glass TO plumbline_app;
      ${audited('broken_glass', 'user_id')};
      -- What somebody has to be told. That they were told is in the event of the deed.
      CREATE TABLE app.notice (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        kind text NOT NULL CHECK (kind IN ('GLASS_BROKEN', 'GLASS_APPROVED', 'GLASS_ESCALATED')),
        case_id uuid REFERENCES app."case",
        text text NOT NULL,
        link text NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX notice_user ON app.notice (user_id, id);
      GRANT SELECT, INSERT ON app.notice TO plumbline_app`);
    await q.query(`
      -- What the application checks, a second time, against one that forgot it.
      CREATE FUNCTION app.refuse_careless_glass() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM app.broken_glass g WHERE g.user_id = NEW.user_id
          AND g.verdict IS NULL AND g.broken_at < NEW.broken_at - interval '72 hours') THEN
          RAISE EXCEPTION 'an earlier breaking of the glass awaits its review' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'review_first';
        ELSIF TG_OP = 'UPDATE' AND (OLD.verdict IS NOT NULL
          OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at
          OR NEW.open_until <> OLD.open_until AND (OLD.approved_by IS NOT NULL OR OLD.ended_at IS NOT NULL)) THEN
          RAISE EXCEPTION 'what is over stays over (by %)', session_user USING ERRCODE = '42501';
        ELSIF EXISTS (SELECT FROM app.investigator_assignment a
          WHERE a.case_id = NEW.case_id AND a.user_id = NEW.reviewed_by) THEN
          RAISE EXCEPTION 'an investigator of the case does not review who read it' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'broken_glass_persons';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER broken_glass_careful BEFORE INSERT OR UPDATE ON app.broken_glass
        FOR EACH ROW EXECUTE FUNCTION app.refuse_careless_glass();
      ALTER TABLE app.broken_glass ENABLE ALWAYS TRIGGER broken_glass_careful;
      -- What lets somebody read at an instant. A conflict is stronger, also one that arose in the meantime.
      CREATE FUNCTION app.open_glass(p_user uuid, p_now timestamptz) RETURNS SETOF app.broken_glass
      LANGUAGE sql STABLE ROWS 1 AS $$
        SELECT g.* FROM app.broken_glass g
        WHERE g.user_id = p_user AND g.outcome = 'OPENED' AND g.ended_at IS NULL AND g.open_until > p_now
          AND g.broken_at <= p_now AND NOT EXISTS (
            SELECT FROM app.conflicts_of(p_user, (p_now AT TIME ZONE 'Asia/Shanghai')::date) c
            WHERE c.o_case = g.case_id)
      $$;
      -- The cases of these, for policies of the database.
      CREATE FUNCTION app.broken_glass_of(p_user uuid, p_now timestamptz) RETURNS SETOF uuid
      LANGUAGE sql STABLE ROWS 1 AS $$
        SELECT case_id FROM app.open_glass(p_user, p_now)
      $$`);
    await q.query(`
      -- Which cases a piece tells of, so that nobody takes away what they have come into conflict with.
      ALTER TABLE app.export_piece ADD COLUMN case_ids uuid[] NOT NULL DEFAULT '{}';
      -- Of files that were made before, nobody knows: whoever needs one asks for it anew.
      UPDATE app.export_run SET expires_at = finished_at WHERE kind = 'CASE_LIST' AND status = 'DONE'`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
