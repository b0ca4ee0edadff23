import type { MigrationInterface, QueryRunner } from 'typeorm';
import { audited } from './audited.js';

export class SecondFactors1764000000012 implements MigrationInterface {
  name = 'SecondFactors1764000000012';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      -- Whom the provider of OpenID Connect calls by this name. Set by an administrator, never guessed.
      ALTER TABLE app.user_account ADD COLUMN oidc_subject text UNIQUE
        CHECK (length(oidc_subject) BETWEEN 1 AND 255);
      -- When its owner last proved who they are, and with what.
      ALTER TABLE app.session
        ADD COLUMN stepped_up_at timestamptz,
        ADD COLUMN stepped_up_with text CHECK (stepped_up_with IN ('PASSWORD', 'TOTP', 'WEBAUTHN', 'OIDC')),
        ADD CHECK ((stepped_up_at IS NULL) = (stepped_up_with IS NULL));
      CREATE TABLE app.second_factor (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        kind text NOT NULL CHECK (kind IN ('TOTP', 'WEBAUTHN')),
        name text NOT NULL,
        -- Encrypted under the master key, which the database never sees.
        sealed_secret bytea,
        credential_id text UNIQUE,
        public_key bytea,
        -- The last time step of a code, or the signature counter: what came before is not accepted again.
        counter bigint NOT NULL CHECK (counter >= 0),
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        removed_at timestamptz,
        CHECK ((kind = 'TOTP') = (sealed_secret IS NOT NULL)),
        CHECK ((kind = 'WEBAUTHN') = (credential_id IS NOT NULL AND public_key IS NOT NULL))
      );
      CREATE INDEX second_factor_user ON app.second_factor (user_id) WHERE removed_at IS NULL;
      -- Also against an application that forgot it: a code or a signature counts once, and what is removed stays so.
      CREATE FUNCTION app.refuse_older_factor() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.counter < OLD.counter OR OLD.removed_at IS NOT NULL THEN
          RAISE EXCEPTION 'a second factor does not go back (by %)', session_user USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER second_factor_forward BEFORE UPDATE ON app.second_factor
        FOR EACH ROW EXECUTE FUNCTION app.refuse_older_factor();
      ALTER TABLE app.second_factor ENABLE ALWAYS TRIGGER second_factor_forward;
      -- Whoever holds the token is half-way: the password was right, or an authenticator was asked.
      CREATE TABLE app.auth_ticket (
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        purpose text NOT NULL CHECK (purpose IN ('SIGN_IN', 'STEP_UP', 'ENROLMENT')),
        user_id uuid NOT NULL REFERENCES app.user_account,
        session_id uuid REFERENCES app.session,
        account_version int,
        expires_at timestamptz NOT NULL,
        tries int NOT NULL DEFAULT 0,
        CHECK ((purpose = 'SIGN_IN') = (session_id IS NULL)),
        CHECK ((purpose = 'SIGN_IN') = (account_version IS NOT NULL))
      );
      CREATE INDEX auth_ticket_expires ON app.auth_ticket (expires_at);
      CREATE TABLE app.factor_reset (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app.user_account,
        status text NOT NULL CHECK (status IN ('PROPOSED', 'CONFIRMED', 'DONE', 'REFUSED')),
        proposed_by uuid NOT NULL REFERENCES app.user_account,
        proposed_at timestamptz NOT NULL,
        reason text NOT NULL,
        confirmed_by uuid REFERENCES app.user_account,
        confirmed_at timestamptz,
        ended_at timestamptz,
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        CHECK (status NOT IN ('CONFIRMED', 'DONE') OR confirmed_by IS NOT NULL),
        CHECK ((status IN ('DONE', 'REFUSED')) = (ended_at IS NOT NULL)),
        -- Two persons, neither of them the owner, and a day to object: also against an application that forgot it.
        CHECK (confirmed_by <> proposed_by),
        CHECK (proposed_by <> user_id AND confirmed_by <> user_id),
        CHECK (status <> 'DONE' OR ended_at >= confirmed_at + interval '24 hours')
      );
      CREATE UNIQUE INDEX factor_reset_open ON app.factor_reset (user_id) WHERE ended_at IS NULL;
      CREATE INDEX factor_reset_user ON app.factor_reset (user_id);
      GRANT SELECT, INSERT, UPDATE ON app.second_factor, app.factor_reset TO plumbline_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON app.auth_ticket TO plumbline_app;
      ${audited('second_factor', 'user_id')};
      ${audited('factor_reset', 'user_id')}`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
