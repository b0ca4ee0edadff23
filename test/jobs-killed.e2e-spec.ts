import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, PASSWORD } from './support/app.js';
import { aDatabase, type TestDatabase } from './support/database.js';
import { ended, manyStagedRows, STAGED_HEADER, STAGED_MAPPING, upload } from './support/imports.js';

/** Far below the four hours after which graphile-worker itself would take a job from a dead process. */
const SECONDS = 20;

describe('an upload whose process is killed', () => {
  let dataDir: string;
  let database: TestDatabase;
  let child: ChildProcess | undefined;
  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    DATABASE_URL: database.appUrl,
    PLUMBLINE_WORKER_DATABASE_URL: database.workerUrl,
    PLUMBLINE_DATA_DIR: dataDir,
    PLUMBLINE_NEW_PASSWORD: PASSWORD,
    PORT: '0',
  });
  beforeAll(async () => {
    database = await aDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'plumbline-jobs-'));
    const args = ['user', 'create', 'intake', '--name', 'Intake', '--role', 'INTAKE_OFFICER'];
    const made = spawnSync(process.execPath, ['dist/src/cli.js', ...args], { env: env(), encoding: 'utf8' });
    expect([made.status, made.stderr]).toEqual([0, '']);
  }, 60_000);
  afterAll(async () => {
    child?.kill('SIGKILL');
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The program as it runs in production, on a login of the application. */
  const start = async (): Promise<Client> => {
    const started = (child = spawn(process.execPath, ['dist/src/main.js'], { env: env() }));
    started.stderr.resume();
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      started.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        const [, found] = /Plumbline is ready: +(http:\/\/\S+)\/api\/v1/.exec(output) ?? [];
        if (found) resolve(found);
      });
      started.once('close', () => reject(new Error(output)));
    });
    const { body } = await new Client(address, undefined)
      .post('/auth/login', { username: 'intake', password: PASSWORD })
      .expect(200);
    return new Client(address, body.accessToken);
  };
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => child!.once('close', resolve));
    child!.kill('SIGKILL');
    await gone;
  };
  const until = async (query: string): Promise<void> => {
    const [row] = await database.sql<{ met: boolean }>(`SELECT (${query}) AS met`);
    if (row!.met) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await until(query);
  };
  const uploaded = async (client: Client, complaints: number): Promise<string> => {
    const rows = [...manyStagedRows(complaints)];
    const [top] = await database.sql(`SELECT id FROM app.organ WHERE code = 'TOP'`);
    const parts = {
      fields: { organId: top.id },
      mapping: STAGED_MAPPING,
      files: { 'complaints.csv': [STAGED_HEADER, ...rows, ''].join('\n') },
    };
    return (await upload(client, parts).expect(202)).body.id;
  };

  it('is taken up again within seconds of the next start, and is whole in the end', async () => {
    const id = await uploaded(await start(), 600);
    await until('SELECT count(*) > 50 FROM app."case"');
    await kill();
    const [{ n }] = (await database.sql('SELECT count(*)::int AS n FROM app."case"')) as [{ n: number }];
    expect(n).toBeLessThan(500);

    const client = await start();
    const from = Date.now();
    await until('SELECT attempts = 2 FROM graphile_worker.jobs');
    expect(Date.now() - from).toBeLessThan(SECONDS * 1000);
    expect(await ended(client, id)).toMatchObject({ status: 'DONE', failure: null });
    const [all] = await database.sql(
      'SELECT count(*)::int AS n, count(DISTINCT key)::int AS keys FROM (SELECT DISTINCT case_id, key FROM app.import_provenance) p',
    );
    expect(all).toEqual({ n: all.keys, keys: expect.any(Number) });
    expect(all.keys).toBeGreaterThan(500);
    await until('SELECT count(*) = 0 FROM graphile_worker.jobs');
    await kill();
  }, 120_000);

  it('as often as a job may be begun is FAILED, with a sentence that says what to do', async () => {
    const id = await uploaded(await start(), 900);
    await until('SELECT count(*) = 1 FROM graphile_worker.jobs WHERE locked_at IS NOT NULL');
    // Four deaths more than the one that follows.
    await database.sql('UPDATE graphile_worker._private_jobs SET attempts = 5');
    await kill();

    const client = await start();
    const from = Date.now();
    expect(await ended(client, id)).toMatchObject({
      status: 'FAILED',
      failure: 'It broke off. The cases that were written stay; send the files again, and the rest is added.',
      finishedAt: expect.any(String),
    });
    expect(Date.now() - from).toBeLessThan(SECONDS * 1000);
    await until('SELECT count(*) = 0 FROM graphile_worker.jobs');
    await until('SELECT count(*) = 0 FROM app.import_file');
  }, 120_000);
});
