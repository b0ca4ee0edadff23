import { writeFileSync } from 'node:fs';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase } from '../../test/support/builders.js';
import { aSealer, type TestSealer } from '../../test/support/sealing.js';
import { follow, languages, overflow, startConsole, violations, visit, type Console } from './support.js';

describeInBrowser('the auditor’s desk', () => {
  let c: Console;
  let sealer: TestSealer;
  beforeAll(async () => {
    c = await startConsole();
    await aCase(c.t);
    sealer = aSealer(c.t);
    writeFileSync(`${c.t.dataDir}/policy.txt`, sealer.policyText);
    await sealer.sealAll();
    await sealer.cosign();
  });
  afterAll(async () => {
    await sealer?.stop();
    await c?.stop();
  });

  it('verifies a stream and says in words what holds and what is not proven', async () => {
    const { page, complaints, strangers } = await c.as('auditor');
    await follow(page.locator('nav').getByRole('link', { name: 'Auditor’s desk' }));
    await page.getByLabel('Stream').fill(c.t.ids.users['auditor']!);
    await page.getByRole('button', { name: 'Verify this stream' }).click();
    await page.getByText('every link, hash and signature holds', { exact: false }).waitFor();
    const said = await page
      .locator('main [aria-live]')
      .filter({ hasText: 'entries of the stream' })
      .textContent();
    expect(said).toMatch(/All [1-9]\d* entries of the stream checked/);
    expect(said).toContain('and not beyond');
    await page.getByText('Case registered').first().waitFor();
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('names an entry that somebody changed', async () => {
    const registered = await aCase(c.t);
    await sealer.sealAll();
    await sealer.cosign();
    await c.t.sql('ALTER TABLE audit.entry DISABLE TRIGGER ALL');
    await c.t.sql(`UPDATE audit.entry SET body = body || ' '::bytea WHERE stream = $1 AND seq = 0`, [
      registered.id,
    ]);
    await c.t.sql('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER refuse_row');
    const { page } = await c.as('auditor');
    await visit(page, '/audit');
    await page.getByLabel('Stream').fill(registered.id);
    await page.getByRole('button', { name: 'Verify this stream' }).click();
    await page.getByText('do not hold', { exact: false }).waitFor();
    expect(await page.locator('main [aria-live]').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining(`${registered.id}, entry 0`)]),
    );
    await page.context().close();
  });

  it('is not there for who is no auditor', async () => {
    const { page, answers } = await c.as('investigator');
    expect(await page.locator('nav a').allTextContents()).not.toContain('Auditor’s desk');
    await visit(page, '/audit');
    expect(await page.locator('main').textContent()).toContain('Your roles do not open this page.');
    expect(answers.filter(({ url }) => url.includes('/audit/'))).toEqual([]);
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const { page } = await c.as('auditor', { language, viewport: { width: 360, height: 780 } });
    await visit(page, '/audit');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
