import type { Page } from 'playwright-core';
import { PASSWORD } from '../../test/support/app.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCaseIn } from '../../test/support/builders.js';
import { settled, startConsole, visit, type Console } from './support.js';

interface Focused {
  readonly name: string;
  readonly outlined: boolean;
  /** Whatever lies over its middle is it, or within it. */
  readonly seen: boolean;
}

const focused = (page: Page): Promise<Focused> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const { left, top, width, height } = at.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    // Of a radio or a checkbox that is drawn by its label, the label is what one sees.
    const label = (at as HTMLInputElement).labels?.[0];
    const style = getComputedStyle(at);
    return {
      name: at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent ?? '',
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      seen: over !== null && (at.contains(over) || over.contains(at) || (label?.contains(over) ?? false)),
    };
  });

/** Presses Tab until something of that name has the focus; what had it on the way there. */
async function tabTo(page: Page, name: string | RegExp, most = 60): Promise<Focused[]> {
  const way: Focused[] = [];
  for (let n = 0; n < most; n++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    way.push(now);
    if (typeof name === 'string' ? now.name.trim() === name : name.test(now.name)) return way;
  }
  throw new Error(`Tab did not come to ${String(name)}, but to ${way.map((one) => one.name).join(' | ')}`);
}

describeInBrowser('the console by keyboard alone', () => {
  let c: Console;
  let reference: string;
  beforeAll(async () => {
    c = await startConsole();
    ({ reference } = await aCaseIn(c.t, 'INVESTIGATING'));
  });
  afterAll(() => c?.stop());

  it('from the sign-in over the list into a form of a case, and back to its button', async () => {
    const { page, go } = await c.open();
    await go('/');
    const way = await tabTo(page, /^User name/);
    await page.keyboard.type('supervisor');
    way.push(...(await tabTo(page, /^Password/)));
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('nav').first().waitFor({ state: 'attached' });
    await settled(page);

    // The first Tab of a page offers to skip what every page has.
    await page.reload();
    await settled(page);
    await page.keyboard.press('Tab');
    expect((await focused(page)).name).toBe('Skip to the content');
    way.push(...(await tabTo(page, 'Cases')));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor();
    await settled(page);
    way.push(...(await tabTo(page, reference)));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: reference }).waitFor();
    await settled(page);
    // What one went to has the focus, so the next Tab leads to its first deed.
    expect((await focused(page)).name).toBe(reference);
    await page.keyboard.press('Tab');
    const deed = await focused(page);
    way.push(deed);

    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const isWithin = (): Promise<boolean> =>
      dialog.evaluate((element) => element.contains(document.activeElement));
    // The focus stays in the dialog, however often one presses Tab.
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press('Tab');
      expect(await isWithin()).toBe(true);
      way.push(await focused(page));
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction((name) => document.activeElement?.textContent === name, deed.name);

    expect(way.filter(({ outlined }) => !outlined)).toEqual([]);
    expect(way.filter(({ seen }) => !seen)).toEqual([]);
    await page.context().close();
  });

  it('through the whole request for police, with nothing that has the focus under its bar', async () => {
    const { page } = await c.as('deployment-requester');
    await visit(page, '/deployments/new');
    await page.getByRole('heading', { level: 1 }).focus();
    const way = await tabTo(page, 'Submit', 80);
    expect(way.length).toBeGreaterThan(35);
    expect(way.filter(({ outlined }) => !outlined)).toEqual([]);
    expect(way.filter(({ seen }) => !seen)).toEqual([]);
    // Fields are reached in the order in which they are read.
    const names = way.map(({ name }) => name.replace(/\W+$/, ''));
    const order = [
      'Purpose, in words',
      'Place',
      'Task',
      'Officers',
      'Commander on the scene',
      'Save the draft',
    ];
    expect(names.filter((name) => order.includes(name))).toEqual(order);
    await page.context().close();
  });
});
