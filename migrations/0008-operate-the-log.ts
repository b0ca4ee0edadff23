import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

/** What the sealer keeps of writers, how two persons restart a stream, and what an auditor may list of the trail. */
export class OperateTheLog1764000000008 implements MigrationInterface {
  name = 'OperateTheLog1764000000008';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      -- The numbers that each writer has used and declared void, so that none is used twice and a gap is seen.
      CREATE TABLE audit.sealed_writer (writer text PRIMARY KEY, used int8multirange NOT NULL, voided int8multirange NOT NULL);
      GRANT SELECT ON audit.sealed_writer TO plumbline_app, plumbline_auditor, plumbline_sealer;
      GRANT INSERT, UPDATE ON audit.sealed_writer TO plumbline_sealer;
      -- Times rise with the rows, so that this stays small and costs an insert nothing.
      CREATE INDEX entry_at ON audit.entry USING brin (at)`);
    await q.query(`
      -- A forged body may be no JSON at all; then it has no type and no actor.
      CREATE FUNCTION audit.json_of(p_body bytea) RETURNS jsonb
      LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RETURN convert_from(p_body, 'UTF8')::jsonb;
      EXCEPTION WHEN others THEN
        RETURN NULL;
      END $$;
      -- The places of the queue between two times.
      CREATE FUNCTION audit.range_of(p_from timestamptz, p_to timestamptz) RETURNS TABLE (o_first bigint, o_last bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT CASE WHEN p_from IS NULL THEN 0 ELSE coalesce((SELECT min(id) FROM audit.entry WHERE at >= p_from), 9e18::bigint) END,
               CASE WHEN p_to IS NULL THEN (SELECT coalesce(max(id), 0) FROM audit.entry)
                    ELSE coalesce((SELECT max(id) FROM audit.entry WHERE at < p_to), 0) END
      $$;
      -- Entries between two places of the queue, the newest first: who, when, what kind and the hashes, never a value.
      CREATE FUNCTION audit.entries(p_first bigint, p_last bigint, p_stream uuid, p_type text, p_actor text,
                                    p_sealed boolean, p_limit int)
      RETURNS TABLE (o_id bigint, o_stream uuid, o_seq bigint, o_at timestamptz, o_event uuid, o_type text, o_uid text,
                     o_role text, o_writer text, o_idx bigint, o_leaf bytea, o_envelope bytea)
      LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        -- Made for what is asked, so that a stream is found by its index.
        RETURN QUERY EXECUTE concat('
          SELECT e.id, e.stream, e.seq, e.at, e.event, b.body->>''type'', b.body->''actor''->>''uid'',
                 b.body->''actor''->>''role'', e.writer, l.idx, e.leaf, e.envelope
          FROM audit.entry e LEFT JOIN audit.leaf l ON l.id = e.id
          CROSS JOIN LATERAL (SELECT audit.json_of(e.body) AS body OFFSET 0) b
          WHERE e.id BETWEEN $1 AND $2',
          CASE WHEN p_stream IS NOT NULL THEN ' AND e.stream = $3' END,
          CASE WHEN p_type IS NOT NULL THEN
            ' AND position(convert_to(concat(''"type":"'', $4, ''"''), ''UTF8'') IN e.body) > 0 AND b.body->>''type'' = $4' END,
          CASE WHEN p_actor IS NOT NULL THEN
            ' AND position(convert_to($5, ''UTF8'') IN e.body) > 0 AND b.body->''actor''->>''uid'' = $5' END,
          CASE p_sealed WHEN true THEN ' AND l.idx IS NOT NULL' WHEN false THEN ' AND l.idx IS NULL' END,
          ' ORDER BY e.id DESC LIMIT $6')
        USING p_first, p_last, p_stream, p_type, p_actor, p_limit;
      END $$;
      -- Sealed entries in the order of the log, for its verification. The application may read each stream anyway.
      CREATE FUNCTION audit.sealed_entries(p_from bigint, p_limit int)
      RETURNS TABLE (o_idx bigint, o_leaf bytea, o_stream uuid, o_seq bigint, o_prev bytea, o_event uuid, o_body bytea,
                     o_writer text, o_sig bytea, o_envelope bytea, o_entry_leaf bytea)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT l.idx, l.leaf, e.stream, e.seq, e.prev, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf
        FROM audit.leaf l JOIN audit.entry e ON e.id = l.id
        WHERE l.idx >= p_from AND l.idx < p_from + p_limit ORDER BY l.idx
      $$;
      -- The first map of heads that covers this place of the log and is in the log itself, and where.
      CREATE FUNCTION audit.heads_over(p_idx bigint) RETURNS TABLE (o_at_size bigint, o_event uuid, o_idx bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT h.at_size, h.event, l.idx FROM audit.heads h JOIN audit.entry e ON e.event = h.event
        JOIN audit.leaf l ON l.id = e.id WHERE h.at_size > p_idx ORDER BY h.at_size LIMIT 1
      $$;
      REVOKE ALL ON FUNCTION audit.json_of, audit.range_of, audit.entries, audit.sealed_entries, audit.heads_over FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.range_of, audit.entries, audit.sealed_entries, audit.heads_over TO plumbline_app`);
    await q.query('RESET ROLE');
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- One person proposes to set a refused entry aside, another confirms it.
      CREATE TABLE app.restart_proposal (
        -- That of the log.alarm event by which the quarantine is known.
        id uuid PRIMARY KEY,
        stream uuid NOT NULL,
        proposed_by uuid NOT NULL REFERENCES app.user_account,
        proposed_at timestamptz NOT NULL,
        reason text NOT NULL,
        confirmed_by uuid REFERENCES app.user_account,
        confirmed_at timestamptz,
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        CHECK (confirmed_by <> proposed_by)
      );
      ${audited('restart_proposal', 'system')};
      -- How the hourly verification of a part of the log ended.
      CREATE TABLE app.trail_verification (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        from_idx bigint NOT NULL,
        to_idx bigint NOT NULL,
        log_size bigint NOT NULL,
        failures jsonb NOT NULL
      );
      CREATE INDEX trail_verification_at ON app.trail_verification (at DESC);
      GRANT SELECT, INSERT, UPDATE ON app.restart_proposal TO plumbline_app;
      GRANT SELECT, INSERT ON app.trail_verification TO plumbline_app`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The log is never dropped');
  }
}
