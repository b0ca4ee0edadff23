import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The states in which each office sees the cases of its organs, as src/access/policy.ts has them. */
const UNDER_DECISION = `'LEGAL_REVIEWED', 'DELIBERATED', 'DECIDED_SANCTION', 'DECIDED_EXEMPT', 'DECIDED_WITHDRAWN',
  'DECIDED_REFER', 'SERVED', 'CLOSED'`;
const UNDER_REVIEW = `'PRELIMINARY', 'REPORTED', 'NOTICE_SERVED', 'DEFENCE_HEARD', ${UNDER_DECISION}`;
const ENDED = `'NOT_ACCEPTED', 'MERGED', 'CLOSED_NO_CASE', 'CLOSED'`;

/** Computed once a statement; called for each row it would cost a hundred times as much. */
const organs = (sight: string): string => `organ_id = ANY ((SELECT app.my_organs('${sight}'))::uuid[])`;

/** Who needs to know of a case. Each term is served by an index of its own. */
const NEED_TO_KNOW = `
  ${organs('WHOLE')}
  OR id = ANY ((SELECT app.my_cases())::uuid[])
  OR registered_by = (SELECT app.my_registrations())
  OR (status = 'REGISTERED' AND ${organs('INTAKE')})
  OR (status IN (${UNDER_REVIEW}) AND ${organs('LEGAL')})
  OR (status IN (${UNDER_DECISION}) AND ${organs('DECISION')})
  OR (status IN (${ENDED}) AND ${organs('CUSTODY')})`;

/** Everything that hangs on a case and is seen with it. */
const CHILDREN = [
  'statement',
  'reporter',
  'allegation',
  'allegation_subject',
  'affected_person',
  'finding',
  'investigator_assignment',
  'case_deed',
  'sanction',
  'erasure',
  'witness',
  'recusal',
  'import_provenance',
];
/** What people asked for, and what holds the answers: each one's own. */
const OWN = { export_run: 'created_by', import_run: 'created_by', idempotency_key: 'user_id' };

/**
 * Row-level security: the database decides a second time who sees which case, from the session that it looks up
 * itself and with rules written by hand, not made from the application's. docs/adr/0019-second-wall.md.
 */
export class SecondWall1764000000014 implements MigrationInterface {
  name = 'SecondWall1764000000014';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await contexts(q);
    await whatOneMaySee(q);
    await policies(q);
    await q.query(`
      -- Who asked for a job, by their session: it acts with their rights.
      CREATE FUNCTION app.leave_pass(p_job uuid) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF app.me() IS NULL THEN
          RAISE EXCEPTION 'nobody asks for this job' USING ERRCODE = '42501';
        END IF;
        INSERT INTO app.job_pass (job, user_id) VALUES (p_job, app.me());
      END $$;
      -- The transaction that follows acts for whoever left a pass for a job that has not ended. They are judged as
      -- they are now: their grants, their conflicts.
      CREATE FUNCTION app.begin_pass(p_job uuid) RETURNS uuid
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE who uuid;
      BEGIN
        SELECT p.user_id INTO who FROM app.job_pass p JOIN app.user_account u ON u.id = p.user_id
          WHERE p.job = p_job AND u.status = 'ACTIVE' AND (
            EXISTS (SELECT FROM app.export_run r WHERE r.id = p_job AND r.finished_at IS NULL)
            OR EXISTS (SELECT FROM app.import_run r WHERE r.id = p_job AND r.finished_at IS NULL));
        IF who IS NOT NULL THEN PERFORM app.act_as(who, 'JOB'); END IF;
        RETURN who;
      END $$;
      -- What connections that have ended left behind.
      CREATE FUNCTION app.forget_contexts() RETURNS void
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DELETE FROM app.context WHERE pid NOT IN (SELECT pid FROM pg_stat_activity)
      $$;
      REVOKE ALL ON FUNCTION app.act_as, app.my_cases_by_relation, app.begin_ctx, app.begin_pass, app.leave_pass,
        app.conflicts_behind, app.me, app.my_organs, app.my_cases, app.my_registrations, app.my_officer,
        app.my_conflicts, app.is_case, app.keep_in_sight, app.forget_contexts FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.begin_ctx, app.leave_pass, app.conflicts_behind, app.me, app.my_organs, app.my_cases,
        app.my_registrations, app.my_officer, app.my_conflicts, app.is_case TO plumbline_app;
      GRANT EXECUTE ON FUNCTION app.begin_pass, app.forget_contexts TO plumbline_worker;
      GRANT SELECT ON app.job_pass TO plumbline_worker;
      -- What only jobs write; the files of an import and its rows on their way into cases only they read.
      REVOKE ALL ON app.import_file, app.import_staging FROM plumbline_app;
      REVOKE INSERT, DELETE ON app.export_piece, app.import_reject FROM plumbline_app;
      REVOKE DELETE ON app.idempotency_key FROM plumbline_app;
      GRANT SELECT, INSERT, DELETE ON app.import_file, app.import_staging, app.export_piece, app.import_reject
        TO plumbline_worker;
      GRANT DELETE ON app.idempotency_key TO plumbline_worker`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}

/** Who acts in this transaction. Written by two functions only; no setting that the application could make. */
async function contexts(q: QueryRunner): Promise<void> {
  await q.query(`
    -- The present; a function, so that tests can move it as they move the application's clock.
    CREATE FUNCTION app.present() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()';
    -- A row a connection, true for the transaction whose id it bears and for no other. Lost in a crash, harmlessly.
    CREATE UNLOGGED TABLE app.context (
      pid int PRIMARY KEY,
      xid xid8 NOT NULL,
      user_id uuid NOT NULL,
      purpose text NOT NULL,
      officer_id uuid,
      registrant uuid,
      whole uuid[], intake uuid[], legal uuid[], decision uuid[], custody uuid[], registry uuid[],
      cases uuid[] NOT NULL,
      conflicts uuid[] NOT NULL
    ) WITH (fillfactor = 40);
    CREATE TABLE app.job_pass (
      job uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES app.user_account, left_at timestamptz NOT NULL DEFAULT now()
    );
    -- The cases that somebody sees by what they have to do with them, whatever their state. A new way to stand to a
    -- case so is one more SELECT here.
    CREATE FUNCTION app.my_cases_by_relation(p_user uuid, p_roles text[]) RETURNS uuid[]
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
      RETURN ARRAY(
        SELECT id FROM app."case" WHERE investigator_ids @> ARRAY[p_user] AND 'INVESTIGATOR' = ANY (p_roles));
    END $$;
    CREATE FUNCTION app.act_as(p_user uuid, p_purpose text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      today date := (app.present() AT TIME ZONE 'Asia/Shanghai')::date;
      held text[];
    BEGIN
      SELECT coalesce(array_agg(DISTINCT role), '{}') INTO held FROM app.user_grant
        WHERE user_id = p_user AND revoked_at IS NULL AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today);
      INSERT INTO app.context AS c
      SELECT pg_backend_pid(), pg_current_xact_id(), p_user, p_purpose,
        CASE WHEN 'OFFICER' = ANY (held) THEN (SELECT officer_id FROM app.user_account WHERE id = p_user) END,
        CASE WHEN held && ARRAY['INTAKE_OFFICER', 'PETITION_OFFICER'] THEN p_user END,
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'INTAKE_OFFICER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'LEGAL_REVIEWER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'DECISION_MAKER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'IDENTITY_CUSTODIAN'),
        -- A supervisor brings cases in by an import.
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('INTAKE_OFFICER', 'PETITION_OFFICER', 'SUPERVISOR')),
        app.my_cases_by_relation(p_user, held),
        ARRAY(SELECT DISTINCT o_case FROM app.conflicts_of(p_user, today))
      FROM app.user_grant g JOIN app.organ o ON o.path @> ARRAY[g.organ_id]
      WHERE g.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= today
        AND (g.valid_to IS NULL OR g.valid_to >= today)
      ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid, user_id = excluded.user_id, purpose = excluded.purpose,
        officer_id = excluded.officer_id, registrant = excluded.registrant, whole = excluded.whole,
        intake = excluded.intake, legal = excluded.legal, decision = excluded.decision, custody = excluded.custody,
        registry = excluded.registry, cases = excluded.cases, conflicts = excluded.conflicts
      WHERE c.xid <> excluded.xid;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody acts in this transaction already' USING ERRCODE = '42501';
      END IF;
    END $$;
    -- To be called at the start of a transaction, with the token of a session.
    -- Returns who that is, or null when the session is unknown, idle too long, over or revoked.
    CREATE FUNCTION app.begin_ctx(token bytea, purpose text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE who uuid;
    BEGIN
      SELECT s.user_id INTO who FROM app.session s JOIN app.user_account u ON u.id = s.user_id
        WHERE s.token_hash = sha256(token) AND s.revoked_at IS NULL AND s.expires_at > app.present()
          AND s.last_seen_at > app.present() - interval '15 minutes' AND u.status = 'ACTIVE';
      IF who IS NOT NULL THEN PERFORM app.act_as(who, left(purpose, 200)); END IF;
      RETURN who;
    END $$;
    -- For the first wall: the cases from which the owner of a session has to keep away, before any context.
    CREATE FUNCTION app.conflicts_behind(p_token bytea, p_today date) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE who uuid := (SELECT user_id FROM app.session WHERE token_hash = sha256(p_token));
    BEGIN
      RETURN ARRAY(SELECT DISTINCT o_case FROM app.conflicts_of(who, p_today));
    END $$`);
}

/** What the context of this transaction says; null where there is none. */
async function whatOneMaySee(q: QueryRunner): Promise<void> {
  const said = (name: string, type: string, what: string, more = 'STABLE'): string => `
    CREATE FUNCTION app.${name} RETURNS ${type} LANGUAGE plpgsql ${more} SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN (SELECT ${what} FROM app.context
              WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned());
    END $$`;
  for (const one of [
    said('me()', 'uuid', 'user_id'),
    said('my_officer()', 'uuid', 'officer_id'),
    said('my_registrations()', 'uuid', 'registrant'),
    said('my_conflicts()', 'uuid[]', 'conflicts'),
    // Volatile, so that a statement sees what its own trigger added.
    said('my_cases()', 'uuid[]', 'cases', 'VOLATILE'),
    said(
      'my_organs(p_sight text)',
      'uuid[]',
      `CASE p_sight WHEN 'WHOLE' THEN whole WHEN 'INTAKE' THEN intake WHEN 'LEGAL' THEN legal
         WHEN 'DECISION' THEN decision WHEN 'CUSTODY' THEN custody WHEN 'REGISTRY' THEN registry END`,
    ),
  ]) {
    await q.query(one);
  }
  await q.query(`
    -- A case that one statement makes together with what hangs on it is not there yet while the policies look.
    CREATE FUNCTION app.is_case(p_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT app.me() IS NULL OR EXISTS (SELECT FROM app."case" WHERE id = p_id)
    $$;
    -- Who moves a case out of their own sight (to another organ, back to the investigator) sees it until the
    -- transaction ends, and can finish what belongs to the deed.
    CREATE FUNCTION app.keep_in_sight() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      UPDATE app.context SET cases = cases || OLD.id
        WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned() AND OLD.id <> ALL (cases);
      RETURN NEW;
    END $$;
    CREATE TRIGGER keep_in_sight BEFORE UPDATE ON app."case" FOR EACH ROW EXECUTE FUNCTION app.keep_in_sight();
    ALTER TABLE app."case" ENABLE ALWAYS TRIGGER keep_in_sight`);
}

async function policies(q: QueryRunner): Promise<void> {
  const follows = (table: string): string =>
    `EXISTS (SELECT FROM app."case" c WHERE c.id = ${table}.case_id)`;
  await q.query(`
    CREATE POLICY need_to_know ON app."case" FOR SELECT TO plumbline_app USING (${NEED_TO_KNOW});
    CREATE POLICY change_what_one_sees ON app."case" FOR UPDATE TO plumbline_app USING (${NEED_TO_KNOW});
    CREATE POLICY register ON app."case" FOR INSERT TO plumbline_app
      WITH CHECK (registered_by = (SELECT app.me()) AND ${organs('REGISTRY')});
    -- Nothing pierces it, whatever else lets one see a case. The worker's own login is nobody's.
    CREATE POLICY recusal ON app."case" AS RESTRICTIVE FOR ALL TO plumbline_app
      USING ((SELECT pg_has_role('plumbline_worker', 'USAGE')) OR id <> ALL ((SELECT app.my_conflicts())::uuid[]));
    -- Their own sanctions, once decided, although the case is closed to them.
    CREATE POLICY about_me ON app.sanction FOR SELECT TO plumbline_app
      USING (officer_id = (SELECT app.my_officer()) AND status IN ('DECIDED', 'SERVED'));
    CREATE POLICY with_export ON app.export_piece TO plumbline_app
      USING (EXISTS (SELECT FROM app.export_run r WHERE r.id = export_piece.export_id));
    CREATE POLICY with_import ON app.import_reject TO plumbline_app
      USING (EXISTS (SELECT FROM app.import_run r WHERE r.id = import_reject.import_id));
    -- With the rights of the table's owner, so that nothing is hidden from what it guards against.
    ALTER FUNCTION app.refuse_second_office() SECURITY DEFINER SET search_path = pg_catalog, pg_temp`);
  for (const table of CHILDREN) {
    await q.query(`
      CREATE POLICY with_case ON app.${table} TO plumbline_app USING (${follows(table)})
        WITH CHECK (${follows(table)} OR NOT app.is_case(case_id))`);
  }
  for (const [table, owner] of Object.entries(OWN)) {
    await q.query(`CREATE POLICY own ON app.${table} TO plumbline_app USING (${owner} = (SELECT app.me()))`);
  }
  for (const table of ['case', ...CHILDREN, ...Object.keys(OWN), 'export_piece', 'import_reject']) {
    await q.query(`
      -- The only two that see every row: jobs and the command line, and the owner for migrations and guards.
      CREATE POLICY worker ON app."${table}" TO plumbline_worker USING (true);
      CREATE POLICY owner ON app."${table}" TO plumbline_owner USING (true);
      ALTER TABLE app."${table}" ENABLE ROW LEVEL SECURITY;
      ALTER TABLE app."${table}" FORCE ROW LEVEL SECURITY`);
  }
}
