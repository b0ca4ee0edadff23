import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aDatabase, type TestDatabase } from './support/database.js';
import { manyStagedRows, STAGED_HEADER, STAGED_MAPPING } from './support/imports.js';

/** Everything that an import leaves behind, by the names of the source: ids, times and references differ. */
const content: Readonly<Record<string, string>> = {
  cases: `SELECT p.key, c.status, c.channel, c.received_at, c.reporter_kind, i.open, c.rulebook_version, c.categories, c.version,
      s.sha256, o.code, array_length(c.subject_officer_ids, 1)
    FROM app."case" c JOIN keys p USING (id) JOIN app.statement s ON s.case_id = c.id JOIN app.organ o ON o.id = c.organ_id
    LEFT JOIN vault.identity i ON i.case_id = c.id`,
  allegations: `SELECT p.key, a.no, a.category, a.occurred_from, a.occurred_to, a.occurred_precision, a.place, o.code, a.facts,
      a.source_words
    FROM app.allegation a JOIN keys p ON p.id = a.case_id LEFT JOIN app.organ o ON o.id = a.organ_id`,
  subjects: `SELECT p.key, a.no, o.origin_key, s.description, s.role FROM app.allegation_subject s
    JOIN app.allegation a ON a.id = s.allegation_id JOIN keys p ON p.id = s.case_id LEFT JOIN app.officer o ON o.id = s.officer_id`,
  affected: `SELECT p.key, a.no, d.name, d.injury_level FROM app.affected_person d
    JOIN app.allegation a ON a.id = d.allegation_id JOIN keys p ON p.id = d.case_id`,
  findings: `SELECT p.key, a.no, f.stage, f.revision, f.outcome, f.reason, f.source_words FROM app.finding f
    JOIN app.allegation a ON a.id = f.allegation_id JOIN keys p ON p.id = f.case_id`,
  sanctions: `SELECT p.key, o.origin_key, s.track, s.kind, s.status, s.effective_from, s.ends_on, s.reason, s.source_words,
      (SELECT array_agg(a.no ORDER BY a.no) FROM app.allegation a WHERE a.id = ANY (s.allegation_ids))
    FROM app.sanction s JOIN keys p ON p.id = s.case_id JOIN app.officer o ON o.id = s.officer_id`,
  provenance: 'SELECT system, key, source, hash, file, row_no FROM app.import_provenance',
  officers: `SELECT o.origin_system, o.origin_key, o.name, o.badge_number, g.code, a.post FROM app.officer o
    LEFT JOIN app.appointment a ON a.officer_id = o.id LEFT JOIN app.organ g ON g.id = a.organ_id`,
  organs: 'SELECT code, name, level, cardinality(path) FROM app.organ',
  events: `SELECT p.key, e.seq, convert_from(e.body, 'UTF8')::jsonb ->> 'type', convert_from(e.body, 'UTF8')::jsonb -> 'target' ->> 'kind',
      (SELECT count(*) FROM audit.disclosure d WHERE d.event = e.event)
    FROM audit.entry e JOIN keys p ON p.id::text = e.stream::text`,
  staged: 'SELECT key FROM app.import_staging',
};

async function stateOf({ sql }: TestDatabase): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(content)) {
    const [row] = await sql(
      `WITH keys AS (SELECT DISTINCT case_id AS id, key FROM app.import_provenance), rows AS (${query})
       SELECT count(*)::int AS n, md5(string_agg(r, E'\\n' ORDER BY r)) AS hash FROM (SELECT rows::text AS r FROM rows) t`,
    );
    state[name] = row;
  }
  return state;
}

describe('an import that is killed', () => {
  let directory: string;
  const databases: TestDatabase[] = [];
  const children = new Set<ChildProcess>();
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'plumbline-killed-'));
    mkdirSync(join(directory, 'files'));
    writeFileSync(join(directory, 'mapping.yaml'), STAGED_MAPPING);
    writeFileSync(
      join(directory, 'files', 'complaints.csv'),
      [STAGED_HEADER, ...manyStagedRows(600), ''].join('\n'),
    );
  });
  afterAll(async () => {
    children.forEach((child) => child.kill('SIGKILL'));
    for (const database of databases) await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const newDatabase = async (): Promise<TestDatabase> => {
    const database = await aDatabase();
    databases.push(database);
    return database;
  };

  const importing = (
    database: TestDatabase,
  ): { child: ChildProcess; ended: Promise<string | number | null>; out: () => string } => {
    const [mapping, files] = [join(directory, 'mapping.yaml'), join(directory, 'files')];
    const rejects = join(directory, `rejects-${database.name}.csv`);
    const child = spawn(
      process.execPath,
      ['bin/plumbline.mjs', 'import', '--json', '--mapping', mapping, '--rejects', rejects, files],
      {
        env: {
          ...process.env,
          DATABASE_URL: database.adminUrl,
          PLUMBLINE_DATA_DIR: join(directory, database.name),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    children.add(child);
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.resume();
    const ended = new Promise<string | number | null>((resolve) =>
      child.on('close', (code, signal) => {
        children.delete(child);
        resolve(signal ?? code);
      }),
    );
    return { child, ended, out: () => out };
  };

  const whole = async (database: TestDatabase): Promise<any> => {
    const { ended, out } = importing(database);
    expect(await ended).toBe(0);
    return JSON.parse(out());
  };

  /** Kills it as soon as the database shows that it has come so far. */
  const killedAt = async (database: TestDatabase, count: string, atLeast: number): Promise<void> => {
    const { child, ended } = importing(database);
    for (;;) {
      const [row] = await database.sql<{ n: number }>(`SELECT ${count}::int AS n`);
      if (row!.n >= atLeast) break;
      if (child.exitCode !== null) throw new Error(`It ended before there were ${atLeast}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  };

  it('while reading and while writing, and is run again, ends as one that nobody disturbed', async () => {
    const cases = '(SELECT count(*) FROM app."case")';
    const [calm, troubled] = [await newDatabase(), await newDatabase()];
    const summary = await whole(calm);
    const undisturbed = await stateOf(calm);
    for (const name of ['findings', 'sanctions', 'affected', 'officers']) {
      expect([name, undisturbed[name]]).toEqual([name, { n: expect.any(Number), hash: expect.any(String) }]);
    }
    const [file] = summary.files;
    expect(file.read).toBe(file.imported + file.repeated + file.rejected);
    expect(undisturbed).toMatchObject({ cases: { n: summary.casesAdded }, staged: { n: 0 } });

    await killedAt(troubled, '(SELECT count(*) FROM app.import_staging)', 500);
    await killedAt(troubled, cases, 100);
    const [{ n }] = (await troubled.sql(`SELECT ${cases}::int AS n`)) as [{ n: number }];
    expect(n).toBeLessThan(summary.casesAdded);
    await killedAt(troubled, cases, n + 100);
    const rest = await whole(troubled);
    expect(rest.casesAdded).toBeGreaterThan(0);
    expect(rest.casesAdded).toBeLessThan(summary.casesAdded);
    expect(rest.files[0].rejected).toBe(file.rejected);
    expect(await stateOf(troubled)).toEqual(undisturbed);

    const runs = await troubled.sql('SELECT status, failure, finished_at FROM app.import_run ORDER BY id');
    const broken = {
      status: 'FAILED',
      failure: expect.stringContaining('It broke off'),
      finished_at: expect.any(Date),
    };
    expect(runs).toEqual([
      broken,
      broken,
      broken,
      { status: 'DONE', failure: null, finished_at: expect.any(Date) },
    ]);
  }, 300_000);
});
