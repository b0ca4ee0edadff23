import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD, startTestApp, type TestApp } from './support/app.js';

/** The code under a heading of the README, as it stands there. */
const codeUnder = (heading: string): string =>
  new RegExp(`## ${heading}[^]*?\`\`\`bash\\n([^]*?)\`\`\``).exec(readFileSync('README.md', 'utf8'))![1]!;
const tour = (): string => codeUnder('A tour');

const run = (
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd, env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });

describe('the tour of the README', () => {
  let t: TestApp;
  let cwd: string;
  beforeAll(async () => {
    t = await startTestApp();
    cwd = mkdtempSync(join(tmpdir(), 'plumbline-tour-'));
  });
  afterAll(async () => {
    await t.stop();
    rmSync(cwd, { recursive: true, force: true });
  });

  it('has ten lines of curl', () => {
    expect(tour().match(/\bcurl /g)).toHaveLength(10);
  });

  it('goes from the sign-in to a decided case and its exported history, and from a report to its receipt', async () => {
    const script = `${tour()}\n${codeUnder('Reporters')}`;
    const { code, output } = await run(script, cwd, { PL: `${await t.app.getUrl()}/api/v1`, PASSWORD });
    expect([code, output]).toEqual([0, expect.stringContaining('DECIDED_SANCTION')]);
    expect(output).toMatch(/Sanction decided: Demo decision maker/);
    expect(readFileSync(join(cwd, 'case.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(existsSync(join(cwd, 'case.json'))).toBe(true);
    expect(output).toContain('Your report has arrived');
  }, 120_000);
});
