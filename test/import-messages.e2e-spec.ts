import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { DomainError } from '../src/common/errors.js';
import { runImport } from '../src/imports/import-command.js';
import { startTestApp, type TestApp } from './support/app.js';
import { STAGED_HEADER, STAGED_MAPPING, TINY_MAPPING } from './support/imports.js';

let t: TestApp;
let folder: string;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-messages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Sources {
  mapping?: string;
  files: Record<string, string | Buffer>;
}

const run = async (mapping: string, from: string): Promise<any> => {
  const out = new PassThrough();
  const rejects = join(folder, 'rejects.csv');
  const options = { mapping, folder: from, dryRun: false, json: true, rejects };
  expect(await runImport(options, t.app, { out, err: new PassThrough().resume() })).toBe(0);
  return JSON.parse(String(out.read()));
};

async function imported({ mapping = TINY_MAPPING, files }: Sources): Promise<any> {
  writeFileSync(join(folder, 'mapping.yaml'), mapping);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return run(join(folder, 'mapping.yaml'), folder);
}

const counts = async (): Promise<unknown> =>
  t.sql(`SELECT (SELECT count(*) FROM app."case") AS cases, (SELECT count(*) FROM app.officer) AS officers,
    (SELECT count(*) FROM app.import_staging) AS staged`);

/** The whole import is refused in these words, and no case of it is stored. */
async function refused(work: () => Promise<unknown>, ...words: RegExp[]): Promise<void> {
  const before = await counts();
  const error: unknown = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DomainError);
  const { message, status, extra } = error as DomainError;
  const errors = (extra['errors'] ?? []) as { pointer: string; message: string }[];
  const text = [message, ...errors.map(({ pointer, message: why }) => `${pointer}: ${why}`)].join('\n');
  for (const word of words) expect(text).toMatch(word);
  expect(status).toBe(400);
  expect(await counts()).toEqual(before);
}

const HEADER = 'id,received,kind,words\n';
const row = (n: number, words = 'x'): string => `M-${n},2026-03-02,other,${words}\n`;
const many = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => row(from + i)).join('');
const gb18030 = Buffer.from([0xca, 0xd5, 0xcc, 0xf5]); // 收条
const utf16 = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
const encoded = (encoding: string): string =>
  TINY_MAPPING.replace('key: id', `format: { encoding: ${encoding} }\n    key: id`);

describe('a file that cannot be read is refused with file, row and remedy', () => {
  it.each<[string, string | Buffer, RegExp[]]>([
    ['is empty', '', [/^complaints\.csv, row 1: the file is empty\. Send it with its header and rows/]],
    ['has only blank lines', '\n\n', [/^complaints\.csv, row \d: the file/]],
    [
      'has only a header',
      HEADER,
      [/^complaints\.csv, row 2: the file has a header and no rows\. Send the whole file/],
    ],
    [
      'has a quote that is never closed',
      `${HEADER}${row(1)}M-2,2026-03-02,other,"open\n${many(9, 3)}`,
      [/^complaints\.csv, row 3 \(line 3\): a quote is opened and never closed\. Close the quote/],
    ],
    [
      'has something behind a closed quote',
      `${HEADER}${row(1)}M-2,2026-03-02,other,"a" b\n`,
      [/^complaints\.csv, row 3/, /quote: none/],
    ],
    [
      'has a quote within a cell',
      `${HEADER}${row(1)}M-2,2026-03-02,other,a "b" c\n`,
      [/^complaints\.csv, row 3/, /write a quote inside a cell twice/],
    ],
    [
      'lacks a column',
      `id,received,kind,word\n${row(1)}`,
      [
        /^complaints\.csv, row 1: there is no column "words", which the mapping names in sources\.complaints/,
        /did you mean word\?/,
      ],
    ],
    [
      'has a column twice',
      `id,received,kind,words,id\nM-1,2026-03-02,other,x,M-1\n`,
      [/^complaints\.csv, row 1: the column "id" is there 2 times\. Name the columns differently/],
    ],
    [
      'has another delimiter',
      `${HEADER}${row(1)}`.replaceAll(',', ';'),
      [/^complaints\.csv, row 1/, /separated by ;: set sources\.complaints\.format\.delimiter/],
    ],
    [
      'is a workbook',
      Buffer.from([0x50, 0x4b, 3, 4, 0, 0]),
      [/^complaints\.csv, line 1|row 1/, /a workbook or a zip archive\. Save the sheet as CSV/],
    ],
    ['is compressed', Buffer.from([0x1f, 0x8b, 8, 0]), [/compressed with gzip\. Unpack it first/]],
    [
      'is in GB18030',
      Buffer.concat([Buffer.from(`${HEADER}${row(1)}M-2,2026-03-02,other,`), gb18030, Buffer.from('\n')]),
      [
        /^complaints\.csv, row 3, line 3: has bytes that are not utf-8/,
        /set sources\.complaints\.format\.encoding in the mapping.*gb18030/,
      ],
    ],
    [
      'is in Latin-1',
      Buffer.from(`${HEADER}${many(700)}M-701,2026-03-02,other,caf\u00e9\n`, 'latin1'),
      [/^complaints\.csv, row 702, line 702/, /not utf-8\. Save the file as utf-8, or set/, /windows-1252/],
    ],
    [
      'is in UTF-16, little end first',
      utf16(`${HEADER}${row(1)}`),
      [
        /^complaints\.csv, (row 1, )?line 1/,
        /utf-16le and not utf-8\. Set sources\.complaints\.format\.encoding in the mapping to utf-16le/,
      ],
    ],
    ['is in UTF-16, big end first', utf16(`${HEADER}${row(1)}`, true), [/utf-16be and not utf-8/]],
  ])('when it %s', async (_, content, words) => {
    await refused(() => imported({ files: { 'complaints.csv': content } }), ...words);
  });

  it('when the mapping says another encoding than UTF-8, in which it is', async () => {
    const content = `${HEADER}${row(1, '收条')}${row(2, '收据')}${row(3, '没有')}`;
    await refused(
      () => imported({ mapping: encoded('windows-1252'), files: { 'complaints.csv': content } }),
      /^complaints\.csv: each of the 3 lines beyond ASCII is well-formed UTF-8/,
      /Set sources\.complaints\.format\.encoding in the mapping to utf-8/,
    );
  });

  it('when it is missing, or the folder is', async () => {
    await refused(
      () => imported({ files: { 'complaint.csv': HEADER } }),
      /complaints\.csv is missing/,
      /there is .*complaint\.csv/,
      /Add the file, or correct its name/,
    );
    const absent = join(folder, 'absent');
    writeFileSync(join(folder, 'mapping.yaml'), TINY_MAPPING);
    await refused(
      () => run(join(folder, 'mapping.yaml'), absent),
      /The folder .*absent cannot be read \(ENOENT\)/,
    );
    await refused(
      () => run(join(folder, 'mapping.yaml'), join(folder, 'mapping.yaml')),
      /is a file\. Name the folder that it is in/,
    );
    await refused(
      () => run(join(folder, 'no.yaml'), folder),
      /There is no mapping file .*no\.yaml\. Name a file, or one of chicago, philadelphia/,
    );
  });
});

describe('a mapping that cannot be used is refused with line, place and remedy', () => {
  it.each<[string, string, RegExp[]]>([
    [
      'has unknown keys',
      TINY_MAPPING.replace('perCase: one', 'perCases: one'),
      [/line \d+, sources\.complaints\.perCases: is not known here.*did you mean perCase\?/],
    ],
    [
      'has a word where a table belongs',
      TINY_MAPPING.replace(/organ: .*/, 'organ: TINY'),
      [/line 3, organ: must be a table of names and values \(code, name, level\)/],
    ],
    [
      'has a list where text belongs',
      TINY_MAPPING.replace('system: tiny', 'system: [tiny]'),
      [/line 2, system: must be text/],
    ],
    [
      'has a wrong choice',
      TINY_MAPPING.replace('perCase: one', 'perCase: two'),
      [/sources\.complaints\.perCase: must be one of one, many/],
    ],
    [
      'has a wrong encoding',
      encoded('klingon'),
      [/format\.encoding: there is no encoding klingon; write one such as utf-8/],
    ],
    [
      'has a date format that is none',
      `${TINY_MAPPING}dates: YYYY/NN\n`,
      [/line \d+, dates: the date format YYYY\/NN/],
    ],
    ['has a code that there is not', TINY_MAPPING.replace('ARBITRARY_FINE', 'FINES'), [/FINES/]],
    [
      'lacks its sources',
      TINY_MAPPING.replace(/sources:[^]*?(?=tables)/, ''),
      [/sources: is missing or empty/],
    ],
    ['is no YAML', `${TINY_MAPPING}  : : [`, [/line \d+, column \d+: is not YAML/]],
  ])('when it %s', async (_, mapping, words) => {
    await refused(
      () => imported({ mapping, files: { 'complaints.csv': `${HEADER}${row(1)}` } }),
      /mapping\.yaml/,
      ...words,
    );
  });
});

describe('a row that cannot be taken is rejected with its number and the reason, and the others are taken', () => {
  it('in all the ways in which a row can be wrong', async () => {
    const content =
      HEADER +
      row(501) +
      'M-502,2026-03-02,other\n' +
      'M-503,2026-03-02,other,x,y\n' +
      'M-504,2026-02-30,other,x\n' +
      'M-505,2026-03-02,parking,x\n' +
      ',2026-03-02,other,x\n' +
      'M-507,,other,x\n' +
      'M-508,2026-03-02,other,\n' +
      'M-509,2026-03-02,other,a\0b\n' +
      'M-510,2090-03-02,other,x\n' +
      row(511, '"two\nlines"') +
      'M-512,not a day,other,x\n';
    const summary = await imported({ files: { 'complaints.csv': content } });
    expect(summary).toMatchObject({
      casesAdded: 2,
      files: [{ file: 'complaints.csv', read: 12, imported: 2, repeated: 0, rejected: 10 }],
    });
    const lines = readFileSync(summary.rejectsFile, 'utf8').replace('\uFEFF', '').trim().split(/\r?\n/);
    const expected = [
      /^file,row,reason$/,
      /^complaints\.csv,3,.*has 3 columns instead of 4/,
      /^complaints\.csv,4,.*has 5 columns instead of 4/,
      /^complaints\.csv,5,.*received.*2026-02-30/,
      /^complaints\.csv,6,.*kind.*parking.*is not in the mapping's table kinds; add it there/,
      /^complaints\.csv,7,.*has no id/,
      /^complaints\.csv,8,.*has no date on which the complaint was received/,
      /^complaints\.csv,9,.*has no words of a complaint/,
      /^complaints\.csv,10,.*words has/,
      /^complaints\.csv,11,.*was received in the future/,
      // The row before spans two lines.
      /^complaints\.csv,13,.*not a day.*\(line 14\)/,
    ];
    expect(lines).toHaveLength(expected.length);
    lines.forEach((line, i) => expect(line).toMatch(expected[i]!));
  });
});

describe('what files of the world are like', () => {
  const caseOf = async (key: string): Promise<any> =>
    (
      await t.sql(
        `SELECT c.*, s.text FROM app."case" c JOIN app.statement s ON s.case_id = c.id
         WHERE c.id = (SELECT case_id FROM app.import_provenance WHERE key = $1 LIMIT 1)`,
        [key],
      )
    )[0];

  it('GB18030 and UTF-16 are read when the mapping says so', async () => {
    const gb = Buffer.concat([Buffer.from(`${HEADER}G-1,2026-03-02,fine,`), gb18030, Buffer.from('\n')]);
    await imported({ mapping: encoded('gb18030'), files: { 'complaints.csv': gb } });
    expect((await caseOf('G-1')).text).toBe('收条');
    const wide = utf16(`${HEADER}U-1,2026-03-02,fine,收据\n`);
    await imported({ mapping: encoded('utf-16le'), files: { 'complaints.csv': wide } });
    expect((await caseOf('U-1')).text).toBe('收据');
  });

  it('columns of a fixed width', async () => {
    const mapping = TINY_MAPPING.replace(
      'key: id',
      'format: { type: fixed, columns: { id: [1, 6], received: [7, 16], kind: [18, 22], words: [23, 60] } }\n    key: id',
    ).replaceAll('complaints.csv', 'complaints.txt');
    const content =
      'F-0001' +
      '2026-03-02 other' +
      'They 收 took it\n' +
      'F-0002' +
      '2026-03-02 fine ' +
      `${'x'.repeat(60)}\n`;
    const summary = await imported({ mapping, files: { 'complaints.txt': content } });
    expect(summary.files).toEqual([
      { file: 'complaints.txt', read: 2, imported: 1, repeated: 0, rejected: 1 },
    ]);
    expect(await caseOf('F-0001')).toMatchObject({ text: 'They 收 took it', categories: ['OTHER'] });
    expect(readFileSync(summary.rejectsFile, 'utf8')).toMatch(/complaints\.txt,2,.*characters instead of 60/);
  });

  it('a month without a day, penalties in stages, and five spellings of nothing', async () => {
    const content = [
      STAGED_HEADER,
      'P-1,2024-03,fine,Staged,2024-02,O-1,Officer One,Unit 1,Payer,sustained,sustained,suspension,reprimand,2024-12-01',
      ...['NA', 'n/a', '-', ' None ', '#VALUE!'].map(
        (nothing, i) =>
          `N-${i},2024-03-05,fine,Nothing,${nothing},${nothing},x,${nothing},${nothing},pending,pending,${nothing},${nothing},`,
      ),
      '',
    ].join('\n');
    const summary = await imported({ mapping: STAGED_MAPPING, files: { 'complaints.csv': content } });
    expect(summary).toMatchObject({
      casesAdded: 6,
      findingsAdded: 2,
      sanctionsAdded: 2,
      officersAdded: 1,
      files: [{ imported: 6, rejected: 0 }],
      warnings: { 'month-of-receipt-only': 1 },
    });
    const staged = await caseOf('P-1');
    // The first instant of the month, in the zone of the source.
    expect(staged.received_at.toISOString()).toBe('2024-02-29T16:00:00.000Z');
    const [allegation] = await t.sql('SELECT * FROM app.allegation WHERE case_id = $1', [staged.id]);
    expect(allegation).toMatchObject({ occurred_precision: 'MONTH' });
    const findings = await t.sql(
      'SELECT stage, outcome FROM app.finding WHERE case_id = $1 ORDER BY stage DESC',
      [staged.id],
    );
    expect(findings).toEqual([
      { stage: 'RECOMMENDED', outcome: 'SUBSTANTIATED' },
      { stage: 'FINAL', outcome: 'SUBSTANTIATED' },
    ]);
    const sanctions = await t.sql(
      `SELECT status, kind, effective_from::text AS "from" FROM app.sanction WHERE case_id = $1 ORDER BY status`,
      [staged.id],
    );
    expect(sanctions).toEqual([
      { status: 'DECIDED', kind: 'WARNING', from: '2024-12-01' },
      { status: 'PROPOSED', kind: 'MAJOR_DEMERIT', from: null },
    ]);
    for (let i = 0; i < 5; i++) {
      const { id } = await caseOf(`N-${i}`);
      const [nothing] = await t.sql(
        `SELECT a.occurred_from, s.officer_id, (SELECT count(*)::int FROM app.affected_person WHERE case_id = $1) AS affected,
           (SELECT count(*)::int FROM app.finding WHERE case_id = $1) AS findings
         FROM app.allegation a JOIN app.allegation_subject s ON s.allegation_id = a.id WHERE a.case_id = $1`,
        [id],
      );
      expect(nothing).toEqual({ occurred_from: null, officer_id: null, affected: 0, findings: 0 });
    }
  });
});
