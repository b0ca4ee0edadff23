import { PassThrough } from 'node:stream';
import { runImport } from '../src/imports/import-command.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';

/** The sums that samples/README.md gives: rows, exact repeats, rows that have to be rejected. */
const sums = {
  'complaints_against_police.csv': { read: 150, imported: 147, repeated: 0, rejected: 3 },
  'complaints.against.police.findings.csv': { read: 376, imported: 326, repeated: 48, rejected: 2 },
  'complaints_2015.csv': { read: 60, imported: 56, repeated: 4, rejected: 0 },
};

describe('an import of the sample', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  const importSample = async (dryRun = false) => {
    const out = new PassThrough();
    const code = await runImport(
      {
        mapping: 'mappings/philadelphia.yaml',
        folder: 'samples/philadelphia',
        dryRun,
        json: true,
        rejects: `${t.dataDir}/rejects.csv`,
      },
      t.app,
      { out, err: new PassThrough().resume() },
    );
    expect(code).toBe(0);
    return JSON.parse(String(out.read()));
  };
  const counts = async () =>
    (
      await t.sql(`SELECT (SELECT count(*)::int FROM app."case") AS cases, (SELECT count(*)::int FROM app.allegation) AS allegations,
        (SELECT count(*)::int FROM app.finding) AS findings, (SELECT count(*)::int FROM app.officer) AS officers,
        (SELECT count(*)::int FROM app.organ) AS organs, (SELECT count(*)::int FROM app.import_provenance) AS rows,
        (SELECT count(*)::int FROM app.import_staging) AS staged`)
    )[0];

  it('stores nothing in a dry run', async () => {
    const before = await counts();
    const { files } = await importSample(true);
    expect(files.map(({ file }: { file: string }) => file).sort()).toEqual(Object.keys(sums).sort());
    expect(await counts()).toEqual(before);
  }, 120_000);

  it('takes each row once, and adds nothing the second time', async () => {
    const first = await importSample();
    for (const file of first.files) expect(file).toMatchObject(sums[file.file as keyof typeof sums]);
    const after = await counts();
    expect(after).toMatchObject({ cases: first.casesAdded, staged: 0 });
    const second = await importSample();
    for (const { read, imported, repeated, rejected } of second.files) {
      expect([imported, repeated + rejected]).toEqual([0, read]);
    }
    expect(await counts()).toEqual(after);
  }, 120_000);

  it('leaves events with the source and the row as provenance', async () => {
    const [{ case_id: id, row_no: row }] = await t.sql(
      `SELECT case_id, row_no FROM app.import_provenance WHERE key = (SELECT min(key) FROM app.import_provenance) LIMIT 1`,
    );
    const [registration] = await eventsOf(t, id);
    expect(registration!.values['provenance']).toMatchObject({
      system: expect.stringMatching('philadelphia'),
    });
    expect(Number(row)).toBeGreaterThan(1);
  });
});
