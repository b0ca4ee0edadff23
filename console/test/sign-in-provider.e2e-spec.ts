import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import type { Page } from 'playwright-core';
import { PASSWORD } from '../../test/support/app.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { languages, settled, startConsole, violations, type Console } from './support.js';

const SECRET = 'a secret between the two';
const BUTTON = {
  en: 'Sign in with the single sign-on of your organisation',
  zh: '使用本单位统一身份认证登录',
};

/** A port that is known before the application begins: the provider has to know where it sends people back to. */
async function aDoor(target: () => number): Promise<{ server: Server; origin: string }> {
  const server = createServer((socket) => {
    const behind = connect(target(), '127.0.0.1');
    const end = (): void => void [socket, behind].forEach((one) => one.destroy());
    socket.pipe(behind).pipe(socket);
    socket.on('error', end);
    behind.on('error', end);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` };
}

describeInBrowser('signing in at the provider of OpenID Connect', () => {
  let c: Console;
  let provider: ChildProcess;
  let issuer: string;
  let door: Server;
  beforeAll(async () => {
    const { server, origin } = await aDoor(() => (c.t.app.getHttpServer().address() as AddressInfo).port);
    door = server;
    const redirectUri = `${origin}/api/v1/auth/oidc/callback`;
    provider = fork('test/support/oidc-provider.mjs', ['plumbline', SECRET, redirectUri], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    [{ issuer }] = (await once(provider, 'message')) as [{ issuer: string }];
    c = await startConsole({
      origin,
      env: {
        PLUMBLINE_OIDC_ISSUER: issuer,
        PLUMBLINE_OIDC_CLIENT_ID: 'plumbline',
        PLUMBLINE_OIDC_CLIENT_SECRET: SECRET,
        PLUMBLINE_OIDC_REDIRECT_URI: redirectUri,
      },
    });
    const administrator = await c.t.as('administrator');
    const id = c.t.ids.users['supervisor']!;
    const { body } = await administrator.get(`/users/${id}`).expect(200);
    await administrator
      .patch(
        `/users/${id}`,
        { oidcSubject: 'card-4711', reason: 'as their card says' },
        { 'if-match': `"${body.version}"` },
      )
      .expect(200);
  });
  afterAll(async () => {
    await c?.stop();
    provider?.kill();
    door?.close();
  });
  // Each test signs in from the same address.
  beforeEach(() => c.t.sql('DELETE FROM app.rate_limit'));

  /** Over the button to the provider, who is told there who it is, and back. */
  async function signInAs(page: Page, subject: string, language: 'en' | 'zh' = 'en'): Promise<void> {
    await page.getByRole('link', { name: BUTTON[language] }).click();
    await page.waitForURL(`${issuer}/**`);
    await page.locator('input[name=subject]').fill(subject);
    await page.getByRole('button').click();
    await page.waitForURL((url) => url.origin === c.origin);
  }

  it.each(languages)('leads there and back into the session of the linked account (%s)', async (language) => {
    const { page, complaints, go } = await c.open({ language });
    await go('/');
    await page.getByRole('link', { name: BUTTON[language] }).waitFor();
    expect(await violations(page)).toEqual([]);
    await signInAs(page, 'card-4711', language);
    await page.locator('nav').first().waitFor({ state: 'attached' });
    await settled(page);
    expect(await page.locator('header').first().textContent()).toContain('Demo supervisor');
    // The code is in the address no more.
    expect(new URL(page.url()).search).toBe('');
    await page.reload();
    await settled(page);
    expect(
      await page
        .locator('nav')
        .getByRole('link', { name: /Cases|案件/ })
        .count(),
    ).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says that it did not work for somebody whom nobody has linked, and lets them in by password', async () => {
    const { page, go } = await c.open();
    await go('/');
    await signInAs(page, 'a stranger');
    await page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await page.locator('nav').count()).toBe(0);
    // The way over the provider stays open, and so does the other.
    await page.getByRole('link', { name: BUTTON.en }).waitFor();
    await page.getByLabel('User name').fill('supervisor');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('nav').first().waitFor({ state: 'attached' });
    await page.context().close();
  });

  it('says so when the person refuses at the provider', async () => {
    const { page, go } = await c.open();
    await go('/');
    await signInAs(page, 'nobody');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('nav').count()).toBe(0);
    await page.context().close();
  });
});

describeInBrowser('without a provider', () => {
  it('nothing offers to sign in there', async () => {
    const c = await startConsole();
    try {
      const { page, go, answers } = await c.open();
      await go('/');
      expect(answers.some(({ url }) => url.endsWith('/auth/oidc/offered'))).toBe(true);
      expect(await page.getByRole('link', { name: BUTTON.en }).count()).toBe(0);
    } finally {
      await c.stop();
    }
  });
});
