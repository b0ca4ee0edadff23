import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An event is appended by one function in one pass. The references from values and from the queue are not looked up
 * row by row: only this function writes there, and it has just written what they point to.
 */
export class AppendInOnePass1764000000020 implements MigrationInterface {
  name = 'AppendInOnePass1764000000020';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      ALTER TABLE audit.disclosure DROP CONSTRAINT disclosure_event_fkey, DROP CONSTRAINT disclosure_subject_fkey;
      ALTER TABLE audit.unsealed DROP CONSTRAINT unsealed_id_fkey`);
    await q.query(`
      CREATE OR REPLACE FUNCTION audit.record(
        p_streams uuid[], p_events uuid[], p_bodies bytea[], p_writer text, p_sigs bytea[],
        p_of uuid[], p_n int[], p_subjects text[], p_digests bytea[], p_contents bytea[],
        p_new text[], p_wrapped bytea[])
      RETURNS TABLE (o_event uuid, o_seq bigint, o_leaf bytea)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE made bigint; known audit.entry%ROWTYPE; last_seq bigint; last_leaf bytea; now timestamptz; line bytea; entry_id bigint;
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
          INSERT INTO audit.entry (stream, seq, prev, at, event, body, writer, sig, envelope, leaf)
            VALUES (p_streams[i], o_seq, last_leaf, now, o_event, p_bodies[i], p_writer, p_sigs[i], line, o_leaf)
            RETURNING id INTO entry_id;
          INSERT INTO audit.unsealed VALUES (entry_id);
          UPDATE audit.head SET seq = o_seq, leaf = o_leaf, at = now, xid = pg_current_xact_id()
            WHERE stream = p_streams[i];
          RETURN NEXT;
        END LOOP;
        INSERT INTO audit.disclosure (event, n, subject, digest, content)
          SELECT d.e, d.n, d.s, d.d, d.c FROM unnest(p_of, p_n, p_subjects, p_digests, p_contents) AS d (e, n, s, d, c)
          ON CONFLICT DO NOTHING;
      END $$;
      -- One event that discloses nothing.
      DROP FUNCTION audit.append;
      CREATE FUNCTION audit.append(p_stream uuid, p_event uuid, p_body bytea, p_writer text, p_sig bytea)
      RETURNS TABLE (o_seq bigint, o_leaf bytea)
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT o_seq, o_leaf FROM audit.record(ARRAY[p_stream], ARRAY[p_event], ARRAY[p_body], p_writer, ARRAY[p_sig],
          '{}', '{}', '{}', '{}', '{}', '{}', '{}')
      $$;
      REVOKE ALL ON FUNCTION audit.append FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.append TO plumbline_app, plumbline_sealer`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The audit trail is never dropped');
  }
}
