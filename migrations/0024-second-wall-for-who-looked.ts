import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tells that somebody looked, and requests for police, stand behind the second wall as well. */
export class SecondWallForWhoLooked1764000000024 implements MigrationInterface {
  name = 'SecondWallForWhoLooked1764000000024';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
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
