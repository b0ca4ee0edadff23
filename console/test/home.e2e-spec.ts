import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn, deed } from '../../test/support/builders.js';
import { aDraft, aSmallRequest, aSubmitted } from '../../test/support/deployments.js';
import {
  follow,
  languages,
  overflow,
  signIn,
  startConsole,
  violations,
  visit,
  type Console,
} from './support.js';

const lines = (page: Page) => page.getByRole('list', { name: 'Waiting' }).getByRole('link');

/** What each line says, such as `2 Cases to triage To do`, with where it leads. */
const waiting = (page: Page): Promise<{ count: number; label: string; to: string }[]> =>
  lines(page).evaluateAll((links) =>
    links.map((link) => ({
      count: Number(link.children[0]!.textContent),
      label: link.children[1]!.textContent,
      to: link.getAttribute('href')!,
    })),
  );

const problem = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: '/problems/internal-error',
    title: 'Internal error',
    status: 500,
    detail: 'not for people',
    instance: '/problems/0',
  }),
};

describeInBrowser('what waits, on the home page', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
    for (let n = 0; n < 2; n++) await aCase(c.t);
    for (const state of ['PRELIMINARY', 'REPORTED', 'LEGAL_REVIEWED', 'DECIDED_SANCTION', 'SERVED']) {
      await aCaseIn(c.t, state);
    }
    const late = await aCaseIn(c.t, 'PRELIMINARY');
    // So long ago that its decision is due since.
    await deed(c.t, 'agency-head', late, 'file', { filedOn: '2026-03-02' });
    const requester = await c.t.as('deployment-requester');
    for (let n = 0; n < 3; n++) await aSubmitted(requester, aSmallRequest(c.t));
    await aDraft(requester, aSmallRequest(c.t));
  });
  afterAll(() => c?.stop());

  it.each([
    [
      'supervisor',
      ['Cases past the day', 'Cases to triage', 'Decisions that people are not yet told of: sanction'],
      ['Preliminary checks to file', 'Reports to review', 'cases to decide'],
    ],
    ['agency-head', ['Cases past the day', 'Preliminary checks to file as a case'], ['Cases to triage']],
    ['investigator', ['Cases that you investigate'], ['not yet told of', 'cases to decide']],
    ['legal-reviewer', ['Reports to review'], ['Cases to triage', 'not yet told of']],
    ['decision-maker', ['Legally reviewed cases to decide'], ['Reports to review', 'not yet told of']],
    ['deployment-approver', ['Requests for police that wait for you'], ['Cases']],
  ])('counts for the %s as many as the list behind each line holds', async (role, theirs, others) => {
    const { page, complaints } = await c.as(role);
    await lines(page).first().waitFor();
    const found = await waiting(page);
    const labels = found.map(({ label }) => label).join('\n');
    for (const label of theirs) expect(labels).toContain(label);
    for (const label of others) expect(labels).not.toContain(label);
    for (const { count, label, to } of found) {
      await visit(page, '/');
      await follow(lines(page).filter({ hasText: label }));
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(to);
      expect(await page.getByRole('main').textContent()).toContain(`${count} in all`);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('puts what is past its day first', async () => {
    const { page } = await c.as('supervisor');
    await lines(page).first().waitFor();
    expect((await waiting(page))[0]).toMatchObject({ count: 1, to: '/cases?overdue=true' });
    await page.context().close();
  });

  it('shows the other lines when one request fails, says which is missing, and asks again', async () => {
    const { page } = await c.open();
    const triage = /\/api\/v1\/cases\?.*status=REGISTERED/;
    await page.route(triage, (route) => route.fulfill(problem));
    await page.goto(`${c.origin}/`);
    await signIn(page, 'supervisor');
    const alert = page.getByRole('main').getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).not.toContain('not for people');
    await page.getByText('These could not be counted: Cases to triage.').waitFor();
    const came = await waiting(page);
    expect(came.map(({ to }) => to)).toContain('/cases?status=DECIDED_SANCTION');
    expect(came.map(({ label }) => label)).not.toContain('Cases to triage');
    expect(await violations(page)).toEqual([]);
    await page.unroute(triage);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await lines(page).filter({ hasText: 'Cases to triage' }).waitFor();
    expect(await waiting(page)).toHaveLength(came.length + 1);
    expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
    await page.context().close();
  });

  it('does not say that nothing waits when nothing could be counted', async () => {
    const { page } = await c.open();
    const counts = /\/api\/v1\/(cases|read-questions|access-alerts)/;
    await page.route(counts, (route) => route.fulfill(problem));
    await page.goto(`${c.origin}/`);
    await signIn(page, 'investigator');
    await page.getByRole('main').getByRole('alert').waitFor();
    expect(await page.getByText('Nothing waits for you').count()).toBe(0);
    await page.unroute(counts);
    await page.getByRole('button', { name: 'Try again' }).click();
    await lines(page).filter({ hasText: 'Cases that you investigate' }).waitFor();
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, at 360 px too (%s)', async (language) => {
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 780 } });
    await visit(page, '/');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
