import { stemOf, type Element, type EnglishTerm, type Lexicon, type Terms } from '../rulebook/terms.js';

export interface Token {
  readonly word: string;
  readonly stem: string;
  /** Offsets in the plain text. */
  readonly start: number;
  readonly end: number;
  /** Number of its sentence, and of its part between commas. */
  readonly sentence: number;
  readonly clause: number;
}

/** A text made ready to be read: without tricks of spelling, cut into words. */
export interface ReadableText {
  readonly original: string;
  readonly plain: string;
  /** Where each character of the plain text stands in the original. */
  readonly offsets: readonly number[];
  readonly tokens: readonly Token[];
  /** Where each stem, and each `=word`, stands among the tokens. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Whether there is any Chinese in it. */
  readonly chinese: boolean;
}

export interface Match {
  /** Offsets in the plain text. */
  readonly start: number;
  readonly end: number;
  /** Numbers of its first and last word; none for Chinese. */
  readonly tokens?: readonly [number, number];
}

const HAN = /\p{Script=Han}/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/;
const WINDOW = 7;

/** Full-width letters, invisible characters and blanks between Chinese characters hide no word. */
function plainText(original: string): { plain: string; offsets: number[] } {
  let plain = '';
  const offsets: number[] = [];
  for (let at = 0; at < original.length; at += 1) {
    const character = original[at]!;
    if (INVISIBLE.test(character)) continue;
    if (/[ \t\u3000]/.test(character) && HAN.test(plain.at(-1) ?? '')) {
      const next = /^[ \t\u3000]+(.)/.exec(original.slice(at, at + 20))?.[1];
      if (next && HAN.test(next)) continue;
    }
    const usual = character === '’' ? "'" : character.normalize('NFKC');
    for (const one of usual) {
      plain += one;
      for (let unit = 0; unit < one.length; unit += 1) offsets.push(at);
    }
  }
  offsets.push(original.length);
  return { plain, offsets };
}

const SENTENCE_END = /[!?;。；！？\n]|\.(?=\s|$)/g;
const CLAUSE_END = /[,，:：(（)）]/g;
const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;

export function readable(original: string): ReadableText {
  const { plain, offsets } = plainText(original);
  const tokens: Token[] = [];
  let [sentence, clause, last] = [0, 0, 0];
  for (const { 0: raw, index } of plain.matchAll(/[A-Za-z0-9]+(?:'[A-Za-z]+)*/g)) {
    const between = plain.slice(last, index);
    sentence += count(between, SENTENCE_END);
    clause += count(between, SENTENCE_END) + count(between, CLAUSE_END);
    last = index + raw.length;
    const word = raw.toLowerCase();
    tokens.push({ word, stem: stemOf(word), start: index, end: last, sentence, clause });
  }
  const places = new Map<string, number[]>();
  tokens.forEach(({ stem, word }, at) => {
    for (const key of [stem, `=${word}`]) {
      const known = places.get(key);
      if (known) known.push(at);
      else places.set(key, [at]);
    }
  });
  return { original, plain, offsets, tokens, places, chinese: HAN.test(plain) };
}

export const fits = (token: Token, { alternatives }: Element): boolean =>
  alternatives.has(token.stem) || alternatives.has(`=${token.word}`);

/** The last word of the elements when they begin at that word, else undefined. */
function endOf(tokens: readonly Token[], from: number, elements: readonly Element[]): number | undefined {
  const first = tokens[from];
  if (!first || !fits(first, elements[0]!)) return undefined;
  let at = from;
  for (const element of elements.slice(1)) {
    let next = at + 1;
    while (next <= at + 1 + element.gap && tokens[next] && !fits(tokens[next]!, element)) next += 1;
    const found = next <= at + 1 + element.gap ? tokens[next] : undefined;
    if (!found || found.sentence !== first.sentence) return undefined;
    at = next;
  }
  return at;
}

/** Where the term begins at that word; its further parts stand near by in the same sentence, before or after it. */
function englishMatch(
  tokens: readonly Token[],
  from: number,
  term: EnglishTerm,
): [number, number] | undefined {
  const [first, ...others] = term as [readonly Element[], ...(readonly Element[])[]];
  const end = endOf(tokens, from, first);
  if (end === undefined) return undefined;
  const span: [number, number] = [from, end];
  for (const part of others) {
    const near = nearest(tokens, span, part);
    if (!near) return undefined;
    span[0] = Math.min(span[0], near[0]);
    span[1] = Math.max(span[1], near[1]);
  }
  return span;
}

function nearest(
  tokens: readonly Token[],
  [from, end]: readonly [number, number],
  part: readonly Element[],
): [number, number] | undefined {
  const { sentence } = tokens[from]!;
  for (let other = Math.max(0, from - WINDOW - part.length); other <= end + WINDOW; other += 1) {
    if (tokens[other]?.sentence !== sentence) continue;
    const otherEnd = endOf(tokens, other, part);
    if (otherEnd === undefined || (other <= end && otherEnd >= from)) continue;
    if (other > end ? other - end <= WINDOW : from - otherEnd <= WINDOW) return [other, otherEnd];
  }
  return undefined;
}

/** For the terms of each rule all places where one of them stands; the longest of those that begin at one place. */
export function matchesOf(
  { plain, tokens, places, chinese }: ReadableText,
  lexicon: Lexicon,
): ReadonlyMap<Terms, readonly Match[]> {
  const found = new Map<Terms, Match[]>();
  const add = (whose: Terms, match: Match): void => {
    const known = found.get(whose);
    if (known) known.push(match);
    else found.set(whose, [match]);
  };
  for (const [word, at] of places) {
    for (const [term, whose] of lexicon.en.get(word) ?? []) {
      for (const from of at) {
        const match = englishMatch(tokens, from, term);
        if (!match) continue;
        const [first, last] = match;
        add(whose, { start: tokens[first]!.start, end: tokens[last]!.end, tokens: match });
      }
    }
  }
  if (chinese) {
    for (const whose of lexicon.all.filter(({ anyZh }) => anyZh.test(plain))) {
      for (const term of whose.zh) {
        for (const { 0: words, index } of plain.matchAll(term)) {
          add(whose, { start: index, end: index + words.length });
        }
      }
    }
  }
  for (const [whose, matches] of found) found.set(whose, longest(matches));
  return found;
}

const longest = (matches: Match[]): Match[] =>
  matches
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter((match, at, all) => at === 0 || match.start >= all[at - 1]!.end || match.end > all[at - 1]!.end);
