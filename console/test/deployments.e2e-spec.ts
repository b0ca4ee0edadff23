import { describeInBrowser } from '../../test/support/browser.js';
import { aDemolition, aPerson, aSmallRequest, aSubmitted, deployed } from '../../test/support/deployments.js';
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

describeInBrowser('requests for police in the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('take an approver from the list over the duty test to a decision', async () => {
    const requester = await c.t.as('deployment-requester');
    const patrol = await aSubmitted(requester, aSmallRequest(c.t));
    const { page, complaints, strangers } = await c.as('deployment-approver');
    await follow(page.locator('nav').getByRole('link', { name: 'Requests for police' }));
    await page.getByRole('link', { name: patrol.reference }).click();
    // The page comes with a file of its own: until then the list stands there.
    await page.getByRole('heading', { level: 1, name: patrol.reference }).waitFor();
    await settled(page);
    const main = page.locator('main');
    await main.getByText('Police work', { exact: true }).first().waitFor();
    expect(await main.getByRole('row').filter({ hasText: 'settles it' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    // Without a reason it is not sent.
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.getByRole('dialog').getByLabel('Reason').fill('police work by duty 2');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await main.getByText('Approved', { exact: true }).first().waitFor();
    const { body } = await requester.get(`/deployments/${patrol.id}`).expect(200);
    expect(body.status).toBe('APPROVED');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('mark the words that hit in their place, and show how it was decided before', async () => {
    const requester = await c.t.as('deployment-requester');
    const city = await aPerson(c.t, 'DEPLOYMENT_APPROVER', 'city');
    const before = await aSubmitted(requester, aDemolition(c.t));
    await deployed(city.client, before, 'refuse', { reason: 'not police work' });
    const again = await aSubmitted(requester, aDemolition(c.t));
    const { page } = await c.as('deployment-approver');
    await visit(page, `/deployments/${again.id}`);
    const marks = await page.locator('main mark').allTextContents();
    expect(marks.some((text) => /demolition/i.test(text) && text.includes('NP01'))).toBe(true);
    expect(await page.locator('main').textContent()).toContain('not police work');
    await page.getByRole('link', { name: before.reference }).first().waitFor();
    // An approval against the test asks for each answer and for a reason of its own.
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('group').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('NP01'), expect.stringContaining('Refused before')]),
    );
    await page.context().close();
  });

  it('are approved against the test by two persons: the second answers what is left', async () => {
    const requester = await c.t.as('deployment-requester');
    const asked = await aSubmitted(requester, aDemolition(c.t));
    await deployed(await c.t.as('legal-reviewer'), asked, 'assess', {
      opinion: 'OPPOSES',
      reason: 'no duty covers it',
      legalBasis: ['警察法 6'],
    });
    const city = await aPerson(c.t, 'DEPLOYMENT_APPROVER', 'city');
    const { page } = await c.as('deployment-approver');
    await visit(page, `/deployments/${asked.id}`);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const send = dialog.getByRole('button', { name: 'Approve' });
    // Not as long as an answer is missing.
    expect(await send.isDisabled()).toBe(true);
    for (const group of await dialog.getByRole('group').all()) {
      await group.getByLabel('Reason').fill('looked at, and guarded against');
      await group.getByLabel('Legal basis').fill('警察法 6');
    }
    await dialog.getByLabel('Reason').last().fill('the mayor insists');
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    const { body: signed } = await city.client.get(`/deployments/${asked.id}`).expect(200);
    expect(signed.status).toBe('SUBMITTED');
    expect(signed.steps.at(-1).details.answers.length).toBeGreaterThan(0);
    await page.context().close();

    const second = await c.open();
    await second.go('/');
    const { username } = (
      await c.t.sql('SELECT username FROM app.user_account WHERE id = $1', [city.id])
    )[0]!;
    await signIn(second.page, username, 'a long enough password');
    await visit(second.page, `/deployments/${asked.id}`);
    await second.page.getByRole('button', { name: 'Approve', exact: true }).click();
    const other = second.page.getByRole('dialog');
    expect(await other.getByRole('group').count()).toBe(0);
    await other.getByLabel('Reason').fill('so do I');
    await other.getByRole('button', { name: 'Approve' }).click();
    await other.waitFor({ state: 'detached' });
    const { body } = await city.client.get(`/deployments/${asked.id}`).expect(200);
    expect(body.status).toBe('APPROVED');
    await second.page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const requester = await c.t.as('deployment-requester');
    const asked = await aSubmitted(requester, aDemolition(c.t));
    const refused = await aSubmitted(requester, aDemolition(c.t));
    await deployed(await c.t.as('deployment-approver'), refused, 'refuse', { reason: 'no duty' });
    const { page } = await c.as('deployment-approver', { language, viewport: { width: 360, height: 780 } });
    for (const path of [
      '/deployments',
      `/deployments/${asked.id}`,
      `/deployments/${refused.id}`,
      `/deployments/${refused.id}/refusal`,
    ]) {
      await visit(page, path);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
    await page.context().close();
  });
});
