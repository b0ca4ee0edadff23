import type { Page } from 'playwright-core';
import { codeAt } from '../../test/support/authenticator.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { pages } from './pages.js';
import {
  englishIn,
  enrolApp,
  languages,
  leave,
  overflow,
  settled,
  startConsole,
  violations,
  visit,
  type Console,
} from './support.js';

const people = [...new Set(pages.map(([, , username]) => username))];
/** Nobody has got as far as to have any row: what an id names is not asked before the factor is. */
const concrete = (path: string): string => path.replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000');
const main = (page: Page) => page.locator('main');
const notice = (page: Page) => main(page).getByRole('alert', { name: '需要第二验证因素' });

describeInBrowser('the console where a second factor is wanted of everybody', () => {
  let c: Console;
  /** What is the same in every language: names of a language, of files, of organs. */
  let names: string[];
  beforeAll(async () => {
    c = await startConsole({ env: { PLUMBLINE_SECOND_FACTOR: 'required' } });
    const organs = await c.t.sql<{ name: string }>('SELECT name FROM app.organ');
    names = ['English', 'policy.txt', 'verify.html', ...organs.map(({ name }) => name)];
  });
  afterAll(() => c?.stop());
  afterEach(() => c.t.sql('DELETE FROM app.rate_limit'));

  it.each(people)('says so to a password alone on every page, and nothing else (%s)', async (username) => {
    const { page, answers, complaints } = await c.as(username, { language: 'zh' });
    // Who nobody is yet was asked before the sign-in.
    answers.splice(0);
    for (const path of pages.filter(([, , who]) => who === username).map(([, path]) => concrete(path))) {
      await visit(page, path);
      expect([path, await notice(page).count()]).toEqual([path, 1]);
      expect([path, await englishIn(main(page), names)]).toEqual([path, []]);
      const ways = await main(page)
        .locator('a[href="/account"]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('target')));
      expect([path, new Set(ways)]).toEqual([path, new Set(path === '/account' ? [] : ['_blank'])]);
    }
    expect(answers.filter(({ status }) => status >= 400 && status !== 403)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(languages)('tells it to people, not to programs, on a telephone too (%s)', async (language) => {
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 740 } });
    for (const path of ['/', '/cases', '/account']) {
      await visit(page, path);
      expect(await main(page).innerText()).not.toMatch(/POST|\/auth\//);
      expect([path, await violations(page)]).toEqual([path, []]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
    }
    await page.context().close();
  });

  it('leads to registering one in a window beside what was typed, asks for it once, and then every window works', async () => {
    const { page, complaints } = await c.as('intake-officer', { language: 'zh' });
    await visit(page, '/intake/statement');
    await main(page).getByLabel('原文').fill('手写的来信');
    const opened = page.waitForEvent('popup');
    await notice(page).getByRole('link', { name: '登记第二验证因素（新窗口）' }).click();
    const account = await opened;
    await account.getByRole('heading', { level: 1, name: '我的账户' }).waitFor();
    await settled(account);
    expect(await englishIn(main(account), names)).toEqual([]);
    c.t.clock.advance({ seconds: 30 });
    const secret = await enrolApp(c, account, { add: '添加验证器应用', goOn: '继续' });
    await main(account).getByRole('cell', { name: 'telephone' }).waitFor();

    expect(await main(page).getByLabel('原文').inputValue()).toBe('手写的来信');
    c.t.clock.advance({ seconds: 30 });
    await leave(page, '/cases');
    const prompt = page.getByRole('dialog', { name: '请再次证明身份' });
    await prompt.locator('input').first().pressSequentially(codeAt(secret, c.t.clock.now()));
    await prompt.getByRole('button', { name: '确认' }).click();
    await prompt.waitFor({ state: 'detached' });
    await notice(page).waitFor({ state: 'detached' });
    await settled(page);
    for (const path of ['/cases', '/', '/intake/statement']) {
      await visit(page, path);
      expect([path, await main(page).getByRole('alert').count()]).toEqual([path, 0]);
    }
    expect(await main(page).getByLabel('原文').inputValue()).toBe('手写的来信');

    // Nobody is asked anything there, once somebody looks at it.
    expect(await notice(account).count()).toBe(1);
    await account.evaluate(() => dispatchEvent(new Event('visibilitychange')));
    await notice(account).waitFor({ state: 'detached' });
    await visit(account, '/cases');
    expect(await main(account).getByRole('alert').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
