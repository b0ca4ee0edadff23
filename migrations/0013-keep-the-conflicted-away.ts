import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class KeepTheConflictedAway1764000000013 implements MigrationInterface {
  name = 'KeepTheConflictedAway1764000000013';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- Who heads an organ is in the chain of command above those in it.
      ALTER TABLE app.appointment ADD COLUMN leads boolean NOT NULL DEFAULT false;
      -- A member of the police who reports.
      ALTER TABLE app.reporter ADD COLUMN officer_id uuid REFERENCES app.officer;
      CREATE INDEX reporter_officer ON app.reporter (officer_id) WHERE officer_id IS NOT NULL;
      GRANT UPDATE (officer_id) ON app.reporter TO plumbline_app;
      DROP TRIGGER reporter_only_erased ON app.reporter;
      CREATE TRIGGER reporter_only_erased BEFORE UPDATE ON app.reporter FOR EACH ROW EXECUTE FUNCTION
        app.refuse_change_but_erasure('{"name": null, "contact": null, "details": null, "officer_id": null}');
      ALTER TABLE app.reporter ENABLE ALWAYS TRIGGER reporter_only_erased;

      CREATE TABLE app.witness (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        officer_id uuid NOT NULL REFERENCES app.officer,
        reason text NOT NULL,
        named_by uuid NOT NULL REFERENCES app.user_account,
        named_at timestamptz NOT NULL,
        UNIQUE (case_id, officer_id)
      );
      CREATE INDEX witness_officer ON app.witness (officer_id);
      CREATE TABLE app.recusal (
        id uuid PRIMARY KEY,
        case_id uuid NOT NULL REFERENCES app."case",
        user_id uuid NOT NULL REFERENCES app.user_account,
        ground text NOT NULL CHECK (ground IN ('RELATIVE', 'WITNESS', 'INTEREST', 'OTHER')),
        reason text NOT NULL,
        declared_by uuid NOT NULL REFERENCES app.user_account,
        declared_at timestamptz NOT NULL,
        lifted_by uuid REFERENCES app.user_account,
        lifted_at timestamptz,
        lifted_reason text,
        version int NOT NULL DEFAULT 1,
        -- Nobody lets themselves back in, also against an application that forgot it.
        CHECK (lifted_by <> user_id),
        CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL) = (lifted_reason IS NULL))
      );
      CREATE UNIQUE INDEX recusal_once ON app.recusal (case_id, user_id) WHERE lifted_at IS NULL;
      CREATE INDEX recusal_user ON app.recusal (user_id) WHERE lifted_at IS NULL;
      GRANT SELECT, INSERT ON app.witness TO plumbline_app;
      GRANT SELECT, INSERT, UPDATE ON app.recusal TO plumbline_app;
      ${audited('witness', 'case_id')};
      ${audited('recusal', 'case_id')}`);
    await q.query(`
      -- Up to which level the heads of organs above a subject's own keep away; the head of their own always does.
      CREATE FUNCTION app.levels_in_command() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
        SELECT ARRAY['STATION', 'COUNTY']
      $$;
      -- The cases from which somebody has to keep away on a day, each with why (政务处分法 47-48; 处分条例 42-43).
      -- Days are those of the law's own time zone, as in src/common/clock.ts.
      CREATE FUNCTION app.conflicts_of(p_user uuid, p_today date)
      RETURNS TABLE (o_case uuid, o_ground text) LANGUAGE sql STABLE ROWS 10 AS $$
        WITH me AS (SELECT officer_id FROM app.user_account WHERE id = p_user AND officer_id IS NOT NULL),
        mine AS (
          SELECT a.organ_id, a.leads, daterange(a.valid_from, a.valid_to, '[]') AS days
          FROM app.appointment a JOIN me USING (officer_id)
        ),
        -- Everybody who serves or served with me, or under me, and when both of us did.
        near AS (
          SELECT a.officer_id, 'SAME_UNIT' AS ground, m.days * daterange(a.valid_from, a.valid_to, '[]') AS days
          FROM mine m JOIN app.appointment a ON a.organ_id = m.organ_id
          UNION ALL
          SELECT a.officer_id, 'CHAIN_OF_COMMAND', m.days * daterange(a.valid_from, a.valid_to, '[]')
          FROM mine m JOIN app.organ mo ON mo.id = m.organ_id JOIN app.organ o ON o.path @> ARRAY[m.organ_id]
            JOIN app.appointment a ON a.organ_id = o.id
          WHERE m.leads AND o.id <> m.organ_id AND mo.level = ANY (app.levels_in_command())
        )
        SELECT s.case_id, 'SUBJECT' FROM app.allegation_subject s JOIN me USING (officer_id)
        UNION
        SELECT s.case_id, n.ground FROM near n JOIN app.allegation_subject s USING (officer_id)
          JOIN app.allegation a ON a.id = s.allegation_id
        WHERE n.days @> p_today OR n.days && daterange(
          (a.occurred_from AT TIME ZONE 'Asia/Shanghai')::date,
          (coalesce(a.occurred_to, a.occurred_from) AT TIME ZONE 'Asia/Shanghai')::date, '[]')
          AND a.occurred_from IS NOT NULL
        UNION
        SELECT w.case_id, 'WITNESS' FROM app.witness w JOIN me USING (officer_id)
        UNION
        SELECT r.case_id, 'REPORTER' FROM app.reporter r JOIN me USING (officer_id)
        UNION
        SELECT r.case_id, 'DECLARED' FROM app.recusal r WHERE r.user_id = p_user AND r.lifted_at IS NULL
      $$`);
    await q.query(`
      -- Who investigates, approves, reviews and decides in one case are different persons, at whatever time: here a
      -- second time, against an application that forgot it. The offices and what excludes what are those of
      -- src/intake/case.states.ts.
      CREATE FUNCTION app.office_of(p_deed text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
          WHEN p_deed IN ('start-investigation', 'report') THEN 'INVESTIGATION'
          WHEN p_deed IN ('close-without-case', 'file', 'extend', 'reopen') THEN 'APPROVAL'
          WHEN p_deed IN ('legal-opinion', 'return', 'serve-notice', 'legal-review') THEN 'LEGAL'
          WHEN p_deed IN ('deliberate', 'decide') THEN 'DECISION'
        END
      $$;
      -- What came with the case itself an import brought, which acts in no office.
      CREATE FUNCTION app.offices_in(p_case uuid, p_user uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT array_agg(DISTINCT office) FROM (
          SELECT app.office_of(deed) AS office FROM app.case_deed WHERE case_id = p_case AND done_by = p_user
          UNION ALL
          SELECT 'INVESTIGATION' FROM app.investigator_assignment WHERE case_id = p_case AND user_id = p_user
          UNION ALL
          SELECT 'LEGAL' FROM app.sanction s JOIN app."case" c ON c.id = s.case_id
            WHERE s.case_id = p_case AND s.proposed_by = p_user AND s.proposed_at > c.registered_at
          UNION ALL
          SELECT 'DECISION' FROM app.sanction WHERE case_id = p_case AND decided_by = p_user
          UNION ALL
          SELECT 'DECISION' FROM app.finding f JOIN app."case" c ON c.id = f.case_id
            WHERE f.case_id = p_case AND f.recorded_by = p_user AND f.stage = 'FINAL' AND f.recorded_at > c.registered_at
        ) AS held WHERE office IS NOT NULL
      $$;
      CREATE FUNCTION app.refuse_second_office() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        who uuid := (to_jsonb(NEW)->>TG_ARGV[0])::uuid;
        held text[] := app.offices_in(NEW.case_id, who);
      BEGIN
        IF held @> ARRAY['INVESTIGATION', 'APPROVAL'] OR held @> ARRAY['INVESTIGATION', 'LEGAL']
          OR held @> ARRAY['INVESTIGATION', 'DECISION'] OR held @> ARRAY['LEGAL', 'DECISION'] THEN
          RAISE EXCEPTION 'nobody acts in two offices of one case (% in app.%)', held, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'separate_offices';
        END IF;
        RETURN NULL;
      END $$`);
    for (const [table, column, when] of [
      ['case_deed', 'done_by', 'app.office_of(NEW.deed) IS NOT NULL'],
      ['investigator_assignment', 'user_id', 'true'],
      ['finding', 'recorded_by', "NEW.stage = 'FINAL'"],
      ['sanction', 'proposed_by', 'true'],
      ['sanction', 'decided_by', 'NEW.decided_by IS NOT NULL'],
    ]) {
      await q.query(`
        CREATE TRIGGER separate_offices_${column} AFTER INSERT OR UPDATE ON app.${table} FOR EACH ROW
          WHEN (${when}) EXECUTE FUNCTION app.refuse_second_office('${column}');
        ALTER TABLE app.${table} ENABLE ALWAYS TRIGGER separate_offices_${column}`);
    }
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
