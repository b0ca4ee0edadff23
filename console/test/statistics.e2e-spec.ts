import { readFileSync } from 'node:fs';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn, today } from '../../test/support/builders.js';
import { aSmallRequest, aSubmitted } from '../../test/support/deployments.js';
import {
  follow,
  languages,
  overflow,
  settled,
  startConsole,
  violations,
  visit,
  type Console,
} from './support.js';

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
    expect(await row('Feb 2026').getByRole('cell').allTextContents()).toEqual(['Feb 2026', '0', '0', '0']);
    // Two cases, and whatever would give them away.
    expect((await row('May 2026').getByRole('cell').allTextContents())[1]).toBe('hidden');
    // A chart where there is a number to draw, and no empty frame where all of them are hidden.
    const charts = page.getByRole('img', { name: /^Chart: / });
    expect(await charts.count()).toBe(2);
    expect(await charts.locator('svg.recharts-surface:has(.recharts-cartesian-grid)').count()).toBe(2);
    expect(await page.getByRole('img', { name: /^Chart: Time to a decision/ }).count()).toBe(0);

    // The table of months that is saved has them as programs take them.
    const flow = page.getByRole('region', { name: 'Flow' }).locator('..');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      flow.getByRole('button', { name: 'Save what is shown as CSV' }).click(),
    ]);
    expect(readFileSync(await saved.path(), 'utf8')).toContain('2026-02,0,0,0');

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
    const named = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', year: 'numeric', month: 'short' });
    const name = named.format(new Date(`${month}-01`));
    await table.getByRole('link', { name: `Police work, ${name}: 6` }).click();
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

  it('lead from a month to the cases received in it, and from a number of a category to as many', async () => {
    const { page, complaints } = await c.as('auditor');
    await visit(page, YEAR);
    await follow(page.getByRole('link', { name: 'Cases received in May 2026' }));
    expect(new URL(page.url()).search).toBe('?receivedFrom=2026-05-01&receivedTo=2026-05-31');
    await page.getByText('2 in all').waitFor();
    // Beside the two of May the six of March would be hidden.
    await visit(page, '/statistics?from=2026-03&to=2026-03');
    const table = page.getByRole('table', { name: 'Categories by month' });
    await follow(table.getByRole('link', { name: 'Arbitrary fine or charge, Mar 2026: 6' }));
    await page.getByText('6 in all').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('draw what was recommended against what was found', async () => {
    const month = today(c.t).slice(0, 7);
    for (let n = 0; n < 5; n++) {
      // After the months that the others count.
      await aCaseIn(c.t, 'DECIDED_SANCTION', { receivedAt: '2026-07-02T09:15:00+08:00' });
    }
    const { page } = await c.as('auditor');
    await visit(page, `/statistics?from=${month}&to=${month}`);
    const drawing = page.getByRole('img', { name: /^Chart: Recommended against final/ });
    expect(await drawing.locator('svg.recharts-surface').count()).toBe(1);
    await page.context().close();
  });

  it.each([
    ['cases', '/statistics?from=abc&to=2026-13'],
    ['requests for police', '/statistics?of=deployments&from=2026&to=abc'],
    ['requests for police by days', '/deployments/figures?from=abc&to=2026-1'],
  ])('of %s are those of the usual period where the address names none', async (_what, address) => {
    const { page, complaints, answers } = await c.as('auditor');
    await visit(page, address);
    const asked = answers.filter(({ url }) => /\/(statistics|figures)\?/.test(url));
    expect(asked.map(({ status }) => status)).toEqual([200]);
    expect(asked[0]!.url).toContain(`to=${today(c.t).slice(0, 7)}`);
    expect(complaints).toEqual([]);
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
