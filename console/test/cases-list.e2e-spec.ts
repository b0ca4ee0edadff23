import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn } from '../../test/support/builders.js';
import { languages, overflow, settled, startConsole, violations, visit, type Console } from './support.js';

describeInBrowser('finding a case, and an entry of its trail, in the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('filters by organ, officer and days, in the address; the back button brings them again', async () => {
    const mine = await aCase(c.t);
    const { page } = await c.as('supervisor');
    await visit(page, '/cases');
    const [officer] = await c.t.sql<{ name: string }>('SELECT name FROM app.officer WHERE id = $1', [
      c.t.ids.officers[1],
    ]);
    await page.getByLabel('Subject').first().fill(officer!.name);
    await page.getByRole('option').first().click();
    await settled(page);
    await page.getByLabel('Received from').fill('2026-03-02');
    await settled(page);
    await page.getByLabel('Received until').fill('2026-03-02');
    await settled(page);
    const address = page.url();
    expect(address).toContain(`officerId=${c.t.ids.officers[1]}`);
    expect(address).toContain('receivedFrom=2026-03-02');
    expect(decodeURIComponent(address)).not.toContain(officer!.name);
    await page.getByRole('link', { name: mine.reference }).click();
    await page.locator('main article').first().waitFor();
    await page.goBack();
    await settled(page);
    expect(page.url()).toBe(address);
    await page.getByRole('link', { name: mine.reference }).waitFor();
    expect(await page.getByLabel('Received until').inputValue()).toBe('2026-03-02');
    // The day before it came in: it is not there.
    await page.getByLabel('Received until').fill('2026-03-01');
    await page.getByLabel('Received from').fill('');
    await page.getByRole('link', { name: mine.reference }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('keeps a view under a name, in this browser, without persons and without the search', async () => {
    await aCase(c.t);
    const { page } = await c.as('supervisor');
    await visit(page, `/cases?status=REGISTERED&officerId=${c.t.ids.officers[1]}`);
    await page.getByLabel('Reference or words').fill('yuan');
    await settled(page);
    await page.getByRole('button', { name: 'Save this view' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Give the view a name.').waitFor();
    await dialog.getByLabel('Name of the view').fill('To triage');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const kept = await page.evaluate(() =>
      Object.entries(localStorage).filter(([key]) => key.startsWith('plumbline.views')),
    );
    expect(kept.map(([, value]) => JSON.parse(value))).toEqual([
      [{ name: 'To triage', search: 'status=REGISTERED' }],
    ]);
    await visit(page, '/cases');
    await page.getByLabel('Saved views').first().click();
    await page.getByRole('option', { name: 'To triage' }).click();
    await settled(page);
    expect(new URL(page.url()).search).toBe('?status=REGISTERED');
    await page.getByRole('button', { name: 'Delete this view' }).click();
    expect(await page.getByLabel('Saved views').first().isDisabled()).toBe(true);
    await page.context().close();
  });

  it('shows the words of a statement where they stand, marked, as text and never as markup', async () => {
    const statement = `${'Nothing of note. '.repeat(20)}He said <img src=x onerror=alert(1)> and took 500 yuan.`;
    const row = await aCase(c.t, { statement });
    const { page, complaints } = await c.as('supervisor');
    await visit(page, '/cases');
    await page.getByLabel('Reference or words').fill('onerror=alert');
    const found = page.getByRole('row').filter({ hasText: row.reference });
    await found.getByText('and took 500 yuan.').waitFor();
    expect(await found.locator('mark').allTextContents()).toEqual(['onerror=alert']);
    expect(await found.locator('img').count()).toBe(0);
    expect(await found.textContent()).toContain('<img src=x');
    expect(page.url()).not.toContain('onerror');
    await page.getByLabel('Reference or words').fill(row.reference);
    await page.getByRole('row').filter({ hasText: row.reference }).locator('mark').first().waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('narrows the trail to a kind of entry and says how each is proven', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${row.id}?kind=FINDING`);
    const trail = page.getByRole('table', { name: 'The trail of this case' });
    await trail.waitFor();
    const rows = await trail.getByRole('row').allTextContents();
    expect(rows).toHaveLength(2);
    expect(rows[1]).toContain('Finding recommended');
    expect(rows[1]).toMatch(/Not sealed yet|Sealed|Witnessed/);
    await page.getByLabel('About').first().click();
    await page.getByRole('option', { name: 'Steps of the procedure' }).click();
    await settled(page);
    expect(new URL(page.url()).searchParams.get('kind')).toBe('STEP');
    await trail.getByText('Investigation report submitted').waitFor();
    expect(await trail.getByText('Finding recommended').count()).toBe(0);
    await page.context().close();
  });

  it('shows codes and facts as words, in Chinese too', async () => {
    const row = await aCaseIn(c.t, 'DECIDED_SANCTION');
    const { page } = await c.as('supervisor', { language: 'zh' });
    await visit(page, `/cases/${row.id}?kind=STEP`);
    await page.locator('main article').first().waitFor();
    const shown = (await page.locator('main').textContent())!;
    for (const words of ['属实', '记过', '主要责任人', '发现时间', '作出决定'])
      expect(shown).toContain(words);
    expect(shown).not.toMatch(/discoveredAt|receiptIssuer|SUBSTANTIATED|DEMERIT|Decided/);
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, at 360 px too (%s)', async (language) => {
    await aCase(c.t);
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 780 } });
    await visit(page, '/cases?status=REGISTERED');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
