/** A word of what is asked, and in how many earlier requests it stands. */
export interface AskedWord {
  readonly word: string;
  readonly requests: number;
  /** Where it stands first: English by the word, Chinese by the character. What is coded stands nowhere. */
  readonly at: number | null;
}

/** So many requests at most are looked at closely: what that costs is the same however many there are. */
const BUDGET = 400;
/** Words that are in more than this share of all requests tell nothing. */
const COMMON = 0.25;
/** Of the words that many requests have, so many are put together in pairs. */
const PAIRED = 8;
/** Words that go together are in more requests than chance would have it. */
const TOGETHER = 4;
/** Words that stand so near each other may be of one phrase: then most requests with one have the other, too. */
const NEAR = 8;

/** The number of all requests stands beside the word that is none. */
export const totalOf = (words: readonly AskedWord[]): number =>
  Math.max(1, words.find(({ word }) => word === '')?.requests ?? 1);

/** How much a word tells: the fewer requests have it, the more (inverse document frequency; Spärck Jones 1972). */
const weight = ({ requests }: AskedWord, total: number): number => Math.log((total + 1) / requests);

/** What each of them tells, in their order; the word that is none tells nothing. */
export const weightsOf = (words: readonly AskedWord[]): number[] => {
  const total = totalOf(words);
  return words.map((one) => (one.word === '' ? 0 : weight(one, total)));
};

const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Two pairs of Chinese characters that are, most likely, of one word: both together tell no more than one of them. */
const overlap = (a: string, b: string): boolean =>
  CHINESE_PAIR.test(a) && CHINESE_PAIR.test(b) && (a[1] === b[0] || b[1] === a[0]);
const CHINESE_PAIR = /^[\u3400-\u9fff]{2}$/;

const isOnePhrase = (a: AskedWord, b: AskedWord): boolean =>
  a.at !== null &&
  b.at !== null &&
  CHINESE_PAIR.test(a.word) === CHINESE_PAIR.test(b.word) &&
  Math.abs(a.at - b.at) <= NEAR;

/** How many requests have both, most likely. */
const withBoth = (a: AskedWord, b: AskedWord, total: number): number => {
  const fewer = Math.min(a.requests, b.requests);
  return isOnePhrase(a, b) ? fewer : Math.min(fewer, (TOGETHER * a.requests * b.requests) / total);
};

/** Texts of tsqueries; an empty one finds nothing. */
export interface Search {
  /** Has one of these words. */
  readonly rare: string;
  /** Has two of these words. */
  readonly pairs: string;
}

/**
 * The search for requests that are like it: those that have one of its rare words, or two of its less rare ones, the
 * rarest two in any case. Chosen so that few enough are found, since each of them is ranked.
 */
export function searchFor(words: readonly AskedWord[]): Search {
  const total = totalOf(words);
  const telling = words
    .filter(({ word, requests }) => word !== '' && (requests <= total * COMMON || requests <= BUDGET / 2))
    .sort((a, b) => a.requests - b.requests || (a.word < b.word ? -1 : 1));
  let left = BUDGET;
  const rare: string[] = [];
  const many: AskedWord[] = [];
  for (const one of telling) {
    if (one.requests <= left / 2) {
      rare.push(quoted(one.word));
      left -= one.requests;
    } else many.push(one);
  }
  const paired = many.slice(0, PAIRED);
  const pairs = paired
    .flatMap((a, i) =>
      paired
        .slice(i + 1)
        .filter((b) => !overlap(a.word, b.word))
        .map((b) => ({ a, b, found: withBoth(a, b, total) })),
    )
    .sort((one, other) => one.found - other.found);
  const chosen: string[] = [];
  for (const { a, b, found } of pairs) {
    if (found > left && chosen.length > 0) break;
    chosen.push(`(${quoted(a.word)} & ${quoted(b.word)})`);
    left -= found;
  }
  return { rare: rare.join(' | '), pairs: chosen.join(' | ') };
}

/** How like what was asked a request is that shares these words: 0 to 1, by what each word tells. */
export function likeness(words: readonly AskedWord[], shared: readonly string[]): number {
  const total = totalOf(words);
  const all = words.filter(({ word }) => word !== '');
  const sum = (some: readonly AskedWord[]): number => some.reduce((s, one) => s + weight(one, total), 0);
  const whole = sum(all);
  if (whole === 0) return 0;
  const common = new Set(shared);
  return Math.round((sum(all.filter(({ word }) => common.has(word))) / whole) * 100) / 100;
}

const CODED = /^(type|activity|task|np):/;

/** A stem as the word that has it in the text: "hous" stands in "houses", "parti" in "party". Without one, the stem. */
function asWritten(stem: string, written: readonly string[]): string {
  // What ends in y ends in i as a stem.
  const beginning = [stem, ...(stem.endsWith('i') ? [stem.slice(0, -1)] : [])];
  for (const begin of beginning) {
    const [shortest] = written.filter((word) => word.startsWith(begin)).sort((a, b) => a.length - b.length);
    if (shortest) return shortest;
  }
  return stem;
}

/**
 * What a reader is told that two requests share: words of the prose, those that tell most first, and codes.
 * @param text what was asked, in which the words stand
 */
export function sharedBy(
  words: readonly AskedWord[],
  shared: readonly string[],
  text: string,
): { words: string[]; codes: string[] } {
  const written = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const total = totalOf(words);
  const common = new Set(shared);
  const ordered = words
    .filter(({ word }) => word !== '' && common.has(word))
    .sort((a, b) => weight(b, total) - weight(a, total) || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word);
  return {
    words: ordered
      .filter((word) => !CODED.test(word))
      .slice(0, 10)
      .map((word) => (CHINESE_PAIR.test(word) ? word : asWritten(word, written))),
    codes: ordered.filter((word) => CODED.test(word)).map((word) => word.slice(word.indexOf(':') + 1)),
  };
}
