import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addDemonstrationRequests } from '../../src/demo-deployments.js';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn } from '../../test/support/builders.js';
import { aDemolition, aDraft, aSmallRequest, aSubmitted, deployed } from '../../test/support/deployments.js';
import { pages } from './pages.js';
import { languages, settled, startConsole, visit, type Console, type Language } from './support.js';

const DIRECTORY = join('console', 'screenshots');

interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colours: 'light' | 'dark';
  /** As on paper, and of the pages that people print. */
  readonly printed?: true;
}

/** Each width, each appearance and each language once, and not all of their combinations: every page in six looks. */
const looks: Readonly<Record<Language, readonly Look[]>> = {
  en: [
    { name: 'light', width: 1280, height: 800, colours: 'light' },
    { name: 'phone-dark', width: 360, height: 740, colours: 'dark' },
    { name: '4k', width: 3840, height: 2160, colours: 'light' },
    // The width of A4 between its margins.
    { name: 'print', width: 690, height: 1000, colours: 'dark', printed: true },
  ],
  zh: [
    { name: 'dark', width: 1280, height: 800, colours: 'dark' },
    { name: 'phone', width: 360, height: 740, colours: 'light' },
  ],
};
const printed = ['case', 'deployment', 'deployment-refusal', 'statistics', 'deployment-figures'];

describeInBrowser('pictures of the pages, in console/screenshots', () => {
  let c: Console;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    mkdirSync(DIRECTORY, { recursive: true });
    c = await startConsole();
    await aCase(c.t, { channel: 'LETTER' });
    await aCaseIn(c.t, 'INVESTIGATING');
    await aCaseIn(c.t, 'REPORTED');
    ids['decided'] = (await aCaseIn(c.t, 'DECIDED_SANCTION')).id;
    const requester = await c.t.as('deployment-requester');
    await aSubmitted(requester, aSmallRequest(c.t));
    ids['demolition'] = (await aSubmitted(requester, aDemolition(c.t))).id;
    ids['draft'] = (await aDraft(requester, aDemolition(c.t))).id;
    await addDemonstrationRequests(c.t.app);
    const { body } = await requester.get('/deployments?emergency=true').expect(200);
    ids['over'] = body.items[0].id;
    const refused = await aSubmitted(requester, aSmallRequest(c.t));
    await deployed(await c.t.as('deployment-approver'), refused, 'refuse', { reason: '不属于警务活动' });
    ids['refused'] = refused.id;
    ids['user'] = c.t.ids.users['supervisor']!;
  });
  afterAll(() => c?.stop());

  const shoot = async (page: Page, name: string, language: Language): Promise<void> => {
    for (const look of looks[language]) {
      if (look.printed && !printed.includes(name)) continue;
      await page.setViewportSize(look);
      // Without movement nothing is caught half way from one colour to the other.
      await page.emulateMedia({ colorScheme: look.colours, media: 'screen', reducedMotion: 'reduce' });
      if (look.printed) await page.emulateMedia({ media: 'print' });
      // The page is told of a new appearance a moment later, and then needs a frame to take it on everywhere.
      const paper = look.printed ? 'light' : look.colours;
      await page.locator(`html[data-mantine-color-scheme=${paper}]`).waitFor();
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const path = join(DIRECTORY, `${name}-${language}-${look.name}.png`);
      // So wide a window shows the whole page at once.
      await page.screenshot({ path, fullPage: look.width < 3840 });
    }
    await page.emulateMedia({ media: 'screen' });
  };

  it.each(languages)('the sign-in (%s)', async (language) => {
    const { page, go } = await c.open({ language });
    await go('/');
    await shoot(page, 'sign-in', language);
    await page.context().close();
  });

  const usernames = [...new Set(pages.map(([, , username]) => username))];
  it.each(usernames)('the pages of %s', async (username) => {
    const { page } = await c.as(username);
    for (const language of languages) {
      await page.evaluate((chosen) => localStorage.setItem('plumbline.language', chosen), language);
      await page.reload();
      await settled(page);
      for (const [name, path] of pages.filter(([, , whose]) => whose === username)) {
        await visit(
          page,
          path.replace(/:(\w+)/, (_, id: string) => ids[id]!),
        );
        await shoot(page, name, language);
      }
    }
    await page.context().close();
  });
});
