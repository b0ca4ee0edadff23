import { readFileSync } from 'node:fs';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, today } from '../../test/support/builders.js';
import { aSmallRequest, aSubmitted } from '../../test/support/deployments.js';
import { languages, overflow, settled, startConsole, violations, visit, type Console } from './support.js';

const YEAR = '/statistics?from=2026-01&to=2026-06';

describeInBrowser('statistics', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
    for (let n = 0; n < 6; n++) await aCase(c.t, { receivedAt: '2026-03-02T09:15:00+08:00' });
    for (let n = 0; n < 2; n++) await aCase(c.t, { receivedAt: '2026-05-02T09:15:00+08:00' });
  });
  afterAll(() => c?.stop());

  it('have a table under each chart, hide what is small, and lead to the cases', async () => {
    const { page, complaints, strangers } = await c.as('auditor');
    await visit(page, YEAR);
    const table = page.getByRole('table', { name: 'Flow' });
    const row = (month: string) => table.getByRole('row').filter({ hasText: month });
    expect(await row('2026-02').getByRole('cell').allTextContents()).toEqual(['2026-02', '0', '0', '0']);
    // Two cases, and whatever would give them away.
    expect((await row('2026-05').getByRole('cell').allTextContents())[1]).toBe('hidden');
    // A chart where there is a number to draw, and no empty frame where all of them are hidden.
    const charts = page.getByRole('img', { name: /^Chart: / });
    expect(await charts.count()).toBe(2);
    expect(await charts.locator('svg.recharts-surface:has(.recharts-cartesian-grid)').count()).toBe(2);
    expect(await page.getByRole('img', { name: /^Chart: Time to a decision/ }).count()).toBe(0);

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'All figures as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('statistics-2026-01-2026-06.csv');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toContain('flow,2026-02,opened,0,');
    expect(text).toContain('flow,2026-05,opened,,hidden');

    await page.getByRole('link', { name: 'Cases: Arbitrary fine or charge' }).first().click();
    await page.waitForURL((url) => url.pathname === '/cases');
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/cases');
    await page.getByText('8 in all').waitFor();
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('tell of requests for police, and lead from a number to as many requests', async () => {
    const requester = await c.t.as('deployment-requester');
    for (let n = 0; n < 6; n++) await aSubmitted(requester, aSmallRequest(c.t));
    const month = today(c.t).slice(0, 7);
    const { page, complaints } = await c.as('auditor');
    await visit(page, `/statistics?from=${month}&to=${month}`);
    await page.getByRole('radiogroup').getByText('Requests for police').click();
    await page.waitForURL((url) => url.searchParams.get('of') === 'deployments');
    await page.getByText('Numbers below 5 are hidden').waitFor();
    const table = page.getByRole('table', { name: 'Requests by outcome of the duty test and month' });
    await table.getByRole('link', { name: `Police work, ${month}: 6` }).click();
    await page.waitForURL((url) => url.pathname === '/deployments');
    await page.getByText('6 in all').waitFor();
    expect(await page.locator('main').textContent()).toContain('Only requests submitted from');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('show an approver all numbers, and say that they are not for others', async () => {
    const { page } = await c.as('deployment-approver');
    const month = today(c.t).slice(0, 7);
    await visit(page, `/statistics?from=${month}&to=${month}`);
    await page.getByText('All numbers are shown, since you decide on each of these requests.').waitFor();
    // They count no cases.
    expect(await page.getByRole('radiogroup').count()).toBe(0);
    await page.context().close();
  });

  it('are not there for who may not count cases', async () => {
    const { page, answers } = await c.as('investigator');
    expect(await page.locator('nav a').allTextContents()).not.toContain('Statistics');
    await visit(page, YEAR);
    expect(await page.locator('main').textContent()).toContain('Your roles do not open this page.');
    expect(answers.filter(({ url }) => url.includes('/statistics'))).toEqual([]);
    await page.context().close();
  });

  it('say beside the field that the months are in the wrong order', async () => {
    const { page } = await c.as('supervisor');
    await visit(page, '/statistics?from=2026-06&to=2026-01');
    await page.getByText('to must not be before from').first().waitFor();
    expect(await page.getByLabel('Last month').getAttribute('aria-invalid')).toBe('true');
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const { page } = await c.as('auditor', { language, viewport: { width: 360, height: 780 } });
    for (const what of ['cases', 'deployments']) {
      await visit(page, `/statistics?from=2026-01&to=${today(c.t).slice(0, 7)}&of=${what}`);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
    await page.context().close();
  });
});
