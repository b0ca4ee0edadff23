import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An organ, once a statement: called for each row it would cost a hundred times as much. */
const organs = (sight: string): string => `organ_id = ANY ((SELECT app.my_organs('${sight}'))::uuid[])`;
const MINE = 'user_id = (SELECT app.me())';
const NO_CONFLICT = '(case_id IS NULL OR case_id <> ALL ((SELECT app.my_conflicts())::uuid[]))';
/** Nobody reviews their own reading, nor that of a case from which they have to keep away. */
const OVERSEEN = `(${organs('OVERSIGHT')} AND user_id <> (SELECT app.me()) AND ${NO_CONFLICT})`;

/** What each table shows, and to whom it lets its rows be changed; inserted by. */
const SEEN: Readonly<Record<string, { see: string; change?: string; insert?: string }>> = {
  // What somebody broke themselves tells only what they said.
  broken_glass: {
    see: `${MINE} OR (${organs('WHOLE')} AND ${NO_CONFLICT})`,
    change: `${MINE} OR (${organs('WHOLE')} AND ${NO_CONFLICT})`,
    insert: MINE,
  },
  // Whoever does a deed tells others of it.
  notice: { see: `${MINE} AND ${NO_CONFLICT}`, insert: '(SELECT app.me()) IS NOT NULL' },
  // What was read under a role in one's organs; and all that was read of a case to which one reviews the access. The
  // note of a read is written before anybody's transaction begins, and says nothing to who writes it.
  read_log: {
    see: `${OVERSEEN} OR (case_id IS NOT NULL AND EXISTS (SELECT FROM app."case" c WHERE c.id = read_log.case_id
      AND c.organ_id = ANY ((SELECT app.my_organs('OVERSIGHT'))::uuid[])))`,
    insert: 'true',
  },
  // Nobody is asked where the question would tell that a case exists.
  access_alert: { see: `(${MINE} AND asked) OR ${OVERSEEN}`, change: `(${MINE} AND asked) OR ${OVERSEEN}` },
  read_question: { see: `${MINE} OR ${OVERSEEN}`, change: `${MINE} OR ${OVERSEEN}` },
  // An officer's objection to an order: its author's and the organs' above, and never for whoever gave the order.
  deployment_objection: {
    see: `(user_id = (SELECT app.my_objections()) OR higher_organ_ids && (SELECT app.my_organs('HIGHER'))::uuid[])
      AND NOT order_givers && coalesce((SELECT app.myself())::uuid[], '{}')`,
    insert: MINE,
  },
};

/** What tells that somebody looked, and requests for police, stand behind the second wall as well. */
export class SecondWallForWhoLooked1764000000024 implements MigrationInterface {
  name = 'SecondWallForWhoLooked1764000000024';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await contexts(q);
    for (const [table, { see, change, insert }] of Object.entries(SEEN)) {
      await q.query(`
        CREATE POLICY see ON app.${table} FOR SELECT TO plumbline_app USING (${see});
        ${change ? `CREATE POLICY change ON app.${table} FOR UPDATE TO plumbline_app USING (${change});` : ''}
        ${insert ? `CREATE POLICY leave ON app.${table} FOR INSERT TO plumbline_app WITH CHECK (${insert});` : ''}
        CREATE POLICY worker ON app.${table} TO plumbline_worker USING (true);
        CREATE POLICY owner ON app.${table} TO plumbline_owner USING (true);
        ALTER TABLE app.${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE app.${table} FORCE ROW LEVEL SECURITY`);
    }
    await q.query(`
      -- Who read a case by breaking its glass, and when, for those who review access to it: also what was broken while
      -- another organ had the case, whose overseers these were then. An approval comes while it is open, so that the
      -- time is one.
      CREATE FUNCTION app.opened_glass(p_case uuid)
      RETURNS TABLE (o_id uuid, o_user uuid, o_since timestamptz, o_until timestamptz)
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT g.id, g.user_id, g.broken_at, coalesce(g.ended_at, g.open_until) FROM app.broken_glass g
        WHERE g.case_id = p_case AND g.outcome = 'OPENED' AND EXISTS (
          SELECT FROM app."case" c WHERE c.id = p_case
            AND c.organ_id = ANY (app.my_organs('WHOLE')) AND c.id <> ALL (app.my_conflicts()))
      $$;
      REVOKE ALL ON FUNCTION app.opened_glass FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.opened_glass TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}

/** The same as before with the organs that oversee readers; and who has to keep away is computed once, also for glass. */
async function contexts(q: QueryRunner): Promise<void> {
  await q.query(`
    ALTER TABLE app.context ADD COLUMN oversight uuid[], ADD COLUMN higher uuid[], ADD COLUMN objector uuid, ADD COLUMN person uuid[] NOT NULL DEFAULT '{}';
    DROP TRIGGER look_through_glass ON app.context;
    DROP FUNCTION app.look_through_glass;
    DROP FUNCTION app.broken_glass_of;
    CREATE OR REPLACE FUNCTION app.act_as(p_user uuid, p_purpose text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      now timestamptz := app.present();
      today date := (now AT TIME ZONE 'Asia/Shanghai')::date;
      held text[];
      away uuid[] := ARRAY(SELECT DISTINCT o_case FROM app.conflicts_of(p_user, today));
    BEGIN
      SELECT coalesce(array_agg(DISTINCT role), '{}') INTO held FROM app.user_grant
        WHERE user_id = p_user AND revoked_at IS NULL AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today);
      INSERT INTO app.context AS c (pid, xid, user_id, purpose, officer_id, registrant, whole, intake, legal, decision,
        custody, registry, oversight, higher, objector, person, cases, conflicts, glass)
      SELECT pg_backend_pid(), pg_current_xact_id(), p_user, p_purpose,
        CASE WHEN 'OFFICER' = ANY (held) THEN (SELECT officer_id FROM app.user_account WHERE id = p_user) END,
        CASE WHEN held && ARRAY['INTAKE_OFFICER', 'PETITION_OFFICER'] THEN p_user END,
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'INTAKE_OFFICER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'LEGAL_REVIEWER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'DECISION_MAKER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'IDENTITY_CUSTODIAN'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('INTAKE_OFFICER', 'PETITION_OFFICER', 'SUPERVISOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('AUDITOR', 'DEPLOYMENT_APPROVER')),
        CASE WHEN 'OFFICER' = ANY (held) THEN p_user END,
        -- Whoever has two accounts is still one person.
        (SELECT array_remove(ARRAY[id, officer_id], NULL) FROM app.user_account WHERE id = p_user),
        app.my_cases_by_relation(p_user, held),
        away,
        -- As app.open_glass has it; a conflict is stronger.
        ARRAY(SELECT b.case_id FROM app.broken_glass b WHERE b.user_id = p_user AND b.outcome = 'OPENED'
          AND b.ended_at IS NULL AND b.open_until > now AND b.broken_at <= now AND b.case_id <> ALL (away))
      FROM app.user_grant g JOIN app.organ o ON o.path @> ARRAY[g.organ_id]
      WHERE g.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= today
        AND (g.valid_to IS NULL OR g.valid_to >= today)
      ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid, user_id = excluded.user_id, purpose = excluded.purpose,
        officer_id = excluded.officer_id, registrant = excluded.registrant, whole = excluded.whole,
        intake = excluded.intake, legal = excluded.legal, decision = excluded.decision, custody = excluded.custody,
        registry = excluded.registry, oversight = excluded.oversight, higher = excluded.higher,
        objector = excluded.objector, person = excluded.person, cases = excluded.cases,
        conflicts = excluded.conflicts, glass = excluded.glass
      WHERE c.xid <> excluded.xid;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody acts in this transaction already' USING ERRCODE = '42501';
      END IF;
    END $$;
    CREATE OR REPLACE FUNCTION app.my_organs(p_sight text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN (SELECT CASE p_sight WHEN 'WHOLE' THEN whole WHEN 'INTAKE' THEN intake WHEN 'LEGAL' THEN legal
                WHEN 'DECISION' THEN decision WHEN 'CUSTODY' THEN custody WHEN 'REGISTRY' THEN registry
                WHEN 'OVERSIGHT' THEN oversight WHEN 'HIGHER' THEN higher END
              FROM app.context WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned());
    END $$;
    CREATE FUNCTION app.myself() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN (SELECT person FROM app.context
              WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned());
    END $$;
    CREATE FUNCTION app.my_objections() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN (SELECT objector FROM app.context
              WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned());
    END $$;
    REVOKE ALL ON FUNCTION app.myself, app.my_objections FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION app.myself, app.my_objections TO plumbline_app`);
}
