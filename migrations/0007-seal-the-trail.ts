import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log over all streams: which entry has which place, the tree's tiles, checkpoints and what witnesses said of
 * them. Written by the sealer's role only; none of it tells more than hashes and times, so the application reads it.
 */
export class SealTheTrail1764000000007 implements MigrationInterface {
  name = 'SealTheTrail1764000000007';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      CREATE TABLE audit.leaf (
        idx bigint PRIMARY KEY CHECK (idx >= 0),
        id bigint NOT NULL UNIQUE REFERENCES audit.entry,
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32)
      );
      -- Full tiles of 256 hashes. The root of one is a hash of the level above.
      CREATE TABLE audit.tile (
        level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
        n bigint NOT NULL CHECK (n >= 0),
        hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        PRIMARY KEY (level, n)
      );
      CREATE TABLE audit.checkpoint (
        size bigint PRIMARY KEY CHECK (size >= 0),
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        -- The signed note with the log's signature; cosignatures stand beside.
        note text NOT NULL,
        at timestamptz NOT NULL,
        -- Nothing older than this was waiting: an entry with an earlier time that appears later was dated back.
        drained_at timestamptz NOT NULL
      );
      CREATE TABLE audit.cosignature (
        size bigint NOT NULL REFERENCES audit.checkpoint,
        witness text NOT NULL,
        -- Seconds since 1970, as the witness says.
        t bigint NOT NULL,
        line text NOT NULL,
        PRIMARY KEY (size, witness, t)
      );
      -- RFC 3161 tokens over SHA-256 of a checkpoint's text.
      CREATE TABLE audit.timestamp_token (
        size bigint NOT NULL REFERENCES audit.checkpoint,
        authority text NOT NULL,
        token bytea NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (size, authority, at)
      );
      -- The case-heads maps: a line for the last sealed entry of each stream, as of a size of the log.
      CREATE TABLE audit.heads (
        at_size bigint PRIMARY KEY,
        -- The log.heads event that commits to the root.
        event uuid NOT NULL UNIQUE REFERENCES audit.entry (event),
        count int NOT NULL,
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        -- gzip of the lines, sorted; removed from old maps, since the entries give them again.
        lines bytea,
        at timestamptz NOT NULL
      );
      -- Somebody waits for a new map.
      CREATE TABLE audit.heads_request (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      -- The last sealed entry of each stream. The sealer's own memory, trusted by no verifier.
      CREATE TABLE audit.sealed_head (
        stream uuid PRIMARY KEY, seq bigint NOT NULL, leaf bytea NOT NULL, idx bigint NOT NULL
      );
      -- Entries that the sealer refused. Their stream waits until two persons have set the entry aside.
      CREATE TABLE audit.quarantine (
        id bigint PRIMARY KEY REFERENCES audit.entry,
        stream uuid NOT NULL,
        seq bigint NOT NULL,
        leaf bytea NOT NULL,
        check_failed text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        -- The log.alarm event that tells of it.
        alarm uuid NOT NULL,
        -- The stream.restart event that set it aside.
        restart uuid
      );
      CREATE INDEX quarantine_open ON audit.quarantine (stream) WHERE restart IS NULL`);
    for (const table of ['leaf', 'tile', 'checkpoint', 'cosignature', 'timestamp_token']) {
      await q.query(`
        CREATE TRIGGER refuse_row BEFORE UPDATE OR DELETE ON audit.${table} FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.${table} FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        ALTER TABLE audit.${table} ENABLE ALWAYS TRIGGER refuse_row;
        ALTER TABLE audit.${table} ENABLE ALWAYS TRIGGER refuse_truncate`);
    }
    await q.query(`
      -- Asks the sealer for a new map of heads and wakes it.
      CREATE FUNCTION audit.request_heads() RETURNS void
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        INSERT INTO audit.heads_request DEFAULT VALUES;
        NOTIFY plumbline_sealer;
      $$;
      -- Where the entries of a stream stand in the log, so that they can be proven. Hashes only.
      CREATE FUNCTION audit.places(p_stream uuid) RETURNS TABLE (o_seq bigint, o_idx bigint, o_leaf bytea)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT e.seq, l.idx, e.leaf FROM audit.entry e LEFT JOIN audit.leaf l ON l.id = e.id
        WHERE e.stream = p_stream ORDER BY e.seq
      $$;
      -- How many entries wait for the sealer, and since when.
      CREATE FUNCTION audit.backlog() RETURNS TABLE (o_waiting bigint, o_oldest timestamptz)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT count(*), min(e.at) FROM audit.unsealed u JOIN audit.entry e USING (id)
        WHERE NOT EXISTS (SELECT 1 FROM audit.quarantine q WHERE q.stream = e.stream AND q.restart IS NULL)
      $$`);
    await q.query(`
      REVOKE ALL ON FUNCTION audit.request_heads, audit.places, audit.backlog FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.request_heads, audit.places, audit.backlog TO plumbline_app, plumbline_auditor;
      GRANT EXECUTE ON FUNCTION audit.record, audit.append TO plumbline_sealer;
      GRANT SELECT ON ALL TABLES IN SCHEMA audit TO plumbline_auditor, plumbline_sealer;
      GRANT SELECT ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature, audit.timestamp_token, audit.heads,
        audit.sealed_head, audit.quarantine TO plumbline_app;
      GRANT INSERT ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature, audit.timestamp_token, audit.heads,
        audit.quarantine TO plumbline_sealer;
      GRANT INSERT, UPDATE ON audit.sealed_head TO plumbline_sealer;
      GRANT UPDATE (lines) ON audit.heads TO plumbline_sealer;
      GRANT UPDATE (restart) ON audit.quarantine TO plumbline_sealer;
      GRANT DELETE ON audit.heads_request, audit.unsealed TO plumbline_sealer`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The log is never dropped');
  }
}
