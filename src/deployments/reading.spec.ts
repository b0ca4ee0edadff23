import { deploymentRules, type WordRule } from '../rulebook/deployment-rules.js';
import { wordRulesOf } from '../rulebook/word-rules.js';
import { hitsIn } from './reading.js';
import { readable } from './text.js';

const all = wordRulesOf(deploymentRules);
const negative = new Set(deploymentRules.signals.filter((signal) => signal.negative).map(({ id }) => id));
const againstActs = new Set(
  deploymentRules.nonPolice.filter((rule) => !rule.unlessPapers).map(({ id }) => id),
);

const stands = (rule: WordRule, text: string): boolean =>
  hitsIn(readable(text), [rule], deploymentRules).some(
    ({ negated, policed }) => (negative.has(rule.id) || !negated) && !(policed && againstActs.has(rule.id)),
  );

describe('the tests beside each rule', () => {
  it.each(all.flatMap((rule) => rule.hits.map((text) => [rule.id, text, rule] as const)))(
    '%s knows "%s"',
    (_id, text, rule) => {
      expect(stands(rule, text)).toBe(true);
    },
  );

  it.each(all.flatMap((rule) => rule.misses.map((text) => [rule.id, text, rule] as const)))(
    '%s leaves "%s" alone',
    (_id, text, rule) => {
      expect(stands(rule, text)).toBe(false);
    },
  );
});

const rule = (id: string): WordRule => all.find((one) => one.id === id)!;

describe('a negation', () => {
  it.each([
    ['NP02', 'Police are not to collect debts.'],
    ['NP02', 'Officers will never be used to collect debts or rents.'],
    ['NP02', 'Debt collection is forbidden.'],
    ['NP02', "They won't help the bank to recover loans."],
    ['NP01', 'Police take no part in the eviction.'],
    ['NP01', 'They stay there without helping the demolition.'],
    ['NP05', 'Officers neither clear stalls nor load carts.'],
    ['NP02', '民警不得参与催收欠款。'],
    ['NP01', '公安机关不参与拆迁、清场。'],
    ['NP02', '严禁插手经济纠纷。'],
    ['NP04', '不承担收缴税费任务。'],
  ])('takes the act back (%s): %s', (id, text) => {
    expect(stands(rule(id), text)).toBe(false);
  });

  it.each([
    ['NP01', 'Officers shall not leave until the families have moved out.'],
    ['NP02', 'Not only talk to him but collect the debt.'],
    ['NP02', 'Collect the debt no later than Friday.'],
    ['NP02', 'Without fail, recover the loan.'],
    ['NP01', 'No resident may return before the demolition.'],
    ['NP02', 'The customer has not settled his invoices.'],
    ['NP01', 'Let nobody obstruct the demolition.'],
    ['NP01', '住户不搬迁，民警不得撤离。'],
    ['NP01', '不得让村民阻拦拆迁。'],
    ['NP02', '不得不协助催收欠款。'],
    ['NP01', '未搬离的住户今天处理。'],
  ])('that does not negate leaves it (%s): %s', (id, text) => {
    expect(stands(rule(id), text)).toBe(true);
  });
});

describe('the words around a hit', () => {
  const first = (id: string, text: string) => hitsIn(readable(text), [rule(id)], deploymentRules)[0]!;

  it('say who acts', () => {
    expect(first('ACT_DEMOLISH', 'The bailiffs dismantle the sheds.').byOthers).toBe(true);
    expect(first('ACT_DEMOLISH', 'The sheds are dismantled by the contractor.').byOthers).toBe(true);
    expect(first('ACT_DEMOLISH', 'Officers dismantle the sheds.').byOthers).toBe(false);
    expect(first('ACT_DEMOLISH', 'Help the bailiffs to dismantle the sheds.').byOthers).toBe(false);
    expect(first('ACT_DEMOLISH', '由城管部门拆除违建').byOthers).toBe(true);
    expect(first('ACT_DEMOLISH', '协助城管拆除违建').byOthers).toBe(false);
  });

  it('say that it may happen, and not that it does', () => {
    expect(first('EMERGENCY', 'Be ready if hostages are taken.').conditional).toBe(true);
    expect(first('EMERGENCY', 'Two hostages are in the bank.').conditional).toBe(false);
    expect(first('EMERGENCY', '如发生持刀伤人立即处置').conditional).toBe(true);
    expect(first('EMERGENCY', '一男子持刀追砍路人').conditional).toBe(false);
  });

  it('say that it is over, and not when it lasts', () => {
    expect(first('EMERGENCY', 'The owner attacked two inspectors with a knife last month.').past).toBe(true);
    expect(first('EMERGENCY', 'Three masons have been trapped since Monday.').past).toBe(false);
    expect(first('EMERGENCY', '当事人上次持刀威胁执法人员').past).toBe(true);
    expect(first('EMERGENCY', '昨天两人被困，至今未救出').past).toBe(false);
  });

  it('say who carries it out, and not that it is handed over to be carried out', () => {
    expect(first('ACT_DEMOLISH', '拆除违建由城管部门负责').negated).toBe(true);
    expect(first('DUTY_11', '拘役三个月，交付执行').negated).toBe(false);
  });

  it('say that police act against it', () => {
    expect(first('NP02', 'Investigate the violent debt collectors.').policed).toBe(true);
    expect(first('NP01', 'Stop those who resist the demolition.').policed).toBe(false);
  });
});

describe('the place of a hit', () => {
  it('is given in the text as it was written, in spite of blanks, full-width letters and what cannot be seen', () => {
    for (const text of [
      '请配 合 清 收 欠 款',
      'Ｃｏｌｌｅｃｔ the ｄｅｂｔｓ',
      'Col\u200blect the debts now',
      'İ😀 collect the debts',
    ]) {
      const [hit] = hitsIn(readable(text), [rule('NP02')], deploymentRules);
      expect(hit).toBeDefined();
      expect(text.slice(hit!.start, hit!.end)).toBe(hit!.words);
    }
  });
});
