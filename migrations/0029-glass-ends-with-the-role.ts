import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever loses the role by which they broke the glass of a case reads it no longer, to the minute: neither by the
 * wall of the database nor by that of the application, which asks it what is open.
 */
export class GlassEndsWithTheRole1764000000029 implements MigrationInterface {
  name = 'GlassEndsWithTheRole1764000000029';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- Those who investigate, lead and review, on this day.
      CREATE FUNCTION app.breaks_glass(p_user uuid, p_today date) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT EXISTS (SELECT FROM app.user_grant WHERE user_id = p_user AND revoked_at IS NULL
          AND role IN ('INVESTIGATOR', 'SUPERVISOR', 'LEGAL_REVIEWER', 'AGENCY_HEAD')
          AND valid_from <= p_today AND (valid_to IS NULL OR valid_to >= p_today))
      $$;
      REVOKE ALL ON FUNCTION app.breaks_glass FROM PUBLIC;
      CREATE OR REPLACE FUNCTION app.open_glass(p_user uuid, p_now timestamptz) RETURNS SETOF app.broken_glass
      LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
        SELECT g.* FROM app.broken_glass g
        WHERE g.user_id = p_user AND g.outcome = 'OPENED' AND g.ended_at IS NULL AND g.open_until > p_now
          AND g.broken_at <= p_now AND app.breaks_glass(p_user, (p_now AT TIME ZONE 'Asia/Shanghai')::date)
          AND NOT EXISTS (
            SELECT FROM app.conflicts_of(p_user, (p_now AT TIME ZONE 'Asia/Shanghai')::date) c
            WHERE c.o_case = g.case_id)
      $$;
      CREATE OR REPLACE FUNCTION app.my_glass() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
      SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RETURN (SELECT glass FROM app.context
                WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned() AND (glass = '{}'
                  OR app.breaks_glass(user_id, (app.present() AT TIME ZONE 'Asia/Shanghai')::date)));
      END $$`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
