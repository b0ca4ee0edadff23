import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aDemolition, aDraft, aSmallRequest, aSubmitted, deployed } from '../../test/support/deployments.js';
import {
  follow,
  languages,
  overflow,
  settled,
  startConsole,
  violations,
  visit,
  type Console,
} from './support.js';

/** A time as the form takes it, so many hours from now, in China. */
const inHours = (hours: number): string =>
  new Date(Date.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16);

const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`);
async function choose(page: Page, name: string, option: string): Promise<void> {
  await field(page, name).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
async function fillRequest(page: Page): Promise<void> {
  await field(page, 'requester.name').fill('Shiqiao Station');
  await choose(page, 'requester.type', 'Our own unit');
  await field(page, 'purpose').fill('Patrol of the night market');
  await field(page, 'place').fill('Lake Street');
  await field(page, 'startsAt').fill(inHours(-1));
  await field(page, 'endsAt').fill(inHours(6));
  await choose(page, 'tasks.0.code', 'Keep order outside');
  await field(page, 'tasks.0.text').fill('Patrol and keep public order among the visitors');
  await field(page, 'force.officers').fill('4');
}
/** Opens the form of a step, fills it, and sends it. */
async function step(page: Page, name: string, reason: string, fill?: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await fill?.();
  await dialog.getByLabel('Reason').last().fill(reason);
  await dialog.getByRole('button', { name, exact: true }).click();
}

describeInBrowser('a request for police, from the asking to the after-action record', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('goes through the console: draft, duty test, file, approval, dispatch, deviation, record', async () => {
    const { page, complaints, strangers } = await c.as('deployment-requester');
    await follow(page.locator('nav').getByRole('link', { name: 'Requests for police' }).first());
    await follow(page.getByRole('link', { name: 'Ask for police' }));
    // What a draft cannot be without is said beside its field, and the cursor stands in the first.
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByText('8 fields need a change first.').waitFor();
    expect(await field(page, 'requester.name').evaluate((input) => input === document.activeElement)).toBe(
      true,
    );
    await fillRequest(page);
    // The test answers while one writes, before anything is kept.
    await page.locator('main').getByText('Police work', { exact: true }).first().waitFor();
    const { body: before } = await (await c.t.as('deployment-requester')).get('/deployments').expect(200);
    expect(before.items).toEqual([]);
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}\/edit$/);
    await settled(page);
    await page.locator('input[type=file]').setInputFiles({
      name: '申请书.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4 a paper'),
    });
    await page.getByRole('rowheader', { name: '申请书.pdf' }).waitFor();
    // What is missing for the submission is said before it is sent.
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByText('4 fields need a change first.').waitFor();
    await choose(page, 'activityType', 'Crime or public order');
    await choose(page, 'force.weapons', 'None');
    await choose(page, 'force.bodyCameras', 'Yes');
    await field(page, 'law.duties').click();
    await page.getByRole('option', { name: /^2 · / }).click();
    await field(page, 'law.articles').fill('警察法 6');
    await field(page, 'law.articles').press('Enter');
    await field(page, 'limits.commander').fill('Sergeant Lin');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}$/);
    await settled(page);
    const id = page.url().split('/').at(-1)!;
    const main = page.locator('main');
    await main.getByText('Submitted', { exact: true }).first().waitFor();

    const approver = await c.as('deployment-approver');
    await visit(approver.page, `/deployments/${id}`);
    expect(await approver.page.locator('main').textContent()).toContain('申请书.pdf');
    await step(approver.page, 'Approve', 'duty 2', async () => {
      const conditions = approver.page.getByRole('dialog').getByLabel('Conditions');
      await conditions.fill('Nobody is searched');
      await conditions.press('Enter');
    });
    await approver.page.getByRole('dialog').waitFor({ state: 'detached' });
    await approver.page.context().close();

    await page.reload();
    await settled(page);
    await main.getByText('Nobody is searched').first().waitFor();
    await step(page, 'Send police', 'as approved', async () => {
      await field(page, 'officerIds').fill('Lin');
      await page.getByRole('option', { name: /Lin Zhiyuan/ }).click();
      await page.keyboard.press('Escape');
    });
    await main.getByText('Police are there').waitFor();
    // Something else is done: the test is run on it, and says what it is.
    await step(page, 'Report a deviation', 'the organiser asked on the spot', async () => {
      await choose(page, 'tasks.0.code', 'Collect money');
      await field(page, 'tasks.0.text').fill('Collect the stall fees for the organiser');
    });
    const retest = page.getByRole('dialog').filter({ hasText: 'What the duty test says' });
    await retest.getByText('Not police work', { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
    await retest.waitFor({ state: 'detached' });
    await step(page, 'Complete', 'the market closed');
    await main.getByText('Ended, record due').waitFor();
    expect(await main.getByRole('timer').textContent()).toMatch(/23 h 5\d min left/);
    // What was not approved and is not owned up to is refused beside its field, with the text kept.
    await step(page, 'Sign the record', 'what was done', async () => {
      await field(page, 'tasks.0.text').fill('Patrol, and took the fees');
      await choose(page, 'tasks.0.code', 'Collect money');
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/must be true: COLLECT_MONEY was not approved/).waitFor();
    expect(await field(page, 'tasks.0.text').inputValue()).toBe('Patrol, and took the fees');
    await dialog.getByLabel('Something else was done than was approved').check();
    await dialog.getByLabel('What, and why').fill('The fees were taken for the organiser');
    await dialog.getByRole('button', { name: 'Sign the record' }).click();
    await dialog.waitFor({ state: 'detached' });
    await main.getByText('Record signed').waitFor();
    expect(await main.textContent()).toContain('The fees were taken for the organiser');
    const { body } = await (await c.t.as('deployment-requester')).get(`/deployments/${id}`).expect(200);
    expect(body).toMatchObject({
      operation: 'REPORTED',
      conditions: ['Nobody is searched'],
      officerIds: [c.t.ids.officers[0]],
      report: { deviated: true, outcome: 'NOT_POLICE_WORK' },
    });
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('keeps both texts when two persons change the same draft', async () => {
    const client = await c.t.as('deployment-requester');
    const d = await aDraft(client, aSmallRequest(c.t));
    const { page } = await c.as('deployment-requester');
    await visit(page, `/deployments/${d.id}/edit`);
    await field(page, 'place').fill('Mine: the square');
    await client
      .patch(`/deployments/${d.id}`, { place: 'Theirs: the park' }, { 'if-match': `"${d.version}"` })
      .expect(200);
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByRole('button', { name: 'Load the present version' }).click();
    await page.getByText(/Theirs: the park/).waitFor();
    expect(await field(page, 'place').inputValue()).toBe('Mine: the square');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByText('The draft is saved.').first().waitFor();
    const { body } = await client.get(`/deployments/${d.id}`).expect(200);
    expect(body.request.place).toBe('Mine: the square');
    await page.context().close();
  });

  it('asks before a page with unsaved text is left, and refuses bad text beside its field', async () => {
    const { page } = await c.as('deployment-requester');
    await visit(page, '/deployments/new');
    await fillRequest(page);
    await field(page, 'place').fill('x'.repeat(100_000));
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page
      .getByText(/place must be shorter than or equal to 500/)
      .first()
      .waitFor();
    expect(await field(page, 'place').getAttribute('aria-invalid')).toBe('true');
    expect((await field(page, 'place').inputValue()).length).toBe(100_000);
    await page.locator('nav').first().getByRole('link', { name: 'Home' }).click();
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(new URL(page.url()).pathname).toBe('/deployments/new');
    expect((await field(page, 'place').inputValue()).length).toBe(100_000);
    await page.context().close();
  });

  it('is returned with the fields to complete, withdrawn, and refused for printing', async () => {
    const requester = await c.t.as('deployment-requester');
    const d = await aSubmitted(requester, aSmallRequest(c.t));
    const { page } = await c.as('deployment-approver');
    await visit(page, `/deployments/${d.id}`);
    await step(page, 'Return', 'say when they stop', async () => {
      const fields = page.getByRole('dialog').getByLabel('What has to be completed');
      await fields.fill('When police');
      await page.getByRole('option', { name: 'When police stop' }).click();
      await page.keyboard.press('Escape');
    });
    await page.locator('main').getByText('Returned', { exact: true }).first().waitFor();
    expect(await page.locator('main').textContent()).toContain('To be completed: When police stop');
    const { body } = await requester.get(`/deployments/${d.id}`).expect(200);
    expect(body.steps.at(-1).details.fields).toEqual(['limits.stopConditions']);

    const other = await aSubmitted(requester, aDemolition(c.t));
    await deployed(await c.t.as('deployment-approver'), other, 'refuse', { reason: 'no duty' });
    await visit(page, `/deployments/${other.id}`);
    await follow(page.getByRole('link', { name: 'The refusal on paper' }));
    const sheet = page.locator('main');
    await sheet.getByText('no duty', { exact: true }).waitFor();
    await sheet.getByText('NP01').waitFor();
    await sheet.getByText('There is no further review.').or(sheet.getByText('You may ask once')).waitFor();
    // The browser's own dialog cannot be seen from here; that it is asked for can.
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-asked-to-print', '');
    });
    await page.getByRole('button', { name: 'Print' }).click();
    await page.locator('body[data-asked-to-print]').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as text' }).click();
    expect((await saved).suggestedFilename()).toMatch(/\.md$/);

    // What was not refused has no such sheet, and says so.
    await visit(page, `/deployments/${d.id}/refusal`);
    await sheet.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0);
    await page.context().close();
  });

  it('gets the opinion of the legal section by its form', async () => {
    const requester = await c.t.as('deployment-requester');
    const d = await aSubmitted(requester, aDemolition(c.t));
    const { page } = await c.as('legal-reviewer');
    await visit(page, `/deployments/${d.id}`);
    await step(page, 'Give the legal opinion', 'no duty covers it', async () => {
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Opinion').first().click();
      await page.getByRole('option', { name: 'Opposes it' }).click();
      await dialog.getByLabel('Legal basis').fill('警察法 6');
      await dialog.getByLabel('Legal basis').press('Enter');
    });
    await page.locator('main').getByText('Opposes it (警察法 6)').waitFor();
    await page.context().close();
  });

  it.each(languages)(
    'its form has no violation of WCAG 2.2 AA, on a telephone too (%s)',
    async (language) => {
      const d = await aDraft(await c.t.as('deployment-requester'), aDemolition(c.t));
      const look = { language, viewport: { width: 360, height: 780 } };
      const { page } = await c.as('deployment-requester', look);
      for (const path of ['/deployments/new', `/deployments/${d.id}/edit`, '/deployments/emergency']) {
        await visit(page, path);
        await page.waitForFunction(() => document.querySelector('[role=status]') === null);
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
      }
      await page.context().close();
    },
  );
});
