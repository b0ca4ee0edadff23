import { describeInBrowser } from '../../test/support/browser.js';
import { aCase } from '../../test/support/builders.js';
import { aBadge, choose, fillAllegation, fillReport, goOn, main } from './intake.js';
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

describeInBrowser('registering a report in the console', () => {
  let c: Console;
  let badge: string;
  beforeAll(async () => {
    c = await startConsole();
    badge = await aBadge(c.t);
  });
  afterAll(() => c?.stop());

  it('leads from sign-in over the steps to a registered case, with the facts as the interface wants them', async () => {
    const before = await aCase(c.t);
    const { page, complaints, strangers } = await c.as('intake-officer');
    await follow(page.locator('nav').getByRole('link', { name: 'Intake' }));
    // Nothing is done yet, and the facts wait for the category.
    expect(await main(page).getByText('To do', { exact: true }).count()).toBe(7);
    expect(await main(page).getByText('Cannot start yet').count()).toBe(2);
    expect(await main(page).getByRole('button', { name: 'Check your answers' }).isDisabled()).toBe(true);

    await fillReport(page);
    await fillAllegation(page, badge);
    // The facts of the category, nested ones and lists too.
    await choose(page, 'allegations.0.facts.kind', 'Sponsorship');
    await main(page)
      .getByRole('radiogroup', { name: 'Is there such a basis?' })
      .getByLabel('No', { exact: true })
      .check();
    await main(page).getByRole('button', { name: 'Add: Who paid' }).click();
    const payer = main(page).getByRole('group', { name: 'Who paid 1' });
    await payer.getByLabel('Amount', { exact: true }).fill('1,500.50');
    await payer.getByLabel('Day of payment').fill('2026年3月1日');
    await goOn(page);

    await page.getByRole('heading', { level: 1, name: 'Check your answers' }).waitFor();
    // The same officer is in a case that is here already.
    await main(page)
      .getByRole('complementary')
      .getByRole('link', { name: before.reference })
      .first()
      .waitFor();
    const answers = (await main(page).textContent())!;
    for (const text of ['Wang the Witness', 'Night market', '“', 'Serious', '1,500.50 CNY'].filter(
      (one) => one !== '“',
    )) {
      expect(answers).toContain(text);
    }
    // A change leads back here.
    await main(page)
      .getByRole('link', { name: /^Change When and where/ })
      .click();
    await settled(page);
    await main(page).getByLabel('Place').fill('Night market, east gate');
    await goOn(page);
    expect(await main(page).textContent()).toContain('Night market, east gate');

    await main(page).getByRole('button', { name: 'Register the case' }).click();
    await page.getByRole('heading', { level: 1, name: 'Registered' }).waitFor();
    const reference = await main(page)
      .getByText(/^PL-\d{4}-\d{6}$/)
      .textContent();
    const [row] = await c.t.sql<Record<string, unknown>>(
      `SELECT c.status, c.channel, c.reporter_kind AS kind, c.received_at AS received, a.category, a.place, a.facts
       FROM app."case" c JOIN app.allegation a ON a.case_id = c.id WHERE c.reference = $1`,
      [reference],
    );
    expect(row).toEqual({
      status: 'REGISTERED',
      channel: 'LETTER',
      kind: 'CONFIDENTIAL',
      received: new Date('2026-03-02T09:15:00+08:00'),
      category: 'ARBITRARY_FINE',
      place: 'Night market, east gate',
      facts: {
        consequence: 'SERIOUS',
        kind: 'SPONSORSHIP',
        basisExists: false,
        payers: [{ amount: { amount: '1500.50', currency: 'CNY' }, date: '2026-03-01' }],
      },
    });
    // The reporter gets a receipt, which is shown this once.
    await main(page).getByRole('button', { name: 'Make a receipt' }).click();
    await main(page)
      .getByText(/^[\d -]{16,}$/)
      .waitFor();
    // The draft is gone with it.
    await visit(page, '/intake');
    expect(await main(page).getByText('To do', { exact: true }).count()).toBe(7);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Wang');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('keeps what was typed over a reload, the back button and a session that ended in the middle', async () => {
    const { page, answers } = await c.as('intake-officer');
    await fillReport(page, 'typed with care');
    await main(page).getByRole('radio', { name: 'Retaliation' }).check();
    await page.goBack();
    await settled(page);
    expect(await main(page).getByRole('textbox', { name: /^Name/ }).inputValue()).toBe('Wang the Witness');
    await visit(page, '/intake/statement');
    await main(page).getByLabel('Statement').fill('typed with care, and more');
    await page.reload();
    await settled(page);
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('typed with care, and more');

    c.t.clock.advance({ minutes: 16 });
    await c.t.clock.settled;
    await visit(page, '/intake/allegations/1/officers');
    await main(page).getByRole('combobox', { name: 'From the register' }).fill(badge);
    await page.getByRole('dialog').getByText('Your session has ended.', { exact: false }).waitFor();
    await signIn(page, 'intake-officer');
    const search = main(page).getByRole('combobox', { name: 'From the register' });
    expect(await search.inputValue()).toBe(badge);
    await search.click();
    await page.getByRole('option', { name: badge }).click();
    expect(answers.filter(({ url }) => url.includes('/officers?')).map(({ status }) => status)).toEqual([
      401, 200,
    ]);
    await visit(page, '/intake/statement');
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('typed with care, and more');

    // A reload after the end asks to sign in, and the same person finds the draft again.
    c.t.clock.advance({ minutes: 16 });
    await c.t.clock.settled;
    await page.reload();
    await signIn(page, 'intake-officer');
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('typed with care, and more');
    expect(page.url()).not.toContain('typed');
    await page.context().close();
  });

  it('removes the draft at signing out, and hides it from whoever signs in next', async () => {
    const { page } = await c.as('intake-officer');
    await visit(page, '/intake/statement');
    await main(page).getByLabel('Statement').fill('for nobody else');
    const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    expect(await kept()).toContain('for nobody else');
    // The session ends, and somebody else sits down.
    c.t.clock.advance({ minutes: 16 });
    await c.t.clock.settled;
    await page.reload();
    await signIn(page, 'petition-officer');
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('');
    expect(await kept()).not.toContain('for nobody else');
    await main(page).getByLabel('Statement').fill('mine until I leave');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await kept()).not.toContain('mine until I leave');
    await page.context().close();
  });

  it('says when a draft has expired, keeps its text for the day, and removes it then', async () => {
    const { page } = await c.as('intake-officer');
    await visit(page, '/intake/statement');
    await main(page).getByLabel('Statement').fill('a morning of typing');
    const rest = (hours: number) =>
      page.evaluate((ms) => {
        const key = Object.keys(sessionStorage).find((name) => name.startsWith('plumbline.draft.'))!;
        const kept = JSON.parse(sessionStorage.getItem(key)!);
        sessionStorage.setItem(key, JSON.stringify({ ...kept, changedAt: Date.now() - ms }));
      }, hours * 3_600_000);
    await rest(9);
    await page.reload();
    await settled(page);
    await main(page).getByText('This draft has expired').waitFor();
    expect(await violations(page)).toEqual([]);
    await main(page).getByRole('button', { name: 'Go on with it' }).click();
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('a morning of typing');
    await rest(25);
    await page.reload();
    await settled(page);
    await main(page).getByText('Your draft was removed').waitFor();
    expect(await main(page).getByLabel('Statement').inputValue()).toBe('');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('a morning');
    await page.context().close();
  });

  it('says beside the field what is wrong with bad input, and keeps it', async () => {
    const { page, complaints } = await c.as('intake-officer');
    await visit(page, '/intake/arrival');
    const day = main(page)
      .getByRole('group', { name: /^Received/ })
      .getByLabel('Day');
    for (const [typed, said] of [
      ['2026-02-30', 'There is no such day'],
      ['yesterday', 'There is no such day'],
      ['2199-01-01', 'It lies in the future'],
    ] as const) {
      await day.fill(typed);
      await goOn(page);
      await main(page).getByRole('alert').getByRole('link', { name: said }).click();
      expect(await day.evaluate((field) => field === document.activeElement)).toBe(true);
      expect(await day.inputValue()).toBe(typed);
    }
    expect(await main(page).getByRole('alert').textContent()).toContain('Choose the channel.');

    await visit(page, '/intake/statement');
    const statement = main(page).getByLabel('Statement');
    const pasted = 'He said \u202Eno\u202C and\u0007 left.';
    await statement.fill(pasted);
    await main(page).getByText('There are 3 invisible characters', { exact: false }).waitFor();
    expect(await statement.inputValue()).toBe(pasted);
    await main(page).getByRole('button', { name: 'Take these characters out' }).click();
    expect(await statement.inputValue()).toBe('He said no and left.');
    // A script that is written from right to left keeps the marks that it needs.
    await statement.fill('ئۇ \u200Fكەتتى');
    expect(await main(page).getByText('invisible', { exact: false }).count()).toBe(0);

    await statement.fill('字'.repeat(100_001));
    await main(page).getByText('It is 1 character too long', { exact: false }).waitFor();
    await goOn(page);
    expect(await statement.inputValue()).toHaveLength(100_001);

    await statement.fill('what was typed');
    const file = main(page).locator('input[type=file]');
    await file.setInputFiles({
      name: 'scan.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\n%âãÏÓ'),
    });
    await main(page).getByText('scan.pdf is no text file', { exact: false }).waitFor();
    await file.setInputFiles({
      name: 'photo.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from([0x89, 0x50, 0, 1]),
    });
    await main(page).getByText('photo.txt is no text file', { exact: false }).waitFor();
    expect(await statement.inputValue()).toBe('what was typed');
    // The encoding of older Chinese systems is read, too: 他收了钱.
    const gbk = Buffer.from([0xcb, 0xfb, 0xca, 0xd5, 0xc1, 0xcb, 0xc7, 0xae]);
    await file.setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: gbk });
    await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('他收了钱'));
    expect(await statement.inputValue()).toBe('what was typed\n\n他收了钱');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads from a refusal of the server to the field, in the words of the page', async () => {
    const { page } = await c.as('intake-officer');
    await fillReport(page);
    await fillAllegation(page, badge);
    await goOn(page);
    // The server knows better than the page: the officer is gone, and a fact ends before it begins.
    await page.route('**/api/v1/cases', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 400,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              type: '/problems/invalid-input',
              title: 'Bad Request',
              status: 400,
              detail: 'The input is not valid.',
              instance: 'test',
              errors: [
                {
                  pointer: '/allegations/0/subjects/0/officerId',
                  message: 'there is no officer with this id',
                },
                { pointer: '/allegations/0/facts/bankAt', message: 'bankAt must not be before handedInAt' },
              ],
            }),
          })
        : route.fallback(),
    );
    await main(page).getByRole('button', { name: 'Register the case' }).click();
    const alert = main(page).getByRole('alert');
    await alert.getByText('2 things need a change').waitFor();
    await alert.getByRole('link', { name: 'It ends before it begins.' }).waitFor();
    await follow(alert.getByRole('link', { name: 'It is no longer on record. Choose again.' }));
    const field = main(page).getByRole('combobox', { name: 'From the register' });
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toContain(badge);
    await page.unroute('**/api/v1/cases');
    // What the server itself refuses comes the same way.
    await visit(page, '/intake/allegations/1/facts');
    await main(page)
      .getByRole('group', { name: 'When the officer handed the money in' })
      .getByLabel('Day')
      .fill('2026-03-05');
    await main(page)
      .getByRole('group', { name: 'When the organ paid it to the bank' })
      .getByLabel('Day')
      .fill('2026-03-04');
    await goOn(page);
    await main(page).getByRole('button', { name: 'Register the case' }).click();
    await follow(main(page).getByRole('alert').getByRole('link', { name: 'It ends before it begins.' }));
    const bank = main(page).getByRole('group', { name: 'When the organ paid it to the bank' });
    expect(await bank.textContent()).toContain('It ends before it begins.');
    expect(await bank.getByLabel('Day').inputValue()).toBe('2026-03-04');
    await page.context().close();
  });

  it('keeps what was typed under a category for the way back to it, and moves up what follows a removed allegation', async () => {
    const { page } = await c.as('intake-officer');
    await visit(page, '/intake/allegations/1/category');
    await main(page).getByRole('radio', { name: 'Arbitrary fine or charge' }).check();
    await visit(page, '/intake/allegations/1/facts');
    await main(page).getByLabel('Number of the decision').fill('决字〔2026〕7号');
    await main(page).getByLabel('Plate of the vehicle used').fill('京A0001');
    await visit(page, '/intake/allegations/1/category');
    await main(page).getByRole('radio', { name: 'Rent seeking' }).check();
    await visit(page, '/intake/allegations/1/facts');
    expect(await main(page).getByLabel('Number of the decision').count()).toBe(0);
    expect(await main(page).getByLabel('Plate of the vehicle used').inputValue()).toBe('京A0001');
    await visit(page, '/intake');
    await main(page).getByRole('button', { name: 'Add another allegation' }).click();
    await visit(page, '/intake/allegations/2/category');
    await main(page).getByRole('radio', { name: 'Arbitrary fine or charge' }).check();
    await goOn(page);
    await visit(page, '/intake');
    await main(page).getByRole('button', { name: 'Remove Allegation 1: Rent seeking' }).click();
    await main(page).getByRole('heading', { name: 'Allegation 1: Arbitrary fine or charge' }).waitFor();
    expect(await main(page).getByText('Done', { exact: true }).count()).toBe(1);
    await page.context().close();
  });

  it('is not there for a role that may not register', async () => {
    const { page } = await c.as('investigator');
    expect(await page.locator('nav a').allTextContents()).not.toContain('Intake');
    await visit(page, '/intake');
    expect(await main(page).textContent()).toContain('Your roles do not open this page.');
    expect(await page.content()).not.toContain('The words as received');
    await page.context().close();
  });

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const { page, complaints } = await c.as('intake-officer', {
      language,
      viewport: { width: 360, height: 780 },
    });
    await visit(page, '/intake/allegations/1/category');
    await page.locator('input[value=COERCED_CONFESSION]').check();
    for (const path of [
      '/intake',
      '/intake/arrival',
      '/intake/statement',
      '/intake/reporter',
      '/intake/allegations/1/category',
      '/intake/allegations/1/occurrence',
      '/intake/allegations/1/officers',
      '/intake/allegations/1/people',
      '/intake/allegations/1/severity',
      '/intake/allegations/1/facts',
      '/intake/check',
    ]) {
      await visit(page, path);
      expect([path, await violations(page)]).toEqual([path, []]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
    }
    // With everything that is wrong said, and every group of facts open.
    await visit(page, '/intake/allegations/1/facts');
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await visit(page, '/intake/reporter');
    await main(page).locator('button[type=submit]').click();
    await main(page).getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
