import { testedByItsDay } from '../../src/deployments/check.js';
import type { DutyTestResult } from '../../src/deployments/duty-test.js';
import { inLanguage, type Words } from '../../src/common/words.js';
import { cases } from './requests.js';

const results = cases.map((one) => ({
  id: one.id,
  request: one.request,
  result: testedByItsDay(one.request),
}));

/** All texts of a result, wherever they stand. */
function textsIn(value: unknown): Words[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('en' in value && 'zh' in value) return [value as Words];
  return Object.values(value).flatMap(textsIn);
}

/** What somebody wrote, the longest first; no codes. */
function writtenIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[A-Z_]*$/.test(value.trim()) ? [] : [value.trim()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value)
    .flatMap(writtenIn)
    .sort((a, b) => b.length - a.length);
}

/** Without what somebody wrote, and without codes that are names: NP01, L3 and the like. */
const ownWords = (zh: string, request: unknown): string =>
  writtenIn(request)
    .reduce((text, one) => text.replaceAll(one, ''), zh)
    .replaceAll(/“[^”]*”/g, '')
    .replaceAll(/\b(NP\d\d|L[0-4]|CNY)\b/g, '');

describe('the duty test in Chinese', () => {
  it.each(results.map(({ id, request, result }) => [id, request, result] as const))(
    '%s: no word of English but those of the request',
    (_id, request, result: DutyTestResult) => {
      const english = textsIn(result)
        .map(({ zh }) => zh)
        .filter((zh) => /[a-z]{3,}/i.test(ownWords(zh, request)));
      expect(english).toEqual([]);
    },
  );

  it('answers the same in each language but for the words', () => {
    for (const { result } of results) {
      const [en, zh] = [inLanguage(result, 'en'), inLanguage(result, 'zh')];
      expect(zh.reasons.map(({ asks: _a, looked: _l, answer: _n, changes: _c, ...rest }) => rest)).toEqual(
        en.reasons.map(({ asks: _a, looked: _l, answer: _n, changes: _c, ...rest }) => rest),
      );
      expect(zh.warnings.map(({ code, where, start }) => [code, where, start])).toEqual(
        en.warnings.map(({ code, where, start }) => [code, where, start]),
      );
    }
  });
});
