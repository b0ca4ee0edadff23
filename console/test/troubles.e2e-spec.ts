import { eventsOf, PASSWORD } from '../../test/support/app.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase } from '../../test/support/builders.js';
import { leave, settled, signIn, startConsole, violations, visit, type Console } from './support.js';

const LIST = /\/api\/v1\/cases(\?|$)/;
const problem = (status: number) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: '/problems/internal-error',
    title: 'Internal error',
    status,
    detail: 'not for people',
    instance: '/problems/0',
  }),
});

describeInBrowser('when something is in the way', () => {
  let c: Console;
  let reference: string;
  beforeAll(async () => {
    c = await startConsole();
    ({ reference } = await aCase(c.t));
  });
  afterAll(() => c?.stop());

  describe('a slow server', () => {
    it('is waited for, which the page says, and says again when it takes long', async () => {
      const { page, complaints } = await c.as('supervisor');
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route(LIST, async (route) => {
        await held;
        await route.continue();
      });
      await leave(page, '/cases');
      const status = page.getByRole('main').getByRole('status');
      await status.getByText('Loading', { exact: false }).waitFor();
      await status.getByText('This takes longer than usual.', { exact: false }).waitFor();
      expect(await violations(page)).toEqual([]);
      // What does not hang on the answer is there, and can be left.
      await page.locator('nav').getByRole('link', { name: 'Account' }).click();
      await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
      await page.goBack();
      answer();
      await page.getByRole('link', { name: reference }).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('leaves the page before on the screen while the next one comes', async () => {
      const { page } = await c.as('supervisor');
      await visit(page, '/cases');
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route(/q=no-such-words/, async (route) => {
        await held;
        await route.continue();
      });
      await page.getByLabel('Reference or words').fill('no-such-words');
      await page.locator('main [aria-busy=true]').first().waitFor();
      expect(await page.getByRole('link', { name: reference }).count()).toBe(1);
      answer();
      await page.getByText('Nothing matches these filters.').waitFor();
      await page.context().close();
    });
  });

  describe('a failing server', () => {
    it('is told in words with a way to try again, and the page then goes on', async () => {
      const { page } = await c.as('supervisor');
      await page.route(LIST, (route) => route.fulfill(problem(500)));
      await leave(page, '/cases');
      const alert = page.getByRole('main').getByRole('alert');
      await alert.waitFor();
      expect(await alert.textContent()).toContain('Something went wrong here.');
      expect(await alert.textContent()).not.toContain('not for people');
      expect(await violations(page)).toEqual([]);
      await page.unroute(LIST);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('link', { name: reference }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
      await page.context().close();
    });

    it.each([
      ['answers with a page of a proxy', 'The server answered with something else', 502],
      ['does not answer at all', 'The server does not answer.', 0],
    ])('that %s is asked again before the page says so', async (_how, said, status) => {
      const { page } = await c.as('supervisor');
      let asked = 0;
      await page.route(LIST, (route) => {
        asked++;
        return status === 0
          ? route.abort('connectionrefused')
          : route.fulfill({ status, contentType: 'text/html', body: '<h1>Bad gateway</h1>' });
      });
      await leave(page, '/cases');
      await page.getByRole('alert').getByText(said, { exact: false }).waitFor();
      expect(asked).toBeGreaterThanOrEqual(3);
      expect(await page.locator('main').textContent()).not.toContain('Bad gateway');
      await page.context().close();
    });

    it('costs no typed text: the form says it, and the same press does it later', async () => {
      const registered = await aCase(c.t);
      const { page } = await c.as('supervisor');
      await visit(page, `/cases/${registered.id}`);
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('typed before it broke');
      await page.route(/\/accept$/, (route) => route.abort('connectionreset'));
      await dialog.getByRole('button', { name: 'Accept' }).click();
      await dialog.getByText('What you typed is still here', { exact: false }).waitFor();
      expect(await dialog.getByLabel('Reason').inputValue()).toBe('typed before it broke');
      await page.unroute(/\/accept$/);
      await dialog.getByRole('button', { name: 'Accept' }).click();
      await dialog.waitFor({ state: 'detached' });
      await c.t.sql('SELECT 1');
      expect((await eventsOf(c.t, registered.id)).filter(({ type }) => type === 'case.accept')).toHaveLength(
        1,
      );
      await page.context().close();
    });
  });

  describe('the back button', () => {
    it('leads to the list as it was: its filter, and what one had typed', async () => {
      const { page } = await c.as('supervisor');
      await visit(page, '/cases?status=REGISTERED');
      const sought = page.waitForResponse((response) => response.url().includes('q='));
      await page.getByLabel('Reference or words').fill(reference);
      await sought;
      await page.waitForFunction((wanted) => {
        const links = [...document.querySelectorAll('tbody a')];
        return links.length === 1 && links[0]!.textContent === wanted;
      }, reference);
      await page.getByRole('link', { name: reference }).click();
      await page.getByRole('heading', { level: 1, name: reference }).waitFor();
      await page.goBack();
      await settled(page);
      expect(new URL(page.url()).search).toBe('?status=REGISTERED');
      expect(await page.getByLabel('Reference or words').inputValue()).toBe(reference);
      expect(await page.locator('tbody a').allTextContents()).toEqual([reference]);
      await page.goForward();
      await page.getByRole('heading', { level: 1, name: reference }).waitFor();
      await page.context().close();
    });

    it('undoes a filter', async () => {
      const { page } = await c.as('supervisor');
      await visit(page, '/cases');
      await page.getByRole('search').getByLabel('State').fill('Closed');
      await page.getByRole('option', { name: 'Closed', exact: true }).click();
      await page.getByText('Nothing matches these filters.').waitFor();
      await page.goBack();
      await page.getByRole('link', { name: reference }).waitFor();
      expect(new URL(page.url()).search).toBe('');
      await page.context().close();
    });
  });

  describe('a session that ends in the middle of a form', () => {
    it('is opened again over the form, which is then sent as it was typed, once', async () => {
      const registered = await aCase(c.t);
      const { page, answers } = await c.as('supervisor');
      await visit(page, `/cases/${registered.id}`);
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      const form = page.getByRole('dialog', { name: 'Accept' });
      await form.getByLabel('Reason').fill('typed for a quarter of an hour');
      c.t.clock.advance({ minutes: 16 });
      await form.getByRole('button', { name: 'Accept' }).click();
      await page.getByText('Your session has ended.', { exact: false }).waitFor();
      await signIn(page, 'supervisor');
      await form.waitFor({ state: 'detached' });
      const tries = answers.filter(({ url }) => url.endsWith('/accept'));
      expect(tries.map(({ status }) => status)).toEqual([401, 200]);
      expect((await eventsOf(c.t, registered.id)).filter(({ type }) => type === 'case.accept')).toMatchObject(
        [{ values: { reason: 'typed for a quarter of an hour' } }],
      );
      await page.context().close();
    });

    it('keeps the form when one does not sign in again', async () => {
      const registered = await aCase(c.t);
      const { page } = await c.as('supervisor');
      await visit(page, `/cases/${registered.id}`);
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      const form = page.getByRole('dialog', { name: 'Accept' });
      await form.getByLabel('Reason').fill('kept');
      c.t.clock.advance({ minutes: 16 });
      await form.getByRole('button', { name: 'Accept' }).click();
      const prompt = page.getByRole('dialog', { name: 'Sign in again' });
      await prompt.getByRole('button', { name: 'Close' }).click();
      await form.getByText('Sign in first. What you typed is still here.').waitFor();
      expect(await form.getByLabel('Reason').inputValue()).toBe('kept');
      await page.context().close();
    });

    it('asks for a fresh proof over a form that wants one, and then does what it says', async () => {
      const administrator = await c.t.as('administrator');
      const { body } = await administrator
        .post('/users', { username: 'in-the-middle', displayName: 'In the middle' })
        .expect(201);
      const { page } = await c.as('administrator');
      await visit(page, `/admin/users/${body.id}`);
      await page.getByRole('button', { name: 'Disable' }).click();
      const form = page.getByRole('dialog', { name: 'Disable' });
      await form.getByLabel('Reason').fill('typed with care');
      c.t.clock.advance({ minutes: 11 });
      await form.getByRole('button', { name: 'Disable' }).click();
      const prompt = page.getByRole('dialog', { name: 'Prove that it is you' });
      await prompt.locator('input[type=password]').fill(PASSWORD);
      await prompt.getByRole('button', { name: 'Confirm' }).click();
      await form.waitFor({ state: 'detached' });
      expect((await eventsOf(c.t, body.id)).at(-1)).toMatchObject({
        type: 'user.updated',
        values: { reason: 'typed with care' },
      });
      await page.context().close();
    });
  });
});
