import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase } from './support/builders.js';

describe('the command line', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
    await aCase(t);
  });
  afterAll(async () => {
    const logins = await t.sql(
      `SELECT rolname FROM pg_roles WHERE rolname LIKE '%\\_\\_' || current_database() OR rolname = 'a_login_of_the_test'`,
    );
    await t.stop();
    expect(logins.length).toBeGreaterThan(0);
  });

  const plumbline = (
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
        env: { ...process.env, DATABASE_URL: t.database.adminUrl, PLUMBLINE_DATA_DIR: t.dataDir, ...env },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (data: Buffer) => (out += data.toString()));
      child.stderr.on('data', (data: Buffer) => (err += data.toString()));
      child.stdin.end();
      child.on('close', (code) => resolve({ code, out, err }));
    });

  it('helps with each command and exits with 0', async () => {
    for (const command of [
      [],
      ['migrate'],
      ['user', 'create'],
      ['import'],
      ['verify'],
      ['witness'],
      ['openapi'],
      ['permissions'],
    ]) {
      const { code, out } = await plumbline([...command, '--help']);
      expect([command, code]).toEqual([command, 0]);
      expect(out).toContain('Usage: plumbline');
    }
  }, 120_000);

  /** What was asked for, the exit code, and what the person reads. */
  const wrong: [args: string[], code: number, words: string, env?: Record<string, string>][] = [
    [['no-such-command'], 2, "unknown command 'no-such-command'"],
    [['import', '--mapping', 'no-such-file.yaml', 'samples'], 2, 'no-such-file.yaml'],
    [['user', 'create'], 2, "required option '--name <name>'"],
    [['user', 'create', 'x', '--name', 'X', '--role', 'KING'], 2, '--role must be one of'],
    [['user', 'create', 'some-name', '--name', 'X'], 2, '/password', { PLUMBLINE_NEW_PASSWORD: 'short' }],
    [['verify', '--writer-key', 'package.json'], 2, 'package.json holds no public key'],
    [['verify'], 2, 'DATABASE_URL must be', { DATABASE_URL: 'postgresql://u:p@host:port/x' }],
    [['verify'], 1, 'is DATABASE_URL right?', { DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/x' }],
    [['permissions', '--out', 'no-such-folder/x'], 1, 'no-such-folder/x: there is no such file or folder.'],
    [['witness'], 2, 'name the logs to watch'],
    // 1 and 2 are answers about a bundle.
    [['verify-bundle', 'x.zip', '--polcy', 'y'], 3, "required option '--policy <file>'"],
    [
      ['verify-bundle', 'package.json', '--policy', 'no-such-file'],
      3,
      'no-such-file: there is no such file or folder.',
    ],
    [['verify-bundle', 'src', '--policy', 'package.json'], 3, 'A file that was named is a folder.'],
  ];

  it('says on standard error what is wrong, with an exit code of its meaning and no stack trace', async () => {
    for (const [args, code, words, env] of wrong) {
      const told = await plumbline(args, env);
      expect([args, told.code, told.out]).toEqual([args, code, '']);
      expect(told.err).toContain(words);
      expect(told.err).not.toMatch(/^\s+at /m);
      expect(told.err).not.toContain('secret');
    }
  }, 300_000);

  it('verifies a whole trail with 0, and names the first wrong entry with 1', async () => {
    const keys = ['--writer-key', join(t.dataDir, 'keys', 'writer.pub')];
    const whole = await plumbline(['verify', ...keys]);
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('The trail is whole')]);

    await t.sql('ALTER TABLE audit.entry DISABLE TRIGGER ALL');
    const [entry] =
      await t.sql(`UPDATE audit.entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'INTAKE', 'OUTTAKE'), 'UTF8')
      WHERE id = (SELECT max(id) FROM audit.entry WHERE convert_from(body, 'UTF8') LIKE '%INTAKE%') RETURNING stream, seq, event`);
    await t.sql('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER refuse_row');
    const wrong = await plumbline(['verify', ...keys]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain(
      `First wrong entry: stream ${entry.stream}, entry ${entry.seq}, event ${entry.event}`,
    );
    const asJson = await plumbline(['verify', '--json', ...keys]);
    expect(JSON.parse(asJson.out)).toMatchObject({
      valid: false,
      failures: [{ check: 'BODY', event: entry.event }],
    });
  }, 60_000);

  it('makes an account that can sign in', async () => {
    const made = await plumbline(['user', 'create', 'first-admin', '--name', 'First', '--organ', 'DEMO'], {
      PLUMBLINE_NEW_PASSWORD: 'long enough to be one',
    });
    expect([made.code, made.err]).toEqual([0, '']);
    const { body } = await t.anonymous
      .post('/auth/login', { username: 'first-admin', password: 'long enough to be one' })
      .expect(200);
    expect(body.user.grants).toEqual([{ role: 'ADMINISTRATOR', organId: t.ids.organs.ministry }]);
  }, 60_000);

  it('migrates, and makes a login with the privileges of the application only', async () => {
    const made = await plumbline(['migrate', '--login', 'a_login_of_the_test'], {
      PLUMBLINE_LOGIN_PASSWORD: 'x'.repeat(20),
    });
    expect([made.code, made.err]).toEqual([0, '']);
    const [role] = await t.sql(
      `SELECT rolsuper, rolcreaterole, pg_has_role(oid, 'plumbline_app', 'MEMBER') AS member FROM pg_roles WHERE rolname = 'a_login_of_the_test'`,
    );
    expect(role).toEqual({ rolsuper: false, rolcreaterole: false, member: true });
    await t.sql('DROP ROLE a_login_of_the_test');
  }, 60_000);
});
