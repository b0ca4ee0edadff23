import { describeInBrowser } from '../../test/support/browser.js';
import {
  aCase,
  aCaseIn,
  anAllegation,
  completeFineFacts,
  deed,
  finding,
} from '../../test/support/builders.js';
import { follow, languages, overflow, startConsole, violations, visit, type Console } from './support.js';

/** Several dialogs, on a machine that has other work. */
const MANY_STEPS = 120_000;

describeInBrowser('cases in the console', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());

  it('take a supervisor from the list over the case to a step', async () => {
    const registered = await aCase(c.t);
    const { page, complaints, strangers } = await c.as('supervisor');
    await follow(page.locator('nav').getByRole('link', { name: 'Cases' }));
    await page.getByRole('link', { name: registered.reference }).click();
    const main = page.locator('main');
    await main.getByText('Allegation 1: Arbitrary fine or charge').waitFor();
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    const dialog = page.getByRole('dialog');
    // Without a reason nothing is sent.
    await dialog.getByRole('button', { name: 'Accept' }).click();
    expect(await dialog.count()).toBe(1);
    await dialog.getByLabel('Reason').fill('there is something to look at');
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await dialog.waitFor({ state: 'detached' });
    await main.getByText('Accepted', { exact: true }).first().waitFor();
    await main.getByText('there is something to look at').first().waitFor();
    const [row] = await c.t.sql<{ status: string }>('SELECT status FROM app."case" WHERE id = $1', [
      registered.id,
    ]);
    expect(row!.status).toBe('TRIAGED_ACCEPTED');
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  it('say that somebody else was faster, and keep what was typed', async () => {
    const registered = await aCase(c.t);
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${registered.id}`);
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('mine, typed with care');
    const faster = await c.t.as('supervisor');
    await faster
      .post(`/cases/${registered.id}/accept`, { reason: 'first' }, { 'if-match': `"${registered.version}"` })
      .expect(200);
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('mine, typed with care');
    await page.context().close();
  });

  it('show nothing of a reporter in confidence to who may not know, on the page or in its traffic', async () => {
    const registered = await aCaseIn(c.t, 'INVESTIGATING', {
      reporter: { kind: 'CONFIDENTIAL', name: 'Wang the Witness', contact: '+86 138 0000' },
    });
    const { page, answers } = await c.as('investigator');
    await visit(page, `/cases/${registered.id}`);
    await page.locator('main').getByText('Hidden', { exact: false }).first().waitFor();
    expect(await page.content()).not.toContain('Wang the Witness');
    const bodies = await Promise.all(answers.map(({ body }) => body));
    expect(bodies.some((text) => text.includes(registered.reference))).toBe(true);
    expect(bodies.filter((text) => text.includes('Wang the Witness'))).toEqual([]);
    await page.context().close();
  });

  it('show what is hidden from who registered an accepted case as hidden, not as none', async () => {
    const accepted = await aCaseIn(c.t, 'TRIAGED_ACCEPTED');
    const { page } = await c.as('intake-officer');
    await visit(page, `/cases/${accepted.id}`);
    for (const title of ['The statement as received', 'Allegations', 'Investigators', 'Sanctions']) {
      const section = page.locator('section', {
        has: page.getByRole('heading', { name: title, exact: true }),
      });
      await section.getByText('Hidden').first().waitFor();
    }
    const shown = await page.locator('main').innerText();
    expect(shown).not.toContain('Nobody is assigned');
    expect(shown).not.toContain('None is proposed');
    const [first] = await page.locator('main table tbody tr').filter({ hasText: 'Accept' }).all();
    expect(await first?.innerText()).toContain('Hidden');
    await page.context().close();
  });

  it('show all that was recorded', async () => {
    const [someone] = anAllegation(c.t)['affectedPersons'] as [object];
    const row = await aCaseIn(c.t, 'INVESTIGATING', {
      allegations: [
        anAllegation(c.t, {
          occurredTo: '2026-02-27T11:45:00+08:00',
          affectedPersons: [{ ...someone, organisation: 'The noodle shop', vulnerabilities: ['PREGNANT'] }],
        }),
      ],
    });
    await finding(c.t, 'investigator', row.allegationIds[0]!, 'RECOMMENDED', 'NOT_SUBSTANTIATED');
    await finding(c.t, 'investigator', row.allegationIds[0]!, 'RECOMMENDED');
    const supervisor = await c.t.as('supervisor');
    await supervisor
      .post(`/cases/${row.id}/investigators/withdraw`, {
        userId: c.t.ids.users['investigator-2'],
        reason: 'moved to another station',
      })
      .expect(200);
    const { page } = await c.as('investigator');
    await visit(page, `/cases/${row.id}`);
    const shown = await page.locator('main').innerText();
    for (const part of [
      /27 Feb 2026, 11:45/,
      /Organ whose officers it is about\s+\S/,
      /The noodle shop, pregnant/,
      /Contact\s+\+86 000 0000/,
      /Filed\s+\d/,
      /Version of the rulebook\s+\S/,
      /Withdrawn\s[^]*: moved to another station/,
      /Substantiated[^]*Earlier[^]*Not substantiated/,
    ]) {
      expect(shown).toMatch(part);
    }
    await page.context().close();
  });

  it('lead from a case that was merged to the one that goes on', async () => {
    const master = await aCase(c.t);
    const merged = await aCase(c.t);
    await deed(c.t, 'supervisor', merged, 'merge', { masterCaseId: master.id });
    const { page } = await c.as('supervisor');
    await visit(page, `/cases/${merged.id}`);
    await follow(page.locator('main').getByRole('link', { name: 'Open that case' }));
    await page.getByRole('heading', { name: master.reference }).waitFor();
    await page.context().close();
  });

  it(
    'let an investigator complete what was open at the registration, and then report',
    async () => {
      const known = { ...completeFineFacts(), consequence: undefined };
      const row = await aCaseIn(c.t, 'INVESTIGATING', {
        allegations: [
          anAllegation(c.t, {
            subjects: [{ description: 'tall, with glasses', role: 'PRINCIPAL' }],
            facts: { ...known, discoveredAt: '2026-03-01T08:00:30+08:00' },
          }),
        ],
      });
      await finding(c.t, 'investigator', row.allegationIds[0]!, 'RECOMMENDED');
      const { page, complaints } = await c.as('investigator');
      await visit(page, `/cases/${row.id}`);
      const main = page.locator('main');
      await main.getByText('Missing before the investigation can report').waitFor();
      await main.getByRole('button', { name: 'Complete the allegation 1' }).click();
      const dialog = page.getByRole('dialog');
      const field = (place: string) => dialog.locator(`[data-path="allegations.0.${place}"]`);
      const send = dialog.locator('button[type=submit]');
      await field('facts.consequence').waitFor();
      expect(await violations(page)).toEqual([]);
      await field('facts.consequence').getByRole('combobox').click();
      await page.getByRole('option', { name: 'Minor', exact: true }).click();
      await dialog.getByLabel('Reason', { exact: false }).fill('The hearing of the payer says so.');
      // What cannot be is said beside its field, and nothing that was typed is lost.
      await field('occurredTo').locator('input').first().fill('2026-02-30');
      await send.click();
      await dialog.getByRole('alert').getByText('There is no such day', { exact: false }).waitFor();
      expect(await field('occurredTo').innerText()).toContain('There is no such day');
      await field('occurredTo').locator('input').first().fill('2026-02-27');
      await field('occurredTo').locator('input').last().fill('11:30');
      // Somebody else adds a fact meanwhile.
      const other = await c.t.as('investigator-2');
      const {
        body: { version, facts },
      } = await other.get(`/allegations/${row.allegationIds[0]}`).expect(200);
      await other
        .patch(
          `/allegations/${row.allegationIds[0]}`,
          { facts: { ...facts, uniformed: true }, reason: 'seen on the video' },
          { 'if-match': `"${version}"` },
        )
        .expect(200);
      await send.click();
      await dialog.getByRole('button', { name: 'Load the present version' }).click();
      await dialog.getByText('Meanwhile, somebody changed this case').waitFor();
      expect(await field('occurredTo').locator('input').last().inputValue()).toBe('11:30');
      await send.click();
      await dialog.waitFor({ state: 'detached' });
      const { body } = await other.get(`/allegations/${row.allegationIds[0]}`).expect(200);
      expect(body).toMatchObject({
        missing: [],
        occurredTo: expect.stringContaining('2026-02-27T03:30'),
        subjects: [{ description: 'tall, with glasses' }],
        facts: { ...known, consequence: 'MINOR', uniformed: true, discoveredAt: '2026-03-01T08:00:30+08:00' },
      });
      await main.getByText('Missing before the investigation can report').waitFor({ state: 'detached' });
      await main.getByRole('button', { name: 'Submit the report' }).click();
      await dialog.getByLabel('Second investigator who signs').click();
      await page.getByRole('option').first().click();
      await dialog.getByLabel('Reason', { exact: false }).last().fill('all is looked at');
      await send.click();
      await dialog.waitFor({ state: 'detached' });
      await main.getByText('Reported', { exact: false }).first().waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    MANY_STEPS,
  );

  it.each(languages)('without a violation of WCAG 2.2 AA, on a telephone too (%s)', async (language) => {
    const decided = await aCaseIn(c.t, 'DECIDED_SANCTION');
    const { page } = await c.as('supervisor', { language, viewport: { width: 360, height: 780 } });
    await visit(page, `/cases/${decided.id}`);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
