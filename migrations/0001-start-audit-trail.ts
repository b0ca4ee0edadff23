import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trail: append-only by grants and by triggers, written by one function, owned by a role of its own. The
 * application can call that function and read one stream's history; it can neither read nor change the tables.
 */
export class StartAuditTrail1764000000001 implements MigrationInterface {
  name = 'StartAuditTrail1764000000001';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      -- One row a stream: the lock under which its next entry is made. A cache, trusted by no verifier.
      -- xid is the transaction that appended last; require_event_* compares it.
      CREATE TABLE audit.head (
        stream uuid PRIMARY KEY, seq bigint NOT NULL, leaf bytea NOT NULL, at timestamptz NOT NULL, xid xid8 NOT NULL
      );
      CREATE TABLE audit.entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        stream uuid NOT NULL,
        seq bigint NOT NULL CHECK (seq >= 0),
        prev bytea NOT NULL CHECK (octet_length(prev) = 32),
        at timestamptz NOT NULL,
        event uuid NOT NULL UNIQUE,
        body bytea NOT NULL CHECK (octet_length(body) BETWEEN 2 AND 32768),
        writer text NOT NULL CHECK (writer ~ '^[a-z0-9.-]{1,64}$'),
        sig bytea NOT NULL CHECK (octet_length(sig) = 64),
        envelope bytea NOT NULL,
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
        UNIQUE (stream, seq),
        UNIQUE (stream, prev)
      );
      CREATE TABLE audit.unsealed (id bigint PRIMARY KEY REFERENCES audit.entry);
      -- A key for each person concerned, and one for what else stands in a stream; wrapped by a key that never enters
      -- the database. An erasure destroys it.
      CREATE TABLE audit.subject_key (
        subject text PRIMARY KEY CHECK (subject ~ '^(reporter|person|officer|stream):[0-9a-f-]{36}$'),
        wrapped bytea,
        erased_by uuid REFERENCES audit.entry (event),
        CHECK ((wrapped IS NULL) = (erased_by IS NOT NULL))
      );
      -- The values behind an event's digests: the RFC 8785 text of [salt, name, value], encrypted under the subject's
      -- key. An erasure removes the content; the digest stays.
      CREATE TABLE audit.disclosure (
        event uuid NOT NULL REFERENCES audit.entry (event),
        n smallint NOT NULL CHECK (n >= 0),
        subject text NOT NULL REFERENCES audit.subject_key,
        digest bytea NOT NULL CHECK (octet_length(digest) = 32),
        content bytea,
        PRIMARY KEY (event, n)
      );
      CREATE INDEX disclosure_subject ON audit.disclosure (subject)`);
    await q.query(`
      CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit.% is append-only (% by %)', TG_TABLE_NAME, TG_OP, session_user USING ERRCODE = '42501';
      END $$;
      -- The one change that a value or a key may see: it is taken away, together with the event that says so.
      CREATE FUNCTION audit.refuse_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'disclosure' THEN
          IF NEW.content IS NULL AND (NEW.event, NEW.n, NEW.subject, NEW.digest) = (OLD.event, OLD.n, OLD.subject, OLD.digest)
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
    for (const [table, refuse] of [
      ['entry', 'refuse'],
      ['disclosure', 'refuse_but_erasure'],
      ['subject_key', 'refuse_but_erasure'],
    ]) {
      // ALWAYS: a plain trigger would stay silent in session_replication_role = replica.
      await q.query(`
        CREATE TRIGGER refuse_row BEFORE UPDATE OR DELETE ON audit.${table} FOR EACH ROW EXECUTE FUNCTION audit.${refuse}();
        CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.${table} FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        ALTER TABLE audit.${table} ENABLE ALWAYS TRIGGER refuse_row;
        ALTER TABLE audit.${table} ENABLE ALWAYS TRIGGER refuse_truncate`);
    }
    await q.query(`
      CREATE FUNCTION audit.append(p_stream uuid, p_event uuid, p_body bytea, p_writer text, p_sig bytea)
      RETURNS TABLE (o_seq bigint, o_leaf bytea, o_at timestamptz)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE h audit.head%ROWTYPE; e audit.entry%ROWTYPE; ts timestamptz; env bytea; lf bytea; nid bigint;
      BEGIN
        SELECT * INTO e FROM audit.entry WHERE event = p_event;
        IF FOUND THEN
          IF e.stream <> p_stream OR e.body <> p_body THEN
            RAISE EXCEPTION 'event id reused' USING ERRCODE = '23505';
          END IF;
          RETURN QUERY SELECT e.seq, e.leaf, e.at;
          RETURN;
        END IF;
        INSERT INTO audit.head VALUES (p_stream, -1, decode(repeat('00', 32), 'hex'), '-infinity', pg_current_xact_id())
          ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT h FROM audit.head WHERE stream = p_stream FOR UPDATE;
        -- Raw: greatest(h.at, now) would let one wrong clock poison the stream.
        ts := clock_timestamp();
        env := convert_to(concat(
          'plumbline-entry/v1', E'\\n',
          'stream ', p_stream, E'\\n',
          'seq ', h.seq + 1, E'\\n',
          'prev ', encode(h.leaf, 'base64'), E'\\n',
          'time ', to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), E'\\n',
          'event ', p_event, E'\\n',
          'body ', encode(sha256(p_body), 'base64'), E'\\n',
          'writer ', p_writer, E'\\n',
          -- encode() breaks lines after 76 characters, and a signature has 88.
          'sig ', translate(encode(p_sig, 'base64'), E'\\n', ''), E'\\n'), 'UTF8');
        lf := sha256('\\x00'::bytea || env);
        INSERT INTO audit.entry (stream, seq, prev, at, event, body, writer, sig, envelope, leaf)
          VALUES (p_stream, h.seq + 1, h.leaf, ts, p_event, p_body, p_writer, p_sig, env, lf) RETURNING id INTO nid;
        INSERT INTO audit.unsealed VALUES (nid);
        UPDATE audit.head SET seq = h.seq + 1, leaf = lf, at = ts, xid = pg_current_xact_id() WHERE stream = p_stream;
        RETURN QUERY SELECT h.seq + 1, lf, ts;
      END $$`);
    await q.query(`
      -- Many events of one transaction in one round trip. The caller sorts them by stream, so that two transactions
      -- lock their streams in the same order.
      CREATE FUNCTION audit.record(p_streams uuid[], p_events uuid[], p_bodies bytea[], p_writer text, p_sigs bytea[],
                                   p_of uuid[], p_n int[], p_subjects text[], p_digests bytea[], p_contents bytea[],
                                   p_new text[], p_wrapped bytea[])
      RETURNS TABLE (o_event uuid, o_seq bigint, o_leaf bytea)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE made bigint;
      BEGIN
        INSERT INTO audit.subject_key (subject, wrapped) SELECT k.s, k.w FROM unnest(p_new, p_wrapped) AS k (s, w)
          ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS made = ROW_COUNT;
        IF made < cardinality(p_new) THEN
          -- Another transaction made a key for the same subject a moment ago: the caller begins again and finds it.
          RAISE EXCEPTION 'a key was made meanwhile' USING ERRCODE = '40001';
        END IF;
        FOR i IN 1 .. coalesce(array_length(p_events, 1), 0) LOOP
          RETURN QUERY SELECT p_events[i], a.o_seq, a.o_leaf
            FROM audit.append(p_streams[i], p_events[i], p_bodies[i], p_writer, p_sigs[i]) a;
        END LOOP;
        INSERT INTO audit.disclosure (event, n, subject, digest, content)
          SELECT d.e, d.n, d.s, d.d, d.c FROM unnest(p_of, p_n, p_subjects, p_digests, p_contents) AS d (e, n, s, d, c)
          ON CONFLICT DO NOTHING;
      END $$`);
    await q.query(`
      -- The streams that there are, a page at a time: a stream whose rows were all removed is found by it.
      CREATE FUNCTION audit.streams(p_after uuid, p_limit int) RETURNS TABLE (o_stream uuid)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT stream FROM audit.head WHERE stream > p_after ORDER BY stream LIMIT p_limit
      $$;
      CREATE FUNCTION audit.keys(p_subjects text[]) RETURNS TABLE (o_subject text, o_wrapped bytea)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT subject, wrapped FROM audit.subject_key WHERE subject = ANY (p_subjects)
      $$;
      -- Destroys the key of a subject and the values under it, once the event that says so is in the trail.
      CREATE FUNCTION audit.erase(p_subject text, p_event uuid) RETURNS bigint
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE gone bigint;
      BEGIN
        PERFORM 1 FROM audit.entry e JOIN audit.head h USING (stream)
          WHERE e.event = p_event AND h.xid = pg_current_xact_id()
            AND position('"type":"subject.erase"'::bytea IN e.body) > 0;
        IF NOT FOUND THEN RAISE EXCEPTION 'no event of this transaction says so' USING ERRCODE = '42501'; END IF;
        UPDATE audit.subject_key SET wrapped = NULL, erased_by = p_event WHERE subject = p_subject AND erased_by IS NULL;
        UPDATE audit.disclosure SET content = NULL WHERE subject = p_subject AND content IS NOT NULL;
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
      END $$`);
    await q.query(`
      -- What the application may read of the trail: one stream, page by page. It decides first who may.
      CREATE FUNCTION audit.history(p_stream uuid, p_after bigint, p_limit int)
      RETURNS TABLE (o_seq bigint, o_at timestamptz, o_event uuid, o_body bytea, o_writer text, o_sig bytea,
                     o_envelope bytea, o_leaf bytea, o_subjects text[], o_digests bytea[], o_contents bytea[],
                     o_erased uuid[])
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.seq, e.at, e.event, e.body, e.writer, e.sig, e.envelope, e.leaf, d.subjects, d.digests, d.contents,
               d.erased
        FROM audit.entry e CROSS JOIN LATERAL (
          SELECT array_agg(d.subject ORDER BY d.n) AS subjects, array_agg(d.digest ORDER BY d.n) AS digests,
                 array_agg(d.content ORDER BY d.n) AS contents, array_agg(k.erased_by ORDER BY d.n) AS erased
          FROM audit.disclosure d JOIN audit.subject_key k USING (subject) WHERE d.event = e.event) d
        WHERE e.stream = p_stream AND e.seq > p_after ORDER BY e.seq LIMIT p_limit
      $$`);
    // A change without an event of its own stream in the same transaction does not commit.
    for (const column of ['id', 'case_id', 'user_id']) {
      await q.query(`
        CREATE FUNCTION audit.require_event_by_${column}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE wanted uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.${column} ELSE NEW.${column} END;
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM audit.head WHERE stream = wanted AND xid = pg_current_xact_id()) THEN
            RAISE EXCEPTION '%.% changed without an event', TG_TABLE_SCHEMA, TG_TABLE_NAME
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NULL;
        END $$`);
    }
    await q.query(`
      CREATE FUNCTION audit.require_system_event() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM audit.head
                       WHERE stream = '00000000-0000-7000-8000-000000000000' AND xid = pg_current_xact_id()) THEN
          RAISE EXCEPTION '%.% changed without an event', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await q.query(`
      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
      GRANT USAGE ON SCHEMA audit TO plumbline_app, plumbline_sealer, plumbline_auditor, plumbline_owner;
      GRANT EXECUTE ON FUNCTION audit.record, audit.append, audit.history, audit.streams, audit.keys,
        audit.erase TO plumbline_app;
      GRANT EXECUTE ON FUNCTION audit.require_event_by_id, audit.require_event_by_case_id,
        audit.require_event_by_user_id, audit.require_system_event TO plumbline_owner;
      GRANT EXECUTE ON FUNCTION audit.keys TO plumbline_auditor;
      GRANT SELECT ON ALL TABLES IN SCHEMA audit TO plumbline_auditor, plumbline_sealer;
      GRANT DELETE ON audit.unsealed TO plumbline_sealer`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The audit trail is never dropped');
  }
}
