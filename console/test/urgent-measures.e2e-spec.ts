import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn, anAllegation } from '../../test/support/builders.js';
import { languages, overflow, startConsole, violations, visit, type Console } from './support.js';

describeInBrowser('the urgent measures of a case', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  const coerced = () =>
    aCase(c.t, {
      allegations: [anAllegation(c.t, { category: 'COERCED_CONFESSION', facts: { consequence: 'MINOR' } })],
    });
  const RECORDINGS = 'Place all recordings under hold and store their hashes.';

  it('show what is overdue, and are ticked off with who, when and what', async () => {
    const row = await coerced();
    const { page, complaints } = await c.as('supervisor');
    await visit(page, `/cases/${row.id}`);
    const measure = page.getByRole('listitem').filter({ hasText: RECORDINGS });
    await measure.getByText('Overdue', { exact: true }).waitFor();
    const undated = page.getByRole('listitem').filter({ hasText: 'Keep the subject away' });
    await undated.getByText('To do', { exact: true }).waitFor();

    await measure.getByRole('button', { name: `Record the measure: ${RECORDINGS}` }).click();
    const dialog = page.getByRole('dialog');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Record the measure' }).click();
    await dialog.getByText('This is needed.').waitFor();
    // Refused beside its field, with what was typed.
    await dialog.getByLabel('What was done').fill('Copied, hashes in the register');
    await dialog.getByLabel('Done at').fill('2026-03-01T08:00');
    await dialog.getByRole('button', { name: 'Record the measure' }).click();
    await dialog.getByText(/must be an instant from/).waitFor();
    expect(await dialog.getByLabel('What was done').inputValue()).toBe('Copied, hashes in the register');
    await dialog.getByLabel('Done at').fill('2026-03-02T10:05');
    await dialog.getByRole('button', { name: 'Record the measure' }).click();
    await dialog.waitFor({ state: 'detached' });

    await measure.getByText('Copied, hashes in the register').waitFor();
    const said = (await measure.textContent())!;
    expect(said).toContain('2 Mar 2026, 10:05');
    expect(said).toContain('Demo supervisor');
    expect(said).toContain('entered late');
    expect(await measure.getByRole('button').count()).toBe(0);
    await page
      .getByRole('table', { name: 'The trail of this case' })
      .getByText(/urgent measure/)
      .waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('stay open when they are not done, with the reason', async () => {
    const row = await coerced();
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${row.id}`);
    const measure = page.getByRole('listitem').filter({ hasText: RECORDINGS });
    await measure.getByRole('button').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Not done').check();
    expect(await dialog.getByLabel('Done at').count()).toBe(0);
    await dialog.getByLabel('Why it was not done').fill('The server room is sealed');
    await dialog.getByRole('button', { name: 'Record the measure' }).click();
    await dialog.waitFor({ state: 'detached' });
    await measure.getByText('The server room is sealed').waitFor();
    expect(await measure.getByRole('button').count()).toBe(1);
    await page.context().close();
  });

  it('are shown and not offered to who only reads', async () => {
    const row = await aCaseIn(c.t, 'INVESTIGATING');
    const { page } = await c.as('auditor');
    await visit(page, `/cases/${row.id}`);
    const measure = page.getByRole('listitem').filter({ hasText: 'Have the charge stopped.' });
    await measure.waitFor();
    expect(await measure.getByRole('button').count()).toBe(0);
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const row = await coerced();
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 740 } });
    await visit(page, `/cases/${row.id}`);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
