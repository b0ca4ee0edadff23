import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class AccountsAndSessions1764000000003 implements MigrationInterface {
  name = 'AccountsAndSessions1764000000003';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE TABLE app.user_account (
        id uuid PRIMARY KEY,
        username text NOT NULL UNIQUE CHECK (username = lower(username) AND username ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
        display_name text NOT NULL,
        password_hash text,
        officer_id uuid REFERENCES app.officer,
        status text NOT NULL CHECK (status IN ('ACTIVE', 'DISABLED', 'SYSTEM')),
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((status = 'SYSTEM') = (password_hash IS NULL))
      );
      CREATE TABLE app.user_grant (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        role text NOT NULL,
        organ_id uuid NOT NULL REFERENCES app.organ,
        valid_from date NOT NULL,
        valid_to date,
        granted_by uuid NOT NULL REFERENCES app.user_account,
        reason text NOT NULL,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK (valid_to >= valid_from)
      );
      CREATE INDEX user_grant_user ON app.user_grant (user_id);
      -- A session is a reference: the token itself is never stored.
      CREATE TABLE app.session (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX session_by_user ON app.session (user_id);
      -- The command line and the background jobs act as this account; nobody can log in with it.
      INSERT INTO app.user_account (id, username, display_name, status)
        VALUES ('00000000-0000-7000-8000-000000000001', 'plumbline', 'Plumbline itself', 'SYSTEM');
      -- Sign-in attempts by account and address, in the shape of rate-limiter-flexible. Lost in a crash, harmlessly.
      CREATE UNLOGGED TABLE app.rate_limit (key varchar(255) PRIMARY KEY, points int NOT NULL DEFAULT 0, expire bigint);
      -- Answers to requests that carried an Idempotency-Key.
      CREATE TABLE app.idempotency_key (
        user_id uuid NOT NULL REFERENCES app.user_account,
        key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
        fingerprint text NOT NULL,
        answer jsonb,
        receipts text[] NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, key)
      );
      CREATE INDEX idempotency_key_created ON app.idempotency_key (created_at);
      GRANT SELECT, INSERT, UPDATE ON app.user_account, app.user_grant, app.session TO plumbline_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON app.rate_limit, app.idempotency_key TO plumbline_app;
      ${audited('user_account', 'id')};
      ${audited('user_grant', 'user_id')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
