import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The functions that policies asked, and the column of the context that each gave. */
const ASKED: Readonly<Record<string, string>> = {
  "my_organs('WHOLE'::text) AS my_organs": 'whole',
  "my_organs('INTAKE'::text) AS my_organs": 'intake',
  "my_organs('LEGAL'::text) AS my_organs": 'legal',
  "my_organs('DECISION'::text) AS my_organs": 'decision',
  "my_organs('CUSTODY'::text) AS my_organs": 'custody',
  "my_organs('REGISTRY'::text) AS my_organs": 'registry',
  "my_organs('OVERSIGHT'::text) AS my_organs": 'oversight',
  "my_organs('HIGHER'::text) AS my_organs": 'higher',
  'me() AS me': 'user_id',
  'my_officer() AS my_officer': 'officer_id',
  'my_registrations() AS my_registrations': 'registrant',
  'my_conflicts() AS my_conflicts': 'conflicts',
  'myself() AS myself': 'person',
  'my_objections() AS my_objections': 'objector',
};

/**
 * The policies read who acts from a view instead of by functions: PL/pgSQL prepares itself anew in each transaction, which
 * was most of what the second wall cost. `my_cases` stays a function, since it has to see what its own statement added.
 */
export class AskTheContextInSql1764000000028 implements MigrationInterface {
  name = 'AskTheContextInSql1764000000028';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- One row, that of this transaction, or none. Nobody but app.act_as writes what is behind it.
      CREATE VIEW app.my_context AS
        SELECT ${[...new Set(Object.values(ASKED))].join(', ')} FROM app.context
        WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned();
      GRANT SELECT ON app.my_context TO plumbline_app`);
    await q.query(`
      -- The cases that one investigates, for the first wall's search: with the rights of the owner, since a policy of
      -- assignments asks for their cases, whose policy would be asked again. Whoever acts learns of their own only.
      CREATE FUNCTION app.assigned_to(p_users uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RETURN ARRAY(SELECT i.case_id FROM app.investigator_assignment i
          WHERE i.user_id = ANY (p_users) AND i.withdrawn_at IS NULL
            AND (i.user_id = app.me() OR pg_has_role(session_user, 'plumbline_worker', 'USAGE')));
      END $$;
      REVOKE ALL ON FUNCTION app.assigned_to FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.assigned_to TO plumbline_app`);
    await q.query(`
      -- Who acts is asked at the beginning of each transaction: planned once a connection, not each time anew.
      ALTER FUNCTION app.act_as(uuid, text) SET plan_cache_mode = force_generic_plan;
      ALTER FUNCTION app.conflicts_behind(bytea, date) SET plan_cache_mode = force_generic_plan`);
    for (const [call, column] of Object.entries(ASKED)) {
      await q.query(
        `DO $do$
        DECLARE
          old text := $sql$( SELECT app.${call})$sql$;
          new text := '( SELECT m.${column} FROM app.my_context m)';
          p record;
        BEGIN
          FOR p IN SELECT tablename, policyname, qual, with_check FROM pg_policies
            WHERE schemaname = 'app' AND concat(qual, with_check) LIKE '%' || old || '%'
          LOOP
            EXECUTE format('ALTER POLICY %I ON app.%I', p.policyname, p.tablename)
              || coalesce(' USING (' || replace(p.qual, old, new) || ')', '')
              || coalesce(' WITH CHECK (' || replace(p.with_check, old, new) || ')', '');
          END LOOP;
        END $do$`,
      );
    }
    await q.query(`
      DO $do$ BEGIN
        IF EXISTS (SELECT FROM pg_policies WHERE schemaname = 'app'
          AND concat(qual, with_check) ~ 'app\\.(my_organs|me|my_officer|my_registrations|my_conflicts|myself|my_objections)\\(')
        THEN RAISE EXCEPTION 'a policy still asks a function'; END IF;
      END $do$`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
