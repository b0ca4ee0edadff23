import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf } from '../bench/bundle.js';
import { describeInBrowser, openVerifier, type VerifierPage } from './support/browser.js';

const EVENTS = 10_000;

describeInBrowser('the verifier page, with a case that went on for years', () => {
  let v: VerifierPage;
  let dir: string;
  beforeAll(async () => {
    v = await openVerifier();
    dir = mkdtempSync(join(tmpdir(), 'plumbline-large-'));
    const { bundle, policy } = await bundleOf(EVENTS);
    writeFileSync(join(dir, 'bundle.zip'), bundle);
    writeFileSync(join(dir, 'policy.txt'), policy);
  }, 120_000);
  afterAll(async () => {
    await v.browser.close();
    rmSync(dir, { recursive: true });
  });

  it(`says how far it is, and finds ${EVENTS} events valid`, async () => {
    await v.page.setInputFiles('#bundle', join(dir, 'bundle.zip'));
    await v.page.setInputFiles('#policy', join(dir, 'policy.txt'));
    await v.page.getByRole('button', { name: 'Check' }).click();
    await v.page.waitForFunction(
      () => /: [\d,]+ of [\d,]+$/.test((globalThis as any).document.querySelector('#progress').textContent),
      undefined,
      { polling: 50, timeout: 120_000 },
    );
    await v.page.waitForSelector('.verdict', { timeout: 170_000 });
    expect(await v.page.innerText('#verdict')).toMatch(/^✓ Valid\n/);
    expect(await v.page.innerText('main')).toContain(`${EVENTS.toLocaleString('en')} `);
    expect([v.requests, v.complaints]).toEqual([[], []]);
  }, 180_000);
});
