import type { Locator } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aDemolition, aSubmitted } from '../../test/support/deployments.js';
import { englishIn, settled, startConsole, visit, type Console } from './support.js';

/** What somebody wrote in a request, the longest first; no codes. */
function writtenIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[A-Z_]*$/.test(value.trim()) ? [] : [value.trim()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .flatMap(writtenIn)
    .sort((a, b) => b.length - a.length);
}

describeInBrowser('the console in Chinese', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('shows the duty test of a request without a word of English of the server, and in English on a switch', async () => {
    const request = aDemolition(c.t);
    const { id } = await aSubmitted(await c.t.as('deployment-requester'), request);
    const { page } = await c.as('deployment-requester', { language: 'zh' });
    await visit(page, `/deployments/${id}`);
    const test = page.locator('section').filter({ hasText: '十个问题' }).first();
    await test.waitFor();
    expect(
      await englishIn(page.locator('section').filter({ hasText: '职责审查' }).first(), writtenIn(request)),
    ).toEqual([]);
    expect(await englishIn(test, writtenIn(request))).toEqual([]);
    expect(await test.innerText()).toContain('是否正在危及生命、安全或者正在发生犯罪？');
    // Along the links of the page, so that what is in its memory has to be asked for anew.
    await visit(page, '/account');
    await page.getByText('English', { exact: true }).click();
    await visit(page, `/deployments/${id}`);
    await page.getByText('Is life, safety or a crime in progress at stake now?').waitFor();
  });

  it('says beside the field, in Chinese, what the server does not take', async () => {
    const { page, answers } = await c.as('deployment-requester', { language: 'zh' });
    await visit(page, '/deployments/new');
    await settled(page);
    const field = (name: string): Locator => page.locator(`[data-field="${name}"]`);
    await field('requester.name').fill('区政府');
    await field('requester.type').click();
    await page.getByRole('option', { name: '党委或政府', exact: true }).click();
    await field('purpose').fill('维护夜市秩序');
    await field('place').fill('湖滨路');
    await field('startsAt').fill('2027-03-04T10:00');
    await field('endsAt').fill('2027-03-04T12:00');
    await field('tasks.0.code').click();
    await page.getByRole('option', { name: '维持外围秩序', exact: true }).click();
    await field('tasks.0.text').fill('巡逻');
    await field('force.officers').fill('4');
    await field('law.articles').fill('警察法 900');
    await field('law.articles').press('Enter');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page
      .getByText(/没有第900条/)
      .first()
      .waitFor();
    const refused = (await Promise.all(answers.map(({ body }) => body))).filter((body) =>
      body.includes('/problems/invalid-input'),
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const body of refused) {
      const { detail, errors } = JSON.parse(body) as { detail: string; errors: { message: string }[] };
      expect([detail, ...errors.map(({ message }) => message)].join(' ')).not.toMatch(/[A-Za-z]{3,}/);
    }
  });
});
