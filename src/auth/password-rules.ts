import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { assetsDirectory } from '../common/assets.js';

/** The dictionary of zxcvbn-ts: some 49,000 passwords from breaches, small letters, the most common first. */
interface Dictionary {
  readonly dictionary: { readonly 'passwords-common': readonly string[] };
}

/** What one would choose here: the product and the trade, in English and in the letters of Pinyin. */
const contextWords = [
  ...['plumbline', 'police', 'policeman', 'officer', 'misconduct', 'discipline', 'inspector', 'supervisor'],
  ...['auditor', 'administrator', 'investigator', 'ministry', 'station', 'bureau', 'security'],
  ...[
    'gonganju',
    'gongan',
    'jingcha',
    'minjing',
    'ducha',
    'jiwei',
    'paichusuo',
    '公安',
    '警察',
    '民警',
    '督察',
    '派出所',
  ],
];

/** A shorter common password is found in whatever one writes. */
const SHORTEST = 4;
/** So much of a password must be neither of two words that everybody tries. */
const OWN_CHARACTERS = 8;
const FEWEST_DIFFERENT = 5;

let known: ReadonlySet<string> | undefined;

/** Read when the first password is set: half a megabyte, which most processes never need. */
function commonPasswords(): ReadonlySet<string> {
  const load = createRequire(import.meta.url);
  known ??= new Set([
    ...(load('@zxcvbn-ts/language-common') as Dictionary).dictionary['passwords-common'].filter(
      (text) => text.length >= SHORTEST,
    ),
    ...commonLongPasswords(),
  ]);
  return known;
}

/**
 * The most common that are as long as a password has to be here, the most common first (assets/passwords/README.md):
 * that dictionary has only some hundred of them.
 */
export const commonLongPasswords = (): string[] =>
  readFileSync(join(assetsDirectory(), 'passwords', 'common-long.txt'), 'utf8')
    .trim()
    .split('\n');

/** The places of the text at which a known word stands, as [from, to). */
function* knownWordsIn(text: string, words: ReadonlySet<string>): Iterable<readonly [number, number]> {
  const longest = Math.min(text.length, 40);
  for (let from = 0; from < text.length; from++) {
    for (let length = 2; length <= longest && from + length <= text.length; length++) {
      const piece = text.slice(from, from + length);
      if (words.has(piece) || (length >= SHORTEST && commonPasswords().has(piece)))
        yield [from, from + length];
    }
  }
}

/** How many characters are left when the two known words that cover most are taken away. */
function ownCharacters(text: string, words: ReadonlySet<string>): number {
  const pieces = [...knownWordsIn(text, words)];
  let covered = 0;
  // The longest word that ends before a place: with each word that begins there it makes a pair.
  const longestUpTo = new Array<number>(text.length + 1).fill(0);
  for (const [from, to] of pieces) longestUpTo[to] = Math.max(longestUpTo[to]!, to - from);
  for (let at = 1; at <= text.length; at++) {
    longestUpTo[at] = Math.max(longestUpTo[at]!, longestUpTo[at - 1]!);
  }
  for (const [from, to] of pieces) covered = Math.max(covered, to - from + longestUpTo[from]!);
  return text.length - covered;
}

/**
 * Why a password is one that somebody would try: a common one (also two in a row, or with a few characters around),
 * one made of the names of this place or of the person, or of few characters.
 * @param names of the account, its person and its organs
 * @returns undefined: nobody would try it soon
 */
export function weaknessOf(password: string, names: readonly string[]): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < FEWEST_DIFFERENT)
    return `must have at least ${FEWEST_DIFFERENT} different characters`;
  const own = names
    .flatMap((name) => [name, ...name.split(/[\s._-]+/)])
    .map((name) => name.normalize('NFKC').toLowerCase())
    .filter((name) => name.length >= SHORTEST || /^\p{Script=Han}{2,}$/u.test(name));
  const words = new Set([...contextWords, ...own]);
  return ownCharacters(text, words) < OWN_CHARACTERS
    ? `is, apart from fewer than ${OWN_CHARACTERS} characters, made of words that are tried first: common passwords, or names of this place or of you. Take several unrelated words`
    : undefined;
}
