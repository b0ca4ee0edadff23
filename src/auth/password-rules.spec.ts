import { createRequire } from 'node:module';
import { commonLongPasswords, weaknessOf } from './password-rules.js';

const dictionary = (
  createRequire(import.meta.url)('@zxcvbn-ts/language-common') as {
    dictionary: Record<string, string[]>;
  }
).dictionary['passwords-common']!;

describe('a password', () => {
  it.each([
    'Password1234',
    'passwordpassword',
    'PASSWORD!iloveyou',
    '123456qwerty',
    '123456qwerty2026!!',
    'ｐａｓｓｗｏｒｄ1234',
    'plumbline-police',
    'Plumbline 2026!',
    'gonganju123456',
    '派出所民警2026年',
    'Wang Xiaoming 2026',
    'station-of-the-east',
    'abababababab',
  ])('%s is one that somebody tries', (password) => {
    expect(weaknessOf(password, ['Wang Xiaoming', 'station-of-the-east'])).toEqual(expect.any(String));
  });

  it.each([
    'correct horse battery staple',
    'only for the tests',
    'an entirely other one',
    'x7#qLm2vTz9!',
    '四月的雨落在旧石桥上很轻',
    'Rote Schuhe im Regen am Dienstag',
  ])('%s is none', (password) => {
    expect(weaknessOf(password, ['Wang Xiaoming'])).toBeUndefined();
  });

  it('of the words of this place is refused', () => {
    expect(weaknessOf('plumbline-police', [])).toContain('names of this place');
    expect(weaknessOf('zhelanqiao-xk9', ['Zhelanqiao'])).toContain('names of this place');
    expect(weaknessOf('zhelanqiao-xk9', [])).toBeUndefined();
  });

  it('of every common one that is long enough is refused, also in capitals and with two characters more', () => {
    const long = dictionary.filter(({ length }) => length >= 12);
    expect(long.length).toBeGreaterThan(300);
    expect(long.filter((text) => weaknessOf(`${text.toUpperCase()}1!`, []) === undefined)).toEqual([]);
  });

  it('of the four thousand most common that are long enough is refused, also in capitals', () => {
    const common = commonLongPasswords();
    expect(new Set(common).size).toBe(4000);
    // They are such as the rules on form would let through: else they would say nothing of these rules.
    expect(common.filter((text) => text.length < 12 || new Set(text).size < 5)).toEqual([]);
    // In the order of their frequency: the beginning is what everybody knows.
    expect(common.slice(0, 3)).toEqual(['123qweasdzxc', '1qaz2wsx3edc', 'q1w2e3r4t5y6']);
    for (const spelling of [(text: string) => text, (text: string) => text.toUpperCase()]) {
      expect(common.filter((text) => weaknessOf(spelling(text), []) === undefined)).toEqual([]);
    }
  });

  it('of two of the three thousand most common is refused', () => {
    const pairs = dictionary.slice(0, 3000).map((text, i, all) => `${text}${all[(i * 7 + 1) % 3000]}`);
    const long = pairs.filter(({ length }) => length >= 12);
    expect(long.length).toBeGreaterThan(2000);
    // Pieces of fewer than four characters are in everything that one writes.
    const missed = long.filter((text) => weaknessOf(text, []) === undefined);
    expect(missed).toEqual([]);
  });
});
