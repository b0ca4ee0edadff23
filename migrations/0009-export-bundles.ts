import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An export may be the bundle that proves one case, encrypted to whoever shall read it. */
export class ExportBundles1764000000009 implements MigrationInterface {
  name = 'ExportBundles1764000000009';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      ALTER TABLE app.export_run
        DROP CONSTRAINT export_run_kind_check,
        DROP CONSTRAINT export_run_format_check,
        ADD COLUMN recipient text,
        ADD CONSTRAINT export_run_kind_check CHECK (kind IN ('CASE_LIST', 'CASE_BUNDLE')),
        ADD CONSTRAINT export_run_format_check
          CHECK (CASE kind WHEN 'CASE_BUNDLE' THEN format = 'zip' ELSE format IN ('json', 'csv') END)`);
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      -- The hash of the entry of an event, by which a bundle names the event that erased a value.
      CREATE FUNCTION audit.leaf_of(p_event uuid) RETURNS bytea
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.leaf FROM audit.entry e WHERE e.event = p_event
      $$;
      REVOKE ALL ON FUNCTION audit.leaf_of FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.leaf_of TO plumbline_app, plumbline_auditor`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
