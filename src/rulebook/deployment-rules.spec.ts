import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { deploymentRules, rulesInForce, type Rule } from './deployment-rules.js';
import { checkedRules, type Raw } from './deployment-schema.js';
import { stemOf, termsOf } from './terms.js';

const data = (): Record<string, any> =>
  Object.fromEntries(
    ['assistance', 'decision', 'duties', 'laws', 'non-police', 'reading', 'signals', 'words'].map((name) => [
      name,
      parse(readFileSync(join(import.meta.dirname, 'data', `${name}.yaml`), 'utf8')),
    ]),
  );

describe('the rules of the duty test', () => {
  it('are those of the law: duties 1 to 14 and Article 21, thirteen non-police activities, ten questions, six outcomes', () => {
    expect(deploymentRules.duties.map(({ number }) => number)).toEqual([
      ...Array.from({ length: 14 }, (_, i) => i + 1),
      21,
    ]);
    expect(deploymentRules.nonPolice.map(({ id }) => id)).toEqual(
      Array.from({ length: 13 }, (_, i) => `NP${String(i + 1).padStart(2, '0')}`),
    );
    expect(deploymentRules.questions.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(deploymentRules.outcomes).toHaveLength(6);
  });

  it('judge an old request by what was in force on its day', () => {
    const ids = (rules: readonly Rule[]): string[] => rules.map(({ id }) => id);
    const then = rulesInForce(deploymentRules, '2015-06-01');
    expect(ids(then.assistance)).not.toContain('ASSIST_SEARCH');
    expect(ids(then.assistance)).not.toContain('ASSIST_PROTECTION_ORDER');
    expect(ids(rulesInForce(deploymentRules, '2018-03-20').assistance)).toContain('ASSIST_SEARCH');
    expect(ids(rulesInForce(deploymentRules, '2018-03-19').assistance)).not.toContain('ASSIST_SEARCH');
  });

  it('end with their last day', () => {
    const rules = checkedRules({
      ...data(),
      duties: data()['duties'].map((duty: Raw) => ({ ...duty, validTo: '2030-12-31' })),
    });
    expect(rulesInForce(rules, '2030-12-31').duties).toHaveLength(15);
    expect(rulesInForce(rules, '2031-01-01').duties).toHaveLength(0);
  });
});

describe('a rulebook that is wrong stops the program and names what is wrong', () => {
  it.each<[string, RegExp, (raw: Record<string, any>) => void]>([
    [
      'an article without a number',
      /\/duties\/DUTY_2\/article: the article has no number/,
      (raw) => (raw['duties'][1].article = '警察法'),
    ],
    [
      'a day that does not exist',
      /\/non-police\/NP01\/validFrom: a day is missing/,
      (raw) => (raw['non-police'][0].validFrom = '2011-02-30'),
    ],
    [
      'a confidence that is none',
      /\/assistance\/ASSIST_SEARCH\/confidence: it is none of A, B, C/,
      (raw) => (raw['assistance'][0].confidence = 'D'),
    ],
    [
      'a field that nobody knows',
      /\/signals\/ACT_STANDBY\/colour: it is not known/,
      (raw) => (raw['signals'][0].colour = 'red'),
    ],
    [
      'a rule that is there twice',
      /\/duties\/DUTY_1: it is there twice/,
      (raw) => raw['duties'].push(raw['duties'][0]),
    ],
    [
      'a term that cannot be read',
      /\/duties\/DUTY_1\/words: .*is not English/,
      (raw) => raw['duties'][0].words.en.push('off-duty'),
    ],
    [
      'a term that stands there twice',
      /\/duties\/DUTY_1\/words: "gang" stands there twice/,
      (raw) => raw['duties'][0].words.en.push('gang'),
    ],
    [
      'a list of words that is missing',
      /there is no list of words <nowhere>/,
      (raw) => raw['duties'][0].words.en.push('<nowhere>'),
    ],
    [
      'a rule without tests of its own',
      /\/non-police\/NP02\/hits: at least 1/,
      (raw) => (raw['non-police'][1].hits = []),
    ],
    [
      'questions that are too few',
      /\/decision\/questions: at least 10/,
      (raw) => raw['decision'].questions.pop(),
    ],
    [
      'a level that is none',
      /\/decision\/levels\/LEVEL_SMALL\/level/,
      (raw) => (raw['decision'].levels[1].level = 'L9'),
    ],
    ['a part that is missing', /\/laws: at least 1/, (raw) => delete raw['laws']],
  ])('%s', (_what, message, spoil) => {
    const raw = data();
    spoil(raw);
    expect(() => checkedRules(raw)).toThrow(message);
  });
});

describe('the language of the lexicons', () => {
  it.each([
    ['debts', 'debt'],
    ['collecting', 'collect'],
    ['stopped', 'stop'],
    ['families', 'family'],
    ['houses', 'house'],
    ['evicted', 'evict'],
  ])('takes %s for a form of %s', (form, word) => {
    expect(stemOf(form)).toBe(stemOf(word));
  });

  it('keeps apart what only looks alike', () => {
    expect(stemOf('police')).not.toBe(stemOf('policy'));
    expect(stemOf('press')).toBe('press');
  });

  it.each(['collect ~', '~ debt', 'a (b', '催收'])('refuses the English term "%s"', (term) => {
    expect(() => termsOf({ en: [term] }, new Map())).toThrow();
  });

  it.each(['debt', '催收.*', '催\\s收'])('refuses the Chinese term "%s"', (term) => {
    expect(() => termsOf({ zh: [term] }, new Map())).toThrow();
  });
});
