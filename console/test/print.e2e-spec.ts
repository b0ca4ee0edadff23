import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCaseIn } from '../../test/support/builders.js';
import { aDemolition, aSubmitted, deployed } from '../../test/support/deployments.js';
import { overflow, startConsole, visit, type Console } from './support.js';

/** Between the margins of A4. */
const A4 = { width: 688, height: 990 };

/** What of the page cannot be read on paper: darker ground than paper, or pale letters. */
const unreadable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const isPale = (colour: string): boolean => {
      const [r = 0, g = 0, b = 0] = channels(colour);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b > 140;
    };
    const isDark = (colour: string): boolean => {
      const [, , , alpha = 1] = channels(colour);
      return alpha > 0 && !isPale(colour);
    };
    return [...document.querySelectorAll<HTMLElement>('main, main *:not(svg *)')]
      .filter((element) => element.checkVisibility() && element.childNodes.length > 0)
      .filter((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return isPale(color) || isDark(backgroundColor);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });

/** What stands beyond the right edge of the paper. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('main table, main section')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => element.getAttribute('aria-label') ?? element.outerHTML.slice(0, 120)),
  );

describeInBrowser('printed pages', () => {
  let c: Console;
  const paths: Record<string, string> = { statistics: '/statistics' };
  beforeAll(async () => {
    c = await startConsole();
    paths['case'] = `/cases/${(await aCaseIn(c.t, 'DECIDED_SANCTION')).id}`;
    const requester = await c.t.as('deployment-requester');
    const refused = await aSubmitted(requester, aDemolition(c.t));
    await deployed(await c.t.as('deployment-approver'), refused, 'refuse', { reason: 'no duty' });
    paths['refusal'] = `/deployments/${refused.id}/refusal`;
    paths['request'] = `/deployments/${(await aSubmitted(requester, aDemolition(c.t))).id}`;
  });
  afterAll(() => c?.stop());

  it.each([
    ['case', 'supervisor'],
    ['statistics', 'supervisor'],
    ['request', 'deployment-approver'],
    ['refusal', 'deployment-approver'],
  ])('%s: black on white from a dark screen, whole, with when and by whom', async (name, username) => {
    const { page } = await c.as(username, { viewport: A4, colorScheme: 'dark' });
    await visit(page, paths[name]!);
    const title = await page.locator('h1').textContent();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');

    await page.emulateMedia({ media: 'print' });
    // The browser tells the page a moment later.
    await page.locator('html[data-mantine-color-scheme=light]').waitFor();
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(await page.getByText(/^Plumbline · Printed on \d+ \w+ \d{4}, \d\d:\d\d by Demo/).isVisible()).toBe(
      true,
    );
    for (const gone of ['nav', 'button', '[role=search], search', 'input']) {
      expect([gone, await page.locator(gone).filter({ visible: true }).count()]).toEqual([gone, 0]);
    }
    expect(await unreadable(page)).toEqual([]);
    expect(await cut(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);

    // The screen is as it was afterwards.
    await page.emulateMedia({ media: 'screen' });
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    expect(await page.locator('h1').textContent()).toBe(title);
    await page.context().close();
  });

  it('is light in the file that the browser itself prints, too', async () => {
    const { page } = await c.as('supervisor', { colorScheme: 'dark' });
    await visit(page, paths['case']!);
    const seen = page.evaluate(
      () =>
        new Promise((resolve) => {
          // After the page's own listeners, which were there before.
          addEventListener('beforeprint', () =>
            resolve(document.documentElement.getAttribute('data-mantine-color-scheme')),
          );
        }),
    );
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await seen).toBe('light');
    await page.context().close();
  });

  it('a refusal is one sheet, with room for a signature and the place of the next door', async () => {
    const { page } = await c.as('deployment-approver', { viewport: A4 });
    await visit(page, paths['refusal']!);
    await page.emulateMedia({ media: 'print' });
    for (const said of ['no duty', 'Signature and seal of the organ', 'There is no further review']) {
      expect([said, await page.locator('main').getByText(said).first().isVisible()]).toEqual([said, true]);
    }
    expect(await page.getByText('Back to the request').isVisible()).toBe(false);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.context().close();
  });
});
