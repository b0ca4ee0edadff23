import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { PASSWORD, startTestApp, type TestApp } from '../../test/support/app.js';
import { codeAt } from '../../test/support/authenticator.js';
import { chromiumPath } from '../../test/support/browser.js';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What every page is looked at in. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

interface Look extends BrowserContextOptions {
  readonly language?: Language;
}

/** A browser window at the console, with what it complained of and whom it asked. */
export interface Window {
  readonly page: Page;
  /** Errors on the console of the browser, among them whatever the Content Security Policy refused. */
  readonly complaints: string[];
  /** What was asked of anybody but the application: must stay empty. */
  readonly strangers: string[];
  /** Every answer of the interface so far, to look for what a role must not see. */
  readonly answers: { url: string; status: number; body: Promise<string> }[];
  readonly go: (path: string) => Promise<void>;
}

export interface Console {
  readonly t: TestApp;
  readonly origin: string;
  open(look?: Look): Promise<Window>;
  /** A window in which this person has signed in through the form. */
  as(username: string, look?: Look): Promise<Window>;
  stop(): Promise<void>;
}

interface Installation {
  readonly env?: NodeJS.ProcessEnv;
  /** Where people reach it, when that is not where it listens. */
  readonly origin?: string;
}

/** The whole application on a database of its own, and a Chromium in front of it. */
export async function startConsole({ env = {}, origin: door }: Installation = {}): Promise<Console> {
  if (!chromiumPath) throw new Error("No Chromium: install Debian's, or set CHROMIUM_PATH");
  const t = await startTestApp(env);
  // The name, not the number: WebAuthn knows no addresses of numbers.
  const origin =
    door ?? (await t.app.getUrl()).replace('127.0.0.1', 'localhost').replace('[::1]', 'localhost');
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const open = async ({ language = 'en', ...options }: Look = {}): Promise<Window> => {
    const context = await browser.newContext({
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const page = await context.newPage();
    const window: Window = {
      page,
      complaints: [],
      strangers: [],
      answers: [],
      go: async (path) => {
        await page.goto(`${origin}${path}`);
        await settled(page);
      },
    };
    page.on('console', (message) => {
      // A refusal that the page shows in words is no error of the page.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
        window.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => window.complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) window.strangers.push(url);
    });
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith('/api/')) return;
      window.answers.push({
        url: response.url(),
        status: response.status(),
        body: response.text().catch(() => ''),
      });
    });
    return window;
  };
  return {
    t,
    origin,
    open,
    as: async (username, look) => {
      const window = await open(look);
      await window.go('/');
      await signIn(window.page, username);
      return window;
    },
    stop: async () => {
      await browser.close();
      await t.stop();
    },
  };
}

/** Fills the form that is on the page, in whatever language. */
export async function signIn(page: Page, username: string, password = PASSWORD): Promise<void> {
  const form = page.locator('form').filter({ has: page.locator('input[name=password]') });
  const name = form.locator('input[name=username]');
  // Over a page only the one who was signed in can sign in again.
  if (await name.isEditable()) await name.fill(username);
  await form.locator('input[name=password]').fill(password);
  await form.locator('button[type=submit]').click();
  await form.waitFor({ state: 'detached' });
  await page.locator('nav').first().waitFor({ state: 'attached' });
  await settled(page);
}

/** The page of this address is drawn and nothing on it is on its way. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector<HTMLElement>('main');
    return (
      document.querySelector('h1') !== null &&
      document.querySelector('[role=status], [aria-busy=true]') === null &&
      (main?.dataset['path'] ?? location.pathname) === location.pathname
    );
  });
  await page.waitForLoadState('networkidle');
}

/** Follows a link to its page or to where that sends on; the address changes only when the code of the page has come. */
export async function follow(link: Locator): Promise<void> {
  const page = link.page();
  const { pathname: from } = new URL(page.url());
  const to = await link.evaluate((anchor) => (anchor as HTMLAnchorElement).pathname);
  await link.click();
  await page.waitForFunction(([from, to]) => from === to || location.pathname !== from, [from, to] as const);
  await settled(page);
}

/** As a click on a link does, without waiting for what comes. */
export const leave = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** Goes on inside the application: the session of the page stays. */
export async function visit(page: Page, path: string): Promise<void> {
  await leave(page, path);
  await settled(page);
}

/**
 * Enrols an app through the page of the account, on which one is.
 * @returns the secret from which its codes come
 */
export async function enrolApp(
  { t }: Console,
  page: Page,
  words = { add: 'Add an app', goOn: 'Continue' },
): Promise<string> {
  await page.getByRole('button', { name: words.add }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input').first().fill('telephone');
  await dialog.getByRole('button', { name: words.goOn }).click();
  const secret = (await dialog.locator('code').textContent())!;
  await dialog.locator('input').first().pressSequentially(codeAt(secret, t.clock.now()));
  await dialog.getByRole('button', { name: words.goOn }).click();
  await dialog.waitFor({ state: 'detached' });
  return secret;
}

/** Words of English in what is shown, without what was written so, quotations, code, ids and digests. */
export async function englishIn(shown: Locator, written: readonly string[] = []): Promise<string[]> {
  const code = await shown.locator('code').allInnerTexts();
  const text = [...code, ...written].reduce((rest, one) => rest.replaceAll(one, ''), await shown.innerText());
  return (
    text.replaceAll(/“[^”]*”|\b[A-Z][A-Z0-9_]+\b|\b[0-9a-f]{8}[0-9a-f-]*\b/g, '').match(/[A-Za-z]{3,}/g) ?? []
  );
}

/** What axe finds against WCAG 2.2 AA, a line each. */
export async function violations(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(AXE);
  const found: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] =
    await page.evaluate(
      // What the script before left in the page; it brings no types.
      async ({ tags, root }) =>
        (await (globalThis as any).axe.run(root ?? document, { runOnly: tags })).violations,
      {
        tags: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        root: within ?? null,
      },
    );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
  );
}

/** How many pixels of the page can only be reached by scrolling sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
