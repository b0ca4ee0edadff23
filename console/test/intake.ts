import type { Locator, Page } from 'playwright-core';
import type { TestApp } from '../../test/support/app.js';
import { settled, visit } from './support.js';

export const main = (page: Page): Locator => page.locator('main');

/** A field of the draft by its place, in whatever language the page is. */
export const field = (page: Page, place: string): Locator => main(page).locator(`[data-path="${place}"]`);

export const goOn = async (page: Page): Promise<void> => {
  await main(page).locator('form button[type=submit]').click();
  await settled(page);
};

export const choose = async (page: Page, place: string, option: string | RegExp): Promise<void> => {
  await field(page, place).getByRole('combobox').click();
  await page.getByRole('option', { name: option }).first().click();
};

/** Types a day, and a time, into the field of a moment. */
export const fillMoment = async (page: Page, place: string, day: string, time?: string): Promise<void> => {
  const inputs = field(page, place).locator('input');
  await inputs.first().fill(day);
  if (time !== undefined) await inputs.last().fill(time);
};

/** Fills the steps of the report itself. */
export async function fillReport(
  page: Page,
  statement = 'They took 500 yuan and gave no receipt.',
): Promise<void> {
  await visit(page, '/intake/arrival');
  await choose(page, 'channel', /Letter|来信/);
  await fillMoment(page, 'receivedAt', '2026/3/2', '9:15');
  await choose(page, 'receivingOrganId', /./);
  await goOn(page);
  await field(page, 'statement').locator('textarea').fill(statement);
  await goOn(page);
  await main(page).locator('input[value=CONFIDENTIAL]').check();
  await field(page, 'reporter.name').locator('input').fill('Wang the Witness');
  await goOn(page);
}

/** Fills what an allegation must have, and passes by the rest. */
export async function fillAllegation(page: Page, badge: string): Promise<void> {
  await main(page).locator('input[value=ARBITRARY_FINE]').check();
  await goOn(page);
  await field(page, 'allegations.0.place').locator('input').fill('Night market');
  await goOn(page);
  await field(page, 'allegations.0.subjects.0.officerId').getByRole('combobox').fill(badge);
  await page.getByRole('option', { name: badge }).click();
  await goOn(page);
  await goOn(page);
  await choose(page, 'allegations.0.facts.consequence', /^(Serious|严重)$/);
  await goOn(page);
}

/** The badge number of an officer of the demonstration. */
export async function aBadge({ sql, ids }: TestApp): Promise<string> {
  const [officer] = await sql<{ badge: string }>(
    'SELECT badge_number AS badge FROM app.officer WHERE id = $1',
    [ids.officers[1]],
  );
  return officer!.badge;
}
