import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The values of one subject beside an event lie in one row: they are read and erased together. A row of before is one
 * with a single value. An event costs less: whether it repeats an earlier one is asked together with the head of its
 * stream, and its receipt is all that goes back.
 */
export class KeepValuesTogether1764000000038 implements MigrationInterface {
  name = 'KeepValuesTogether1764000000038';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      ALTER TABLE audit.disclosure RENAME COLUMN digest TO digests;
      ALTER TABLE audit.disclosure DROP CONSTRAINT disclosure_digest_check;
      ALTER TABLE audit.disclosure ADD CONSTRAINT disclosure_digests_check
        CHECK (octet_length(digests) > 0 AND octet_length(digests) % 32 = 0);
      -- What is encrypted cannot be compressed.
      ALTER TABLE audit.disclosure ALTER COLUMN content SET STORAGE EXTERNAL`);
    for (const [table, ...columns] of [
      ['entry', 'prev', 'body', 'sig', 'envelope', 'leaf'],
      ['disclosure', 'digests', 'content'],
    ]) {
      // Nothing is ever looked for by these, so no ANALYZE has to sort them, and no copy lies in the statistics.
      await q.query(
        `ALTER TABLE audit.${table} ${columns.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`,
      );
    }
    await q.query(`
      CREATE OR REPLACE FUNCTION audit.refuse_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'disclosure' THEN
          IF NEW.content IS NULL AND (NEW.event, NEW.n, NEW.subject, NEW.digests) = (OLD.event, OLD.n, OLD.subject, OLD.digests)
             AND EXISTS (SELECT 1 FROM audit.subject_key k WHERE k.subject = OLD.subject AND k.erased_by IS NOT NULL) THEN
            RETURN NEW;
          END IF;
        ELSIF TG_OP = 'UPDATE' THEN
          IF NEW.wrapped IS NULL AND NEW.subject = OLD.subject AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL THEN
            RETURN NEW;
          END IF;
        END IF;
        RAISE EXCEPTION 'audit.% is append-only (% by %)', TG_TABLE_NAME, TG_OP, session_user USING ERRCODE = '42501';
      END $$`);
    const values = `
      SELECT array_agg(d.subject ORDER BY d.n) AS subjects, array_agg(d.digests ORDER BY d.n) AS digests,
             array_agg(d.content ORDER BY d.n) AS contents, array_agg(k.erased_by ORDER BY d.n) AS erased
      FROM audit.disclosure d JOIN audit.subject_key k USING (subject) WHERE d.event = e.event`;
    await q.query(`
      CREATE OR REPLACE FUNCTION audit.history(p_stream uuid, p_after bigint, p_limit int)
      RETURNS TABLE (o_seq bigint, o_at timestamptz, o_event uuid, o_body bytea, o_writer text, o_sig bytea,
                     o_envelope bytea, o_leaf bytea, o_subjects text[], o_digests bytea[], o_contents bytea[],
                     o_erased uuid[])
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.seq, e.at, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf, d.subjects, d.digests, d.contents,
               d.erased
        FROM audit.entry e CROSS JOIN LATERAL (${values}) d
        WHERE e.stream = p_stream AND e.seq > p_after ORDER BY e.seq LIMIT p_limit
      $$;
      CREATE OR REPLACE FUNCTION audit.histories(p_streams uuid[], p_after_stream uuid, p_after bigint, p_limit int)
      RETURNS TABLE (o_stream uuid, o_seq bigint, o_at timestamptz, o_event uuid, o_body bytea, o_writer text,
                     o_sig bytea, o_envelope bytea, o_leaf bytea, o_subjects text[],
                     o_digests bytea[], o_contents bytea[], o_erased uuid[])
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.stream, e.seq, e.at, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf,
               d.subjects, d.digests, d.contents, d.erased
        FROM audit.entry e CROSS JOIN LATERAL (${values}) d
        WHERE e.stream = ANY(p_streams) AND (e.stream, e.seq) > (p_after_stream, p_after)
        ORDER BY e.stream, e.seq LIMIT p_limit
      $$`);
    await q.query(`
      DROP FUNCTION audit.record;
      -- Many events of one transaction in one round trip. The caller sorts them by stream, so that two transactions
      -- lock their streams in the same order. Gives a receipt for each, in their order: stream, number and leaf.
      CREATE FUNCTION audit.record(
        p_streams uuid[], p_events uuid[], p_bodies bytea[], p_writer text, p_sigs bytea[],
        p_of uuid[], p_n int[], p_subjects text[], p_digests bytea[], p_contents bytea[],
        p_new text[], p_wrapped bytea[])
      RETURNS text[]
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
      DECLARE made bigint; known audit.entry%ROWTYPE; last_seq bigint; last_leaf bytea; is_known boolean;
        now timestamptz; line bytea; this_leaf bytea; repeated uuid[] := '{}'; receipts text[] := '{}';
      BEGIN
        IF NOT p_of <@ p_events THEN
          RAISE EXCEPTION 'a value belongs to an event of the same call' USING ERRCODE = '23503';
        END IF;
        IF cardinality(p_new) > 0 THEN
          INSERT INTO audit.subject_key (subject, wrapped) SELECT k.s, k.w FROM unnest(p_new, p_wrapped) AS k (s, w)
            ON CONFLICT DO NOTHING;
          GET DIAGNOSTICS made = ROW_COUNT;
          IF made < cardinality(p_new) THEN
            -- Another transaction made a key for the same subject a moment ago: the caller begins again and finds it.
            RAISE EXCEPTION 'a key was made meanwhile' USING ERRCODE = '40001';
          END IF;
        END IF;
        FOR i IN 1 .. cardinality(p_events) LOOP
          SELECT seq, leaf, EXISTS (SELECT 1 FROM audit.entry WHERE event = p_events[i])
            INTO last_seq, last_leaf, is_known FROM audit.head WHERE stream = p_streams[i] FOR UPDATE;
          IF NOT FOUND THEN
            INSERT INTO audit.head
              VALUES (p_streams[i], -1, decode(repeat('00', 32), 'hex'), '-infinity', pg_current_xact_id())
              ON CONFLICT DO NOTHING;
            SELECT seq, leaf, EXISTS (SELECT 1 FROM audit.entry WHERE event = p_events[i])
              INTO STRICT last_seq, last_leaf, is_known FROM audit.head WHERE stream = p_streams[i] FOR UPDATE;
          END IF;
          -- The same again is the same entry, not a second one.
          IF is_known THEN
            SELECT * INTO STRICT known FROM audit.entry WHERE event = p_events[i];
            IF known.stream <> p_streams[i] OR known.body <> p_bodies[i] THEN
              RAISE EXCEPTION 'event id reused' USING ERRCODE = '23505';
            END IF;
            repeated := repeated || p_events[i];
            receipts := receipts || concat_ws(' ', known.stream, known.seq, encode(known.leaf, 'base64'));
            CONTINUE;
          END IF;
          -- Raw: the greater of this and the head's time would let one wrong clock poison the stream.
          now := clock_timestamp();
          line := convert_to(concat(
            'plumbline-entry/v1', E'\\n',
            'stream ', p_streams[i], E'\\n',
            'seq ', last_seq + 1, E'\\n',
            'prev ', encode(last_leaf, 'base64'), E'\\n',
            'time ', to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), E'\\n',
            'event ', p_events[i], E'\\n',
            'body ', encode(sha256(p_bodies[i]), 'base64'), E'\\n',
            'writer ', p_writer, E'\\n',
            -- encode() breaks lines after 76 characters, and a signature has 88.
            'sig ', translate(encode(p_sigs[i], 'base64'), E'\\n', ''), E'\\n'), 'UTF8');
          this_leaf := sha256('\\x00'::bytea || line);
          WITH made AS (
            INSERT INTO audit.entry (stream, seq, prev, at, event, body, writer, sig, envelope, leaf)
              VALUES (p_streams[i], last_seq + 1, last_leaf, now, p_events[i], p_bodies[i], p_writer, p_sigs[i], line,
                      this_leaf)
              RETURNING id)
          INSERT INTO audit.unsealed SELECT id FROM made;
          UPDATE audit.head SET seq = last_seq + 1, leaf = this_leaf, at = now, xid = pg_current_xact_id()
            WHERE stream = p_streams[i];
          receipts := receipts || concat_ws(' ', p_streams[i], last_seq + 1, encode(this_leaf, 'base64'));
        END LOOP;
        IF cardinality(p_of) > 0 THEN
          INSERT INTO audit.disclosure (event, n, subject, digests, content)
            SELECT d.e, d.n, d.s, d.d, d.c FROM unnest(p_of, p_n, p_subjects, p_digests, p_contents) AS d (e, n, s, d, c)
            WHERE d.e <> ALL (repeated);
        END IF;
        RETURN receipts;
      END $$;
      -- One event that discloses nothing.
      CREATE OR REPLACE FUNCTION audit.append(p_stream uuid, p_event uuid, p_body bytea, p_writer text, p_sig bytea)
      RETURNS TABLE (o_seq bigint, o_leaf bytea)
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT split_part(r[1], ' ', 2)::bigint, decode(split_part(r[1], ' ', 3), 'base64')
        FROM audit.record(ARRAY[p_stream], ARRAY[p_event], ARRAY[p_body], p_writer, ARRAY[p_sig],
          '{}', '{}', '{}', '{}', '{}', '{}', '{}') r
      $$;
      REVOKE ALL ON FUNCTION audit.record FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app, plumbline_sealer`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The audit trail is never dropped');
  }
}
