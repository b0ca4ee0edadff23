import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn } from '../../test/support/builders.js';
import { follow, languages, overflow, startConsole, violations, visit, type Console } from './support.js';

describeInBrowser('cases in the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('take a supervisor from the list over the case to a step', async () => {
    const registered = await aCase(c.t);
    const { page, complaints, strangers } = await c.as('supervisor');
    await follow(page.locator('nav').getByRole('link', { name: 'Cases' }));
    await page.getByRole('link', { name: registered.reference }).click();
    const main = page.locator('main');
    await main.getByText('Allegation 1: Arbitrary fine or charge').waitFor();
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    const dialog = page.getByRole('dialog');
    // Without a reason nothing is sent.
    await dialog.getByRole('button', { name: 'Accept' }).click();
    expect(await dialog.count()).toBe(1);
    await dialog.getByLabel('Reason').fill('there is something to look at');
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await dialog.waitFor({ state: 'detached' });
    await main.getByText('Accepted', { exact: true }).first().waitFor();
    await main.getByText('there is something to look at').first().waitFor();
    const [row] = await c.t.sql<{ status: string }>('SELECT status FROM app."case" WHERE id = $1', [
      registered.id,
    ]);
    expect(row!.status).toBe('TRIAGED_ACCEPTED');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('say that somebody else was faster, and keep what was typed', async () => {
    const registered = await aCase(c.t);
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${registered.id}`);
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('mine, typed with care');
    const faster = await c.t.as('supervisor');
    await faster
      .post(`/cases/${registered.id}/accept`, { reason: 'first' }, { 'if-match': `"${registered.version}"` })
      .expect(200);
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('mine, typed with care');
    await page.context().close();
  });

  it('show nothing of a reporter in confidence to who may not know, on the page or in its traffic', async () => {
    const registered = await aCaseIn(c.t, 'INVESTIGATING', {
      reporter: { kind: 'CONFIDENTIAL', name: 'Wang the Witness', contact: '+86 138 0000' },
    });
    const { page, answers } = await c.as('investigator');
    await visit(page, `/cases/${registered.id}`);
    await page.locator('main').getByText('Hidden', { exact: false }).first().waitFor();
    expect(await page.content()).not.toContain('Wang the Witness');
    const bodies = await Promise.all(answers.map(({ body }) => body));
    expect(bodies.some((text) => text.includes(registered.reference))).toBe(true);
    expect(bodies.filter((text) => text.includes('Wang the Witness'))).toEqual([]);
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const decided = await aCaseIn(c.t, 'DECIDED_SANCTION');
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 780 } });
    await visit(page, `/cases/${decided.id}`);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
