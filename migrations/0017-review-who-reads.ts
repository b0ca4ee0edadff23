import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class ReviewWhoReads1764000000017 implements MigrationInterface {
  name = 'ReviewWhoReads1764000000017';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- Which reads there were: an index of the trail's events of reading, written in the statement that appends them,
      -- since the trail itself is bytes. What it says is proven by the event of the same id.
      CREATE TABLE app.read_log (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        user_id uuid NOT NULL,
        -- In which capacity, and the organ of that grant; null for who had none.
        role text NOT NULL,
        organ_id uuid,
        type text NOT NULL,
        case_id uuid,
        target_kind text NOT NULL,
        target_id text NOT NULL,
        purpose_code text,
        purpose_ref text,
        -- What the words of a search hit: the kind alone, since the words may be a person's name.
        hits text[] NOT NULL,
        -- Looked at by the alerts. The one thing here that changes.
        judged boolean NOT NULL DEFAULT false
      );
      CREATE INDEX read_log_user ON app.read_log (user_id, at);
      CREATE INDEX read_log_case ON app.read_log (case_id, at) WHERE case_id IS NOT NULL;
      CREATE INDEX read_log_at ON app.read_log (at);
      CREATE INDEX read_log_unjudged ON app.read_log (at) WHERE NOT judged;
      GRANT SELECT, INSERT, UPDATE (judged) ON app.read_log TO plumbline_app;

      -- What accounts and appointments were before a change, and from when to when they were recorded so: the rules on
      -- conflicts looked at that, on that day. What was recorded before this migration counts as known since ever.
      ALTER TABLE app.user_account ADD COLUMN standing_since timestamptz NOT NULL DEFAULT '1970-01-01Z';
      ALTER TABLE app.user_account ALTER COLUMN standing_since SET DEFAULT now();
      ALTER TABLE app.appointment ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT '1970-01-01Z';
      ALTER TABLE app.appointment ALTER COLUMN recorded_at SET DEFAULT now();
      CREATE TABLE app.past_standing (
        user_id uuid NOT NULL REFERENCES app.user_account,
        status text NOT NULL,
        officer_id uuid,
        since timestamptz NOT NULL,
        until timestamptz NOT NULL
      );
      CREATE INDEX past_standing_user ON app.past_standing (user_id);
      CREATE TABLE app.past_appointment (
        appointment_id uuid NOT NULL REFERENCES app.appointment,
        officer_id uuid NOT NULL,
        valid_to date,
        since timestamptz NOT NULL,
        until timestamptz NOT NULL
      );
      CREATE INDEX past_appointment_officer ON app.past_appointment (officer_id);
      CREATE FUNCTION app.keep_standing() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO app.past_standing VALUES (OLD.id, OLD.status, OLD.officer_id, OLD.standing_since, NEW.standing_since);
        RETURN NULL;
      END $$;
      CREATE TRIGGER keep_standing AFTER UPDATE ON app.user_account FOR EACH ROW
        WHEN ((OLD.status, OLD.officer_id) IS DISTINCT FROM (NEW.status, NEW.officer_id))
        EXECUTE FUNCTION app.keep_standing();
      CREATE FUNCTION app.keep_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO app.past_appointment VALUES (OLD.id, OLD.officer_id, OLD.valid_to, OLD.recorded_at, NEW.recorded_at);
        RETURN NULL;
      END $$;
      CREATE TRIGGER keep_appointment AFTER UPDATE ON app.appointment FOR EACH ROW
        WHEN (OLD.valid_to IS DISTINCT FROM NEW.valid_to) EXECUTE FUNCTION app.keep_appointment();
      GRANT SELECT, INSERT ON app.past_standing, app.past_appointment TO plumbline_app;
      CREATE INDEX user_grant_organ ON app.user_grant (organ_id)`);
    await q.query(`
      -- The case that an id in an address stands for: of the case, or of something in it. Null: there is none.
      CREATE FUNCTION app.case_behind(p_id uuid) RETURNS uuid
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT id FROM app."case" WHERE id = p_id
        UNION ALL SELECT case_id FROM app.allegation WHERE id = p_id
        UNION ALL SELECT case_id FROM app.sanction WHERE id = p_id
        UNION ALL SELECT case_id FROM app.recusal WHERE id = p_id
        UNION ALL SELECT case_id FROM app.erasure WHERE id = p_id
      $$;
      -- Where an alert about somebody without a role belongs: to the organ of the case, else to the top.
      CREATE FUNCTION app.organ_of_look(p_case uuid) RETURNS uuid
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT coalesce((SELECT organ_id FROM app."case" WHERE id = p_case),
          (SELECT id FROM app.organ WHERE parent_id IS NULL ORDER BY created_at, id LIMIT 1))
      $$;
      -- Whether words say a name or a number in full; of a name in two scripts, either.
      CREATE FUNCTION app.says(p_words text, p_name text) RETURNS boolean
      LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
        SELECT coalesce(bool_or(char_length(part) >= 2 AND position(lower(part) IN p_words) > 0), false)
        FROM unnest(ARRAY[p_name, regexp_replace(p_name, '[^\\u4e00-\\u9fff]', '', 'g'),
                          btrim(regexp_replace(p_name, '[\\u4e00-\\u9fff]', '', 'g'))]) AS part
      $$;
      -- Whether words tell of a name: the name stands in the words, or the words in the name.
      CREATE FUNCTION app.names(p_words text, p_name text) RETURNS boolean
      LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
        SELECT app.says(p_words, p_name) OR coalesce(position(p_words IN lower(p_name)) > 0, false)
      $$;
      -- Whether what somebody looks for is their own, their unit's or a colleague's: by case, by officers, by organ, or
      -- by the words of a search, of which nothing is kept. Words of one character would hit half of all names.
      CREATE FUNCTION app.kinds_of_look(p_user uuid, p_case uuid, p_officers uuid[], p_organ uuid, p_words text, p_today date)
      RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        WITH me AS (SELECT u.username, u.display_name, u.officer_id FROM app.user_account u WHERE u.id = p_user),
        looked_for AS (
          SELECT unnest(p_officers) AS officer_id
          UNION SELECT s.officer_id FROM app.allegation_subject s WHERE s.case_id = p_case
        ),
        words AS (SELECT lower(btrim(p_words)) AS w WHERE char_length(btrim(p_words)) >= 2),
        mine AS (
          SELECT a.organ_id, daterange(a.valid_from, a.valid_to, '[]') AS days
          FROM app.appointment a JOIN me USING (officer_id)
        ),
        -- Who served where I did at the same time; still there: my unit.
        near AS (
          SELECT a.officer_id, bool_or(daterange(a.valid_from, a.valid_to, '[]') * m.days @> p_today) AS still
          FROM mine m JOIN app.appointment a ON a.organ_id = m.organ_id
          WHERE daterange(a.valid_from, a.valid_to, '[]') && m.days
            AND a.officer_id <> (SELECT officer_id FROM me)
          GROUP BY 1
        ),
        named AS (
          SELECT n.officer_id, n.still FROM near n JOIN looked_for USING (officer_id)
          UNION ALL
          SELECT n.officer_id, n.still FROM near n JOIN app.officer o ON o.id = n.officer_id, words
          WHERE app.names(w, o.name) OR app.says(w, o.badge_number)
        ),
        kinds AS (
          SELECT 'LOOKED_UP_SELF' AS kind FROM me LEFT JOIN app.officer o ON o.id = me.officer_id
          WHERE me.officer_id IN (SELECT officer_id FROM looked_for)
            OR EXISTS (SELECT FROM words WHERE app.says(w, me.username) OR app.names(w, me.display_name)
                       OR app.names(w, o.name) OR app.says(w, o.badge_number))
          UNION ALL
          SELECT 'OWN_UNIT' FROM mine m JOIN app.organ o ON o.id = m.organ_id
          WHERE m.days @> p_today AND (m.organ_id = p_organ
            OR EXISTS (SELECT FROM words WHERE app.says(w, o.name) OR app.says(w, o.code)))
          UNION ALL
          SELECT 'OWN_UNIT' FROM app.conflicts_of(p_user, p_today)
          WHERE p_case IS NOT NULL AND o_case = p_case AND o_ground IN ('SAME_UNIT', 'CHAIN_OF_COMMAND')
          UNION ALL
          SELECT CASE WHEN still THEN 'OWN_UNIT' ELSE 'COLLEAGUE' END FROM named
        )
        SELECT coalesce(array_agg(DISTINCT kind ORDER BY kind), '{}') FROM kinds
      $$;
      REVOKE ALL ON FUNCTION app.case_behind, app.organ_of_look, app.kinds_of_look FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.case_behind, app.organ_of_look, app.kinds_of_look TO plumbline_app`);
    await q.query(`
      CREATE TABLE app.access_alert (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        kind text NOT NULL CHECK (kind IN (
          'LOOKED_UP_SELF', 'OWN_UNIT', 'COLLEAGUE', 'DENIED', 'OUT_OF_HOURS', 'LIST_WALKING', 'PEERS')),
        organ_id uuid NOT NULL REFERENCES app.organ,
        case_id uuid,
        -- The read that raised it; null where many did together.
        read_id uuid,
        read_at timestamptz NOT NULL,
        day date NOT NULL,
        -- Whether the person is asked. Never where the question would tell that a case exists.
        asked boolean NOT NULL,
        raised_at timestamptz NOT NULL,
        answer text,
        answered_at timestamptz,
        verdict text CHECK (verdict IN ('EXPLAINED', 'NOT_EXPLAINED', 'ESCALATED')),
        closed_by uuid REFERENCES app.user_account,
        closed_at timestamptz,
        close_reason text,
        version int NOT NULL DEFAULT 1,
        CHECK (closed_by <> user_id),
        CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CHECK ((verdict IS NULL) = (closed_by IS NULL) AND (verdict IS NULL) = (closed_at IS NULL)
          AND (verdict IS NULL) = (close_reason IS NULL))
      );
      -- One a person, kind, case and day: a morning's reading is one question, not two hundred.
      CREATE UNIQUE INDEX access_alert_once ON app.access_alert (user_id, kind, day, case_id) NULLS NOT DISTINCT;
      CREATE INDEX access_alert_organ ON app.access_alert (organ_id, id DESC);
      CREATE TABLE app.read_sample (
        id uuid PRIMARY KEY,
        -- Its Monday.
        week date NOT NULL UNIQUE,
        -- Whoever has it and the reads of the week draws the same sample again.
        seed text NOT NULL CHECK (seed ~ '^[0-9a-f]{64}$'),
        reads int NOT NULL CHECK (reads >= 0),
        drawn int NOT NULL CHECK (drawn BETWEEN 0 AND reads),
        drawn_at timestamptz NOT NULL
      );
      CREATE TABLE app.read_question (
        id uuid PRIMARY KEY,
        sample_id uuid NOT NULL REFERENCES app.read_sample,
        user_id uuid NOT NULL REFERENCES app.user_account,
        organ_id uuid NOT NULL REFERENCES app.organ,
        case_id uuid,
        read_id uuid NOT NULL UNIQUE,
        read_at timestamptz NOT NULL,
        read_type text NOT NULL,
        purpose_code text,
        purpose_ref text,
        asked_at timestamptz NOT NULL,
        answer text,
        answered_at timestamptz,
        verdict text CHECK (verdict IN ('PLAUSIBLE', 'NOT_PLAUSIBLE', 'ESCALATE')),
        judged_by uuid REFERENCES app.user_account,
        judged_at timestamptz,
        judge_reason text,
        version int NOT NULL DEFAULT 1,
        CHECK (judged_by <> user_id),
        CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CHECK ((verdict IS NULL) = (judged_by IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)
          AND (verdict IS NULL) = (judge_reason IS NULL))
      );
      CREATE INDEX read_question_user ON app.read_question (user_id, id DESC);
      CREATE INDEX read_question_organ ON app.read_question (organ_id, id DESC);
      GRANT SELECT, INSERT ON app.read_sample TO plumbline_app;
      GRANT SELECT, INSERT, UPDATE ON app.access_alert, app.read_question TO plumbline_app;
      ${audited('access_alert', 'user_id')};
      ${audited('read_question', 'user_id')};
      ${audited('read_sample', 'system')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
