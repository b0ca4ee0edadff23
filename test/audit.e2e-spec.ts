import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { UnitOfWork } from '../src/audit/unit-of-work.js';
import { keyRingAt, trustedKeys, verifyDatabase } from '../src/audit/verify-command.js';
import { Writer } from '../src/audit/writer.js';
import type { Check } from '../src/audit/entry-checks.js';
import type { VerificationReport } from '../src/audit/verify.js';
import { systemActor } from '../src/audit/writer-registration.js';
import { newId } from '../src/common/ids.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anIntake } from './support/builders.js';
import { aDatabase } from './support/database.js';

describe('the trail', () => {
  let t: TestApp;
  let app: Client;
  beforeAll(async () => {
    t = await startTestApp();
    // The stronger of the two: without a session the other sees no case that it could try to change.
    app = new Client(t.database.workerUrl);
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await t.stop();
  });

  const verify = (): Promise<VerificationReport> =>
    verifyDatabase(t.database.auditorUrl, trustedKeys([], t.dataDir), keyRingAt(t.dataDir));

  describe('of what the application does', () => {
    it('is whole after a case went through the whole procedure', async () => {
      await aCaseIn(t, 'CLOSED');
      const report = await verify();
      expect(report).toMatchObject({ valid: true, failures: [], notices: [] });
      expect(report.entries).toBeGreaterThan(40);
    });

    it('gives a receipt that is in the trail', async () => {
      const response = await (await t.as('intake-officer')).post('/cases', anIntake(t)).expect(201);
      const [last] = response.headers['audit-receipt']!.split(', ').slice(-1);
      const [stream, seq, leaf] = last!.split(' ');
      const [entry] = await t.sql(
        'SELECT encode(leaf, $3) AS leaf FROM audit.entry WHERE stream = $1 AND seq = $2',
        [stream, seq, 'base64'],
      );
      expect(entry).toEqual({ leaf });
      expect(stream).toBe(response.body.id);
    });

    it('shows the history in words, with what proves each entry', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      const { body } = await (await t.as('supervisor')).get(`/cases/${c.id}/history`).expect(200);
      expect(body.items.map(({ words }: { words: string }) => words)).toEqual([
        'Case registered',
        'Allegation added',
        'Accepted after triage',
      ]);
      const accepted = body.items[2];
      expect(accepted).toMatchObject({
        seq: 2,
        actor: { role: 'SUPERVISOR', name: 'Demo supervisor' },
        target: { kind: 'case', rev: 2 },
      });
      expect(accepted.values).toContainEqual({
        name: 'status',
        value: { from: 'REGISTERED', to: 'TRIAGED_ACCEPTED' },
      });
      expect(accepted.proof.envelope).toMatch(/^plumbline-entry\/v1\nstream /);
    });

    it('holds no value in clear: only digests', async () => {
      const c = await aCase(t, {
        statement: 'unmistakable words',
        reporter: { kind: 'NAMED', name: 'Zhao Unmistakable' },
      });
      const bodies = await t.sql(
        `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1`,
        [c.id],
      );
      expect(JSON.stringify(bodies)).not.toMatch(/nmistakable|HOTLINE|Night market|500\.00/);
      expect(bodies).toHaveLength(2);
    });

    it('leaves the reporter out of the history of whoever may not know them', async () => {
      const c = await aCase(t, { reporter: { kind: 'CONFIDENTIAL', name: 'Hidden Person' } });
      const { text } = await (await t.as('supervisor')).get(`/cases/${c.id}/history`).expect(200);
      expect(text).not.toContain('Hidden Person');
      const named = await aCase(t, { reporter: { kind: 'NAMED', name: 'Shown Person' } });
      expect((await (await t.as('supervisor')).get(`/cases/${named.id}/history`)).text).toContain(
        'Shown Person',
      );
      expect((await (await t.as('auditor')).get(`/cases/${named.id}/history`)).text).not.toContain(
        'Shown Person',
      );
    });

    it('declares void the numbers of what was rolled back', async () => {
      const stream = newId();
      // Signed and appended, and then refused at COMMIT: the organ changed without an event of its own stream.
      const doomed = t.get(UnitOfWork).run(systemActor, async (tx) => {
        await tx.manager.query(`UPDATE app.organ SET name = name || '!'`);
        tx.record({ type: 'case.exported', stream, target: { kind: 'case', id: stream } });
      });
      await expect(doomed).rejects.toMatchObject({ driverError: { code: '23000' } });
      const c = await aCase(t);
      const [{ body }] = await t.sql(
        `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 AND seq = 0`,
        [c.id],
      );
      const { w } = JSON.parse(body);
      expect(w.void).toEqual([w.n - 1]);
      expect((await verify()).notices).toEqual([]);
    });

    it('is no false alarm that a transaction was committed, but the connection broke before its writer knew', async () => {
      const stream = newId();
      const committed = t.get(UnitOfWork).run(systemActor, (tx) => {
        const runner = tx.manager.queryRunner!;
        const commit = runner.commitTransaction.bind(runner);
        jest.spyOn(runner, 'commitTransaction').mockImplementationOnce(async () => {
          await commit();
          throw new Error('the connection broke');
        });
        tx.record({ type: 'case.exported', stream, target: { kind: 'case', id: stream } });
        return Promise.resolve();
      });
      await expect(committed).rejects.toThrow('the connection broke');
      const number = async (of: string): Promise<{ n: number; void?: number[] }> => {
        const [{ body }] = await t.sql(
          `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 AND seq = 0`,
          [of],
        );
        return JSON.parse(body).w;
      };
      const { n } = await number(stream);
      expect((await number((await aCase(t)).id)).void).toEqual([n]);
      expect(await verify()).toMatchObject({ valid: true, failures: [], notices: [] });
    });

    it('is written by a key that only its owner can read', () => {
      expect(statSync(join(t.dataDir, 'keys', 'writer.key')).mode & 0o777).toBe(0o400);
    });

    it('nothing is done, and nobody is told that it was, when the events do not get there', async () => {
      const names = (): Promise<unknown> => t.sql('SELECT name FROM app.organ ORDER BY id');
      const before = await names();
      await t.sql('REVOKE EXECUTE ON FUNCTION audit.record FROM plumbline_app');
      // The COMMIT goes out behind the events without waiting for them, and rolls back without an error of its own.
      const told = t.get(UnitOfWork).run(systemActor, async (tx) => {
        await tx.manager.query(`UPDATE app.organ SET name = name || '!'`);
        const stream = newId();
        tx.record({ type: 'case.exported', stream, target: { kind: 'case', id: stream } });
        return 'done';
      });
      try {
        await expect(told).rejects.toMatchObject({ driverError: { code: '42501' } });
      } finally {
        await t.sql('GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app');
      }
      expect(await names()).toEqual(before);
    });

    it('refuses a transaction that records nothing', async () => {
      await expect(t.get(UnitOfWork).run(systemActor, () => Promise.resolve())).rejects.toThrow(
        'at least one event',
      );
    });

    it('keeps one chain a stream under many writers, whatever the order in which they touch two cases', async () => {
      const [a, b] = [newId(), newId()];
      const event = (stream: string) => ({
        type: 'case.exported' as const,
        stream,
        target: { kind: 'case', id: stream },
      });
      await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          t.get(UnitOfWork).run(systemActor, (tx) => {
            for (const stream of i % 2 ? [a, b] : [b, a]) tx.record(event(stream));
            return Promise.resolve();
          }),
        ),
      );
      const rows = await t.sql(
        'SELECT stream, count(*)::int AS n, max(seq)::int AS top FROM audit.entry WHERE stream = ANY($1) GROUP BY 1',
        [[a, b]],
      );
      expect(rows.map(({ n, top }) => [n, top])).toEqual([
        [60, 59],
        [60, 59],
      ]);
      expect((await verify()).valid).toBe(true);
      // Sorted by stream, so that nobody waited for a deadlock to be broken.
      const [{ deadlocks }] = await t.sql(
        'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
      );
      expect(deadlocks).toBe(0);
    });
  });

  describe('against the application’s own role', () => {
    it.each([
      ['read it', 'SELECT * FROM audit.entry'],
      ['read the values', 'SELECT * FROM audit.disclosure'],
      ['change it', `UPDATE audit.entry SET body = 'x'`],
      ['delete from it', 'DELETE FROM audit.entry'],
      ['empty it', 'TRUNCATE audit.entry CASCADE'],
      ['write past the function', `INSERT INTO audit.head VALUES (gen_random_uuid(), 0, 'x', now(), '1')`],
      ['switch its triggers off', 'ALTER TABLE audit.entry DISABLE TRIGGER ALL'],
      ['go into replica mode', 'SET session_replication_role = replica'],
      [
        'replace the function',
        `CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      ],
      ['become the owner', 'SET ROLE plumbline_audit_owner'],
      ['drop a trigger that demands an event', 'DROP TRIGGER organ_audited ON app.organ'],
      ['delete a case', 'DELETE FROM app."case"'],
      ['change a statement', `UPDATE app.statement SET text = 'x'`],
      ['change a finding', `UPDATE app.finding SET outcome = 'UNTRUE'`],
      ['change a step of the procedure', `UPDATE app.case_deed SET reason = 'x'`],
      ['change who reported', `UPDATE vault.identity SET sealed = 'x'`],
      ['empty the vault before two persons said so', `UPDATE vault.identity SET sealed = NULL`],
      ['make a table', 'CREATE TABLE public.x (a int)'],
    ])('it may not %s', async (_what, sql) => {
      await expect(app.query(sql)).rejects.toMatchObject({ code: '42501' });
    });

    it('a change without an event does not commit', async () => {
      await aCase(t);
      for (const change of [
        `UPDATE app."case" SET status = 'FILED'`,
        `UPDATE app.organ SET name = 'x'`,
        `UPDATE app.user_account SET display_name = 'x'`,
        `UPDATE app.allegation SET place = 'x'`,
        `DELETE FROM app.allegation_subject`,
      ]) {
        await expect(app.query(change)).rejects.toMatchObject({
          code: '23000',
          message: expect.stringContaining('without an event'),
        });
      }
    });

    it('an event of another case does not cover a change', async () => {
      const [one, other] = [await aCase(t), await aCase(t)];
      const [{ body, sig }] = await t.sql('SELECT body, sig FROM audit.entry WHERE stream = $1 LIMIT 1', [
        other.id,
      ]);
      const change = async (id: string): Promise<void> => {
        await app.query('BEGIN');
        await app.query(`UPDATE app."case" SET version = version WHERE id = $1`, [id]);
        await app.query('SELECT audit.append($1, $2, $3, $4, $5)', [other.id, newId(), body, 'app-1', sig]);
        await app.query('COMMIT');
      };
      await expect(change(one.id)).rejects.toMatchObject({ code: '23000' });
    });
  });

  it('refuses even a superuser in replica mode: the triggers fire always', async () => {
    await t.sql('SET session_replication_role = replica');
    for (const sql of [
      'DELETE FROM audit.entry',
      `UPDATE audit.entry SET writer = 'x'`,
      'TRUNCATE audit.disclosure',
    ]) {
      await expect(t.sql(sql)).rejects.toMatchObject({ code: '42501' });
    }
    await t.sql('SET session_replication_role = origin');
  });

  it.each(['statement', 'finding', 'case_deed'])(
    'refuses even a superuser to change or delete a %s',
    async (table) => {
      await aCaseIn(t, 'REPORTED');
      for (const sql of [
        `UPDATE app.${table} SET case_id = case_id`,
        `DELETE FROM app.${table}`,
        `TRUNCATE app.${table} CASCADE`,
      ]) {
        await expect(t.sql(`SET session_replication_role = replica; ${sql}`)).rejects.toMatchObject({
          message: expect.stringContaining('is never changed'),
        });
      }
    },
  );

  describe('tampered with by whoever owns the database', () => {
    /** Switches the guards off, does it, and tells which check notices. */
    const tamper = async (sql: string, params: unknown[] = []): Promise<VerificationReport> => {
      const copy = new Client(t.database.adminUrl);
      await copy.connect();
      try {
        await copy.query('BEGIN');
        await copy.query(
          'ALTER TABLE audit.entry DISABLE TRIGGER ALL; ALTER TABLE audit.disclosure DISABLE TRIGGER ALL',
        );
        await copy.query(sql, params);
        // Verified inside the same transaction, and rolled back: each attack finds the trail whole.
        return await verifyInside(copy, trustedKeys([], t.dataDir));
      } finally {
        await copy.query('ROLLBACK');
        await copy.end();
      }
    };
    const verifyInside = async (
      client: Client,
      trusted: ReadonlySet<string>,
    ): Promise<VerificationReport> => {
      const { verifyTrail } = await import('../src/audit/verify.js');
      const inside = {
        query: (text: any, params?: any) =>
          /^(BEGIN|ROLLBACK)/.test(text) ? { rows: [] } : client.query(text, params),
      };
      return verifyTrail(inside as unknown as Client, trusted, keyRingAt(t.dataDir));
    };
    let id: string;
    beforeAll(async () => {
      id = (await aCaseIn(t, 'FILED')).id;
    });

    it.each<[what: string, check: Check, sql: string]>([
      [
        'a body is edited',
        'BODY',
        `UPDATE audit.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'SUPERVISOR', 'AGENCY_HEAD'), 'UTF8') WHERE stream = $1 AND seq = 2`,
      ],
      [
        'an envelope is edited',
        'LEAF',
        `UPDATE audit.entry SET envelope = convert_to(replace(convert_from(envelope, 'UTF8'), 'time 20', 'time 19'), 'UTF8') WHERE stream = $1 AND seq = 2`,
      ],
      ['a leaf is edited', 'LEAF', `UPDATE audit.entry SET leaf = sha256('x') WHERE stream = $1 AND seq = 2`],
      [
        'a column is edited',
        'COLUMNS',
        `UPDATE audit.entry SET writer = 'somebody-else' WHERE stream = $1 AND seq = 2`,
      ],
      [
        'an entry is deleted',
        'SEQUENCE',
        `DELETE FROM audit.unsealed u USING audit.entry e WHERE e.id = u.id AND e.stream = $1 AND e.seq = 2`,
      ],
      [
        'the last entry is deleted',
        'HEAD',
        `DELETE FROM audit.unsealed u USING audit.entry e WHERE e.id = u.id AND e.stream = $1 AND e.seq = (SELECT max(seq) FROM audit.entry WHERE stream = $1)`,
      ],
      [
        'a value is edited',
        'DISCLOSURE',
        `UPDATE audit.disclosure SET content = set_byte(content, 14, get_byte(content, 14) # 1) WHERE event IN (SELECT event FROM audit.entry WHERE stream = $1)`,
      ],
      [
        'the digest of a value is edited',
        'DISCLOSURE',
        `UPDATE audit.disclosure SET digests = sha256(digests) WHERE event IN (SELECT event FROM audit.entry WHERE stream = $1)`,
      ],
      [
        'a value is removed',
        'DISCLOSURE',
        `UPDATE audit.disclosure SET content = NULL WHERE event IN (SELECT event FROM audit.entry WHERE stream = $1)`,
      ],
      ['a head is moved', 'HEAD', `UPDATE audit.head SET seq = seq + 1 WHERE stream = $1`],
    ])('it is noticed that %s', async (_what, check, sql) => {
      // Entries are referred to; the reference goes first.
      const full = sql.startsWith('DELETE FROM audit.unsealed')
        ? `WITH gone AS (${sql} RETURNING e.event), values AS (DELETE FROM audit.disclosure d USING gone WHERE d.event = gone.event RETURNING 1)
           SELECT count(*) FROM values`
        : sql;
      const report = sql === full ? await tamper(full, [id]) : await tamperByDeleting(sql, id);
      expect(report.valid).toBe(false);
      expect(report.failures[0]).toMatchObject({ check, stream: id });
    });

    it('it is noticed that values were removed and an event named that erased nothing', async () => {
      const report = await tamper(
        `WITH k AS (UPDATE audit.subject_key SET wrapped = NULL, erased_by = (SELECT event FROM audit.entry WHERE stream = '${id}' LIMIT 1)
                    WHERE subject = 'stream:${id}' RETURNING subject)
         UPDATE audit.disclosure d SET content = NULL FROM k WHERE d.subject = k.subject`,
      );
      expect(report.failures[0]).toMatchObject({ check: 'DISCLOSURE', stream: id });
    });

    const tamperByDeleting = async (sql: string, stream: string): Promise<VerificationReport> => {
      const which = sql.includes('max(seq)') ? '(SELECT max(seq) FROM audit.entry WHERE stream = $1)' : '2';
      return tamper(
        `DO $do$ DECLARE victim audit.entry%ROWTYPE; BEGIN
           SELECT * INTO victim FROM audit.entry WHERE stream = '${stream}' AND seq = ${which.replace('$1', `'${stream}'`)};
           DELETE FROM audit.unsealed WHERE id = victim.id;
           DELETE FROM audit.disclosure WHERE event = victim.event;
           DELETE FROM audit.entry WHERE id = victim.id;
         END $do$`,
      );
    };

    it('it is noticed that an entry was rewritten with all its hashes, since the writer did not sign it', async () => {
      const report = await tamper(
        `DO $do$ DECLARE e audit.entry%ROWTYPE; b bytea; v bytea; BEGIN
           SELECT * INTO e FROM audit.entry WHERE stream = '${id}' ORDER BY seq DESC LIMIT 1;
           b := convert_to(replace(convert_from(e.body, 'UTF8'), 'AGENCY_HEAD', 'SUPERVISOR'), 'UTF8');
           v := convert_to(replace(convert_from(e.envelope, 'UTF8'), encode(sha256(e.body), 'base64'), encode(sha256(b), 'base64')), 'UTF8');
           UPDATE audit.entry SET body = b, envelope = v, leaf = sha256('\\x00'::bytea || v) WHERE id = e.id;
           UPDATE audit.head SET leaf = sha256('\\x00'::bytea || v) WHERE stream = '${id}';
         END $do$`,
      );
      expect(report.failures[0]).toMatchObject({ check: 'SIGNATURE', stream: id });
    });

    /** Another time in the envelope of an entry, which no writer signs, with its leaf and the head made to fit. */
    const retime = (entry: string, century: number): string =>
      `DO $do$ DECLARE e audit.entry%ROWTYPE; v bytea; BEGIN
         SELECT * INTO e FROM audit.entry WHERE stream = '${id}' AND ${entry};
         v := convert_to(replace(convert_from(e.envelope, 'UTF8'), 'time 20', 'time ${century}'), 'UTF8');
         UPDATE audit.entry SET envelope = v, leaf = sha256('\\x00'::bytea || v) WHERE id = e.id;
         UPDATE audit.head SET leaf = sha256('\\x00'::bytea || v) WHERE stream = '${id}' AND seq = e.seq;
       END $do$`;

    it('it is noticed that an entry in the middle has another time, since the next one follows the old', async () => {
      const report = await tamper(retime('seq = 2', 21));
      expect(report.failures[0]).toMatchObject({ check: 'LINK', stream: id, seq: '3' });
    });

    it('it is noticed that the last entry was back-dated', async () => {
      const last = `seq = (SELECT max(seq) FROM audit.entry WHERE stream = '${id}')`;
      const report = await tamper(retime(last, 19));
      expect(report.failures).toMatchObject([{ check: 'TIME', stream: id }]);
    });

    it('it is noticed that a writer used a number twice, as a copy of its process would', async () => {
      const writer = t.get(Writer) as any;
      const { next } = writer;
      const event = newId();
      writer.next = next - 1;
      const { body, signature } = writer.seal(id, { id: event });
      writer.next = next;
      const report = await tamper('SELECT audit.append($1, $2, $3, $4, $5)', [
        id,
        event,
        body,
        writer.id,
        signature,
      ]);
      expect(report.failures).toMatchObject([{ check: 'COUNTER', event }]);
    });

    it('it is noticed that a writer signs with a key that nobody trusts', async () => {
      const other = new Set(['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=']);
      const report = await verifyDatabase(t.database.auditorUrl, other);
      expect(report.failures[0]).toMatchObject({ check: 'WRITER' });
    });
  });

  it('is told apart from a database whose application role is too powerful', async () => {
    const { checkDatabase } = await import('../src/database/boot-checks.js');
    const { DataSource } = await import('typeorm');
    const { dataSourceOptions } = await import('../src/data-source.js');
    const database = await aDatabase();
    try {
      const asAdmin = await new DataSource(dataSourceOptions(database.adminUrl, 2)).initialize();
      const asApp = await new DataSource(dataSourceOptions(database.appUrl, 2)).initialize();
      const worker = await new DataSource(dataSourceOptions(database.workerUrl, 2)).initialize();
      await expect(checkDatabase(asAdmin, worker)).rejects.toThrow('superuser');
      await expect(checkDatabase(asApp, asAdmin)).rejects.toThrow('superuser');
      await expect(checkDatabase(worker, worker)).rejects.toThrow('sees every case without a session');
      await expect(checkDatabase(asApp, asApp)).rejects.toThrow('does not see the cases');
      await expect(checkDatabase(asApp, worker)).resolves.toBeUndefined();
      await database.sql(`DELETE FROM app.schema_migrations WHERE name LIKE 'Cases%'`);
      await expect(checkDatabase(asApp, worker)).rejects.toThrow('plumbline migrate');
      for (const one of [asAdmin, asApp, worker]) await one.destroy();
    } finally {
      await database.drop();
    }
  });
});
