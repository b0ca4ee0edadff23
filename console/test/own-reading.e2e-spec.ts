import { ReadWeekJob } from '../../src/accessreviews/read-week.job.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, type CaseUnderTest } from '../../test/support/builders.js';
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

describeInBrowser('questions about one’s own reading', () => {
  let c: Console;
  let read: CaseUnderTest;
  beforeAll(async () => {
    c = await startConsole();
    read = await aCase(c.t);
    const supervisor = await c.t.as('supervisor');
    for (let n = 0; n < 3; n++) await supervisor.get(`/cases/${read.id}`).expect(200);
    // The week in which it was read has to be over.
    c.t.clock.advance({ days: 7 });
    await c.t.get(ReadWeekJob).run();
    const events = `audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex'))`;
    await c.t.sql(
      `INSERT INTO app.access_alert (id, user_id, kind, organ_id, case_id, read_id, read_at, day, asked, raised_at, version)
       SELECT gen_random_uuid(), $1, 'OUT_OF_HOURS', $2, $3, gen_random_uuid(), now(), current_date, true, now(), 1
       FROM (SELECT ${events}) AS told`,
      [c.t.ids.users['supervisor'], c.t.ids.organs.county, read.id],
    );
  });
  afterAll(() => c?.stop());

  it('wait on the home page and that of the account, are answered in place, and then are gone', async () => {
    const { page, answers, complaints } = await c.as('supervisor');
    await page.getByRole('link', { name: /Questions about your reading/ }).waitFor();
    await follow(page.locator('nav').getByRole('link', { name: 'Account' }));
    await page.getByText(/You are asked \d+ times why you looked\./).waitFor();
    await follow(page.getByRole('link', { name: 'See the questions about your reading' }));
    const table = page.getByRole('table', { name: 'Weekly sample' });
    const row = table.getByRole('row').filter({ hasText: 'Case read' }).first();
    const waiting = await table.getByRole('button', { name: 'Say why' }).count();
    await row.getByRole('button', { name: 'Say why' }).click();
    const dialog = page.getByRole('dialog');
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Why you looked').fill('no');
    await dialog.getByRole('button', { name: 'Say why' }).click();
    await dialog.getByText('Say it in three characters at the least.').waitFor();
    expect(answers.some(({ url }) => url.endsWith('/answer'))).toBe(false);
    await dialog.getByLabel('Why you looked').fill('Triage of the week, task 12');
    await dialog.getByRole('button', { name: 'Say why' }).click();
    await dialog.waitFor({ state: 'detached' });
    await settled(page);
    // The list is drawn anew a moment after its answer has come.
    const left = table.getByRole('button', { name: 'Say why' });
    await left.nth(waiting - 1).waitFor({ state: 'detached' });
    expect(await left.count()).toBe(waiting - 1);

    // What was said is found again, and the auditor reads it.
    await page.getByRole('combobox', { name: 'Show' }).click();
    await page.getByRole('option', { name: 'Answered, not judged yet' }).click();
    await page.getByText('Triage of the week, task 12').waitFor();
    expect(new URL(page.url()).search).toBe('?stage=ANSWERED');
    const { body } = await (await c.t.as('auditor')).get('/read-questions/review?state=ANSWERED').expect(200);
    expect(body.items.map(({ answer }: { answer: string }) => answer)).toEqual([
      'Triage of the week, task 12',
    ]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('are asked of alerts too, and never say of which case', async () => {
    const { page, answers } = await c.as('supervisor');
    await visit(page, '/account/reading');
    const table = page.getByRole('table', { name: 'Reading that stood out' });
    await table.getByText('You read out of hours').waitFor();
    const told = await Promise.all(
      answers.filter(({ url }) => /own|read-questions/.test(url)).map((a) => a.body),
    );
    expect(told.join('')).not.toContain(read.id);
    await table.getByRole('button', { name: 'Say why' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why you looked').fill('On duty that night');
    await dialog.getByRole('button', { name: 'Say why' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('No reading of yours stands out').waitFor();
    await page.context().close();
  });

  it('keep what was typed when somebody has judged it meanwhile, and say so', async () => {
    const { page } = await c.as('supervisor');
    await visit(page, '/account/reading');
    await page
      .getByRole('table', { name: 'Weekly sample' })
      .getByRole('button', { name: 'Say why' })
      .first()
      .click();
    // Another window was faster: the version is no longer the one that was read.
    const { body } = await (await c.t.as('supervisor')).get('/read-questions').expect(200);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why you looked').fill('typed with care');
    for (const { id } of body.items) {
      await (
        await c.t.as('supervisor')
      )
        .post(`/read-questions/${id}/answer`, { answer: 'from elsewhere' }, { 'if-match': '"1"' })
        .expect(200);
    }
    await dialog.getByRole('button', { name: 'Say why' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Why you looked').inputValue()).toBe('typed with care');
    await page.context().close();
  });

  it('are nobody’s but one’s own', async () => {
    const { page } = await c.as('intake-officer');
    await visit(page, '/account/reading');
    await page.getByText('No reading of yours stands out').waitFor();
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 740 } });
    for (const path of ['/account/reading', '/account/reading?stage=ANSWERED', '/account']) {
      await visit(page, path);
      expect([path, ...(await violations(page))]).toEqual([path]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
    }
    await page.context().close();
  });
});
