import { join } from 'node:path';
import type pg from 'pg';
import { grouped } from '../src/common/grouped.js';
import { disclosureDigest } from '../src/audit/disclosures.js';
import { KeyRing, loadKeyFile } from '../src/audit/key-ring.js';
import type { Subject } from '../src/audit/row-changes.js';
import { hashPassword } from '../src/auth/passwords.js';
import { sql, type Database } from './stage.js';

/** Every account of the data has it. */
export const PASSWORD = 'only for the benchmarks';

/** The size at scale 1. Organs and accounts stay as they are at every scale. */
const CASES = 200_000;
const OFFICERS = 20_000;
const ORGANS = 200;
const CITIES = 19;
const INVESTIGATORS = 400;

export interface Size {
  readonly cases: number;
  readonly officers: number;
}

export const sizeAt = (scale: number): Size => ({
  cases: Math.max(4_000, Math.round((CASES * scale) / 2) * 2),
  officers: Math.max(400, Math.round(OFFICERS * scale)),
});

/**
 * Fills a migrated database: every value follows from the number of its row, so that each run has the same data. The
 * chains of the trail link entry to entry, but the hashes are not those of the entries, and nothing is signed:
 * only their sizes matter here. Without a trail, one that can be sealed may begin.
 */
export async function fill(
  { adminUrl, dataDir }: Database,
  { cases, officers }: Size,
  { withTrail = true } = {},
): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  await sql(adminUrl, async (admin) => {
    await admin.query("ALTER SYSTEM SET max_wal_size = '8GB'");
    await admin.query('SELECT pg_reload_conf()');
    await admin.query(HELPERS);
    await admin.query(WITHOUT_TRIGGERS);
    await bulk(admin);
    await admin.query(organsAndPeople(officers));
    await admin.query(accounts(passwordHash));
    await admin.query(caseOutlines(cases, officers));
    // The trail is most of the rows: it loads beside everything else.
    await sql(adminUrl, async (second) => {
      await bulk(second);
      const trail = async (): Promise<void> => {
        await inTurn(second, TRAIL_TABLES);
        await encryptValues(second, dataDir, cases);
      };
      await Promise.all([inTurn(admin, CASE_TABLES), ...(withTrail ? [trail()] : [])]);
    });
    await admin.query(`SELECT setval('app.case_number', ${cases})`);
    await admin.query(WITH_TRIGGERS);
    await admin.query('DROP SCHEMA bench CASCADE');
    await admin.query('ALTER SYSTEM RESET max_wal_size');
    await admin.query('SELECT pg_reload_conf()');
    // The vacuum too, or it would begin by itself in the midst of a measurement.
    await admin.query('VACUUM (ANALYZE)');
    await admin.query('CHECKPOINT');
  });
}

/** No foreign keys and no waiting for the disk while the data is made. */
export const bulk = (client: pg.Client): Promise<unknown> =>
  client.query("SET session_replication_role = 'replica'; SET synchronous_commit = off");

async function inTurn(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

export const HELPERS = `
CREATE SCHEMA bench;
-- A number from 0 to k - 1 that looks like chance and is the same in every run.
CREATE FUNCTION bench.pick(n bigint, salt int, k int) RETURNS int IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN ((hashint8extended(n, salt) & 9223372036854775807) % k)::int;
-- In the form of a UUIDv7: rises with n, as ids rise with time.
CREATE FUNCTION bench.id(kind text, n bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN (lpad(to_hex(1600000000000 + n), 12, '0') || '7' || substr(md5(kind || n), 1, 3) || '8'
          || substr(md5(kind || n), 5, 15))::uuid;
CREATE FUNCTION bench.leaf(n bigint, seq int) RETURNS bytea IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN sha256(int8send(n) || int4send(seq));
CREATE TABLE bench.trigger AS
  SELECT tgrelid::regclass AS t, tgname AS name FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal`;

/** The guards of the trail fire even in a replica. */
export const WITHOUT_TRIGGERS = `DO $$ DECLARE g record; BEGIN
  FOR g IN SELECT * FROM bench.trigger LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', g.t, g.name); END LOOP;
END $$`;
export const WITH_TRIGGERS = `DO $$ DECLARE g record; BEGIN
  FOR g IN SELECT * FROM bench.trigger LOOP EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', g.t, g.name); END LOOP;
END $$`;

/** One ministry, its cities, and the stations under them; each officer is appointed at a station. */
const organsAndPeople = (officers: number): string => `
INSERT INTO app.organ (id, parent_id, path, code, name, level)
SELECT bench.id('organ', n), bench.id('organ', parent),
       CASE WHEN n = 0 THEN ARRAY[bench.id('organ', 0)]
            WHEN parent = 0 THEN ARRAY[bench.id('organ', n), bench.id('organ', 0)]
            ELSE ARRAY[bench.id('organ', n), bench.id('organ', parent), bench.id('organ', 0)] END,
       'B' || n, 'Organ ' || n || ' 派出所', CASE WHEN n = 0 THEN 'MINISTRY' WHEN parent = 0 THEN 'CITY' ELSE 'STATION' END
FROM (SELECT n, CASE WHEN n = 0 THEN NULL WHEN n <= ${CITIES} THEN 0 ELSE 1 + n % ${CITIES} END AS parent
      FROM generate_series(0, ${ORGANS - 1}) n) o;
INSERT INTO app.officer (id, badge_number, name, rank, birth_year)
SELECT bench.id('officer', n), 'B' || lpad(n::text, 6, '0'), 'Officer ' || n || ' 警官', 'Constable', 1965 + n % 35
FROM generate_series(1, ${officers}) n;
INSERT INTO app.appointment (id, officer_id, organ_id, post, valid_from)
SELECT bench.id('appointment', n), bench.id('officer', n),
       bench.id('organ', ${CITIES + 1} + n % ${ORGANS - CITIES - 1}), 'Constable', '2015-01-01'
FROM generate_series(1, ${officers}) n`;

/** Users of the first four cities, one who may read everything, and the investigators of all. */
const accounts = (passwordHash: string): string => `
CREATE TABLE bench.person (n serial, username text, role text, organ int);
INSERT INTO bench.person (username, role, organ)
  SELECT 'intake-' || n, 'INTAKE_OFFICER', n FROM generate_series(1, 4) n
  UNION ALL SELECT 'supervisor-' || n, 'SUPERVISOR', n FROM generate_series(1, 4) n
  UNION ALL SELECT 'auditor', 'AUDITOR', 0
  UNION ALL SELECT 'investigator-' || n, 'INVESTIGATOR', 0 FROM generate_series(0, ${INVESTIGATORS - 1}) n
  -- Somebody with two roles: of their cases some are their organ's and some are assigned to them.
  UNION ALL SELECT 'investigator-0', 'SUPERVISOR', 4
  UNION ALL SELECT 'approver-' || n, 'DEPLOYMENT_APPROVER', n FROM generate_series(0, 2) n;
INSERT INTO app.user_account (id, username, display_name, password_hash, status)
SELECT DISTINCT ON (username) bench.id(username, 0), username, 'Account ' || username, '${passwordHash}', 'ACTIVE'
FROM bench.person;
INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from, granted_by, reason)
SELECT bench.id('grant', n), bench.id(username, 0), role, bench.id('organ', organ), '2020-01-01',
       '00000000-0000-7000-8000-000000000001', 'Benchmark'
FROM bench.person`;

/** What the tables of a case have in common, once for all of them. */
const caseOutlines = (cases: number, officers: number): string => `
CREATE UNLOGGED TABLE bench.outline AS
SELECT n, bench.id('case', n) AS id, bench.id('allegation', n) AS allegation_id,
  timestamptz '2021-01-01 00:00Z' + n * (interval '1400 days' / ${cases}) AS received_at,
  bench.id('organ', ${CITIES + 1} + bench.pick(n, 1, ${ORGANS - CITIES - 1})) AS organ_id,
  (ARRAY['COERCED_CONFESSION', 'ARBITRARY_FINE', 'FAVOUR_CASE', 'NON_POLICE_DEPLOYMENT', 'MONEY_CASE',
         'ABUSE_OF_COERCIVE_MEASURES', 'INTERCEPTION_OR_MISAPPROPRIATION', 'VICE_PARTICIPATION', 'RENT_SEEKING',
         'COLD_SERVICE', 'RETALIATION', 'LEAK_OF_COMPLAINT', 'OTHER'])[1 + bench.pick(n, 2, 13)] AS category,
  bench.id('officer', 1 + bench.pick(n, 3, ${officers})) AS officer_a,
  bench.id('officer', 1 + bench.pick(n, 4, ${officers})) AS officer_b,
  bench.id('investigator-' || bench.pick(n, 5, ${INVESTIGATORS / 2}), 0) AS investigator_a,
  bench.id('investigator-' || ${INVESTIGATORS / 2} + bench.pick(n, 6, ${INVESTIGATORS / 2}), 0) AS investigator_b,
  bench.id('intake-' || 1 + n % 4, 0) AS registered_by,
  s.status, s.steps,
  -- Ten on average: what one case of a pair has more, the other has less.
  10 + CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END * bench.pick(n / 2, 7, 7) AS events
FROM generate_series(0::bigint, ${cases - 1}) n
CROSS JOIN LATERAL (SELECT bench.pick(n, 8, 100) AS p) p
JOIN LATERAL (VALUES ('REGISTERED', 0, 10), ('NOT_ACCEPTED', 1, 16), ('PRELIMINARY', 2, 22), ('FILED', 3, 26),
              ('INVESTIGATING', 4, 38), ('REPORTED', 5, 42), ('CLOSED_NO_CASE', 3, 50), ('CLOSED', 8, 100))
     AS s (status, steps, below) ON p.p < s.below AND p.p >= s.below -
       CASE s.status WHEN 'REGISTERED' THEN 10 WHEN 'NOT_ACCEPTED' THEN 6 WHEN 'PRELIMINARY' THEN 6 WHEN 'FILED' THEN 4
                     WHEN 'INVESTIGATING' THEN 12 WHEN 'REPORTED' THEN 4 WHEN 'CLOSED_NO_CASE' THEN 8 ELSE 50 END`;

const WORDS = `(ARRAY[
  'The officers on duty took the money and gave no receipt. ', '值班民警收了钱，没有开收据。',
  'I waited for three hours at the station and nobody wrote anything down. ', '我在派出所等了三个小时，没有人做记录。',
  'He said the matter would be settled if I paid. ', '他说只要交钱，事情就可以了结。',
  'My brother was held overnight and not allowed to call. ', '我弟弟被关了一夜，不让打电话。',
  'The shop was searched without any paper being shown. ', '搜查店铺时没有出示任何文书。'])`;

const CASE_TABLES = [
  `INSERT INTO app."case" (id, reference, status, channel, received_at, registered_at, organ_id, receiving_organ_id,
     reporter_kind, registered_by, rulebook_version, filed_on, decision_due_on, decided_on, categories,
     investigator_ids, subject_officer_ids, version)
   SELECT id, 'PL-' || extract(year FROM received_at) || '-' || lpad((n + 1)::text, 6, '0'), status,
     (ARRAY['HOTLINE', 'LETTER', 'WEB', 'VISIT'])[1 + bench.pick(n, 9, 4)], received_at, received_at + interval '1 hour',
     organ_id, organ_id, (ARRAY['NAMED', 'CONFIDENTIAL', 'ANONYMOUS'])[1 + bench.pick(n, 10, 3)], registered_by, '2020-07',
     CASE WHEN steps >= 3 THEN received_at::date + 20 END, CASE WHEN steps >= 3 THEN received_at::date + 200 END,
     CASE WHEN steps >= 8 THEN received_at::date + 150 END, ARRAY[category],
     CASE WHEN steps >= 2 THEN ARRAY[investigator_a, investigator_b] ELSE '{}' END,
     CASE WHEN officer_a = officer_b THEN ARRAY[officer_a] ELSE ARRAY[officer_a, officer_b] END, steps + 1
   FROM bench.outline ORDER BY n`,
  `INSERT INTO app.statement (case_id, text, sha256)
   SELECT id, text, sha256(convert_to(text, 'UTF8'))
   FROM (SELECT n, id, ${[0, 1, 2, 3, 4, 5].map((i) => `${WORDS}[1 + bench.pick(n, ${20 + i}, 10)]`).join(' || ')} AS text
         FROM bench.outline) s ORDER BY n`,
  `INSERT INTO app.allegation (id, case_id, no, category, occurred_from, place, organ_id, facts, created_at)
   SELECT allegation_id, id, 1, category, received_at - interval '3 days', 'Night market 夜市', organ_id,
     jsonb_build_object('discoveredAt', received_at, 'onDuty', true, 'consequence', 'MINOR'), received_at
   FROM bench.outline ORDER BY n`,
  `INSERT INTO app.allegation_subject (id, case_id, allegation_id, officer_id, role)
   SELECT bench.id('subject', n * 2 + i), id, allegation_id, CASE i WHEN 0 THEN officer_a ELSE officer_b END,
     CASE i WHEN 0 THEN 'PRINCIPAL' ELSE 'PARTICIPANT' END
   FROM bench.outline, generate_series(0, 1) i ORDER BY n`,
  `INSERT INTO app.affected_person (id, case_id, allegation_id, name, injury_level)
   SELECT bench.id('person', n), id, allegation_id, 'Payer 付款人 ' || n, 'NONE' FROM bench.outline ORDER BY n`,
  `INSERT INTO app.investigator_assignment (id, case_id, user_id, is_lead, assigned_by, assigned_at)
   SELECT bench.id('assignment', n * 2 + i), id, CASE i WHEN 0 THEN investigator_a ELSE investigator_b END, i = 0,
     bench.id('supervisor-1', 0), received_at + interval '10 days'
   FROM bench.outline, generate_series(0, 1) i WHERE steps >= 2 ORDER BY n`,
  `INSERT INTO app.case_deed (id, case_id, deed, from_status, to_status, done_by, done_at, reason)
   SELECT bench.id('deed', n * 8 + i), id, (ARRAY['accept', 'start-preliminary', 'file', 'start-investigation', 'report',
       'serve-notice', 'legal-review', 'decide'])[i + 1], CASE i WHEN 0 THEN 'REGISTERED' ELSE 'INVESTIGATING' END,
     CASE WHEN i + 1 = steps THEN status ELSE 'INVESTIGATING' END, bench.id('supervisor-1', 0),
     received_at + (i + 1) * interval '15 days', 'As the procedure asks'
   FROM bench.outline, generate_series(0, 7) i WHERE i < steps ORDER BY n`,
  `INSERT INTO app.finding (id, case_id, allegation_id, revision, stage, outcome, reason, recorded_by, recorded_at)
   SELECT bench.id('finding', n), id, allegation_id, 1, 'FINAL', 'SUBSTANTIATED', 'Receipt book and hearing agree.',
     investigator_a, received_at + interval '140 days'
   FROM bench.outline WHERE steps = 8 ORDER BY n`,
  `INSERT INTO app.sanction (id, case_id, officer_id, track, kind, status, allegation_ids, basis, reason, proposed_by,
     proposed_at, effective_from)
   SELECT bench.id('sanction', n), id, officer_a, 'EMPLOYER_DISCIPLINE', 'WARNING', 'SERVED', ARRAY[allegation_id],
     ARRAY['处罚法 79'], 'First act, money returned.', investigator_b, received_at + interval '145 days',
     received_at::date + 150
   FROM bench.outline WHERE steps = 8 AND n % 4 = 0 ORDER BY n`,
];

/** The words that an event's body names, by its place in the stream. */
const TYPE = `(ARRAY['case.registered', 'allegation.added', 'case.accept', 'investigator.assigned', 'investigator.assigned',
  'case.start-preliminary', 'case.file', 'case.start-investigation', 'allegation.updated'])[least(seq + 1, 9)]`;
/** How many values it discloses: a registration all of them, a later deed a few. */
const VALUES = 'CASE seq WHEN 0 THEN 12 WHEN 1 THEN 9 ELSE 2 END';

/** The texts of an event's values; they are encrypted here, since the database never sees a key. */
const VALUES_OF_CASES = `
  SELECT o.id AS stream, bench.id('event', o.n * 100 + seq) AS event,
    format('["%s","%s","%s"]', left(md5(o.n::text || seq || i), 22),
     (ARRAY['reason', 'status', 'statement', 'reference', 'channel', 'receivedAt', 'registeredAt', 'receivingOrganId',
            'rulebookVersion', 'reporter.kind', 'reporter.name', 'reporter.contact'])[i + 1],
     CASE WHEN seq = 0 AND i = 2 THEN repeat('Taken from the statement of the case, as received. ', 6)
          ELSE 'what was recorded ' || o.n || ' ' || i END) AS text
  FROM bench.outline o, generate_series(0, events - 1) seq, generate_series(0, ${VALUES} - 1) i
  WHERE o.n >= $1 AND o.n < $2`;

const CASES_AT_ONCE = 500;

/** The values beside the trail, each under the key of its case. */
async function encryptValues(client: pg.Client, dataDir: string, cases: number): Promise<void> {
  const [master, vault] = ['master.key', 'vault.key'].map((name) =>
    loadKeyFile(join(dataDir, 'keys', name)),
  ) as [Buffer, Buffer];
  for (let from = 0; from <= cases; from += CASES_AT_ONCE) {
    const { rows } = await client.query<{ stream: string; event: string; text: string }>(VALUES_OF_CASES, [
      from,
      from + CASES_AT_ONCE,
    ]);
    const events = [...grouped(rows, ({ event }) => event)].map(([event, values]) => ({
      event,
      disclosures: values.map(({ stream, text }) => {
        const [subject, content]: [Subject, Buffer] = [`stream:${stream}`, Buffer.from(text)];
        return { subject, content, digest: disclosureDigest(content) };
      }),
    }));
    const fresh = new Set(rows.map(({ stream }): Subject => `stream:${stream}`));
    const none = { query: <T>(): Promise<T> => Promise.resolve([] as T) };
    const { values, made } = await new KeyRing(master, vault).encrypt(none, events, fresh);
    await client.query(
      'INSERT INTO audit.subject_key (subject, wrapped) SELECT * FROM unnest($1::text[], $2::bytea[])',
      [made.map(({ subject }) => subject), made.map(({ wrapped }) => wrapped)],
    );
    await client.query(
      `INSERT INTO audit.disclosure (event, n, subject, digests, content)
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bytea[], $5::bytea[])`,
      [
        values.map(({ event }) => event),
        values.map(({ n }) => n),
        values.map(({ subject }) => subject),
        values.map(({ digests }) => digests),
        values.map(({ content }) => content),
      ],
    );
  }
}

const TRAIL_TABLES = [
  `INSERT INTO audit.entry (stream, seq, prev, at, event, body, writer, sig, envelope, leaf)
   SELECT id, seq, CASE seq WHEN 0 THEN decode(repeat('00', 32), 'hex') ELSE bench.leaf(n, seq - 1) END, at, event,
     convert_to(body, 'UTF8'), 'app-00000000-20210101000000-000000', leaf || leaf,
     convert_to(concat('plumbline-entry/v1', E'\\n', 'stream ', id, E'\\n', 'seq ', seq, E'\\n',
       'prev ', encode(leaf, 'base64'), E'\\n',
       'time ', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), E'\\n', 'event ', event, E'\\n',
       'body ', encode(leaf, 'base64'), E'\\n', 'writer app-00000000-20210101000000-000000', E'\\n',
       'sig ', translate(encode(leaf || leaf, 'base64'), E'\\n', ''), E'\\n'), 'UTF8'),
     leaf
   FROM (SELECT *, format('{"_sd":[%s],"actor":{"role":"SUPERVISOR","sid":"0123456789ab","uid":"%s","unit":"%s"},' ||
       '"at":"%s","id":"%s","target":{"id":"%s","kind":"case","rev":%s},"type":"%s","v":1,' ||
       '"w":{"id":"app-00000000-20210101000000-000000","n":%s}}',
       rtrim(repeat('"' || encode(leaf, 'base64') || '",', ${VALUES}), ','), registered_by, organ_id,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), event, id, seq + 1, ${TYPE}, n * 10 + seq) AS body
     FROM (SELECT *, bench.leaf(n, seq) AS leaf, bench.id('event', n * 100 + seq) AS event,
             received_at + seq * interval '9 days 1 minute' AS at
           FROM bench.outline, generate_series(0, events - 1) seq OFFSET 0) e) f`,
  `INSERT INTO audit.head (stream, seq, leaf, at, xid)
   SELECT id, events - 1, bench.leaf(n, events - 1), received_at, '3'::xid8 FROM bench.outline ORDER BY n`,
];
