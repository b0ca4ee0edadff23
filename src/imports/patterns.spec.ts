import fc from 'fast-check';
import { MAX_MATCHED, patternProblem, replaced } from './patterns.js';

describe('patterns of a mapping', () => {
  it.each([
    '\\.0$',
    '^(\\d\\d)00$',
    '^(\\d{4})\\s+(.*)$',
    '^(?:0*)(\\d+)$',
    '^(\\d+)?(abc|def)$',
    '[()*+|]+',
    '^(?<code>\\d{2,3}) - .*',
    '^.*\\bon (\\d{1,2}-\\d{1,2}-\\d{2})\\b.*$',
    '\\u{4e00}|\\p{L}',
  ])('takes %s', (source) => expect(patternProblem(source)).toBeUndefined());

  it.each([
    ['(', 'no regular expression'],
    ['(a+)+$', 'repeats a group'],
    ['(a|aa)+$', 'repeats a group'],
    ['((ab){2,})*', 'repeats a group'],
    ['((a+))*', 'repeats a group'],
    ['(?<x>a*)*', 'repeats a group'],
    ['a*a*a*b', 'more than 2'],
    ['(a)\\1', 'refers back'],
    ['(?<n>a)\\k<n>', 'refers back'],
    ['(?=a)b', 'looks ahead'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['a'.repeat(201), 'characters'],
  ])('refuses %s', (source, why) => expect(patternProblem(source)).toContain(why));

  it('replaces what it matches, and tells when it matches nothing', () => {
    expect(replaced(/^(\d\d)00$/, '1700', '$1')).toBe('17');
    expect(replaced(/^(\d\d)00$/, '17', '$1')).toBeUndefined();
  });

  it('stops at one that takes long', () => {
    expect(() => replaced(/^(a+)+$/, `${'a'.repeat(27)}!`, '')).toThrow('takes too long');
  });

  it('takes none that runs for long on the longest text', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '\\w',
      '[ab]',
      'a+',
      'a*',
      '.*',
      '(a)',
      '(a+)',
      '(a|b)',
      '^',
      '$',
      '(',
      ')',
      '+',
      '?',
    );
    const texts = ['a'.repeat(MAX_MATCHED), `${'a'.repeat(MAX_MATCHED - 1)}!`, 'ab'.repeat(MAX_MATCHED / 2)];
    fc.assert(
      fc.property(fc.array(atom, { minLength: 1, maxLength: 8 }), (atoms) => {
        const source = atoms.join('');
        if (patternProblem(source)) return;
        const expression = new RegExp(source, 'iu');
        // Of the processor: what else runs on this machine does not count.
        const before = process.cpuUsage();
        texts.forEach((text) => expression.test(text));
        expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});
