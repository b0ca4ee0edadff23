import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReadManyHistories1764000000006 implements MigrationInterface {
  name = 'ReadManyHistories1764000000006';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      -- As audit.history, for many streams: by stream and number, page by page. An export reads thousands of cases.
      CREATE FUNCTION audit.histories(p_streams uuid[], p_after_stream uuid, p_after bigint, p_limit int)
      RETURNS TABLE (o_stream uuid, o_seq bigint, o_at timestamptz, o_event uuid, o_body bytea, o_writer text,
                     o_sig bytea, o_envelope bytea, o_leaf bytea, o_subjects text[],
                     o_digests bytea[], o_contents bytea[], o_erased uuid[])
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.stream, e.seq, e.at, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf,
               d.subjects, d.digests, d.contents, d.erased
        FROM audit.entry e CROSS JOIN LATERAL (
          SELECT array_agg(d.subject ORDER BY d.n) AS subjects, array_agg(d.digest ORDER BY d.n) AS digests,
                 array_agg(d.content ORDER BY d.n) AS contents, array_agg(k.erased_by ORDER BY d.n) AS erased
          FROM audit.disclosure d JOIN audit.subject_key k USING (subject) WHERE d.event = e.event) d
        WHERE e.stream = ANY(p_streams) AND (e.stream, e.seq) > (p_after_stream, p_after)
        ORDER BY e.stream, e.seq LIMIT p_limit
      $$`);
    await q.query(`
      REVOKE ALL ON FUNCTION audit.histories FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.histories TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The audit trail is never dropped');
  }
}
