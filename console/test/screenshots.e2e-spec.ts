import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn } from '../../test/support/builders.js';
import { aDemolition, aSmallRequest, aSubmitted } from '../../test/support/deployments.js';
import { languages, startConsole, visit, type Console } from './support.js';

/** The pages that are looked at; an area adds its own, each with somebody who has something on it. */
const pages: readonly [name: string, path: string, username: string][] = [
  ['home', '/', 'supervisor'],
  ['cases', '/cases', 'supervisor'],
  ['case', '/cases/:decided', 'supervisor'],
  ['deployments', '/deployments', 'deployment-approver'],
  ['deployment', '/deployments/:demolition', 'deployment-approver'],
  ['audit', '/audit', 'auditor'],
  ['account', '/account', 'investigator'],
];

const DIRECTORY = join('console', 'screenshots');
const looks = [
  ['wide', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
  ['dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
] as const;

describeInBrowser('pictures of the pages, in console/screenshots', () => {
  let c: Console;
  let [demolition, decided] = ['', ''];
  beforeAll(async () => {
    mkdirSync(DIRECTORY, { recursive: true });
    c = await startConsole();
    await aCase(c.t, { channel: 'LETTER' });
    await aCaseIn(c.t, 'INVESTIGATING');
    await aCaseIn(c.t, 'REPORTED');
    decided = (await aCaseIn(c.t, 'DECIDED_SANCTION')).id;
    const requester = await c.t.as('deployment-requester');
    await aSubmitted(requester, aSmallRequest(c.t));
    demolition = (await aSubmitted(requester, aDemolition(c.t))).id;
  });
  afterAll(() => c?.stop());

  const combinations = languages.flatMap((language) =>
    looks.map(([look, options]) => [language, look, options] as const),
  );
  it.each(combinations)('in %s, %s', async (language, look, options) => {
    const { page, go } = await c.open({ language, ...options });
    await go('/');
    await page.screenshot({ path: join(DIRECTORY, `sign-in-${language}-${look}.png`) });
    await page.context().close();
    for (const [name, path, username] of pages) {
      const { page } = await c.as(username, { language, ...options });
      await visit(page, path.replace(':demolition', demolition).replace(':decided', decided));
      await page.screenshot({ path: join(DIRECTORY, `${name}-${language}-${look}.png`), fullPage: true });
      await page.context().close();
    }
  });
});
