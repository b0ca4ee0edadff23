import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { AlertsJob } from '../../src/accessreviews/alerts.job.js';
import { PASSWORD } from '../../test/support/app.js';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, type CaseUnderTest } from '../../test/support/builders.js';
import { aSealer, type TestSealer } from '../../test/support/sealing.js';
import { filesOf } from '../../test/support/zip.js';
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

const PURPOSE = 'For the commission of inquiry, file 7';

describeInBrowser('an auditor’s work', () => {
  let c: Console;
  let sealer: TestSealer;
  let registered: CaseUnderTest;
  beforeAll(async () => {
    c = await startConsole();
    registered = await aCase(c.t);
    sealer = aSealer(c.t);
    writeFileSync(`${c.t.dataDir}/policy.txt`, sealer.policyText);
    await (await c.t.as('supervisor')).get(`/cases/${registered.id}`).expect(200);
    await c.t.get(AlertsJob).run();
    await sealer.sealAll();
    await sealer.cosign();
  });
  afterAll(async () => {
    await sealer?.stop();
    await c?.stop();
  });

  it('goes from the sign-in over a verified trail to the bundle of a case', async () => {
    const { page, complaints, strangers } = await c.as('auditor');
    await follow(page.locator('nav').getByRole('link', { name: 'Auditor’s desk' }));
    const main = page.locator('main');
    await main.getByText('Nobody has let the whole trail be verified yet', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Verify the whole trail' }).click();
    await main.getByText(/all \d+ entries of the log checked/).waitFor();

    const [policy] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Policy (policy.txt)' }).click(),
    ]);
    const text = readFileSync(await policy.path());
    expect(text.toString()).toBe(sealer.policyText);
    const hash = createHash('sha256').update(text).digest('hex');
    expect(await main.textContent()).toContain(hash);
    const [verifier] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Verifier (verify.html)' }).click(),
    ]);
    expect(readFileSync(await verifier.path(), 'utf8')).toBe(readFileSync('src/verifier/page.html', 'utf8'));

    await follow(page.locator('nav').getByRole('link', { name: 'Exports' }));
    await page.getByRole('radio', { name: 'One case with its proof' }).check();
    // Nothing is sent without a case and a purpose, and each is said beside its field.
    await page.getByRole('button', { name: 'Make the export' }).click();
    await main.getByText('Choose the case.').waitFor();
    await page.getByRole('combobox', { name: 'Case' }).fill(registered.reference);
    await page.getByRole('option', { name: registered.reference }).click();
    await page.getByLabel('Purpose').fill(PURPOSE);
    const making = page.waitForResponse((response) => response.url().endsWith('/api/v1/exports'));
    await page.getByRole('button', { name: 'Make the export' }).click();
    expect((await making).status()).toBe(201);
    const download = page.getByRole('button', {
      name: new RegExp(`Download: One case with its proof.*${PURPOSE}`),
    });
    // What the export itself wrote has to be sealed before it can be proven.
    while ((await download.count()) === 0) {
      await sealer.sealAll();
      await sealer.cosign();
      await page.waitForTimeout(200);
    }
    const [bundle] = await Promise.all([page.waitForEvent('download'), download.click()]);
    expect(bundle.suggestedFilename()).toMatch(/^bundle-.*\.zip$/);
    const bytes = readFileSync(await bundle.path());
    const names = [...filesOf(bytes).keys()];
    expect(names.some((name) => name.endsWith('policy.txt'))).toBe(true);
    expect(names.some((name) => name.endsWith('verify.html'))).toBe(true);
    const sha = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expect(await main.textContent()).toContain(sha);
    // What one typed is in no address.
    expect(page.url()).not.toContain('commission');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('shows first how many cases an export would hold, and asks again who one is', async () => {
    const { page } = await c.as('auditor');
    await visit(page, '/exports');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Cases that fit now: 1').waitFor();
    await page.getByText(`${registered.reference} (Registered)`, { exact: false }).waitFor();
    await page.getByLabel('Received from').fill('2026-03-03');
    await page.getByText('The filters have changed since; preview again.').waitFor();
    await page.getByLabel('Received from').fill('2026-03-01');
    await page.getByLabel('Purpose').fill('too late to be fresh');
    c.t.clock.advance({ minutes: 11 });
    await page.getByRole('button', { name: 'Make the export' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=password]').fill(PASSWORD);
    await dialog.locator('button[type=submit]').click();
    const row = page.getByRole('row').filter({ hasText: 'too late to be fresh' });
    await row.getByText('Ready').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('button', { name: /Download/ }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(registered.reference);
    await page.context().close();
  });

  it('shows who read a case, who could have, and all that somebody read', async () => {
    const { page, answers } = await c.as('auditor');
    await visit(page, '/audit/reads');
    await page.getByRole('combobox', { name: 'Case' }).fill(registered.reference);
    await page.getByRole('option', { name: registered.reference }).click();
    const table = page.getByRole('table', { name: 'Who read what' });
    const row = table.getByRole('row').filter({ hasText: 'Case read' }).filter({ hasText: 'Supervisor' });
    await row.first().waitFor();
    await page
      .getByLabel('Day', { exact: true })
      .fill(new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date()));
    await page
      .getByRole('table', { name: 'Who could read it on a day' })
      .getByText('Demo supervisor')
      .first()
      .waitFor();
    await row
      .first()
      .getByRole('link', { name: /^Account/ })
      .click();
    await settled(page);
    expect(new URL(page.url()).searchParams.get('userId')).toBe(c.t.ids.users['supervisor']);
    await table.getByRole('row').filter({ hasText: 'Case read' }).first().waitFor();
    // Before the sign-in it is asked who one is.
    expect(answers.filter(({ status, url }) => status >= 400 && !url.endsWith('/auth/me'))).toEqual([]);
    await page.context().close();
  });

  it('closes an alert with a verdict, which then stands in the list', async () => {
    await c.t.sql(
      `INSERT INTO app.access_alert (id, user_id, kind, organ_id, case_id, read_id, read_at, day, asked, raised_at, version)
       SELECT gen_random_uuid(), $1, 'OUT_OF_HOURS', $2, $3, gen_random_uuid(), now(), current_date, true, now(), 1
       FROM (SELECT audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex'))) AS told`,
      [c.t.ids.users['investigator'], c.t.ids.organs.county, registered.id],
    );
    const { page } = await c.as('auditor');
    await visit(page, '/audit/alerts?kind=OUT_OF_HOURS');
    await page.getByRole('button', { name: 'Close the alert' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('on duty that night, by the roster');
    expect(await dialog.getByRole('button', { name: 'Close the alert' }).isDisabled()).toBe(true);
    await dialog.getByRole('combobox', { name: 'Verdict' }).click();
    await page.getByRole('option', { name: 'Explained', exact: true }).click();
    await dialog.getByRole('button', { name: 'Close the alert' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Explained: on duty that night, by the roster').waitFor();
    await page.context().close();
  });

  it('finds entries of the trail by their type and day, and refuses an id that is none', async () => {
    const { page, answers } = await c.as('auditor');
    await visit(page, '/audit?type=case.registered');
    const table = page.getByRole('table', { name: 'Entries of the trail' });
    const rows = await table.getByRole('row').allTextContents();
    expect(rows.length).toBe(2);
    expect(rows[1]).toContain('Case registered');
    await visit(page, '/audit?type=case.registered&to=2020-01-01');
    await page.getByText('No entry fits the filter.').waitFor();
    const asked = answers.length;
    await page.getByLabel('Account that acted').fill('not an id');
    await page.getByText('This is no id.', { exact: false }).waitFor();
    expect(answers.length).toBe(asked);
    await page.context().close();
  });

  it('shows the head of an agency who read what, and nothing of the trail', async () => {
    const { page, answers } = await c.as('agency-head');
    await follow(page.locator('nav').getByRole('link', { name: 'Auditor’s desk' }));
    expect(new URL(page.url()).pathname).toBe('/audit/reads');
    expect(await page.locator('main nav a').allTextContents()).toEqual([
      'Who read what',
      'Alerts',
      'Weekly questions',
    ]);
    await visit(page, '/audit/alerts');
    expect(await page.getByRole('button', { name: 'Close the alert' }).count()).toBe(0);
    expect(answers.filter(({ url }) => url.includes('/api/v1/audit/'))).toEqual([]);
    await page.context().close();
  });

  const paths = [
    '/audit/reads',
    '/audit/reads?caseId=:case',
    '/audit/alerts',
    '/audit/questions',
    '/exports',
  ];
  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const { page } = await c.as('auditor', { language, viewport: { width: 360, height: 780 } });
    for (const path of paths) {
      await visit(page, path.replace(':case', registered.id));
      expect([path, ...(await violations(page))]).toEqual([path]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
    }
    await page.context().close();
  });
});
