import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class ImportsAndExports1764000000005 implements MigrationInterface {
  name = 'ImportsAndExports1764000000005';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.import_run (
        id uuid PRIMARY KEY,
        system text NOT NULL,
        mapping text NOT NULL,
        organ_id uuid NOT NULL REFERENCES app.organ,
        dry_run boolean NOT NULL,
        status text NOT NULL CHECK (status IN ('QUEUED', 'READING', 'WRITING', 'DONE', 'FAILED')),
        -- Rows read, cases done, cases in all: what a progress bar shows.
        progress jsonb NOT NULL DEFAULT '{}',
        summary jsonb,
        failure text,
        created_by uuid NOT NULL REFERENCES app.user_account,
        created_at timestamptz NOT NULL,
        finished_at timestamptz
      );
      CREATE INDEX import_run_creator ON app.import_run (created_by, id DESC);
      -- The files of an import by upload, in pieces, until the job has read them. They arrive before the run is recorded.
      CREATE TABLE app.import_file (
        import_id uuid NOT NULL, name text NOT NULL, n int NOT NULL, bytes bytea NOT NULL,
        PRIMARY KEY (import_id, name, n)
      );
      -- A dry run on the command line has rejects and no run.
      CREATE TABLE app.import_reject (
        import_id uuid NOT NULL, file text NOT NULL, row_no bigint NOT NULL, reason text NOT NULL,
        PRIMARY KEY (import_id, file, row_no)
      );
      -- Rows read and not yet written. Filled and emptied by each run; lost in a crash, and then read again.
      CREATE UNLOGGED TABLE app.import_staging (
        import_id uuid NOT NULL,
        -- The complaint that a row belongs to, or by what a row is looked up.
        key text COLLATE "C" NOT NULL,
        -- Which source of the mapping, and which of the files.
        source smallint NOT NULL,
        file smallint NOT NULL,
        row_no bigint NOT NULL,
        line bigint NOT NULL,
        hash bytea NOT NULL,
        cells json NOT NULL
      );
      CREATE INDEX import_staging_key ON app.import_staging (import_id, key);
      -- Which row of which source became part of which case. It makes a second import add nothing.
      CREATE TABLE app.import_provenance (
        system text NOT NULL,
        source text NOT NULL,
        hash bytea NOT NULL,
        key text NOT NULL,
        case_id uuid NOT NULL REFERENCES app."case",
        -- The case's, so that a message can name it.
        reference text NOT NULL,
        import_id uuid NOT NULL REFERENCES app.import_run,
        file text NOT NULL,
        row_no bigint NOT NULL,
        PRIMARY KEY (system, source, hash)
      );
      CREATE INDEX import_provenance_key ON app.import_provenance (system, key);
      CREATE INDEX import_provenance_case ON app.import_provenance (case_id);

      CREATE TABLE app.export_run (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('CASE_LIST')),
        format text NOT NULL CHECK (format IN ('json', 'csv')),
        filter jsonb NOT NULL,
        purpose text NOT NULL,
        status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
        cases_done int NOT NULL DEFAULT 0,
        cases_total int,
        size_bytes bigint,
        sha256 bytea,
        failure text,
        created_by uuid NOT NULL REFERENCES app.user_account,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        expires_at timestamptz
      );
      CREATE INDEX export_run_creator ON app.export_run (created_by, id DESC);
      CREATE TABLE app.export_piece (
        export_id uuid NOT NULL REFERENCES app.export_run, n int NOT NULL, bytes bytea NOT NULL,
        PRIMARY KEY (export_id, n)
      );
      GRANT SELECT, INSERT, UPDATE ON app.import_run, app.export_run TO plumbline_app;
      GRANT SELECT, INSERT, DELETE ON app.import_file, app.import_reject, app.import_staging, app.export_piece
        TO plumbline_app;
      GRANT SELECT, INSERT ON app.import_provenance TO plumbline_app;
      ${audited('import_provenance', 'case_id')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
