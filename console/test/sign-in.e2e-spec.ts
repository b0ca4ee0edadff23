import { eventsOf, PASSWORD } from '../../test/support/app.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase } from '../../test/support/builders.js';
import {
  follow,
  languages,
  overflow,
  settled,
  signIn,
  startConsole,
  violations,
  visit,
  type Console,
} from './support.js';

describeInBrowser('signing in to the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
    await aCase(c.t);
  });
  afterAll(() => c?.stop());

  it.each(languages)(
    'leads to what waits for the person, without a violation of WCAG 2.2 AA (%s)',
    async (language) => {
      const { page, complaints, strangers, go } = await c.open({ language });
      await go('/');
      expect(await page.getAttribute('html', 'lang')).toBe(language === 'zh' ? 'zh-Hans' : 'en');
      expect(await violations(page)).toEqual([]);

      await signIn(page, 'supervisor');
      expect(await page.locator('h1').textContent()).toBe(
        language === 'zh' ? '待办事项' : 'What waits for you',
      );
      expect(await violations(page)).toEqual([]);

      for (const path of ['/cases', '/account', '/nowhere']) {
        await visit(page, path);
        expect(await violations(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
      await page.context().close();
    },
  );

  it.each(['light', 'dark'] as const)('fits a telephone of 360 pixels (%s)', async (colorScheme) => {
    const { page, complaints } = await c.as('supervisor', {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    for (const path of ['/', '/cases', '/account']) {
      await visit(page, path);
      expect([path, await overflow(page)]).toEqual([path, 0]);
      expect(await violations(page)).toEqual([]);
    }
    // Everything is reached by the keyboard: the navigation opens, leads on and closes.
    await page.getByRole('button', { name: 'Open the navigation' }).press('Enter');
    await page.locator('dialog').getByRole('link', { name: 'Cases' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor();
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong, keeps what was typed, and tells nothing of why', async () => {
    const { page, go } = await c.open();
    await go('/');
    await page.getByLabel('User name').fill('supervisor');
    await page.locator('input[name=password]').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('The user name or the password is wrong.');
    expect(await page.getByLabel('User name').inputValue()).toBe('supervisor');
    await page.context().close();
  });

  it('shows in the navigation what the roles open', async () => {
    const { page } = await c.as('administrator');
    const links = await page.locator('nav a').allTextContents();
    expect(links).toContain('Account');
    expect(links).not.toContain('Cases');
    await visit(page, '/cases');
    expect(await page.locator('main').textContent()).toContain('Your roles do not open this page.');
    await page.context().close();
  });

  it('lasts over a reload, and no script can read it', async () => {
    const { page } = await c.as('supervisor');
    await page.reload();
    await settled(page);
    expect(await page.locator('nav').getByRole('link', { name: 'Cases' }).count()).toBe(1);
    expect(
      await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })),
    ).not.toMatch(/[A-Za-z0-9_-]{43}/);
    // A write after the reload knows its token again.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.context().close();
  });

  it('moves the focus to the heading of the page that one went to, and skips to the content', async () => {
    const { page } = await c.as('supervisor');
    await follow(page.locator('nav').getByRole('link', { name: 'Cases' }));
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cases');
    await page.getByRole('link', { name: 'Skip to the content' }).press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.context().close();
  });

  it('asks over the page when the session has ended, and then sends the same request again', async () => {
    const { page, answers } = await c.as('supervisor');
    await visit(page, '/cases');
    c.t.clock.advance({ minutes: 16 });
    await page.getByLabel('Reference or words').fill('kept while signing in');
    await page.getByRole('dialog').getByText('Your session has ended.', { exact: false }).waitFor();
    expect(await page.locator('dialog, [role=dialog]').locator('input[name=username]').inputValue()).toBe(
      'supervisor',
    );
    expect(await violations(page)).toEqual([]);
    await signIn(page, 'supervisor');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Reference or words').inputValue()).toBe('kept while signing in');
    const searches = answers.filter(({ url }) => url.includes('q=kept'));
    expect(searches.map(({ status }) => status)).toEqual([401, 200]);
    // What was typed is in no address that a history or a log keeps.
    expect(page.url()).not.toContain('kept');
    await page.context().close();
  });

  it('goes on in every window when a proof in one gave the session another token, with what was typed', async () => {
    const { page: here } = await c.as('administrator');
    const there = await here.context().newPage();
    const answers: { method: string; status: number }[] = [];
    there.on('response', (response) => {
      if (response.url().includes('end-sessions'))
        answers.push({ method: response.request().method(), status: response.status() });
    });
    const account = `/admin/users/${c.t.ids.users['auditor']}`;
    await there.goto(`${c.origin}${account}`);
    await settled(there);
    await visit(here, account);
    const forms = await Promise.all(
      [here, there].map(async (page, i) => {
        await page.getByRole('button', { name: 'End the sessions' }).click();
        const form = page.getByRole('dialog', { name: 'End the sessions' });
        await form.getByLabel('Reason').fill(`typed in window ${i + 1}`);
        return form;
      }),
    );
    c.t.clock.advance({ minutes: 11 });
    await forms[0]!.getByRole('button', { name: 'End the sessions' }).click();
    const prompt = here.getByRole('dialog', { name: 'Prove that it is you' });
    await prompt.locator('input[type=password]').fill(PASSWORD);
    await prompt.getByRole('button', { name: 'Confirm' }).click();
    await forms[0]!.waitFor({ state: 'detached' });

    // Nobody is asked anything there: the token for writes is fetched, and the same request is sent again.
    await forms[1]!.getByRole('button', { name: 'End the sessions' }).click();
    await forms[1]!.waitFor({ state: 'detached' });
    expect(answers).toEqual([
      { method: 'POST', status: 403 },
      { method: 'POST', status: 204 },
    ]);
    const reasons = (await eventsOf(c.t, c.t.ids.users['auditor']!))
      .filter(({ type }) => type === 'user.sessions-ended')
      .map(({ values }) => values['reason']);
    expect(reasons).toEqual(['typed in window 1', 'typed in window 2']);
    await here.context().close();
  });

  it('sends a reading again, unasked, that was under way with the token of before', async () => {
    const { page, answers } = await c.as('supervisor');
    await visit(page, '/cases');
    let left = 1;
    await page.route('**/api/v1/cases?*q=overtaken*', (route) =>
      left-- > 0
        ? route.fulfill({
            status: 401,
            contentType: 'application/problem+json',
            body: JSON.stringify({ type: '/problems/not-signed-in', title: '', status: 401, detail: '' }),
          })
        : route.continue(),
    );
    await page.getByLabel('Reference or words').fill('overtaken');
    await page.getByText('Nothing matches these filters.').waitFor();
    expect(answers.filter(({ url }) => url.includes('q=overtaken')).map(({ status }) => status)).toEqual([
      401, 200,
    ]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.context().close();
  });
});
