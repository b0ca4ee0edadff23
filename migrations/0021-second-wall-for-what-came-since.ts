import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A broken glass and a request for an identity let somebody see a case, and the second wall has to know of both. */
export class SecondWallForWhatCameSince1764000000021 implements MigrationInterface {
  name = 'SecondWallForWhatCameSince1764000000021';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- To read and no more: it stands in no policy of changes.
      ALTER TABLE app.context ADD COLUMN glass uuid[] NOT NULL DEFAULT '{}';
      CREATE FUNCTION app.my_glass() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RETURN (SELECT glass FROM app.context
                WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned());
      END $$;
      CREATE FUNCTION app.look_through_glass() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF TG_OP = 'INSERT' OR NEW.xid <> OLD.xid THEN
          NEW.glass := ARRAY(SELECT app.broken_glass_of(NEW.user_id, app.present()));
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER look_through_glass BEFORE INSERT OR UPDATE ON app.context
        FOR EACH ROW EXECUTE FUNCTION app.look_through_glass();
      CREATE POLICY through_glass ON app."case" FOR SELECT TO plumbline_app
        USING (id = ANY ((SELECT app.my_glass())::uuid[]))`);
    await q.query(`
      CREATE OR REPLACE FUNCTION app.my_cases_by_relation(p_user uuid, p_roles text[]) RETURNS uuid[]
      LANGUAGE plpgsql STABLE AS $$
      DECLARE today date := (app.present() AT TIME ZONE 'Asia/Shanghai')::date;
      BEGIN
        RETURN ARRAY(
          SELECT id FROM app."case" WHERE investigator_ids @> ARRAY[p_user] AND 'INVESTIGATOR' = ANY (p_roles)
          UNION
          -- A custodian decides on requests, whatever the state of the case.
          SELECT r.case_id FROM app.identity_request r JOIN app."case" c ON c.id = r.case_id
            JOIN app.organ o ON o.id = c.organ_id
            JOIN app.user_grant g ON g.user_id = p_user AND o.path @> ARRAY[g.organ_id]
          WHERE 'IDENTITY_CUSTODIAN' = ANY (p_roles) AND g.role = 'IDENTITY_CUSTODIAN' AND g.revoked_at IS NULL
            AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today));
      END $$;
      CREATE POLICY with_case ON app.identity_request TO plumbline_app
        USING (EXISTS (SELECT FROM app."case" c WHERE c.id = identity_request.case_id));
      CREATE POLICY worker ON app.identity_request TO plumbline_worker USING (true);
      CREATE POLICY owner ON app.identity_request TO plumbline_owner USING (true);
      -- What a release opens, the vault looks up itself.
      CREATE POLICY vault ON app.identity_request FOR SELECT TO plumbline_vault_owner USING (true);
      ALTER TABLE app.identity_request ENABLE ROW LEVEL SECURITY;
      ALTER TABLE app.identity_request FORCE ROW LEVEL SECURITY`);
    await q.query(`
      -- What has to be known of a case that whoever breaks, approves or reviews a glass does not see.
      CREATE FUNCTION app.case_numbered(p_reference text) RETURNS TABLE (o_id uuid, o_organ uuid)
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT id, organ_id FROM app."case" WHERE reference = p_reference AND app.me() IS NOT NULL
      $$;
      CREATE FUNCTION app.ever_investigated(p_user uuid, p_case uuid) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT app.me() IS NOT NULL AND EXISTS (
          SELECT FROM app.investigator_assignment WHERE case_id = p_case AND user_id = p_user)
      $$;
      -- Those who hold one of the roles over an organ on a day, and the investigators of the case; none who must keep
      -- away from it.
      CREATE FUNCTION app.watchers_of(p_organ uuid, p_case uuid, p_roles text[], p_today date) RETURNS SETOF uuid
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
        SELECT u.id FROM app.user_account u
        WHERE u.status = 'ACTIVE' AND app.me() IS NOT NULL AND (
            EXISTS (SELECT FROM app.user_grant g JOIN app.organ o ON o.id = p_organ AND o.path @> ARRAY[g.organ_id]
              WHERE g.user_id = u.id AND g.role = ANY (p_roles) AND g.revoked_at IS NULL AND g.valid_from <= p_today
                AND (g.valid_to IS NULL OR g.valid_to >= p_today))
            OR u.id IN (SELECT user_id FROM app.investigator_assignment
              WHERE case_id = p_case AND withdrawn_at IS NULL))
          AND NOT EXISTS (SELECT FROM app.conflicts_of(u.id, p_today) c WHERE c.o_case = p_case)
      $$;
      ALTER FUNCTION app.open_glass(uuid, timestamptz) SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
      ALTER FUNCTION app.refuse_careless_glass() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
      REVOKE ALL ON FUNCTION app.my_glass, app.look_through_glass, app.case_numbered, app.ever_investigated,
        app.watchers_of FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.my_glass, app.case_numbered, app.ever_investigated, app.watchers_of
        TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
