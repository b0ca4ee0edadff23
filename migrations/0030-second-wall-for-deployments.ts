import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Something of whoever acts, asked once a statement: for each row it would cost a hundred times as much. */
const my = (column: string): string => `(SELECT m.${column} FROM app.my_context m)`;
const organs = (column: string): string => `organ_id = ANY (${my(column)}::uuid[])`;

/** Those who ask for police, or decide on it: their own requests. */
const OWN = `created_by = ${my('deployer')}`;
/** The same of requesters alone. */
const ASKED = `created_by = ${my('requester')}`;
const SENT = `officer_ids @> ARRAY[${my('officer_id')}]`;
const PERSON = `coalesce(${my('person')}, '{}')`;

/** A draft is nobody's business but its author's. */
const SEE = `${OWN} OR ${SENT} OR (status <> 'DRAFT' AND ${organs('overlooks')})`;
/** Who asked for it, by whatever account, or stepped aside. */
const PARTIAL = `(askers && ${PERSON} OR stepped_aside && ${PERSON})`;
/** Who does some deed on it or another; which one is judged with the deed. Heads and auditors do none. */
const CHANGE = `${OWN} OR ${SENT} OR (status <> 'DRAFT' AND (${organs('approves')}
  OR (${organs('legal')} AND NOT ${PARTIAL})))`;

/** Who does which deeds, of a request `d`. */
const DEEDS: Readonly<Record<string, readonly string[]>> = {
  [OWN]: ['submit', 'request-review'],
  [ASKED]: ['withdraw'],
  [organs('legal')]: ['assess'],
  [organs('approves')]: ['approve', 'stand-by', 'refuse', 'return', 'request-opinion', 'declare-conflict'],
  [`(${ASKED} OR ${organs('approves')})`]: ['dispatch', 'record-paper', 'complete', 'sign-off'],
  [`(${ASKED} OR ${organs('approves')} OR ${SENT})`]: ['report-deviation'],
};
const listed = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
const DOES = Object.entries(DEEDS)
  .map(([who, deeds]) => `WHEN deed IN (${listed(deeds)}) THEN ${who}`)
  .join('\n');
const DECIDING = listed(['assess', 'approve', 'stand-by', 'refuse', 'return', 'request-opinion']);

/** A request that one sees, and that is so. */
const request = (table: string, is = 'true'): string =>
  `EXISTS (SELECT FROM app.deployment d WHERE d.id = ${table}.deployment_id AND ${is})`;

const OWNED_DELEGATION = `(delegated_by = ${my('user_id')} AND ${my('approves')} IS NOT NULL)`;

/** What each table shows, lets be changed, and takes from whom. */
const TABLES: Readonly<Record<string, { see: string; change?: string; leave: string }>> = {
  deployment: {
    see: SEE,
    change: CHANGE,
    // In one's own name, with all that one is, so that no rule about askers is gone around.
    leave: `created_by = ${my('user_id')} AND askers @> ${PERSON} AND ((status = 'DRAFT' AND ${organs('asks')})
      OR (status = 'EMERGENCY' AND (${organs('asks')} OR ${organs('approves')})))`,
  },
  deployment_deed: {
    see: request('deployment_deed'),
    leave: `done_by = ${my('user_id')} AND ${request('deployment_deed', `CASE ${DOES} END`)}`,
  },
  deployment_attachment: {
    see: request('deployment_attachment'),
    leave: `uploaded_by = ${my('user_id')} AND ${request('deployment_attachment', OWN)}`,
  },
  deployment_report: {
    see: request('deployment_report'),
    leave: `signed_by = ${my('user_id')} AND ${request('deployment_report', `(${ASKED} OR ${organs('approves')})`)}`,
  },
  deployment_delegation: {
    see: `${OWNED_DELEGATION} OR (user_id = ${my('user_id')} AND ${my('approves')} IS NOT NULL) OR ${organs('audits')}`,
    change: OWNED_DELEGATION,
    leave: `delegated_by = ${my('user_id')} AND ${organs('approves')}`,
  },
  // Left by whoever files the third late request of a quarter; it is for those above them.
  deployment_notice: {
    see: `${organs('oversight')} OR ${organs('approves')}`,
    leave: request(
      'deployment_notice',
      `${OWN} AND d.hours_late IS NOT NULL AND d.organ_id = deployment_notice.organ_id`,
    ),
  },
};

/** What a request says, as whoever asks wrote it. */
const said = (row: string): string =>
  [
    ...[
      'requester_name',
      'requester_type',
      'requester_organ_id',
      'requester_contact',
      'requester_document',
      'signed_by',
    ],
    ...['purpose', 'activity_type', 'place', 'starts_at', 'ends_at', 'expected_people', 'risk_level'],
    ...[
      'opposing_parties_present',
      'disputes',
      'document_numbers',
      'life_or_crime_at_stake',
      'tasks',
      'task_texts',
    ],
    ...['officers', 'force', 'law', 'limits', 'money', 'organ_id', 'askers'],
  ]
    .map((column) => `${row}.${column}`)
    .join(', ');

/** What of a request never changes, and what of a delegation does. */
const CHANGED_COLUMNS = `
DO $do$ DECLARE names text; BEGIN
  SELECT string_agg(quote_ident(column_name), ', ') INTO names FROM information_schema.columns
    WHERE table_schema = 'app' AND table_name = 'deployment'
      AND column_name NOT IN ('id', 'reference', 'created_by', 'created_at', 'emergency');
  REVOKE UPDATE ON app.deployment, app.deployment_delegation FROM plumbline_app;
  EXECUTE format('GRANT UPDATE (%s) ON app.deployment TO plumbline_app', names);
  GRANT UPDATE (revoked_at) ON app.deployment_delegation TO plumbline_app;
END $do$`;

/**
 * Requests for police, and what hangs on them, stand behind the second wall as cases do: by hand, not made of the first
 * one's table. docs/adr/0019-second-wall.md.
 */
export class SecondWallForDeployments1764000000030 implements MigrationInterface {
  name = 'SecondWallForDeployments1764000000030';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await contexts(q);
    await q.query(`
      -- Whose bytes they are, until their record says of which request.
      ALTER TABLE app.deployment_file ADD COLUMN uploaded_by uuid;
      CREATE FUNCTION app.is_attached(p_id uuid) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT EXISTS (SELECT FROM app.deployment_attachment WHERE id = p_id)
      $$;
      REVOKE ALL ON FUNCTION app.is_attached FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION app.is_attached TO plumbline_app;
      CREATE INDEX deployment_created_by ON app.deployment (created_by, id DESC)`);
    for (const [table, { see, change, leave }] of Object.entries(TABLES)) {
      await q.query(`
        CREATE POLICY see ON app.${table} FOR SELECT TO plumbline_app USING (${see});
        CREATE POLICY leave ON app.${table} FOR INSERT TO plumbline_app WITH CHECK (${leave});
        ${change ? `CREATE POLICY change ON app.${table} FOR UPDATE TO plumbline_app USING (${change})` : ''}`);
    }
    await q.query(`
      CREATE POLICY see ON app.deployment_file FOR SELECT TO plumbline_app
        USING (EXISTS (SELECT FROM app.deployment_attachment a WHERE a.id = deployment_file.attachment_id)
          OR (uploaded_by = ${my('user_id')} AND NOT app.is_attached(attachment_id)));
      CREATE POLICY leave ON app.deployment_file FOR INSERT TO plumbline_app WITH CHECK (uploaded_by = ${my('user_id')});
      -- What became no attachment; a trigger keeps what did.
      CREATE POLICY remove ON app.deployment_file FOR DELETE TO plumbline_app USING (uploaded_by = ${my('user_id')});
      -- Those partial to it do not decide on it, whatever else would let them.
      CREATE POLICY partial ON app.deployment_deed AS RESTRICTIVE FOR INSERT TO plumbline_app
        WITH CHECK (deed NOT IN (${DECIDING}) OR NOT ${request('deployment_deed', PARTIAL)});
      -- Only officers who were sent object to an order.
      ALTER POLICY leave ON app.deployment_objection
        WITH CHECK (user_id = ${my('user_id')} AND ${request('deployment_objection', SENT)})`);
    for (const table of [...Object.keys(TABLES), 'deployment_file']) {
      await q.query(`
        CREATE POLICY worker ON app.${table} TO plumbline_worker USING (true);
        CREATE POLICY owner ON app.${table} TO plumbline_owner USING (true);
        ALTER TABLE app.${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE app.${table} FORCE ROW LEVEL SECURITY`);
    }
    await q.query(CHANGED_COLUMNS);
    await q.query(`
      -- What a request says is its author's to change, and of nobody else who does a deed on it.
      CREATE FUNCTION app.refuse_others_request() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF app.me() <> OLD.created_by THEN
          RAISE EXCEPTION 'what others ask for is not changed' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER request_is_ones_own BEFORE UPDATE ON app.deployment FOR EACH ROW
        WHEN ((${said('OLD')}) IS DISTINCT FROM (${said('NEW')}))
        EXECUTE FUNCTION app.refuse_others_request();
      ALTER TABLE app.deployment ENABLE ALWAYS TRIGGER request_is_ones_own`);
    await q.query(`
      -- With the rights of the tables' owner, so that nothing is hidden from what they guard against.
      ALTER FUNCTION app.refuse_own_deployment() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
      ALTER FUNCTION app.refuse_unsigned_deployment() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
      ALTER FUNCTION app.refuse_change_of_attached() SECURITY DEFINER SET search_path = pg_catalog, pg_temp`);
    await whatOneMayKnow(q);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}

/** The same as before with the organs in which somebody asks for police, decides on it, looks at it and audits. */
async function contexts(q: QueryRunner): Promise<void> {
  await q.query(`
    ALTER TABLE app.context ADD COLUMN asks uuid[], ADD COLUMN approves uuid[], ADD COLUMN overlooks uuid[],
      ADD COLUMN audits uuid[];
    CREATE OR REPLACE VIEW app.my_context AS
      SELECT whole, intake, legal, decision, custody, registry, oversight, higher, user_id, officer_id, registrant,
        conflicts, person, objector, asks, approves, overlooks, audits,
        CASE WHEN asks IS NOT NULL THEN user_id END AS requester,
        CASE WHEN asks IS NOT NULL OR approves IS NOT NULL THEN user_id END AS deployer
      FROM app.context WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned();
    CREATE OR REPLACE FUNCTION app.act_as(p_user uuid, p_purpose text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
      now timestamptz := app.present();
      today date := (now AT TIME ZONE 'Asia/Shanghai')::date;
      held text[];
      away uuid[] := ARRAY(SELECT DISTINCT o_case FROM app.conflicts_of(p_user, today));
    BEGIN
      SELECT coalesce(array_agg(DISTINCT role), '{}') INTO held FROM app.user_grant
        WHERE user_id = p_user AND revoked_at IS NULL AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today);
      INSERT INTO app.context AS c (pid, xid, user_id, purpose, officer_id, registrant, whole, intake, legal, decision,
        custody, registry, oversight, higher, asks, approves, overlooks, audits, objector, person, cases, conflicts, glass)
      SELECT pg_backend_pid(), pg_current_xact_id(), p_user, p_purpose,
        CASE WHEN 'OFFICER' = ANY (held) THEN (SELECT officer_id FROM app.user_account WHERE id = p_user) END,
        CASE WHEN held && ARRAY['INTAKE_OFFICER', 'PETITION_OFFICER'] THEN p_user END,
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'INTAKE_OFFICER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'LEGAL_REVIEWER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'DECISION_MAKER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'IDENTITY_CUSTODIAN'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('INTAKE_OFFICER', 'PETITION_OFFICER', 'SUPERVISOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role IN ('AUDITOR', 'DEPLOYMENT_APPROVER')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'DEPLOYMENT_REQUESTER'),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'DEPLOYMENT_APPROVER'),
        array_agg(DISTINCT o.id)
          FILTER (WHERE g.role IN ('DEPLOYMENT_APPROVER', 'LEGAL_REVIEWER', 'AGENCY_HEAD', 'AUDITOR')),
        array_agg(DISTINCT o.id) FILTER (WHERE g.role = 'AUDITOR'),
        CASE WHEN 'OFFICER' = ANY (held) THEN p_user END,
        -- Whoever has two accounts is still one person.
        (SELECT array_remove(ARRAY[id, officer_id], NULL) FROM app.user_account WHERE id = p_user),
        app.my_cases_by_relation(p_user, held),
        away,
        -- As app.open_glass has it; a conflict is stronger.
        ARRAY(SELECT b.case_id FROM app.broken_glass b WHERE b.user_id = p_user AND b.outcome = 'OPENED'
          AND b.ended_at IS NULL AND b.open_until > now AND b.broken_at <= now AND b.case_id <> ALL (away))
      FROM app.user_grant g JOIN app.organ o ON o.path @> ARRAY[g.organ_id]
      WHERE g.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= today
        AND (g.valid_to IS NULL OR g.valid_to >= today)
      ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid, user_id = excluded.user_id, purpose = excluded.purpose,
        officer_id = excluded.officer_id, registrant = excluded.registrant, whole = excluded.whole,
        intake = excluded.intake, legal = excluded.legal, decision = excluded.decision, custody = excluded.custody,
        registry = excluded.registry, oversight = excluded.oversight, higher = excluded.higher, asks = excluded.asks,
        approves = excluded.approves, overlooks = excluded.overlooks, audits = excluded.audits,
        objector = excluded.objector, person = excluded.person, cases = excluded.cases,
        conflicts = excluded.conflicts, glass = excluded.glass
      WHERE c.xid <> excluded.xid;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody acts in this transaction already' USING ERRCODE = '42501';
      END IF;
    END $$`);
}

/** What has to be known of requests that whoever acts does not see: numbers and times, and nothing of what they say. */
async function whatOneMayKnow(q: QueryRunner): Promise<void> {
  await q.query(`
    -- How many others the same requester made in the year before.
    CREATE FUNCTION app.prior_requests(p_id uuid) RETURNS int
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT count(*)::int FROM app.deployment d JOIN app.deployment o
          ON o.requester_name = d.requester_name AND o.requester_type = d.requester_type AND o.id <> d.id
        WHERE d.id = p_id AND app.me() IS NOT NULL AND o.submitted_at IS NOT NULL AND o.created_at <= d.created_at
          AND o.created_at > d.created_at - interval '1 year'
    $$;
    -- When each late request of an organ was submitted first, since then.
    CREATE FUNCTION app.lates_of(p_organ uuid, p_since timestamptz) RETURNS TABLE (submitted_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT min(s.done_at) FROM app.deployment_deed s JOIN app.deployment d ON d.id = s.deployment_id
        WHERE d.organ_id = p_organ AND d.hours_late IS NOT NULL AND s.deed = 'submit' AND s.done_at > p_since
          AND app.me() IS NOT NULL GROUP BY d.id
    $$;
    CREATE FUNCTION app.is_noticed(p_organ uuid, p_kind text, p_quarter text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT app.me() IS NOT NULL AND EXISTS (
        SELECT FROM app.deployment_notice WHERE organ_id = p_organ AND kind = p_kind AND quarter = p_quarter)
    $$;
    -- Whether a grant is a deputy's.
    CREATE FUNCTION app.is_delegated(p_grant uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT EXISTS (SELECT FROM app.deployment_delegation WHERE grant_id = p_grant)
    $$;
    -- The requests to which one was sent, for the first wall's search; as app.assigned_to has it.
    CREATE FUNCTION app.sent_to(p_officers uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN ARRAY(SELECT d.id FROM app.deployment d WHERE d.officer_ids && p_officers
        AND (p_officers <@ app.myself() OR pg_has_role(session_user, 'plumbline_worker', 'USAGE')));
    END $$;
    REVOKE ALL ON FUNCTION app.prior_requests, app.lates_of, app.is_noticed, app.is_delegated, app.sent_to FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION app.prior_requests, app.lates_of, app.is_noticed, app.is_delegated, app.sent_to
      TO plumbline_app`);
}
