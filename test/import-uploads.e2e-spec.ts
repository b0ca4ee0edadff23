import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import type { Response } from 'supertest';
import { aNewUser } from './support/accounts.js';
import { Client, startTestApp, type TestApp } from './support/app.js';
import { ended, TINY_MAPPING, tinyFile, upload, type UploadParts } from './support/imports.js';

/** The files of the sample, and the sums that samples/README.md gives. */
const sums: Record<string, { read: number; imported: number; repeated: number; rejected: number }> = {
  'complaints_against_police.csv': { read: 150, imported: 147, repeated: 0, rejected: 3 },
  'complaints.against.police.findings.csv': { read: 376, imported: 326, repeated: 48, rejected: 2 },
  'complaints_2015.csv': { read: 60, imported: 56, repeated: 4, rejected: 0 },
};
const sample = Object.fromEntries(
  Object.keys(sums).map((name) => [name, readFileSync(`samples/philadelphia/${name}`)]),
);
const LIMIT_MB = 1;
const NOBODY = '01900000-0000-7000-8000-00000000dead';

let t: TestApp;
let intake: Client;
let supervisor: Client;
beforeAll(async () => {
  t = await startTestApp({ PLUMBLINE_UPLOAD_MB: String(LIMIT_MB) });
  [intake, supervisor] = await Promise.all([t.as('intake-officer'), t.as('supervisor')]);
});
afterAll(() => t?.stop());

/** How many rows there are of everything that an import leaves behind. */
const stored = async (): Promise<Record<string, number>> =>
  (
    await t.sql(`SELECT (SELECT count(*)::int FROM app."case") AS cases, (SELECT count(*)::int FROM app.allegation) AS allegations,
      (SELECT count(*)::int FROM app.finding) AS findings, (SELECT count(*)::int FROM app.officer) AS officers,
      (SELECT count(*)::int FROM app.organ) AS organs, (SELECT count(*)::int FROM app.import_provenance) AS rows,
      (SELECT count(*)::int FROM app.import_staging) AS staged, (SELECT count(*)::int FROM app.import_file) AS files,
      (SELECT count(*)::int FROM app.import_run) AS runs`)
  )[0];

const imported = async (client: Client, parts: UploadParts): Promise<any> =>
  ended(client, (await upload(client, parts).expect(202)).body.id);

/** Somebody who takes in cases for this organ only. */
async function anIntakeOfficerOf(organId: string): Promise<Client> {
  const admin = await t.as('administrator');
  const account = { username: 'intake-there', displayName: 'Intake there', password: 'only for this test' };
  const user = await aNewUser(t, account);
  await admin
    .post(`/users/${user.id}/grants`, { role: 'INTAKE_OFFICER', organId, reason: 'takes in cases there' })
    .expect(201);
  const { username, password } = account;
  const { body } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
  return new Client(t.app.getHttpServer(), body.accessToken);
}

describe('the sample by upload', () => {
  const parts = { fields: { mapping: 'philadelphia' }, files: sample };
  let first: any;

  it('stores no case in a dry run, and tells the sums', async () => {
    const before = await stored();
    const dry = await imported(intake, {
      fields: { ...parts.fields, dryRun: 'true', organId: t.ids.organs.county },
      files: sample,
    });
    expect(dry).toMatchObject({ status: 'DONE', dryRun: true, failure: null });
    for (const { file, ...sum } of dry.summary.files) expect([file, sum]).toEqual([file, sums[file]]);
    expect(await stored()).toEqual({ ...before, runs: before['runs']! + 1 });
  }, 120_000);

  it('is queued, and done with a summary that adds up', async () => {
    const before = await stored();
    const { body: queued } = await upload(supervisor, parts).expect(202);
    expect(queued).toMatchObject({
      status: 'QUEUED',
      system: 'philadelphia',
      summary: null,
      finishedAt: null,
    });
    first = await ended(supervisor, queued.id);
    expect(first).toMatchObject({ status: 'DONE', failure: null, createdBy: t.ids.users['supervisor'] });
    expect(first.summary.files).toHaveLength(3);
    for (const { file, ...sum } of first.summary.files) expect([file, sum]).toEqual([file, sums[file]]);
    const { bytesTotal, casesTotal } = first.progress;
    expect(bytesTotal).toBe(Object.values(sample).reduce((sum, { length }) => sum + length, 0));
    expect(first.progress).toEqual({
      bytesRead: bytesTotal,
      bytesTotal,
      rowsRead: 586,
      casesDone: casesTotal,
      casesTotal,
    });
    const after = await stored();
    expect(after['cases']! - before['cases']!).toBe(first.summary.casesAdded);
    expect(after['officers']! - before['officers']!).toBe(first.summary.officersAdded);
    expect(after).toMatchObject({ staged: 0, files: 0, rows: 147 + 326 + 56 });
  }, 120_000);

  it('shows the rejected rows page by page, and all of them as a file', async () => {
    const rejects = [
      ['complaints.against.police.findings.csv', 314, /19-0999 matches no complaint/],
      ['complaints.against.police.findings.csv', 332, /has 5 columns instead of 8/],
      ['complaints_against_police.csv', 108, /2017-02-30.*line 111/],
      ['complaints_against_police.csv', 111, /has no complaint_id \(line 114\)/],
      ['complaints_against_police.csv', 114, /MISUSE OF PARKING PLACARD.*add it there/],
    ] as const;
    const found: any[] = [];
    for (let cursor = ''; ;) {
      const { body } = await supervisor
        .get(`/imports/${first.id}/rejects?limit=2&count=true${cursor}`)
        .expect(200);
      expect(body.total).toBe(5);
      found.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(found).toEqual(
      rejects.map(([file, row, reason]) => ({ file, row, reason: expect.stringMatching(reason) })),
    );
    const { text, headers } = await supervisor.get(`/imports/${first.id}/rejects?format=csv`).expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain(`rejects-philadelphia-${first.id}.csv`);
    expect(parse(text, { bom: true, columns: true })).toEqual(
      found.map(({ file, row, reason }) => ({ file, row: String(row), reason })),
    );
  });

  it('adds nothing when it is sent again, be it with the mapping as a file', async () => {
    const before = await stored();
    const mapping = readFileSync('mappings/philadelphia.yaml');
    const second = await imported(supervisor, { mapping, files: sample });
    expect(second).toMatchObject({
      status: 'DONE',
      summary: { casesAdded: 0, allegationsAdded: 0, officersAdded: 0, organsAdded: 0 },
    });
    for (const { file, read, imported: taken, repeated, rejected } of second.summary.files) {
      expect([taken, rejected]).toEqual([0, sums[file]!.rejected]);
      expect(repeated).toBe(read - rejected);
    }
    expect(await stored()).toEqual({ ...before, runs: before['runs']! + 1 });
  }, 120_000);

  it('leaves a trail that says who asked for it, and whose role it was', async () => {
    const [entry] = await t.sql(
      `SELECT convert_from(body, 'UTF8')::json AS body FROM audit.entry
       WHERE convert_from(body, 'UTF8')::jsonb -> 'target' ->> 'id' = $1`,
      [first.id],
    );
    expect(entry.body).toMatchObject({
      type: 'import.requested',
      actor: { uid: t.ids.users['supervisor'], role: 'SUPERVISOR' },
    });
    const [registration] = await t.sql(
      `SELECT convert_from(e.body, 'UTF8')::json AS body FROM audit.entry e
       JOIN app.import_provenance p ON p.case_id::text = e.stream::text AND e.seq = 0 LIMIT 1`,
    );
    expect(registration.body).toMatchObject({
      type: 'case.imported',
      actor: { uid: t.ids.users['supervisor'], role: 'SUPERVISOR' },
    });
  });
});

describe('a mapping of one’s own', () => {
  it('brings in a source that nobody knew, of a word with letters of many scripts', async () => {
    const run = await imported(intake, {
      fields: { organId: t.ids.organs.county },
      mapping: TINY_MAPPING,
      files: tinyFile('投诉-1,2026-03-02,fine,罚款没有收据', 'T-2,2026-03-02,wrong,Rejected'),
    });
    expect(run).toMatchObject({
      status: 'DONE',
      organId: t.ids.organs.county,
      summary: { casesAdded: 1, files: [{ read: 2, imported: 1, repeated: 0, rejected: 1 }] },
    });
    const { body } = await intake.get('/cases?channel=IMPORT&limit=200').expect(200);
    const cases = body.items.filter(({ organId }: any) => organId === t.ids.organs.county);
    expect(cases).toMatchObject([{ status: 'REGISTERED', categories: ['ARBITRARY_FINE'] }]);
    const { body: file } = await intake.get(`/cases/${cases[0].id}`).expect(200);
    expect(file.statement).toBe('罚款没有收据');
  });

  it('that leads to nothing says so in the import, with file, row and remedy', async () => {
    const run = await imported(intake, {
      fields: { organId: t.ids.organs.county },
      mapping: TINY_MAPPING,
      files: { 'complaints.csv': 'id,received,kind\nT-9,2026-03-02,fine\n' },
    });
    expect(run).toMatchObject({ status: 'FAILED', summary: null });
    expect(run.failure).toMatch(/^complaints\.csv, row 1: there is no column "words".*sources\.complaints/);
    expect(run.finishedAt).not.toBeNull();
  });
});

describe('an import is its maker’s own', () => {
  let id: string;
  beforeAll(async () => {
    const parts = { mapping: TINY_MAPPING, files: tinyFile('T-5,2026-03-02,other,x') };
    id = (await imported(intake, { fields: { organId: t.ids.organs.county }, ...parts })).id;
  });

  it('is in the maker’s list, the newest first, and in no other', async () => {
    const { body } = await intake.get('/imports?count=true&limit=1').expect(200);
    expect(body.items.map((one: any) => one.id)).toEqual([id]);
    expect(body.total).toBeGreaterThan(1);
    const { body: next } = await intake.get(`/imports?cursor=${body.nextCursor}`).expect(200);
    expect(next.items).toHaveLength(body.total - 1);
    expect(
      [...body.items, ...next.items].every((one: any) => one.createdBy === t.ids.users['intake-officer']),
    ).toBe(true);
    const { body: other } = await supervisor.get('/imports?limit=200').expect(200);
    expect(other.items.map((one: any) => one.id)).not.toContain(id);
  });

  it('is not there for others', async () => {
    for (const client of [supervisor, await t.as('administrator'), await t.as('auditor')]) {
      for (const path of [`/imports/${id}`, `/imports/${id}/rejects`, `/imports/${id}/rejects?format=csv`]) {
        const { body } = await client.get(path).expect(404);
        expect(body).toMatchObject({ type: '/problems/not-found' });
      }
    }
    await intake.get(`/imports/${NOBODY}`).expect(404);
  });

  it('needs a session', async () => {
    await upload(t.anonymous, { mapping: TINY_MAPPING, files: tinyFile() }).expect(401);
    for (const path of ['/imports', `/imports/${id}`, `/imports/${id}/rejects`]) {
      await t.anonymous.get(path).expect(401);
    }
  });

  it('may be asked for by those who may import, and for their own organs only', async () => {
    const before = await stored();
    const parts = { mapping: TINY_MAPPING, files: tinyFile('T-6,2026-03-02,other,x') };
    for (const username of [
      'investigator',
      'administrator',
      'auditor',
      'decision-maker',
      'petition-officer',
    ]) {
      const { body } = await upload(await t.as(username), parts).expect(403);
      expect(body.type).toBe('/problems/forbidden');
    }
    const station = await anIntakeOfficerOf(t.ids.organs.station);
    const { body } = await upload(station, { ...parts, fields: { organId: t.ids.organs.county } }).expect(
      403,
    );
    expect(body.type).toBe('/problems/forbidden');
    // Without an organ it would be the mapping's own one, under the top of the tree.
    await upload(station, parts).expect(403);
    expect(await stored()).toEqual(before);
  });
});

describe('an upload is refused', () => {
  const good = (): UploadParts => ({
    fields: { organId: t.ids.organs.county },
    mapping: TINY_MAPPING,
    files: tinyFile('T-7,2026-03-02,other,x'),
  });

  /** Refused with a problem that names the place, and nothing of it is kept. */
  async function refused(
    send: () => PromiseLike<Response>,
    status: number,
    type: string,
    pointer?: string | RegExp,
    message?: RegExp,
  ): Promise<void> {
    const before = await stored();
    const { status: got, body, headers, text } = await send();
    expect([got, text]).toEqual([status, expect.any(String)]);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ type: `/problems/${type}`, status });
    if (pointer !== undefined) {
      expect(body.errors.map((error: any) => error.pointer)).toContainEqual(expect.stringMatching(pointer));
    }
    if (message) expect(text).toMatch(message);
    expect(await stored()).toEqual(before);
  }

  const cases: [string, () => UploadParts, string | RegExp, RegExp][] = [
    [
      'a file that the mapping does not name',
      () => ({ ...good(), files: { 'other.csv': 'a\n1\n' } }),
      '/files',
      /names no file other\.csv; it names complaints\.csv/,
    ],
    [
      'a missing file',
      () => ({ fields: { mapping: 'philadelphia' }, files: { 'complaints_2015.csv': 'a\n' } }),
      '/files',
      /complaints_against_police\.csv is missing.*there is complaints_2015\.csv/,
    ],
    [
      'no file at all',
      () => ({ ...good(), files: {} }),
      '/files',
      /complaints\.csv is missing.*there is no file/,
    ],
    [
      'no mapping',
      () => ({ files: good().files! }),
      '/mapping',
      /must be one of chicago, philadelphia, or a file/,
    ],
    [
      'an unknown mapping',
      () => ({ fields: { mapping: 'boston' }, files: good().files! }),
      '/mapping',
      /must be one of chicago, philadelphia/,
    ],
    [
      'a mapping that is a path',
      () => ({ fields: { mapping: '../mappings/chicago' }, files: good().files! }),
      '/mapping',
      /must be one of/,
    ],
    ['two mappings', () => ({ ...good(), fields: { mapping: 'chicago' } }), '/mapping', /not both/],
    ['an organ that is no id', () => ({ ...good(), fields: { organId: 'DEMO-X' } }), '/organId', /UUID/],
    [
      'an organ that does not exist',
      () => ({ ...good(), fields: { organId: NOBODY } }),
      '/organId',
      /no organ with this id/,
    ],
    ['a wrong flag', () => ({ ...good(), fields: { dryRun: 'perhaps' } }), '/dryRun', /boolean/],
    ['an unknown field', () => ({ ...good(), fields: { purpose: 'x' } }), '/purpose', /should not exist/],
    [
      'a field that is no name',
      () => ({ ...good(), fields: { __proto__x: 'x' } }),
      '/__proto__x',
      /should not exist/,
    ],
    ['an empty file name', () => ({ ...good(), files: { ' ': 'x' } }), '/files', /names no file/],
  ];
  it.each(cases)('with %s', async (_, parts, pointer, message) => {
    await refused(() => upload(intake, parts()), 400, 'invalid-input', pointer, message);
  });

  it.each<[string, string | Buffer, string, RegExp]>([
    ['is no YAML', 'sources: [', 'invalid-mapping', /line \d+, column \d+/],
    ['is empty', '', 'invalid-mapping', /line 1|the file/],
    ['is a list', '- a\n- b\n', 'invalid-mapping', /must be a table/],
    [
      'has an unknown key',
      TINY_MAPPING.replace('key: id', 'key: id\n    kee: id'),
      'invalid-mapping',
      /sources\.complaints\.kee.*did you mean key/,
    ],
    [
      'has a wrong word',
      TINY_MAPPING.replace('level: CITY', 'level: TOWN'),
      'invalid-mapping',
      /organ\.level.*must be one of/,
    ],
    [
      'names no such table',
      TINY_MAPPING.replace('values: kinds', 'values: kind'),
      'invalid-mapping',
      /there is no table kind; did you mean kinds/,
    ],
    ['is not UTF-8', Buffer.from([0x73, 0xff, 0xfe]), 'invalid-input', /is not UTF-8/],
    [
      'is a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}\n`,
      'invalid-mapping',
      /alias/i,
    ],
  ])('with a mapping that %s', async (_, mapping, type, message) => {
    await refused(() => upload(intake, { ...good(), mapping }), 400, type, /./, message);
  });

  it('with two mapping files, or a file twice, or a part of another name', async () => {
    const again = (name: string, file: string) => () =>
      upload(intake, good()).attach(name, Buffer.from(TINY_MAPPING), file);
    await refused(again('mapping', 'second.yaml'), 400, 'invalid-input', '/mapping', /twice/);
    await refused(
      again('files', 'complaints.csv'),
      400,
      'invalid-input',
      '/files',
      /complaints\.csv was sent twice/,
    );
    await refused(again('file', 'complaints.csv'), 400, 'invalid-input', '/file', /send mapping and files/);
    await refused(again('files', 'x'.repeat(201)), 400, 'invalid-input', '/files', /file name/);
  });

  it('with too many files or fields', async () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`${i}.csv`, 'x']));
    await refused(
      () => upload(intake, { ...good(), files: many }),
      400,
      'invalid-input',
      '',
      /too m(any|uch)/i,
    );
    const fields = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`f${i}`, 'x']));
    await refused(() => upload(intake, { ...good(), fields }), 400, 'invalid-input', '', /too m(any|uch)/i);
  });

  it('of another content type, or broken off', async () => {
    await refused(() => intake.post('/imports', { mapping: 'chicago' }), 415, 'unsupported-media-type');
    await refused(
      () => intake.request('post', '/imports', { 'content-type': 'text/csv' }).send('a,b\n'),
      415,
      'unsupported-media-type',
    );
    await refused(
      () => intake.request('post', '/imports', { 'content-type': 'multipart/form-data' }).send('a'),
      400,
      'malformed-body',
    );
    const broken =
      '--x\r\nContent-Disposition: form-data; name="files"; filename="complaints.csv"\r\n\r\nid,rec';
    await refused(
      () =>
        intake
          .request('post', '/imports', { 'content-type': 'multipart/form-data; boundary=x' })
          .send(broken),
      400,
      'malformed-body',
    );
  });

  it('that is too large: all files together, and the mapping', async () => {
    const half = Buffer.alloc(0.6 * 1024 * 1024, 'x,');
    const mapping = TINY_MAPPING.replace('complaints.csv', '[complaints.csv, more.csv]');
    const files = { 'complaints.csv': half, 'more.csv': half };
    await refused(
      () => upload(intake, { ...good(), mapping, files }),
      413,
      'upload-too-large',
      undefined,
      /larger than 1 MB.*command line/,
    );
    await refused(
      () => upload(intake, { ...good(), mapping: `${TINY_MAPPING}#${'x'.repeat(1024 * 1024)}` }),
      413,
      'upload-too-large',
      undefined,
      /mapping is larger/,
    );
  });
});

it('a repeat with the same Idempotency-Key is the same import, and another form is refused', async () => {
  const key = { 'idempotency-key': 'import-once' };
  const parts = {
    fields: { organId: t.ids.organs.county },
    mapping: TINY_MAPPING,
    files: tinyFile('T-8,2026-03-02,other,x'),
  };
  const first = await upload(intake, parts).set(key).expect(202);
  const second = await upload(intake, parts).set(key).expect(202);
  expect(second.body.id).toBe(first.body.id);
  expect(second.headers['idempotency-replayed']).toBe('true');
  const other = { ...parts, files: tinyFile('T-8,2026-03-02,other,x', 'T-9,2026-03-02,other,x') };
  const { body } = await upload(intake, other).set(key).expect(409);
  expect(body.type).toBe('/problems/key-reused');
});
