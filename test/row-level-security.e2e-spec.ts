import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { abilityFor } from '../src/access/abilities.js';
import type { Actor } from '../src/access/actor.js';
import { CaseDatabase } from '../src/access/case-database.js';
import { roles } from '../src/access/roles.js';
import { hashOf, SessionsService } from '../src/auth/sessions.service.js';
import { AccessAlert } from '../src/accessreviews/access-alert.entity.js';
import { ReadLogEntry } from '../src/accessreviews/read-log.entity.js';
import { ReadQuestion } from '../src/accessreviews/read-question.entity.js';
import { DeploymentObjection } from '../src/deployments/deployment-records.entity.js';
import { newId } from '../src/common/ids.js';
import { dataSourceOptions } from '../src/data-source.js';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { BrokenGlass } from '../src/glass/broken-glass.entity.js';
import { Notice } from '../src/notices/notice.entity.js';
import { Case } from '../src/intake/case.entity.js';
import { caseStatuses } from '../src/intake/case.states.js';
import { CasesService } from '../src/intake/cases.service.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, deed, grantRole } from './support/builders.js';

const CASES = 3_000;
const PEOPLE = 45;
/** Interleaved requests; CI asks for 10,000. */
const BLEED = Number(process.env.PLUMBLINE_BLEED ?? 300);

const children = [
  'statement',
  'identity_request',
  'allegation',
  'allegation_subject',
  'affected_person',
  'finding',
  'urgent_measure',
  'investigator_assignment',
  'case_deed',
  'sanction',
  'erasure',
  'witness',
  'recusal',
  'import_provenance',
];

/** What tells that somebody looked at a case, or is to look. */
const looks = ['broken_glass', 'notice', 'read_log', 'access_alert', 'read_question', 'deployment_objection'];

type HangOn = (table: string, columns: string, values: string, where?: string) => Promise<unknown>;

interface Person {
  id: string;
  token: string;
  officerId: string | null;
}

describe('row-level security', () => {
  let t: TestApp;
  let app: pg.Client;
  const people: Person[] = [];
  const hex = (token: string): string => `'\\x${Buffer.from(token, 'utf8').toString('hex')}'::bytea`;
  /** A transaction of whoever holds the application's password and this token. */
  const as = async <T>(token: string | undefined, work: () => Promise<T>, client = app): Promise<T> => {
    await client.query(token === undefined ? 'BEGIN' : `BEGIN; SELECT app.begin_ctx(${hex(token)}, 'TEST')`);
    try {
      return await work();
    } finally {
      await client.query('ROLLBACK');
    }
  };
  const ids = async (text: string, values: unknown[] = []): Promise<string[]> =>
    (await app.query<{ id: string }>(text, values)).rows.map(({ id }) => id).sort();
  const cases = (): Promise<string[]> => ids('SELECT id FROM app."case"');
  const tokenOf = async (name: string): Promise<string> => (await t.as(name)).token!;
  const actorOf = async (token: string): Promise<Actor> =>
    (await t.get(SessionsService).actorOf(token, { id: 'test' }))!;

  beforeAll(async () => {
    t = await startTestApp();
    app = new pg.Client(t.database.appUrl);
    await app.connect();
    await aCaseIn(t, 'SERVED');
    await seed();
  }, 120_000);
  afterAll(async () => {
    await app.end();
    await t.stop();
  });

  /** People with any grants, and cases that stand to them in any way. Seeded behind the application. */
  async function seed(): Promise<void> {
    await t.sql('BEGIN');
    for (const table of ['user_account', 'user_grant', 'case', ...children, ...looks, 'read_sample']) {
      await t.sql(`ALTER TABLE app."${table}" DISABLE TRIGGER USER`);
    }
    for (let i = 0; i < PEOPLE; i++) {
      const person = {
        id: newId(),
        token: randomBytes(32).toString('base64url'),
        officerId: t.ids.officers[i % 9] ?? null,
      };
      people.push(person);
      await t.sql(
        `INSERT INTO app.user_account (id, username, display_name, password_hash, officer_id, status) VALUES ($1, $2, $2, 'x', $3, 'ACTIVE')`,
        [person.id, `person-${i}`, person.officerId],
      );
      await t.sql(
        `INSERT INTO app.session (id, user_id, token_hash, created_at, last_seen_at, expires_at)
         VALUES (gen_random_uuid(), $1, $2, now(), now(), now() + interval '8 hours')`,
        [person.id, hashOf(person.token)],
      );
      // Each role for three people at least, alone or with others, in an organ or over many; some of it over or not yet.
      await t.sql(
        `INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from, valid_to, revoked_at, granted_by, reason)
         SELECT gen_random_uuid(), $1, r, (ARRAY(SELECT id FROM app.organ ORDER BY code))[1 + ($2 * 5 + n * 3)::int % 7],
           CASE WHEN n = 3 AND $2 % 4 = 0 THEN current_date + 30 ELSE current_date - 30 END,
           CASE WHEN n = 2 AND $2 % 4 = 1 THEN current_date - 20 END, CASE WHEN n = 2 AND $2 % 4 = 2 THEN now() END, $1, 'test'
         FROM unnest($3::text[]) WITH ORDINALITY AS u (r, n)`,
        [person.id, i, [i, i * 2 + 4, i * 7 + 1].slice(0, 1 + (i % 3)).map((n) => roles[n % roles.length])],
      );
    }
    await t.sql(
      `INSERT INTO app."case" (id, reference, status, channel, received_at, registered_at, organ_id, receiving_organ_id, reporter_kind,
         registered_by, rulebook_version, categories, investigator_ids, subject_officer_ids, master_case_id)
       SELECT gen_random_uuid(), 'T-' || n, s, 'LETTER', now() - n * interval '1 minute', now(), o, o, k, r, '2020-07', '{OTHER}',
         CASE WHEN n % 3 = 0 THEN ARRAY[i] ELSE '{}' END, CASE WHEN n % 5 = 0 THEN ARRAY[f] ELSE '{}' END, CASE WHEN s = 'MERGED' THEN m END
       FROM (SELECT n, ($2::text[])[1 + hashint4(n) % 22 * sign(hashint4(n))::int] AS s,
           (ARRAY(SELECT id FROM app.organ ORDER BY code))[1 + n % 7] AS o, (ARRAY['NAMED', 'CONFIDENTIAL', 'ANONYMOUS'])[1 + n % 3] AS k,
           ($3::uuid[])[1 + n * 31 % ${PEOPLE}] AS r, ($3::uuid[])[1 + n * 17 % ${PEOPLE}] AS i, ($4::uuid[])[1 + n / 5 % 5] AS f,
           (SELECT id FROM app."case" LIMIT 1) AS m FROM generate_series(1, $1) n) x`,
      [CASES, caseStatuses, people.map(({ id }) => id), t.ids.officers],
    );
    const hangOn: HangOn = (table, columns, values, where = 'true') =>
      t.sql(
        `INSERT INTO app.${table} (${columns}) SELECT ${values} FROM app."case" c WHERE reference LIKE 'T-%' AND ${where}`,
      );
    const someone = `(SELECT id FROM app.user_account WHERE username = 'supervisor')`;
    const nth = `substr(reference, 3)::int`;
    await hangOn('statement', 'case_id, text, sha256', `id, 'words', sha256('words')`);
    // Of closed cases only: any other request would show its case to a custodian who may not read it.
    await hangOn(
      'identity_request',
      'id, case_id, asked_by, asked_at, purpose, reason, status',
      `gen_random_uuid(), id, ${someone}, now(), 'COURT', repeat('why ', 10), 'REQUESTED'`,
      `status = 'CLOSED'`,
    );
    await hangOn(
      'allegation',
      'id, case_id, no, category, facts, created_at',
      `id, id, 1, 'OTHER', '{}', now()`,
    );
    await hangOn(
      'allegation_subject',
      'id, case_id, allegation_id, officer_id, role',
      `id, id, id, subject_officer_ids[1], 'PRINCIPAL'`,
      `subject_officer_ids <> '{}'`,
    );
    await hangOn('affected_person', 'id, case_id, allegation_id, injury_level', `id, id, id, 'NONE'`);
    await hangOn(
      'finding',
      'id, case_id, allegation_id, revision, stage, outcome, reason, recorded_by, recorded_at',
      `id, id, id, 1, 'FINAL', 'UNTRUE', 'r', ${someone}, now()`,
    );
    await hangOn(
      'urgent_measure',
      'id, case_id, allegation_id, code, outcome, recorded_late, note, recorded_by, recorded_at',
      `id, id, id, 'SAVE_VIDEO', 'NOT_DONE', false, 'n', ${someone}, now()`,
    );
    await hangOn(
      'investigator_assignment',
      'id, case_id, user_id, is_lead, assigned_by, assigned_at',
      `id, id, investigator_ids[1], true, ${someone}, now()`,
      `investigator_ids <> '{}' AND investigator_ids[1] <> ${someone}`,
    );
    await hangOn(
      'case_deed',
      'id, case_id, deed, from_status, to_status, done_by, done_at, reason',
      `id, id, 'accept', 'x', 'y', ${someone}, now(), 'r'`,
    );
    await hangOn(
      'sanction',
      'id, case_id, officer_id, track, kind, status, allegation_ids, basis, reason, proposed_by, proposed_at, effective_from',
      `id, id, subject_officer_ids[1], 'GOV_SANCTION', 'WARNING', (ARRAY['PROPOSED', 'DECIDED', 'REFUSED', 'SERVED'])[1 + ${nth} % 4],
       ARRAY[id], '{}', 'r', ${someone}, now(), current_date`,
      `subject_officer_ids <> '{}'`,
    );
    await hangOn(
      'erasure',
      'id, case_id, person, legal_basis, status, proposed_by, proposed_at, reason',
      `id, id, 'REPORTER', 'b', 'PROPOSED', ${someone}, now(), 'r'`,
      `${nth} % 7 = 0`,
    );
    await hangOn(
      'witness',
      'id, case_id, officer_id, reason, named_by, named_at',
      `id, id, (SELECT id FROM app.officer ORDER BY id LIMIT 1), 'r', ${someone}, now()`,
      `${nth} % 40 = 0`,
    );
    await hangOn(
      'recusal',
      'id, case_id, user_id, ground, reason, declared_by, declared_at',
      `id, id, registered_by, 'OTHER', 'r', ${someone}, now()`,
      `${nth} % 11 = 0`,
    );
    await t.sql(
      `INSERT INTO app.import_run (id, system, mapping, organ_id, dry_run, status, created_by, created_at)
       SELECT gen_random_uuid(), 's', 'm', (SELECT id FROM app.organ LIMIT 1), false, 'DONE', ${someone}, now()`,
    );
    await hangOn(
      'import_provenance',
      'system, source, hash, key, case_id, reference, import_id, file, row_no',
      `'s', 'f', uuid_send(id), reference, id, reference, (SELECT id FROM app.import_run LIMIT 1), 'f', ${nth}`,
    );
    await seedLooks(hangOn);
    for (const table of ['user_account', 'user_grant', 'case', ...children, ...looks, 'read_sample']) {
      await t.sql(`ALTER TABLE app."${table}" ENABLE TRIGGER USER`);
    }
    await t.sql('COMMIT');
    await t.sql('ANALYZE');
  }

  /** Looks of anybody at anything, also at no case. */
  async function seedLooks(hangOn: HangOn): Promise<void> {
    const nth = 'substr(reference, 3)::int';
    const who = `(SELECT id FROM app.user_account WHERE username = 'person-' || ${nth} % ${PEOPLE})`;
    const organ = `(ARRAY(SELECT id FROM app.organ ORDER BY code))[1 + ${nth} * 3 % 7]`;
    const ofCase = `CASE WHEN ${nth} % 10 > 0 THEN id END`;
    const where = `${nth} % 2 = 0`;
    await hangOn(
      'broken_glass',
      'id, user_id, reference, case_id, organ_id, outcome, category, reason, broken_at, open_until',
      `gen_random_uuid(), ${who}, reference, ${ofCase}, ${organ}, CASE WHEN ${nth} % 10 > 0 THEN 'OPENED' ELSE 'NO_SUCH_CASE' END,
       'OTHER', repeat('why ', 10), now() - interval '1 day', now() - interval '23 hours 50 minutes'`,
      where,
    );
    await hangOn(
      'notice',
      'id, user_id, kind, case_id, text, link, created_at',
      `gen_random_uuid(), ${who}, 'GLASS_BROKEN', ${ofCase}, 't', '/x', now()`,
      where,
    );
    await hangOn(
      'read_log',
      'id, at, user_id, role, organ_id, type, case_id, target_kind, target_id, hits, judged',
      `gen_random_uuid(), now(), ${who}, 'AUDITOR', ${organ}, 'case.read', ${ofCase}, 'case', id::text, '{}', true`,
      where,
    );
    await hangOn(
      'access_alert',
      'id, user_id, kind, organ_id, case_id, read_at, day, asked, raised_at',
      `gen_random_uuid(), ${who}, 'OWN_UNIT', ${organ}, ${ofCase}, now(), current_date - ${nth}, ${nth} % 3 > 0, now()`,
      where,
    );
    await t.sql(
      `INSERT INTO app.read_sample (id, week, seed, reads, drawn, drawn_at)
       VALUES (gen_random_uuid(), '2020-01-06', repeat('0', 64), 9, 9, now())`,
    );
    await hangOn(
      'read_question',
      'id, sample_id, user_id, organ_id, case_id, read_id, read_at, read_type, asked_at',
      `gen_random_uuid(), (SELECT id FROM app.read_sample LIMIT 1), ${who}, ${organ}, ${ofCase}, gen_random_uuid(), now(),
       'case.read', now()`,
      where,
    );
    // Of requests for police that are not there: the policy looks at the objection alone.
    await t.sql(
      'ALTER TABLE app.deployment_objection DROP CONSTRAINT deployment_objection_deployment_id_fkey',
    );
    await hangOn(
      'deployment_objection',
      'id, user_id, deployment_id, text, created_at, higher_organ_ids, order_givers',
      `gen_random_uuid(), ${who}, id, 't', now(), ARRAY[${organ}], CASE ${nth} % 3
         WHEN 0 THEN ARRAY[(SELECT id FROM app.user_account WHERE username = 'person-' || (${nth} * 7) % ${PEOPLE})]
         WHEN 1 THEN array_remove(ARRAY[subject_officer_ids[1], ${who}], NULL) ELSE '{}' END`,
      where,
    );
  }

  describe('without a session', () => {
    it('shows nothing, whoever the settings say one is', async () => {
      const me = t.ids.users['supervisor'];
      const tables = [
        'case',
        ...children,
        ...looks,
        'export_run',
        'export_piece',
        'import_run',
        'import_reject',
        'idempotency_key',
      ];
      await as(undefined, async () => {
        for (const name of ['app.user', 'app.me', 'plumbline.user_id', 'app.ctx']) {
          await app.query('SELECT set_config($1, $2, true)', [name, me]);
        }
        for (const table of tables)
          expect([table, ...(await app.query(`SELECT FROM app."${table}"`)).rows]).toEqual([table]);
      });
    });

    it('writes nothing', async () => {
      const [{ id, organ_id: organ }] = await t.sql(`SELECT id, organ_id FROM app."case" LIMIT 1`);
      await as(undefined, async () => {
        expect((await app.query(`UPDATE app."case" SET version = 9`)).rowCount).toBe(0);
        await expect(
          app.query(
            `INSERT INTO app."case" (id, reference, status, channel, received_at, registered_at, organ_id, receiving_organ_id,
               reporter_kind, registered_by, rulebook_version, categories)
             VALUES (gen_random_uuid(), 'X', 'REGISTERED', 'WEB', now(), now(), $1, $1, 'NAMED', $2, '2020-07', '{}')`,
            [organ, t.ids.users['intake-officer']],
          ),
        ).rejects.toThrow('row-level security');
      });
      await as(undefined, () =>
        expect(
          app.query(`INSERT INTO app.statement (case_id, text, sha256) VALUES ($1, 'x', sha256('x'))`, [id]),
        ).rejects.toThrow('row-level security'),
      );
    });

    it('is nobody who can be made up: neither contexts nor passes nor the index of requests can be read or written', async () => {
      for (const text of [
        'SELECT FROM app.context',
        'SELECT FROM app.precedent',
        'SELECT FROM app.precedent_word',
        'SELECT app.count_precedent_words()',
        'DELETE FROM app.context',
        `INSERT INTO app.context (pid, xid, user_id, purpose, cases, conflicts, glass)
         VALUES (pg_backend_pid(), pg_current_xact_id(), gen_random_uuid(), '', '{}', '{}', '{}')`,
        'SELECT FROM app.job_pass',
        'INSERT INTO app.job_pass (job, user_id) VALUES (gen_random_uuid(), gen_random_uuid())',
        `SELECT app.act_as('${t.ids.users['auditor']}', '')`,
        `SELECT app.begin_pass(gen_random_uuid())`,
        `SELECT app.leave_pass(gen_random_uuid())`,
        'SET ROLE plumbline_worker',
        'SET ROLE plumbline_owner',
        'SELECT FROM app.import_file',
        'SELECT FROM app.import_staging',
      ]) {
        await as(undefined, () => expect(app.query(text)).rejects.toMatchObject({ code: '42501' }));
      }
    });

    it.each([
      ['unknown', () => randomBytes(32).toString('base64url'), 'SELECT 1'],
      ['revoked', () => people[0]!.token, 'UPDATE app.session SET revoked_at = now() WHERE token_hash = $1'],
      [
        'over',
        () => people[1]!.token,
        `UPDATE app.session SET expires_at = now() - interval '1 second' WHERE token_hash = $1`,
      ],
      [
        'idle too long',
        () => people[2]!.token,
        `UPDATE app.session SET last_seen_at = now() - interval '16 minutes' WHERE token_hash = $1`,
      ],
      [
        'of a disabled account',
        () => people[3]!.token,
        `UPDATE app.user_account SET status = 'DISABLED' WHERE id = (SELECT user_id FROM app.session WHERE token_hash = $1)`,
      ],
    ])('but with one that is %s is the same', async (_, token, change) => {
      await t.sql('BEGIN');
      await t.sql('COMMIT');
      const [before] = await t.sql('SELECT * FROM app.session WHERE token_hash = $1', [hashOf(token())]);
      await t.sql('ALTER TABLE app.user_account DISABLE TRIGGER USER');
      await t.sql(change, change.includes('$1') ? [hashOf(token())] : []);
      expect(await as(token(), cases)).toEqual([]);
      if (before) {
        await t.sql(
          'UPDATE app.session SET revoked_at = NULL, expires_at = $2, last_seen_at = now() WHERE id = $1',
          [before.id, before.expires_at],
        );
        await t.sql(`UPDATE app.user_account SET status = 'ACTIVE' WHERE id = $1`, [before.user_id]);
      }
      await t.sql('ALTER TABLE app.user_account ENABLE TRIGGER USER');
    });
  });

  describe('with a session', () => {
    it('takes one identity a transaction, and leaves none behind', async () => {
      const [auditor, intake] = [await tokenOf('auditor'), await tokenOf('intake-officer')];
      expect((await as(auditor, cases)).length).toBeGreaterThan(CASES / 2);
      expect(await as(undefined, cases)).toEqual([]);
      expect(await cases()).toEqual([]);
      await as(auditor, () =>
        expect(app.query(`SELECT app.begin_ctx(${hex(intake)}, '')`)).rejects.toThrow('already'),
      );
      await app.query(`BEGIN; SELECT app.begin_ctx(${hex(auditor)}, ''); COMMIT`);
      expect(await cases()).toEqual([]);
    });

    it('keeps away from a case whoever is in conflict with it, whatever else would show it', async () => {
      const token = await tokenOf('auditor');
      const [id] = await as(token, cases);
      await t.sql('ALTER TABLE app.recusal DISABLE TRIGGER USER');
      await t.sql(
        `INSERT INTO app.recusal (id, case_id, user_id, ground, reason, declared_by, declared_at)
         VALUES (gen_random_uuid(), $1, $2, 'OTHER', 'r', $2, now())`,
        [id, t.ids.users['auditor']],
      );
      await t.sql('ALTER TABLE app.recusal ENABLE TRIGGER USER');
      expect(await as(token, () => ids('SELECT id FROM app."case" WHERE id = $1', [id]))).toEqual([]);
      expect(
        await as(token, () => ids('SELECT case_id AS id FROM app.statement WHERE case_id = $1', [id])),
      ).toEqual([]);
    });

    it('lets somebody end what moves a case out of their sight, and no more', async () => {
      const c = await aCaseIn(t, 'REPORTED');
      await deed(t, 'legal-reviewer', c, 'return', { defects: ['the receipts are missing'] });
      await (await t.as('legal-reviewer')).get(`/cases/${c.id}`).expect(404);
      expect(
        await as(await tokenOf('legal-reviewer'), () =>
          ids('SELECT id FROM app."case" WHERE id = $1', [c.id]),
        ),
      ).toEqual([]);
    });

    it('hangs nothing on a case that one does not see', async () => {
      const hidden = await aCase(t);
      await as(await tokenOf('legal-reviewer'), () =>
        expect(
          app.query(
            `INSERT INTO app.case_deed (id, case_id, deed, from_status, to_status, done_by, done_at, reason)
             VALUES (gen_random_uuid(), $1, 'accept', 'x', 'y', $2, now(), 'r')`,
            [hidden.id, t.ids.users['legal-reviewer']],
          ),
        ).rejects.toThrow('row-level security'),
      );
    });

    it('lets a job act for who asked, as long as it has not ended', async () => {
      const [run, user] = [newId(), t.ids.users['auditor']];
      await t.sql(
        `INSERT INTO app.export_run (id, kind, format, filter, purpose, status, created_by, created_at)
         VALUES ($1, 'CASE_LIST', 'csv', '{}', 'p', 'QUEUED', $2, now())`,
        [run, user],
      );
      await t.sql('INSERT INTO app.job_pass (job, user_id) VALUES ($1, $2)', [run, user]);
      const worker = new pg.Client(t.database.workerUrl);
      await worker.connect();
      const begin = async (): Promise<unknown> => {
        const result = (await worker.query(
          `BEGIN; SELECT app.begin_pass('${run}') AS who; SET LOCAL ROLE plumbline_app; SELECT count(*) AS n FROM app."case"; ROLLBACK`,
        )) as unknown as pg.QueryResult<{ who?: string; n?: string }>[];
        return [result[1]!.rows[0]!.who, Number(result[3]!.rows[0]!.n)];
      };
      const seen = (await as(await tokenOf('auditor'), cases)).length;
      expect(await begin()).toEqual([user, seen]);
      await t.sql(`UPDATE app.export_run SET finished_at = now() WHERE id = $1`, [run]);
      expect(await begin()).toEqual([null, 0]);
      await worker.end();
    });
  });

  it(`says the same as the abilities of ${PEOPLE} people and more of ${CASES} cases, alone`, async () => {
    const all = await t.get(WorkerDatabase).manager.find(Case);
    const names = ['auditor', 'supervisor', 'investigator', 'intake-officer', 'petition-officer', 'officer'];
    const tokens = [...people.map(({ token }) => token), ...(await Promise.all(names.map(tokenOf)))];
    const sizes: number[] = [];
    for (const token of tokens) {
      const actor = await actorOf(token);
      const ability = abilityFor(actor);
      const allowed = all
        .filter((row) => ability.can('read', row))
        .map(({ id }) => id)
        .sort();
      await as(token, async () => {
        expect(await cases()).toEqual(allowed);
        sizes.push(allowed.length);
        // Counting what hangs on all these takes longest.
        if (sizes.length % 4 > 0) return;
        const own = actor.grants.some(({ role }) => role === 'OFFICER') ? actor.officerId : null;
        const counts = (where: (table: string) => string): string =>
          children
            .map(
              (table) =>
                `SELECT '${table}' AS child, count(*)::int AS n FROM app.${table} WHERE ${where(table)}`,
            )
            .join(' UNION ALL ');
        const ofThese = await t.sql(
          counts((table) =>
            table === 'sanction'
              ? `case_id = ANY ($1) OR (officer_id = $2 AND status IN ('DECIDED', 'SERVED'))`
              : 'case_id = ANY ($1)',
          ),
          [allowed, own],
        );
        expect((await app.query(counts(() => 'true'))).rows).toEqual(ofThese);
      });
    }
    expect(tokens.length * all.length).toBeGreaterThan(100_000);
    expect(sizes.filter((size) => size > 0 && size < all.length).length).toBeGreaterThan(20);
  }, 120_000);

  it('says the same as their abilities of who looked and who is to look, alone', async () => {
    const { manager } = t.get(WorkerDatabase);
    const all = {
      broken_glass: await manager.find(BrokenGlass),
      notice: await manager.find(Notice),
      read_log: await manager.find(ReadLogEntry),
      access_alert: await manager.find(AccessAlert),
      read_question: await manager.find(ReadQuestion),
      deployment_objection: await manager.find(DeploymentObjection),
    };
    const byId = new Map((await manager.find(Case)).map((row) => [row.id, row]));
    const tokens = [
      ...people.map(({ token }) => token),
      await tokenOf('auditor'),
      await tokenOf('agency-head'),
    ];
    const seen = new Map(looks.map((table) => [table, 0]));
    for (const token of tokens) {
      const ability = abilityFor(await actorOf(token));
      const reviews = (id: string | null): boolean =>
        id !== null && ability.can('review-access', byId.get(id)!);
      const allowed = {
        broken_glass: all.broken_glass.filter(
          (row) => ability.can('read', row) || ability.can('read-own', row),
        ),
        notice: all.notice.filter((row) => ability.can('read', row)),
        read_log: all.read_log.filter((row) => ability.can('read', row) || reviews(row.caseId)),
        access_alert: all.access_alert.filter(
          (row) => ability.can('read', row) || ability.can('answer', row),
        ),
        read_question: all.read_question.filter(
          (row) => ability.can('read', row) || ability.can('answer', row),
        ),
        deployment_objection: all.deployment_objection.filter((row) => ability.can('read', row)),
      };
      await as(token, async () => {
        for (const [table, rows] of Object.entries(allowed)) {
          // The job of the alerts may raise another one while this compares.
          const known = all[table as keyof typeof all].map(({ id }) => id);
          expect([table, await ids(`SELECT id FROM app.${table} WHERE id = ANY ($1)`, [known])]).toEqual([
            table,
            rows.map(({ id }) => id).sort(),
          ]);
          if (rows.length > 0 && rows.length < all[table as keyof typeof all].length)
            seen.set(table, seen.get(table)! + 1);
        }
      });
    }
    // Each was asked about by people who see some of it, and not all.
    for (const [table, times] of seen) expect([table, times > 5]).toEqual([table, true]);
  }, 120_000);

  it('lets nobody raise an alert, tell in nobody’s name, break a glass for another or close what they do not see', async () => {
    const token = await tokenOf('investigator');
    const other = t.ids.users['auditor'];
    const glass = `INSERT INTO app.broken_glass (id, user_id, reference, organ_id, outcome, category, reason, broken_at, open_until)
      SELECT gen_random_uuid(), '${other}', 'x', id, 'NO_SUCH_CASE', 'OTHER', repeat('why ', 10), now(), now() + interval '1 minute'
      FROM app.organ LIMIT 1`;
    const alert = `INSERT INTO app.access_alert (id, user_id, kind, organ_id, read_at, day, asked, raised_at)
      SELECT gen_random_uuid(), '${other}', 'PEERS', id, now(), current_date, true, now() FROM app.organ LIMIT 1`;
    const notice = `INSERT INTO app.notice (id, user_id, kind, text, link, created_at)
      VALUES (gen_random_uuid(), '${other}', 'GLASS_BROKEN', 't', '/x', now())`;
    for (const text of [glass, alert]) {
      await as(token, () => expect(app.query(text)).rejects.toThrow('row-level security'));
    }
    await as(undefined, () => expect(app.query(notice)).rejects.toThrow('row-level security'));
    await as(token, async () => {
      for (const table of ['access_alert', 'read_question', 'broken_glass']) {
        expect((await app.query(`UPDATE app.${table} SET version = version + 1`)).rowCount).toBe(0);
      }
      expect((await app.query('UPDATE app.read_log SET judged = true')).rowCount).toBe(0);
    });
  });

  it('names in a policy whoever sees every row, and is forced on the owner too', async () => {
    const policies = await t.sql<{ roles: string }>(
      `SELECT DISTINCT roles::text FROM pg_policies WHERE schemaname = 'app' AND qual = 'true' ORDER BY 1`,
    );
    // The vault's owner looks requests up when it opens an identity.
    expect(policies.map((one) => one.roles)).toEqual([
      '{plumbline_owner}',
      '{plumbline_vault_owner}',
      '{plumbline_worker}',
    ]);
    const open = await t.sql(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'case_id'
       WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
       ORDER BY 1`,
    );
    expect(open).toEqual([]);
    const views = await t.sql(
      `SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'v'
         AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}'))`,
    );
    // It has one row at the most, that of whoever acts.
    expect(views).toEqual([{ relname: 'my_context' }]);
  });

  it.each(['supervisor', 'auditor', 'investigator', 'legal-reviewer', 'intake-officer'])(
    'leaves the list of %s to the indexes',
    async (name) => {
      const actor = await actorOf(await tokenOf(name));
      const plan = await t.get(CaseDatabase).as(actor, async (manager) => {
        const [text, values] = t
          .get(CasesService)
          .matching(manager, actor, {})
          .orderBy('case.receivedAt', 'DESC')
          .addOrderBy('case.id', 'DESC')
          .limit(51)
          .getQueryAndParameters();
        return manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, values);
      });
      expect(plan.map((line) => line['QUERY PLAN']).join('\n')).not.toMatch(/Seq Scan on "?case/);
    },
  );

  it(
    `shows nobody the rows of another over two connections, in ${BLEED} requests with killed backends`,
    async () => {
      const options = { ...dataSourceOptions(t.database.appUrl, 2), applicationName: 'bleed' };
      const two = await new DataSource(options).initialize();
      const database = new CaseDatabase(two, t.get(WorkerDatabase));
      const actors = await Promise.all(people.slice(4, 24).map(({ token }) => actorOf(token)));
      const expected = new Map<Actor, number>();
      for (const [i, actor] of actors.entries()) {
        expected.set(actor, (await as(people[4 + i]!.token, cases)).length);
      }
      let [answered, broken, wrong, killed] = [0, 0, 0, 0];
      const one = async (n: number): Promise<void> => {
        const actor = actors[n % actors.length]!;
        if (n % 50 === 49) {
          const gone = await t.sql(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bleed' LIMIT 1`,
          );
          killed += gone.length;
        }
        try {
          const [row] = await database.as(actor, (manager) =>
            manager.query<[{ me: string; who: string[]; n: string }]>(
              `SELECT app.me() AS me, (SELECT array_agg(user_id) FROM app.my_context) AS who, count(*) AS n FROM app."case"`,
            ),
          );
          answered++;
          if (
            row.me !== actor.userId ||
            row.who.join() !== actor.userId ||
            Number(row.n) !== expected.get(actor)
          )
            wrong++;
        } catch {
          broken++;
        }
      };
      for (let n = 0; n < BLEED; n += 20) {
        await Promise.all(Array.from({ length: Math.min(20, BLEED - n) }, (_, i) => one(n + i)));
      }
      await two.destroy();
      expect([wrong, answered + broken]).toEqual([0, BLEED]);
      expect(answered).toBeGreaterThan(BLEED / 2);
      expect(killed).toBeGreaterThan(0);
    },
    300_000 + BLEED * 90,
  );

  it('makes the first wall’s mistake harmless: a grant that the application makes up shows nothing', async () => {
    const person = people.at(-1)!;
    const actor = await actorOf(person.token);
    const seen = (await as(person.token, cases)).length;
    const rows = await t.get(CaseDatabase).as(actor, (manager) => manager.find(Case));
    expect(rows).toHaveLength(seen);
    await expect(t.get(CaseDatabase).as({ ...actor }, (manager) => manager.find(Case))).rejects.toThrow(
      'by what',
    );
    await grantRole(t, 'officer', 'AUDITOR');
    expect((await as(await tokenOf('officer'), cases)).length).toBeGreaterThan(CASES / 2);
  });
});
