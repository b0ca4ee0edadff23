import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aPerson, aSmallRequest, aSubmitted, deployed } from '../../test/support/deployments.js';
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

const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`);
/** As the server sees it: what just happened lies before. */
const minutesAgo = (minutes: number): string =>
  new Date(Date.now() + 8 * 3_600_000 - minutes * 60_000).toISOString().slice(0, 19);
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true } as const;

describeInBrowser('police on an emergency, and what follows', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('are sent from a telephone by an oral order; the clock of 24 hours stands on the page', async () => {
    const { page, complaints } = await c.as('deployment-requester', phone);
    await visit(page, '/deployments');
    await follow(page.getByRole('link', { name: 'Emergency: police go now' }));
    const send = page.getByRole('button', { name: 'Record that police went' });
    // For one hand: large, at the lower edge, in sight without scrolling.
    const box = (await send.boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.y + box.height).toBeLessThanOrEqual(740);
    await field(page, 'place').fill('Mill bridge');
    await field(page, 'purpose').fill('A man with a knife threatens passers-by');
    await field(page, 'task').click();
    await page.getByRole('option', { name: 'Stop a crime' }).click();
    await field(page, 'dispatchedAt').fill(minutesAgo(10));
    await page.getByRole('button', { name: 'One officer more' }).click();
    await page.getByRole('switch', { name: 'A leader ordered it by word of mouth' }).click();
    await send.click();
    // The order is not recorded without its words and the name.
    expect(await page.getByText('Fill this in.').count()).toBe(2);
    await field(page, 'oralOrder.name').fill('Deputy head Zhao');
    await field(page, 'oralOrder.words').fill('Go there at once');
    await field(page, 'oralOrder.at').fill(minutesAgo(12));
    expect(await overflow(page)).toBe(0);
    await send.click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}$/);
    await settled(page);
    const clocks = page.getByRole('timer');
    expect(await clocks.allTextContents()).toEqual([
      expect.stringMatching(/^Request due: 23 h \d+ min left/),
      expect.stringMatching(/^Paper to the oral order due: 23 h \d+ min left/),
    ]);
    expect(await page.locator('main').textContent()).toContain('Deputy head Zhao: “Go there at once”');
    expect(await overflow(page)).toBe(0);
    // The paper comes.
    await page.getByRole('button', { name: 'Record the paper' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Number of the paper').fill('No. 7');
    await dialog.getByLabel('Reason').fill('it came by courier');
    await dialog.getByRole('button', { name: 'Record the paper' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Record the paper' }).count()).toBe(0);
    const id = page.url().split('/').at(-1);
    const { body } = await (await c.t.as('deployment-requester')).get(`/deployments/${id}`).expect(200);
    expect(body).toMatchObject({
      status: 'EMERGENCY',
      operation: 'DISPATCHED',
      sentOfficers: 3,
      oralOrder: { name: 'Deputy head Zhao', words: 'Go there at once' },
    });
    expect(body.oralOrder.paperReceivedAt).not.toBeNull();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('are objected to by an officer who was sent, and whoever gave the order finds nothing of it', async () => {
    const requester = await c.t.as('deployment-requester');
    const d = await aSubmitted(
      requester,
      aSmallRequest(c.t, {
        startsAt: new Date(Date.now() - 3_600_000).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    );
    const approver = await c.t.as('deployment-approver');
    await deployed(approver, d, 'approve', { reason: 'duty 2' });
    await deployed(requester, d, 'dispatch', {
      reason: 'as approved',
      dispatchedAt: new Date().toISOString(),
      officers: 2,
      officerIds: [c.t.ids.officers[0]],
    });
    const { page } = await c.as('officer');
    await visit(page, `/deployments/${d.id}`);
    // What officers may not know looks hidden.
    expect(await page.locator('main').textContent()).not.toContain('+86 000 1111');
    await page.getByRole('button', { name: 'Object to the order (Article 33)' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What you object to, and why').fill('This is the guarding of a private shop');
    await dialog.getByRole('button', { name: 'Object to the order (Article 33)' }).click();
    await dialog.waitFor({ state: 'detached' });
    await visit(page, '/deployments/objections');
    await page.getByText('This is the guarding of a private shop').waitFor();
    await page.context().close();

    const giver = await c.as('deployment-approver');
    await visit(giver.page, '/deployments/objections');
    await visit(giver.page, `/deployments/${d.id}`);
    const seen = await Promise.all(giver.answers.map(({ body }) => body));
    expect(seen.join('')).not.toContain('private shop');
    await giver.page.context().close();

    const above = await c.as('deployment-approver-2');
    await visit(above.page, '/deployments/objections');
    await above.page.getByText('This is the guarding of a private shop').waitFor();
    await above.page.context().close();
  });

  it('are approved by a deputy, whom the approver names for some days and ends again', async () => {
    const deputy = await aPerson(c.t, 'OFFICER', 'ministry');
    const { body: account } = await (await c.t.as('administrator')).get(`/users/${deputy.id}`).expect(200);
    const { page } = await c.as('deployment-approver');
    await visit(page, '/deployments/deputies');
    await page.getByRole('button', { name: 'Make somebody my deputy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('on leave');
    const make = dialog.getByRole('button', { name: 'Make somebody my deputy' });
    expect(await make.isDisabled()).toBe(true);
    await field(page, 'userId').fill('nobody of this name');
    await page.getByText('Nobody in this organ is called so.').waitFor();
    await field(page, 'userId').fill(account.displayName);
    await page.getByRole('option', { name: new RegExp(`^${account.displayName} · `) }).click();
    expect(await violations(page)).toEqual([]);
    await make.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('In force', { exact: true }).waitFor();
    await page.getByRole('row').filter({ hasText: account.displayName }).waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('back again');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked', { exact: true }).first().waitFor();
    const { body } = await (await c.t.as('deployment-approver')).get('/deployment-delegations').expect(200);
    expect(body.items[0].revokedAt).not.toBeNull();
    await page.context().close();
  });

  it('stand in the calendar, the figures and the list by their filters', async () => {
    const requester = await c.t.as('deployment-requester');
    const d = await aSubmitted(
      requester,
      aSmallRequest(c.t, { startsAt: '2026-03-04T09:00:00+08:00', endsAt: '2026-03-05T12:00:00+08:00' }),
    );
    const { page, complaints } = await c.as('deployment-approver');
    await visit(page, '/deployments/calendar?month=2026-03');
    // It takes two days.
    expect(await page.getByRole('listitem').getByRole('link', { name: d.reference }).count()).toBe(2);
    expect(await page.getByRole('row').filter({ hasText: d.reference }).count()).toBe(2);
    await page.getByRole('button', { name: 'The month after' }).click();
    await settled(page);
    expect(new URL(page.url()).search).toBe('?month=2026-04');
    await page.getByText('Nothing takes place in this month.').waitFor();

    await visit(page, '/deployments/figures');
    const chart = page.getByRole('img', { name: /^Chart: Requests by organ and month/ });
    await chart.locator('path').first().waitFor();
    const twin = page.getByRole('table', { name: 'Requests by organ and month' });
    expect(await twin.getByRole('row').count()).toBeGreaterThan(1);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save all figures as CSV' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^deployments-.*\.csv$/);

    await visit(page, '/deployments');
    await page.getByLabel('Past a time limit only').click();
    await settled(page);
    expect(new URL(page.url()).search).toBe('?overdue=true');
    // The list of before stays until the new one is there.
    await page.getByRole('link', { name: d.reference }).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('are reviewed once by the organ above the one that refused', async () => {
    const station = await aPerson(c.t, 'DEPLOYMENT_APPROVER', 'station');
    const requester = await c.t.as('deployment-requester');
    const d = await aSubmitted(requester, aSmallRequest(c.t));
    await deployed(station.client, d, 'refuse', { reason: 'no officers to spare' });
    const asks = await c.as('deployment-requester');
    await visit(asks.page, `/deployments/${d.id}`);
    await asks.page.getByRole('button', { name: 'Ask for a review' }).click();
    await asks.page.getByRole('dialog').getByLabel('Reason').fill('it is duty 2');
    await asks.page.getByRole('dialog').getByRole('button', { name: 'Ask for a review' }).click();
    await asks.page.locator('main').getByText('Refused, under review').first().waitFor();
    await asks.page.context().close();
    const city = await aPerson(c.t, 'DEPLOYMENT_APPROVER', 'city');
    const above = await c.open();
    await above.go('/');
    const [account] = await c.t.sql('SELECT username FROM app.user_account WHERE id = $1', [city.id]);
    await signIn(above.page, account!['username'] as string, 'a long enough password');
    await visit(above.page, `/deployments/${d.id}`);
    await above.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await above.page.getByRole('dialog').getByLabel('Reason').fill('duty 2 covers it');
    await above.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await above.page.locator('main').getByText('Approved', { exact: true }).first().waitFor();
    await above.page.context().close();
  });

  it.each(languages)(
    'pages without a violation of WCAG 2.2 AA, on a telephone too (%s)',
    async (language) => {
      const look = { language, viewport: { width: 360, height: 780 } };
      const { page } = await c.as('deployment-approver', look);
      for (const path of ['calendar?month=2026-03', 'figures', 'deputies', 'objections']) {
        await visit(page, `/deployments/${path}`);
        await settled(page);
        expect(await violations(page)).toEqual([]);
        expect([path, await overflow(page)]).toEqual([path, 0]);
      }
      await page.context().close();
    },
  );
});
