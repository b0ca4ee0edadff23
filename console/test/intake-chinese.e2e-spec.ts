import type { Page } from 'playwright-core';
import { describeInBrowser } from '../../test/support/browser.js';
import { aBadge, field, fillAllegation, fillMoment, fillReport, goOn, main } from './intake.js';
import { englishIn, follow, startConsole, visit, type Console } from './support.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const FAR = '2199-01-01T00:00:00+08:00';

/** In place of what the page would send: the server is asked, and its own answer is shown. */
type Sent = Record<string, any>;
const refused: readonly [place: string, said: string, change: (sent: Sent) => void][] = [
  ['receivedAt', '该时间尚未到来。', (sent) => (sent['receivedAt'] = FAR)],
  ['receivedAt', '没有这一天。', (sent) => (sent['receivedAt'] = '2026-02-30')],
  ['receivingOrganId', '名册中已没有该记录，请重新选择。', (sent) => (sent['receivingOrganId'] = NOBODY)],
  ['channel', '请从所列选项中选择', (sent) => (sent['channel'] = 'PIGEON')],
  ['statement', '最多 100000 个字符。', (sent) => (sent['statement'] = '字'.repeat(100_001))],
  ['statement', '个不可见字符', (sent) => (sent['statement'] = '他说\u0000没有')],
  ['statement', '请填写。', (sent) => (sent['statement'] = ' \n ')],
  ['reporter.name', '最多 200 个字符。', (sent) => (sent['reporter'].name = '名'.repeat(201))],
  ['allegations.0.place', '最多 500 个字符。', (sent) => (sent['allegations'][0].place = '字'.repeat(501))],
  [
    'allegations.0.occurredTo',
    '结束早于开始。',
    (sent) =>
      Object.assign(sent['allegations'][0], {
        occurredFrom: '2026-03-02T00:00:00+08:00',
        occurredTo: '2026-03-01T00:00:00+08:00',
      }),
  ],
  ['allegations.0.occurredFrom', '该时间尚未到来。', (sent) => (sent['allegations'][0].occurredFrom = FAR)],
  [
    'allegations.0.subjects.0.officerId',
    '名册中已没有该记录，请重新选择。',
    (sent) => (sent['allegations'][0].subjects[0].officerId = NOBODY),
  ],
  [
    'allegations.0.facts.bankAt',
    '结束早于开始。',
    (sent) =>
      Object.assign(sent['allegations'][0].facts, {
        handedInAt: '2026-03-05T00:00:00+08:00',
        bankAt: '2026-03-04T00:00:00+08:00',
      }),
  ],
  [
    'allegations.0.facts.legalMaximum',
    '金额应为数字',
    (sent) => (sent['allegations'][0].facts.legalMaximum = { amount: '-1', currency: 'CNY' }),
  ],
];

describeInBrowser('bad input at the intake, in Chinese', () => {
  let c: Console;
  beforeAll(async () => {
    c = await startConsole();
  });
  afterAll(() => c?.stop());
  afterEach(() => c.t.sql('DELETE FROM app.rate_limit'));

  /** What is said beside the field, once it is said. */
  const saidBeside = async (page: Page, place: string, said: string): Promise<void> => {
    await field(page, place).getByText(said, { exact: false }).first().waitFor();
    expect(await englishIn(main(page).locator('form'), ['.txt'])).toEqual([]);
  };

  it.each([
    ['receivedAt', '/intake/arrival', '2026-02-30', '9:15', '没有这一天。'],
    ['receivedAt', '/intake/arrival', '昨天', '9:15', '没有这一天。'],
    ['receivedAt', '/intake/arrival', '2026年3月2日', '25:00', '没有这个时间。'],
    ['receivedAt', '/intake/arrival', '', '9:15', '请同时填写日期。'],
    ['receivedAt', '/intake/arrival', '2199-01-01', '9:15', '该时间尚未到来。'],
    ['allegations.0.occurredFrom', '/intake/allegations/1/occurrence', '2199-01-01', '', '该时间尚未到来。'],
  ])('says beside the moment %s on %s that “%s %s” is none: %s', async (place, path, day, time, said) => {
    const { page, complaints } = await c.as('intake-officer', { language: 'zh' });
    await visit(page, path);
    await fillMoment(page, place, day, time);
    await goOn(page);
    await saidBeside(page, place, said);
    await main(page).getByRole('alert').getByRole('link', { name: said }).click();
    const inputs = field(page, place).locator('input');
    expect(await inputs.first().evaluate((input) => input === document.activeElement)).toBe(true);
    expect([await inputs.first().inputValue(), await inputs.last().inputValue()]).toEqual([day, time]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says that it ends before it begins, and that the beginning is missing', async () => {
    const { page } = await c.as('intake-officer', { language: 'zh' });
    await visit(page, '/intake/allegations/1/occurrence');
    await fillMoment(page, 'allegations.0.occurredTo', '2026-03-01');
    await goOn(page);
    await saidBeside(page, 'allegations.0.occurredFrom', '请同时填写开始时间。');
    await fillMoment(page, 'allegations.0.occurredFrom', '2026-03-02');
    await saidBeside(page, 'allegations.0.occurredTo', '结束早于开始。');
    await goOn(page);
    expect(await field(page, 'allegations.0.occurredTo').locator('input').first().inputValue()).toBe(
      '2026-03-01',
    );
    await page.context().close();
  });

  it.each([
    ['控制字符', '他说\u0007没有\u0000收钱。', 2, '他说没有收钱。'],
    ['改变书写方向的标记', '他说\u202E没有\u202C收钱\u200F。', 3, '他说没有收钱。'],
  ])(
    'says what of a pasted text is not to be seen (%s), keeps it, and takes it out',
    async (_what, pasted, count, clean) => {
      const { page, complaints } = await c.as('intake-officer', { language: 'zh' });
      for (const [path, place] of [
        ['/intake/statement', 'statement'],
        ['/intake/allegations/1/occurrence', 'allegations.0.place'],
      ] as const) {
        await visit(page, path);
        const text = field(page, place).locator('textarea, input');
        await text.fill(pasted);
        await saidBeside(page, place, `其中有 ${count} 个不可见字符`);
        await goOn(page);
        expect(new URL(page.url()).pathname).toBe(path);
        expect(await text.inputValue()).toBe(pasted);
        await field(page, place).getByRole('button', { name: '清除这些字符' }).click();
        expect(await text.inputValue()).toBe(clean);
        expect(await field(page, place).getByText('不可见字符', { exact: false }).count()).toBe(0);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('takes a text of 100,000 characters, and of a longer one says by how much, without cutting it', async () => {
    const { page, complaints } = await c.as('intake-officer', { language: 'zh' });
    await visit(page, '/intake/statement');
    const text = field(page, 'statement').locator('textarea');
    await text.fill('字'.repeat(100_001));
    await saidBeside(page, 'statement', '超出 1 个字符，最多 100000 个。内容没有被截断。');
    await goOn(page);
    expect(await text.inputValue()).toHaveLength(100_001);
    await text.fill('字'.repeat(100_000));
    expect(await field(page, 'statement').getByText('超出', { exact: false }).count()).toBe(0);
    await goOn(page);
    expect(new URL(page.url()).pathname).not.toBe('/intake/statement');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads from what the server refuses to its field, in the words of the page, with what was typed', async () => {
    const { page, answers } = await c.as('intake-officer', { language: 'zh' });
    await fillReport(page, '他收了五百元，没有开票。');
    await fillAllegation(page, await aBadge(c.t));
    await goOn(page);
    for (const [place, said, change] of refused) {
      await page.route('**/api/v1/cases', (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        const sent = route.request().postDataJSON() as Sent;
        change(sent);
        return route.continue({ postData: JSON.stringify(sent) });
      });
      answers.splice(0);
      await main(page).getByRole('button', { name: '登记案件' }).click();
      await follow(main(page).getByRole('alert').getByRole('link', { name: said }));
      expect(answers.filter(({ url }) => url.endsWith('/cases')).map(({ status }) => status)).toEqual([400]);
      await field(page, place).getByText(said, { exact: false }).first().waitFor();
      expect([
        place,
        await englishIn(main(page).locator('form'), ['.txt', 'Night market', 'Wang the Witness']),
      ]).toEqual([place, []]);
      await page.unroute('**/api/v1/cases');
      await visit(page, '/intake/check');
    }
    for (const text of ['他收了五百元，没有开票。', 'Night market', 'Wang the Witness'])
      expect(await main(page).textContent()).toContain(text);
    // What was wrong was on the way only.
    await main(page).getByRole('button', { name: '登记案件' }).click();
    await page.getByRole('heading', { level: 1, name: '已登记' }).waitFor();
    await page.context().close();
  });
});
