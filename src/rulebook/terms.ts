/**
 * The small language in which lexicons are written, and how words are compared.
 *
 * English: words in a row (`city management`), alternatives (`debt|loan`), up to four words between (`collect ~ debt`),
 * and both orders within a few words of one sentence (`collect & debt`). Words are compared without their inflection;
 * `=word` only as it is written. Chinese: phrases, alternatives in brackets (`(催|追)收`), up to eight characters
 * between (`维护…秩序`), and both orders within one sentence (`清收 & 欠款`). `<name>` stands for a list of words.
 */
export interface Element {
  /** Stems, or `=word` for words as they are written. */
  readonly alternatives: ReadonlySet<string>;
  /** How many other words may stand before it. */
  readonly gap: number;
}

export type EnglishTerm = readonly (readonly Element[])[];

export interface Terms {
  readonly en: readonly EnglishTerm[];
  readonly zh: readonly RegExp[];
  /** Finds something where one of the Chinese ones stands, in one pass. */
  readonly anyZh: RegExp;
}

/** Lists of words by name; Chinese ones begin with `zh-`. */
export type WordSets = ReadonlyMap<string, string>;

const GAP = 4;
const VOWEL = /[aeiouy]/;
/** Without their last letter they would be other words: car, far, bar. */
const WHOLE = new Set(['care', 'fare', 'bare']);

/** The word without its inflection: plural, past, -ing. Derived words (demolition) are listed in their own right. */
export function stemOf(word: string): string {
  let stem = word.replace(/'s?$/, '');
  if (stem.length > 4 && /(ies|ied)$/.test(stem)) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 3 && /[^su]s$/.test(stem)) {
    stem = /(ch|sh|x|ss|zz)es$/.test(stem) ? stem.slice(0, -2) : stem.slice(0, -1);
  }
  const ending = /(ing|ed)$/.exec(stem)?.[0];
  if (ending) {
    const rest = stem.slice(0, -ending.length);
    if (rest.length >= 3 && VOWEL.test(rest)) stem = rest.replace(/([^aeioulsz])\1$/, '$1');
  }
  return stem.length > 3 && !WHOLE.has(stem) ? stem.replace(/e$/, '') : stem;
}

function withSets(text: string, sets: WordSets): string {
  return text.replace(/<([a-z-]+)>/g, (_all, name: string) => {
    const words = sets.get(name);
    if (words === undefined) throw new Error(`there is no list of words <${name}>`);
    return words;
  });
}

function english(text: string, sets: WordSets): EnglishTerm {
  const parts = withSets(text, sets).toLowerCase().split(' & ');
  return parts.map((part) => {
    const elements: Element[] = [];
    let gap = 0;
    for (const word of part.trim().split(/\s+/)) {
      if (word === '~') {
        if (elements.length === 0) throw new Error(`"${text}" begins with nothing`);
        gap = GAP;
        continue;
      }
      if (!/^=?[a-z0-9'][a-z0-9'|=]*$/.test(word)) throw new Error(`"${text}" is not English: ${word}`);
      const alternatives = word.split('|').map((each) => (each.startsWith('=') ? each : stemOf(each)));
      elements.push({ alternatives: new Set(alternatives), gap });
      gap = 0;
    }
    if (elements.length === 0 || gap > 0) throw new Error(`"${text}" ends with nothing`);
    return elements;
  });
}

function chinese(text: string, sets: WordSets): RegExp {
  const source = withSets(text, sets);
  if (/[\\[\]{}*+.^$]/.test(source) || !/\p{Script=Han}/u.test(source)) {
    throw new Error(`"${text}" is not a Chinese term`);
  }
  const parts = source.split(' & ').map((part) => part.replaceAll('…', '[^。；！？;!?\n]{0,8}?'));
  const [first, second, third] = parts as [string, string?, string?];
  if (third !== undefined) throw new Error(`"${text}" has more than one &`);
  const between = '[^。；！？;!?\n]{0,14}?';
  return new RegExp(
    second === undefined ? first : `(?:${first})${between}(?:${second})|(?:${second})${between}(?:${first})`,
    'gu',
  );
}

/** @throws Error that names the term that cannot be read */
export function termsOf(
  { en = [], zh = [] }: { en?: readonly string[]; zh?: readonly string[] },
  sets: WordSets,
): Terms {
  const twice = [en, zh].flatMap((terms) => terms.filter((term, at) => terms.indexOf(term) !== at));
  if (twice.length > 0) throw new Error(`"${twice[0]}" stands there twice`);
  const phrases = zh.map((term) => chinese(term, sets));
  const any = phrases.map(({ source }) => source).join('|');
  return {
    en: en.map((one) => english(one, sets)),
    zh: phrases,
    anyZh: new RegExp(any === '' ? '(?!)' : any, 'u'),
  };
}

/** The terms of many rules, so that a text is gone through once for all of them. */
export interface Lexicon {
  /** The English ones, and whose they are, by the words with which they may begin: most begin with no word of a text. */
  readonly en: ReadonlyMap<string, readonly (readonly [term: EnglishTerm, whose: Terms])[]>;
  readonly all: readonly Terms[];
}

export function lexiconOf(all: readonly Terms[]): Lexicon {
  const en = new Map<string, [EnglishTerm, Terms][]>();
  for (const whose of all) {
    for (const term of whose.en) {
      for (const word of term[0]![0]!.alternatives) {
        const known = en.get(word);
        if (known) known.push([term, whose]);
        else en.set(word, [[term, whose]]);
      }
    }
  }
  return { en, all };
}
