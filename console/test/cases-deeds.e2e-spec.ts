import type { Locator, Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aCase, aCaseIn, finding, today, type CaseUnderTest } from '../../test/support/builders.js';
import { languages, overflow, settled, startConsole, violations, visit, type Console } from './support.js';

/** Twenty dialogs and several sign-ins, on a machine that has other work. */
const MANY_STEPS = 300_000;

describeInBrowser('the deeds on a case in the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  const statusOf = async ({ id }: CaseUnderTest): Promise<string> =>
    (await c.t.sql<{ status: string }>('SELECT status FROM app."case" WHERE id = $1', [id]))[0]!.status;

  /** Opens the form behind a button of the page. */
  const open = async (page: Page, button: string): Promise<Locator> => {
    await page.locator('main').getByRole('button', { name: button, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  };
  const choose = async (dialog: Locator, label: string, option: string): Promise<void> => {
    await dialog.getByRole('combobox', { name: label }).or(dialog.getByLabel(label)).first().click();
    await dialog.page().getByRole('option', { name: option }).first().click();
  };
  /** Sends what is in the form; a fresh proof is given where it is asked for. */
  const send = async (dialog: Locator, reason?: string): Promise<void> => {
    if (reason !== undefined) await dialog.getByLabel('Reason', { exact: false }).last().fill(reason);
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    await settled(dialog.page());
  };

  /** One window for each role, at the page of the case as it is now. */
  const windowsAt = (row: CaseUnderTest) => {
    const windows = new Map<string, Page>();
    return {
      as: async (username: string): Promise<Page> => {
        const page = windows.get(username) ?? (await c.as(username)).page;
        windows.set(username, page);
        await visit(page, '/');
        await visit(page, `/cases/${row.id}`);
        return page;
      },
      close: async (): Promise<void> => {
        for (const page of windows.values()) await page.context().close();
      },
    };
  };

  it(
    'take a case from its registration to the report, each role with the steps that are its own',
    async () => {
      const row = await aCase(c.t);
      const { as, close } = windowsAt(row);
      let page = await as('supervisor');
      let form = await open(page, 'Accept');
      await choose(form, 'Gravity', 'Serious');
      await send(form, 'there is something to look at');
      for (const name of ['Investigator', 'Investigator']) {
        form = await open(page, 'Assign an investigator');
        await choose(form, name, '');
        await send(form);
      }
      await send(await open(page, 'Start the preliminary check'), 'two investigators are there');
      const chosen = await c.t.sql<{ username: string; lead: boolean }>(
        `SELECT u.username, i.is_lead AS lead FROM app.investigator_assignment i
       JOIN app.user_account u ON u.id = i.user_id WHERE i.case_id = $1 ORDER BY i.is_lead DESC`,
        [row.id],
      );
      expect(chosen.map(({ lead }) => lead)).toEqual([true, false]);
      const lead = chosen[0]!.username;

      page = await as('agency-head');
      form = await open(page, 'File the case');
      await form.getByLabel('Filed on').fill(today(c.t));
      await send(form, 'approved on paper');

      page = await as(lead);
      form = await open(page, 'Start the investigation');
      await form.getByLabel('Plan of the investigation').fill('hear the payer, then the officer');
      await send(form, 'begun');
      form = await open(page, 'Recommend a finding');
      await choose(form, 'Outcome', 'Substantiated');
      await form.getByLabel('Why: the evidence', { exact: false }).fill('Receipt book and hearing agree.');
      await form
        .getByRole('group', { name: 'Mitigating circumstances' })
        .getByRole('button', { name: 'Add' })
        .click();
      await choose(form, 'Circumstance', 'Returned illegal gains');
      await form.getByLabel('What proves it').fill('receipt of 3 March');
      await send(form);
      await page.locator('main').getByText('receipt of 3 March').waitFor();
      form = await open(page, 'Submit the report');
      await form.getByLabel('Second investigator who signs').click();
      await page.getByRole('option').first().click();
      await send(form, 'all is looked at');
      expect(await statusOf(row)).toBe('REPORTED');
      await close();
    },
    MANY_STEPS,
  );

  it(
    'take a report back to be completed, and a case from its report to its closing',
    async () => {
      const row = await aCaseIn(c.t, 'REPORTED');
      const { as, close } = windowsAt(row);
      let page = await as('legal-reviewer');
      let form = await open(page, 'Return the report');
      await form.getByLabel('Defect 1').fill('The hearing of the payer has no signature.');
      await send(form, 'to be completed');
      page = await as('investigator');
      form = await open(page, 'Submit the report');
      await form.getByLabel('Second investigator who signs').click();
      await page.getByRole('option').first().click();
      await send(form, 'completed');

      page = await as('legal-reviewer');
      form = await open(page, 'Serve the notice');
      await form.getByLabel('Served on').fill(today(c.t));
      await form.getByLabel('How it was served', { exact: false }).fill('signed receipt');
      await send(form, 'facts and proposed basis');
      form = await open(page, 'Record the defence');
      await form.getByLabel('Heard on').fill(today(c.t));
      await form.getByLabel('What the subject said').fill('I regret it.');
      await form
        .getByRole('group', { name: 'Answers to the points' })
        .getByRole('button', { name: 'Add' })
        .click();
      await form.getByLabel('What the subject brings forward').fill('It was returned.');
      await form.getByRole('checkbox', { name: 'Adopted' }).check();
      await form.getByLabel('Why it is adopted or not').fill('The receipt proves it.');
      await send(form, 'heard');
      await send(await open(page, 'Record the legal review'), 'in order');
      form = await open(page, 'Propose a sanction');
      await form.getByLabel('Officer').click();
      await page.getByRole('option').first().click();
      await form.getByRole('checkbox', { name: 'Allegation 1', exact: false }).check();
      await choose(form, 'Kind of procedure', 'Discipline by the employer');
      await choose(form, 'Sanction', 'Demerit');
      await form.getByLabel('Articles on which it rests').fill('处罚法 79');
      await form.getByLabel('Articles on which it rests').press('Enter');
      await send(form, 'first act, money returned');
      expect(await statusOf(row)).toBe('LEGAL_REVIEWED');

      page = await as('decision-maker');
      form = await open(page, 'Record the final finding');
      // It begins from what was recommended.
      expect(await form.getByLabel('Outcome').inputValue()).toBe('Substantiated');
      await form.getByLabel('Why: the evidence', { exact: false }).fill('The meeting sees it so, too.');
      await send(form);
      form = await open(page, 'Decide');
      await choose(form, 'Outcome', 'Sanction');
      await form.getByLabel('Held on').fill(today(c.t));
      await form.getByLabel('Who was there').fill('Head');
      await form.getByLabel('Who was there').press('Enter');
      await form.getByLabel('Minutes').fill('Heard, discussed, agreed by all.');
      await send(form, 'as proposed');
      expect(await statusOf(row)).toBe('DECIDED_SANCTION');

      page = await as('supervisor');
      form = await open(page, 'Serve the decision');
      await form.getByLabel('Served on').fill(today(c.t));
      await send(form, 'handed over');
      await send(await open(page, 'Close'), 'the file is whole');
      expect(await statusOf(row)).toBe('CLOSED');
      const shown = await page.locator('main').textContent();
      for (const words of ['Demerit', 'Served', 'Substantiated', 'The meeting sees it so, too.']) {
        expect(shown).toContain(words);
      }
      expect(shown).not.toMatch(/SUBSTANTIATED|DEMERIT|EMPLOYER_DISCIPLINE|PRINCIPAL/);

      page = await as('agency-head');
      form = await open(page, 'Reopen');
      await choose(form, 'Ground', 'New evidence');
      await send(form, 'a second payer came forward');
      expect(await statusOf(row)).toBe('REOPENED');
      await close();
    },
    MANY_STEPS,
  );

  it('are offered to those only who may do them now', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${row.id}`);
    const buttons = await page.locator('main').getByRole('button').allTextContents();
    for (const other of [
      'Serve the notice',
      'Decide',
      'Recommend a finding',
      'Propose a sanction',
      'Reopen',
    ]) {
      expect(buttons).not.toContain(other);
    }
    expect(buttons).toContain('Assign an investigator');
    await page.context().close();
  });

  it('say beside each field what is missing or refused, and keep what was typed', async () => {
    const row = await aCaseIn(c.t, 'REPORTED');
    const { page } = await c.as('legal-reviewer');
    await visit(page, `/cases/${row.id}`);
    const form = await open(page, 'Serve the notice');
    await form.locator('button[type=submit]').click();
    await form.getByText('This is needed.').first().waitFor();
    expect(await form.getByText('This is needed.').count()).toBe(2);
    // A day before the case came in, and a proof that is too short: the interface refuses both, each at its field.
    await form.getByLabel('Served on').fill('2020-01-01');
    await form.getByLabel('How it was served', { exact: false }).fill('x');
    await form.getByLabel('Reason').fill('typed with care');
    await form.locator('button[type=submit]').click();
    await form.getByRole('alert').waitFor();
    const proof = form.getByLabel('How it was served', { exact: false });
    expect(await proof.getAttribute('aria-invalid')).toBe('true');
    expect(await proof.inputValue()).toBe('x');
    expect(await form.getByLabel('Reason').inputValue()).toBe('typed with care');
    await proof.fill('signed receipt');
    await form.locator('button[type=submit]').click();
    await form.locator('input[type=date][aria-invalid=true]').waitFor();
    expect(await statusOf(row)).toBe('REPORTED');
    await page.context().close();
  });

  it('say in Chinese why a step is refused, and keep what was typed', async () => {
    const row = await aCaseIn(c.t, 'LEGAL_REVIEWED');
    await finding(c.t, 'decision-maker', row.allegationIds[0]!, 'FINAL');
    const { page } = await c.as('decision-maker', { language: 'zh' });
    await visit(page, `/cases/${row.id}`);
    const form = await open(page, '作出决定');
    await choose(form, '结果', '给予处分');
    await form.getByLabel('会议日期').fill(today(c.t));
    await form.getByLabel('参会人员').fill('局长');
    await form.getByLabel('参会人员').press('Enter');
    await form.getByLabel('会议记录').fill('经集体讨论，一致同意给予处分。');
    await form.getByLabel('理由').fill('事实清楚');
    await form.locator('button[type=submit]').click();
    await form.getByRole('alert').getByText('尚未提出处分建议', { exact: false }).waitFor();
    expect(await form.getByLabel('会议记录').inputValue()).toBe('经集体讨论，一致同意给予处分。');
    expect(await statusOf(row)).toBe('LEGAL_REVIEWED');
    await page.context().close();
  });

  it('say before the report that a second investigator is missing', async () => {
    const row = await aCaseIn(c.t, 'INVESTIGATING');
    await (
      await c.t.as('supervisor')
    )
      .post(`/cases/${row.id}/investigators/withdraw`, {
        userId: c.t.ids.users['investigator-2'],
        reason: 'on leave',
      })
      .expect(200);
    const { page } = await c.as('investigator');
    await visit(page, `/cases/${row.id}`);
    const form = await open(page, 'Submit the report');
    await form.getByText('The case has no second investigator. Have one assigned first.').waitFor();
    await page.context().close();
  });

  it('explain two tabs in conflict, show what the other wrote, and keep what was typed here', async () => {
    const row = await aCaseIn(c.t, 'INVESTIGATING');
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${row.id}`);
    const mine = await open(page, 'Suspend');
    await choose(mine, 'Ground', 'Force majeure');
    await mine.getByLabel('Reason').fill('mine: the road is under water');
    // The other tab, of the same person.
    const other = await page.context().newPage();
    await other.goto(`${c.origin}/cases/${row.id}`);
    await settled(other);
    const theirs = await open(other, 'Suspend');
    await choose(theirs, 'Ground', 'A judgment is awaited');
    await send(theirs, 'theirs: the court decides first');
    await page.bringToFront();
    await mine.locator('button[type=submit]').click();
    await mine.getByRole('alert').waitFor();
    expect(await mine.getByRole('alert').textContent()).toMatch(/Somebody has changed this|version/);
    await mine.getByRole('button', { name: 'Load the present version' }).click();
    await mine.getByText('theirs: the court decides first').waitFor();
    expect(await mine.getByLabel('Reason').inputValue()).toBe('mine: the road is under water');
    await mine.getByText('this step is no longer open to you', { exact: false }).waitFor();
    const [suspended] = await c.t.sql<{ reason: string }>(
      `SELECT reason FROM app.case_deed WHERE case_id = $1 AND deed = 'suspend'`,
      [row.id],
    );
    expect(suspended!.reason).toBe('theirs: the court decides first');
    await page.context().close();
  });

  it.each(languages)(
    'without a violation of WCAG 2.2 AA in their forms, at 360 px too (%s)',
    async (language) => {
      const reviewed = await aCaseIn(c.t, 'LEGAL_REVIEWED');
      const registered = await aCase(c.t);
      for (const [username, { id }, forms] of [
        ['decision-maker', reviewed, 2],
        ['legal-reviewer', reviewed, 1],
        // Four of them for its urgent measures, and one to complete its allegation.
        ['supervisor', registered, 10],
      ] as const) {
        const { page } = await c.as(username, { language, viewport: { width: 360, height: 780 } });
        await visit(page, `/cases/${id}`);
        await page.locator('main article').first().waitFor();
        const buttons = page.locator('main header button, main button[data-print=no]');
        expect(await buttons.count()).toBe(forms);
        for (const button of await buttons.all()) {
          const name = await button.textContent();
          await button.click();
          const form = page.getByRole('dialog');
          await form.waitFor();
          // The page behind it cannot be clicked, and what the form half covers is no target.
          const found = await violations(page, '[role=dialog]');
          expect([name, found, await overflow(page)]).toEqual([name, [], 0]);
          await page.keyboard.press('Escape');
          await form.waitFor({ state: 'detached' });
        }
        await page.context().close();
      }
    },
  );
});
