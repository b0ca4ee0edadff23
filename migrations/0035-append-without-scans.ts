import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Appending takes the same time from the first event on: what the functions plan while the tables are empty would read
 * them from end to end until the next ANALYZE. Less is done twice, too: an entry and its place in the queue are one
 * statement, and values are looked up only where an event is repeated.
 */
export class AppendWithoutScans1764000000035 implements MigrationInterface {
  name = 'AppendWithoutScans1764000000035';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      CREATE OR REPLACE FUNCTION audit.record(
        p_streams uuid[], p_events uuid[], p_bodies bytea[], p_writer text, p_sigs bytea[],
        p_of uuid[], p_n int[], p_subjects text[], p_digests bytea[], p_contents bytea[],
        p_new text[], p_wrapped bytea[])
      RETURNS TABLE (o_event uuid, o_seq bigint, o_leaf bytea)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
      DECLARE made bigint; known audit.entry%ROWTYPE; last_seq bigint; last_leaf bytea; now timestamptz; line bytea;
        repeated uuid[] := '{}';
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
          o_event := p_events[i];
          -- The same again is the same entry, not a second one.
          SELECT * INTO known FROM audit.entry WHERE event = o_event;
          IF FOUND THEN
            IF known.stream <> p_streams[i] OR known.body <> p_bodies[i] THEN
              RAISE EXCEPTION 'event id reused' USING ERRCODE = '23505';
            END IF;
            repeated := repeated || o_event;
            o_seq := known.seq;
            o_leaf := known.leaf;
            RETURN NEXT;
            CONTINUE;
          END IF;
          SELECT seq, leaf INTO last_seq, last_leaf FROM audit.head WHERE stream = p_streams[i] FOR UPDATE;
          IF NOT FOUND THEN
            INSERT INTO audit.head
              VALUES (p_streams[i], -1, decode(repeat('00', 32), 'hex'), '-infinity', pg_current_xact_id())
              ON CONFLICT DO NOTHING;
            SELECT seq, leaf INTO STRICT last_seq, last_leaf FROM audit.head WHERE stream = p_streams[i] FOR UPDATE;
          END IF;
          o_seq := last_seq + 1;
          -- Raw: the greater of this and the head's time would let one wrong clock poison the stream.
          now := clock_timestamp();
          line := convert_to(concat(
            'plumbline-entry/v1', E'\\n',
            'stream ', p_streams[i], E'\\n',
            'seq ', o_seq, E'\\n',
            'prev ', encode(last_leaf, 'base64'), E'\\n',
            'time ', to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), E'\\n',
            'event ', o_event, E'\\n',
            'body ', encode(sha256(p_bodies[i]), 'base64'), E'\\n',
            'writer ', p_writer, E'\\n',
            -- encode() breaks lines after 76 characters, and a signature has 88.
            'sig ', translate(encode(p_sigs[i], 'base64'), E'\\n', ''), E'\\n'), 'UTF8');
          o_leaf := sha256('\\x00'::bytea || line);
          WITH made AS (
            INSERT INTO audit.entry (stream, seq, prev, at, event, body, writer, sig, envelope, leaf)
              VALUES (p_streams[i], o_seq, last_leaf, now, o_event, p_bodies[i], p_writer, p_sigs[i], line, o_leaf)
              RETURNING id)
          INSERT INTO audit.unsealed SELECT id FROM made;
          UPDATE audit.head SET seq = o_seq, leaf = o_leaf, at = now, xid = pg_current_xact_id()
            WHERE stream = p_streams[i];
          RETURN NEXT;
        END LOOP;
        INSERT INTO audit.disclosure (event, n, subject, digest, content)
          SELECT d.e, d.n, d.s, d.d, d.c FROM unnest(p_of, p_n, p_subjects, p_digests, p_contents) AS d (e, n, s, d, c)
          WHERE d.e <> ALL (repeated);
      END $$`);
    await q.query(`
      DO $do$
      DECLARE f regprocedure;
      BEGIN
        FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'audit'::regnamespace AND proname LIKE 'require%' LOOP
          EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', f);
        END LOOP;
      END $do$`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The audit trail is never dropped');
  }
}
