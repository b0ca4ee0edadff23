import { aNewUser } from '../../test/support/accounts.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase } from '../../test/support/builders.js';
import { aSealer } from '../../test/support/sealing.js';
import { eventsOf, PASSWORD } from '../../test/support/app.js';
import {
  enrolApp,
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

const addresses = [
  '/admin',
  '/admin/users',
  '/admin/organs',
  '/admin/rulebooks',
  '/admin/rest-days',
  '/admin/jobs',
  '/admin/health',
];

describeInBrowser('the administration', () => {
  let c: Console;
  let reference: string;
  beforeAll(async () => {
    c = await startConsole();
    reference = (await aCase(c.t)).reference;
  });
  afterAll(() => c?.stop());

  /** A job that nobody takes and that failed twice. */
  const aFailedJob = async (task: string): Promise<string> => {
    const [{ id }] = await c.t.sql(
      `SELECT id FROM graphile_worker.add_job($1, $2::json, run_at => now() + interval '1 hour')`,
      [task, JSON.stringify({ reference })],
    );
    await c.t.sql(
      `UPDATE graphile_worker._private_jobs SET attempts = 2, last_error = 'about ' || $2 WHERE id = $1`,
      [id, reference],
    );
    return id;
  };

  it('makes an account, grants it a role for some days, and takes it away', async () => {
    const { page, complaints, strangers } = await c.as('administrator');
    await follow(page.locator('nav').getByRole('link', { name: 'Administration' }));
    await follow(page.getByRole('main').getByRole('link', { name: 'Accounts' }));
    await page.getByRole('button', { name: 'Make an account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User name').fill('li.na');
    await dialog.getByLabel(/^Name/).fill('Li Na');
    await dialog.getByLabel('User name').fill('Li Na');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    // Refused beside the field, with the rest of the form as it was.
    await dialog.getByText('username must have 2 to 64 characters', { exact: false }).first().waitFor();
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe('Li Na');
    await dialog.getByLabel('User name').fill('li.na');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    // The one-time password is shown this once, and leads on to the account.
    await page.getByRole('dialog', { name: 'One-time password' }).waitFor();
    expect(await dialog.getByTestId('first-password').textContent()).toMatch(/^[a-z2-9-]{23}$/);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'I have noted it' }).click();
    await page.getByRole('heading', { name: 'li.na' }).waitFor();
    await page.getByText('Own password to be chosen by').waitFor();
    expect(await page.getByTestId('first-password').count()).toBe(0);
    await settled(page);

    await page.getByRole('button', { name: 'Grant a role' }).click();
    await dialog.getByLabel('Role').fill('Invest');
    await page.getByRole('option', { name: 'Investigator' }).click();
    await dialog.getByLabel('Organ').click();
    await page.getByRole('option').first().click();
    await dialog.getByLabel('To', { exact: true }).fill('2020-01-01');
    await dialog.getByLabel('Reason').fill('joins the team for a month');
    await dialog.getByRole('button', { name: 'Grant a role' }).click();
    await dialog.getByText('must not be before', { exact: false }).first().waitFor();
    await dialog.getByLabel('To', { exact: true }).fill('2098-01-31');
    await dialog.getByRole('button', { name: 'Grant a role' }).click();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('table', { name: 'Roles' }).getByRole('row').nth(1);
    expect(await row.textContent()).toMatch(/Investigator.*In force.*31 Jan 2098.*joins the team/);
    const account = page.url();
    // The list as it was is shown until the new one is there.
    const listedWith = async (roles: RegExp): Promise<void> => {
      await visit(page, '/admin/users');
      const line = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'li.na' }) });
      await line.getByRole('cell').nth(2).filter({ hasText: roles }).waitFor();
    };
    await listedWith(/^Investigator · [^…]+$/);
    await visit(page, new URL(account).pathname);

    await row.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByLabel('Reason').fill('the month is over');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('Revoked').waitFor();
    await listedWith(/^—$/);
    const id = account.split('/').at(-1)!;
    expect((await eventsOf(c.t, id)).map(({ type }) => type)).toEqual([
      'user.created',
      'user.granted',
      'user.grant-revoked',
    ]);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('ends the sessions of an account and disables it, with a reason each', async () => {
    const body = await aNewUser(c.t, { username: 'leaver', displayName: 'A leaver' });
    const { page: theirs } = await c.as('leaver');
    const { page } = await c.as('administrator');
    await visit(page, `/admin/users/${body.id}`);
    await page.getByRole('button', { name: 'End the sessions' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'End the sessions' }).click();
    // A deed without a reason is refused here, before it is sent.
    await dialog.getByText('Give a reason.').waitFor();
    await dialog.getByLabel('Reason').fill('a lost telephone');
    await dialog.getByRole('button', { name: 'End the sessions' }).click();
    await dialog.waitFor({ state: 'detached' });
    await theirs.reload();
    await theirs.locator('input[name=password]').waitFor();

    await page.getByRole('button', { name: 'Disable' }).click();
    await dialog.getByLabel('Reason').fill('left the service');
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Enable again' }).waitFor();
    await c.t.anonymous.post('/auth/login', { username: 'leaver', password: PASSWORD }).expect(401);
    await theirs.context().close();
    await page.context().close();
  });

  it('does not offer one’s own account to disable, or a role to oneself', async () => {
    const { page } = await c.as('administrator');
    await visit(page, `/admin/users/${c.t.ids.users['administrator']}`);
    await page.getByRole('table', { name: 'Roles' }).waitFor();
    expect(await page.getByRole('button', { name: 'Disable' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Grant a role' }).count()).toBe(0);
    await page.context().close();
  });

  it('has the second person confirm a removal of second factors, and not the first', async () => {
    const administrator = await c.t.as('administrator');
    const make = async (username: string): Promise<string> =>
      (await aNewUser(c.t, { username, displayName: 'Somebody' })).id;
    const [second, owner] = [await make('second-admin'), await make('owner-of-it')];
    await administrator
      .post(`/users/${second}/grants`, {
        role: 'ADMINISTRATOR',
        organId: c.t.ids.organs.ministry,
        reason: 'a second pair of eyes',
      })
      .expect(201);
    const { page: theirs } = await c.as('owner-of-it');
    await visit(theirs, '/account');
    await enrolApp(c, theirs);

    const { page: first } = await c.as('administrator');
    await visit(first, `/admin/users/${owner}`);
    await first.getByRole('button', { name: 'Propose to remove the second factors' }).click();
    await first.getByRole('dialog').getByLabel('Reason').fill('the telephone is broken');
    await first
      .getByRole('dialog')
      .getByRole('button', { name: 'Propose to remove the second factors' })
      .click();
    await first.getByText('proposed by you').waitFor();
    expect(await first.getByRole('button', { name: 'Confirm as the second person' }).count()).toBe(0);

    // The owner is told at once and could refuse.
    await visit(theirs, '/account');
    await theirs.reload();
    await theirs.getByText('An administrator proposed to remove', { exact: false }).waitFor();
    expect(await theirs.getByRole('button', { name: 'Refuse it' }).count()).toBe(1);

    const { page: other } = await c.as('second-admin');
    await visit(other, `/admin/users/${owner}`);
    await other.getByRole('button', { name: 'Confirm as the second person' }).click();
    await other.getByRole('dialog').getByLabel('Reason').fill('seen in person');
    await other.getByRole('dialog').getByRole('button', { name: 'Confirm as the second person' }).click();
    await other.getByText('Confirmed, takes effect').waitFor();
    for (const page of [first, other, theirs]) await page.context().close();
  });

  it('adds an organ, refuses a code that is taken beside its field, and renames it', async () => {
    const { page } = await c.as('administrator');
    await visit(page, '/admin/organs');
    const dialog = page.getByRole('dialog');
    const add = async (code: string): Promise<void> => {
      await dialog.getByLabel('Code').fill(code);
      await dialog.getByRole('button', { name: 'Add an organ' }).click();
    };
    await page.getByRole('button', { name: 'Add an organ' }).click();
    await dialog.getByLabel(/^Name/).fill('River Station');
    await dialog.getByLabel('Level').click();
    await page.getByRole('option', { name: 'Station', exact: true }).click();
    const [{ code }] = await c.t.sql('SELECT code FROM app.organ LIMIT 1');
    await add(code);
    await dialog.getByText('another organ has this code').first().waitFor();
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe('River Station');
    await add('RIV-1');
    await dialog.waitFor({ state: 'detached' });
    await page.getByLabel('Name or code').fill('RIV-1');
    const row = page.getByRole('row').filter({ hasText: 'RIV-1' });
    await row.getByRole('button', { name: 'Rename' }).click();
    await dialog.getByLabel(/^Name/).fill('River and Lake Station');
    await dialog.getByLabel('Reason').fill('merged');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await row.getByText('River and Lake Station').waitFor();
    // What one searched for is in no address.
    expect(page.url()).not.toContain('RIV');
    await page.context().close();
  });

  it('shows what changed between two versions of the rulebook, with the articles', async () => {
    const { page } = await c.as('administrator');
    await visit(page, '/admin/rulebooks?before=2003-08-05&after=2011-01-21');
    const main = page.locator('main');
    await main.getByText('NON_POLICE', { exact: false }).first().waitFor({ state: 'detached' });
    await main.getByText('· NP01 ·', { exact: false }).first().waitFor();
    expect(await main.textContent()).toMatch(/\d+ came, \d+ went, \d+ changed/);
    expect(await main.locator('ins').first().textContent()).not.toBe('');
    // The other way round, what came is what went.
    await visit(page, '/admin/rulebooks?before=2011-01-21&after=2003-08-05');
    await main.locator('del').first().waitFor();
    expect(await main.locator('ins').count()).toBe(0);
    await page.context().close();
  });

  it('names what a rule fixes in the language of the reader, not by the names of the program', async () => {
    const names = /\b[a-z]+[A-Z][A-Za-z]*: /;
    const { page } = await c.as('administrator', { language: 'zh' });
    await visit(page, '/admin/rulebooks?before=2003-08-05&after=2011-01-21');
    const main = page.locator('main');
    await main.getByText('延长后最多月数: 12', { exact: false }).waitFor();
    await main.getByText('月数: 无', { exact: false }).waitFor();
    expect(await main.textContent()).not.toMatch(names);
    await page.context().close();
    const english = (await c.as('administrator')).page;
    await visit(english, '/admin/rulebooks?before=2003-08-05&after=2011-01-21');
    await english.locator('main').getByText('Months, extended at the most: 12', { exact: false }).waitFor();
    expect(await english.locator('main').textContent()).not.toMatch(names);
    await english.context().close();
  });

  it('lists jobs without what they are about, and begins a failed one again', async () => {
    const id = await aFailedJob('kind-of-work');
    const { page, answers } = await c.as('administrator');
    await visit(page, '/admin/jobs');
    const row = page.getByRole('row').filter({ hasText: 'kind-of-work' });
    expect(await row.textContent()).toContain('2 of 25');
    await row.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('the disk has room again');
    await page.getByRole('dialog').getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const [{ due }] = await c.t.sql(
      'SELECT run_at <= now() AS due FROM graphile_worker._private_jobs WHERE id = $1',
      [id],
    );
    expect(due).toBe(true);
    const bodies = await Promise.all(answers.map(({ body }) => body));
    expect(bodies.filter((body) => body.includes(reference))).toEqual([]);
    await page.context().close();
  });

  it('says whether everything works, and what does not', async () => {
    // Nobody has sealed yet.
    c.t.clock.advance({ minutes: 2 });
    const { page } = await c.as('administrator');
    await visit(page, '/admin/health');
    await page.getByText('Something does not work as it should.').waitFor();
    const late = page.getByRole('row').filter({ hasText: 'Sealer keeps up' });
    expect(await late.textContent()).toContain('Look at it');
    const sealer = aSealer(c.t);
    let told: string | null = null;
    // Regular work may have left another entry behind the last that was sealed: the sealer comes back, here a few times.
    for (let pass = 0; pass < 3 && !told?.includes('Everything works that has to.'); pass++) {
      await sealer.sealAll();
      await page.reload();
      await settled(page);
      told = await page.locator('main').textContent();
    }
    // With all that the page says, so that a failure names what does not work.
    expect(told).toContain('Everything works that has to.');
    await sealer.stop();
    await page.context().close();
  });

  it.each(['investigator', 'auditor'])('is not there for the %s', async (username) => {
    const { page, answers } = await c.as(username);
    expect(await page.locator('nav a').allTextContents()).not.toContain('Administration');
    for (const address of ['/admin', '/admin/users', '/admin/jobs', '/admin/health']) {
      await visit(page, address);
      expect(await page.locator('main').textContent()).toContain('Your roles do not open this page.');
    }
    expect(answers.filter(({ url }) => /\/(users|operations)/.test(url))).toEqual([]);
    await page.context().close();
  });

  it.each(languages)('has no violation of WCAG 2.2 AA and fits 360 pixels (%s)', async (language) => {
    await aFailedJob('export-cases');
    const { page, complaints } = await c.as('administrator', {
      language,
      viewport: { width: 360, height: 740 },
    });
    for (const address of [...addresses, `/admin/users/${c.t.ids.users['supervisor']}`, '/account']) {
      await visit(page, address);
      expect([address, await overflow(page)]).toEqual([address, 0]);
      expect([address, await violations(page)]).toEqual([address, []]);
    }
    await visit(page, '/admin/users');
    await page.locator('main header button').click();
    await page.getByRole('dialog').locator('input').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(languages)(
    'resets a password to a one-time one, with which its owner chooses their own and nothing else (%s)',
    async (language) => {
      const zh = language === 'zh';
      const username = `forgetful-${language}`;
      const { id } = await aNewUser(c.t, { username, displayName: 'A forgetful one' });
      const {
        page: theirs,
        go,
        complaints,
      } = await c.open({
        language,
        viewport: { width: 360, height: 740 },
      });
      const { page } = await c.as('administrator', { language });
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await visit(page, `/admin/users/${id}`);
      const reset = zh ? '重置密码' : 'Reset the password';
      await page.getByRole('button', { name: reset }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('forgotten');
      await dialog.getByRole('button', { name: reset }).click();
      const shown = dialog.getByTestId('first-password');
      await shown.waitFor();
      await dialog.getByRole('button', { name: zh ? '复制' : 'Copy' }).click();
      const firstPassword = (await shown.textContent())!;
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(firstPassword);
      await page.context().close();

      await go('/');
      await theirs.locator('input[name=username]').fill(username);
      await theirs.locator('input[name=password]').fill(firstPassword);
      await theirs.locator('form button[type=submit]').click();
      await theirs.getByText(zh ? '请设置您自己的密码' : 'Choose your own password').waitFor();
      expect(await violations(theirs)).toEqual([]);
      expect(await overflow(theirs)).toBe(0);
      expect(await theirs.locator('nav').count()).toBe(0);
      const fields = theirs.locator('input[type=password]');
      const choose = async (password: string, again = password): Promise<void> => {
        await fields.nth(0).fill(password);
        await fields.nth(1).fill(again);
        await theirs.locator('form button[type=submit]').click();
      };
      await choose('eleven wet stones, one road', 'another');
      await theirs.getByText(zh ? '与上面输入的不一致。' : 'This is not the same as above.').waitFor();
      await choose('Password1234');
      await theirs
        .getByText(zh ? '此密码容易被猜中' : 'It would be guessed soon', { exact: false })
        .waitFor();
      expect(await fields.nth(0).inputValue()).toBe('Password1234');
      await choose('eleven wet stones, one road');
      await theirs.locator('nav').first().waitFor({ state: 'attached' });
      expect(complaints).toEqual([]);
      await theirs.context().close();
    },
  );

  it('hides passwords as they are typed, and takes them from the clipboard and a password manager', async () => {
    await aNewUser(c.t, { username: 'paster', displayName: 'Somebody' });
    const { page } = await c.as('paster');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit(page, '/account');
    const fields = page.locator('main input[autocomplete$=password]');
    expect(
      await fields.evaluateAll((all: HTMLInputElement[]) => all.map((one) => [one.type, one.autocomplete])),
    ).toEqual([
      ['password', 'current-password'],
      ['password', 'new-password'],
      ['password', 'new-password'],
    ]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), 'eleven wet stones, one road');
    for (const field of await fields.all()) {
      await field.focus();
      await page.keyboard.press('Control+V');
      expect(await field.inputValue()).toBe('eleven wet stones, one road');
    }
    await page.context().close();
  });

  it('lets a person change their own password, and says beside the field what is wrong', async () => {
    await aNewUser(c.t, { username: 'changer', displayName: 'A changer' });
    const { page } = await c.as('changer');
    await visit(page, '/account');
    const main = page.locator('main');
    const change = async (current: string, next: string): Promise<void> => {
      await main.getByLabel('Present password').fill(current);
      await main.getByLabel(/^New password(?! once)/).fill(next);
      await main.getByLabel(/^New password once/).fill(next);
      await main.getByRole('button', { name: 'Change the password' }).click();
    };
    await change('not this one', 'eleven wet stones, one road');
    await main.getByText('This is not your present password.').waitFor();
    expect(await main.getByLabel(/^New password(?! once)/).inputValue()).toBe('eleven wet stones, one road');
    await change(PASSWORD, 'Password1234');
    await main.getByText('It would be guessed soon', { exact: false }).waitFor();
    await change(PASSWORD, 'eleven wet stones, one road');
    await main.getByText('from your own account', { exact: false }).waitFor();
    expect(await main.getByLabel('Present password').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await signIn(page, 'changer', 'eleven wet stones, one road');
    await page.context().close();
  });
});
