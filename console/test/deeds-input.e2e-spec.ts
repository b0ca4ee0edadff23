import type { Locator, Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCaseIn, today, type CaseUnderTest } from '../../test/support/builders.js';
import { startConsole, visit, type Console } from './support.js';

const NUL_LIKE = '\u0001';
const RIGHT_TO_LEFT_OVERRIDE = '\u202E';

describeInBrowser('what is typed into the dialogs of the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  const statusOf = async ({ id }: CaseUnderTest): Promise<string> =>
    (await c.t.sql<{ status: string }>('SELECT status FROM app."case" WHERE id = $1', [id]))[0]!.status;

  /** The dialog behind a button of a case, as this person has it. */
  const dialogOf = async (username: string, row: CaseUnderTest, button: string) => {
    const { page } = await c.as(username);
    await visit(page, `/cases/${row.id}`);
    await page.locator('main').getByRole('button', { name: button, exact: true }).first().click();
    const form = page.locator('[role=dialog]').filter({ has: page.locator('form') });
    await form.waitFor();
    return { page, form, sent: countSent(page) };
  };
  /** How many deeds were sent since. */
  const countSent = (page: Page): (() => number) => {
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1;
    });
    return () => sent;
  };
  const submit = (form: Locator): Promise<void> => form.locator('button[type=submit]').click();

  it('is kept whole when it is too long, says by how much, and is not sent', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page, form, sent } = await dialogOf('legal-reviewer', row, 'Serve the notice');
    const proof = form.getByLabel('How it was served', { exact: false });
    await form.getByLabel('Served on').fill(today(c.t));
    await proof.fill('x'.repeat(2003));
    await form.getByText('It is 3 characters too long; 2000 are possible.', { exact: false }).waitFor();
    await form.getByLabel('Reason').fill('y'.repeat(4001));
    await form.getByText('It is 1 character too long; 4000 are possible.', { exact: false }).waitFor();
    await submit(form);
    expect((await proof.inputValue()).length).toBe(2003);
    expect(await proof.evaluate((field) => field === document.activeElement)).toBe(true);
    expect([sent(), await statusOf(row)]).toEqual([0, 'REPORTED']);
    await page.context().close();
  });

  it('is said to have gone nowhere without a network, and is not sent once there is one again', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page, form } = await dialogOf('legal-reviewer', row, 'Serve the notice');
    await form.getByLabel('Served on').fill(today(c.t));
    await form.getByLabel('How it was served', { exact: false }).fill('in person');
    await form.getByLabel('Reason').fill('facts and proposed basis');
    await page.context().setOffline(true);
    await submit(form);
    await form.getByRole('alert').waitFor();
    expect(await form.getByLabel('Reason').inputValue()).toBe('facts and proposed basis');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard it' }).click();
    await form.waitFor({ state: 'detached' });
    await page.context().setOffline(false);
    await visit(page, '/cases');
    expect(await statusOf(row)).toBe('REPORTED');
    await page.context().close();
  });

  it('is not sent with control characters or marks that turn its direction, and can be cleaned', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page, form, sent } = await dialogOf('legal-reviewer', row, 'Serve the notice');
    const proof = form.getByLabel('How it was served', { exact: false });
    await form.getByLabel('Served on').fill(today(c.t));
    await form.getByLabel('Reason').fill('facts and proposed basis');
    await proof.fill(`signed${NUL_LIKE} receipt${RIGHT_TO_LEFT_OVERRIDE}`);
    await form.getByText('There are 2 invisible characters in it', { exact: false }).waitFor();
    await submit(form);
    expect(sent()).toBe(0);
    await form.getByRole('button', { name: 'Take these characters out' }).click();
    expect(await proof.inputValue()).toBe('signed receipt');
    await submit(form);
    await form.waitFor({ state: 'detached' });
    expect(sent()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('is not taken for nothing when it is half a day', async () => {
    const row = await aCaseIn(c.t, 'PRELIMINARY');
    const { page, form, sent } = await dialogOf('agency-head', row, 'File the case');
    await form.getByLabel('Reason').fill('approved on paper');
    await form.getByLabel('Filed on').focus();
    // A day without its month and year.
    await page.keyboard.type('12');
    await submit(form);
    await form.getByText('This is not a whole day or time yet', { exact: false }).waitFor();
    expect([sent(), await statusOf(row)]).toEqual([0, 'PRELIMINARY']);
    await form.getByLabel('Filed on').fill(today(c.t));
    expect(await form.getByText('This is not a whole day or time yet', { exact: false }).count()).toBe(0);
    await page.context().close();
  });

  it('is refused beside its field, also where the interface calls the field otherwise', async () => {
    const row = await aCaseIn(c.t, 'INVESTIGATING');
    const { page, form } = await dialogOf('investigator', row, 'Recommend a finding');
    await form.getByRole('combobox', { name: 'Outcome' }).or(form.getByLabel('Outcome')).first().click();
    await page.getByRole('option', { name: 'Substantiated' }).first().click();
    const why = form.getByLabel('Why: the evidence', { exact: false });
    await why.fill('ab');
    await submit(form);
    await form.getByRole('alert').waitFor();
    expect(await why.getAttribute('aria-invalid')).toBe('true');
    const shown = await why.evaluate(
      (field) => document.getElementById(field.getAttribute('aria-describedby')!.split(' ')[0]!)?.textContent,
    );
    expect(shown).toContain('3');
    expect(await why.inputValue()).toBe('ab');
    await page.context().close();
  });

  it('is discarded by Escape, the cross and Cancel only when one says so', async () => {
    const row = await aCaseIn(c.t, 'INVESTIGATING');
    const { page, form } = await dialogOf('supervisor', row, 'Suspend');
    const reason = form.getByLabel('Reason');
    const ask = page.getByRole('dialog', { name: 'Discard what you typed?' });
    await reason.fill('the road is under water');
    await page.keyboard.press('Escape');
    await ask.waitFor();
    // Escape answers the question, and nothing more.
    await page.keyboard.press('Escape');
    await ask.waitFor({ state: 'detached' });
    expect(await reason.inputValue()).toBe('the road is under water');
    await form.getByRole('button', { name: 'Close' }).click();
    await ask.getByRole('button', { name: 'Keep it' }).click();
    await ask.waitFor({ state: 'detached' });
    expect(await reason.inputValue()).toBe('the road is under water');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await ask.getByRole('button', { name: 'Discard it' }).click();
    await form.waitFor({ state: 'detached' });
    // Where nothing was typed, nothing is asked.
    await page.locator('main').getByRole('button', { name: 'Suspend', exact: true }).click();
    await form.waitFor();
    expect(await form.getByLabel('Reason').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.context().close();
  });
});
