import type { ReadingRules, TwoLanguages } from '../rulebook/deployment-rules.js';
import type { Match, ReadableText, Token } from './text.js';

/** What the words around a hit make of it. */
export interface Surroundings {
  /** It is said not to be done. */
  readonly negated: boolean;
  /** It is what police act against: "investigate violent debt collectors". */
  readonly policed: boolean;
  /** Somebody else does it. */
  readonly byOthers: boolean;
  /** It may happen, or it is an exercise. */
  readonly conditional: boolean;
  /** It happened, and is over. */
  readonly past: boolean;
  /** Violence stands in the same sentence. */
  readonly besideViolence: boolean;
}

const POLICE = new Set([
  'police',
  'officer',
  'officers',
  'policemen',
  'we',
  'they',
  'force',
  'patrol',
  'unit',
]);
const MODAL = new Set(['will', 'shall', 'must', 'should', 'may', 'can', 'are', 'is', 'to', 'be', 'would']);
const HELP = new Set([
  'assist',
  'help',
  'aid',
  'support',
  'accompany',
  'join',
  'with',
  'behalf',
  'together',
  'alongside',
  'for',
  'assisting',
  'helping',
  'accompanying',
  'joining',
  'supporting',
]);
const ZH_HELP = /(配合|协助|帮助|协同|会同|陪同|随同|参与|支援|支持|和|与|同)[^，。；！？\n]{0,6}$/;
const REACH = 16;

const sameSentence = (tokens: readonly Token[], at: number, sentence: number): Token | undefined =>
  tokens[at]?.sentence === sentence ? tokens[at] : undefined;

/** True for a negator that does negate what follows it. */
function negates(tokens: readonly Token[], at: number, { en }: ReadingRules): boolean {
  const { word, sentence } = tokens[at]!;
  if (!en.negators.has(word)) return false;
  const [before, next, second] = [at - 1, at + 1, at + 2].map((i) => sameSentence(tokens, i, sentence)?.word);
  const ofPolice = POLICE.has(next ?? '') || POLICE.has(second ?? '');
  if ((word === 'instead' || word === 'rather') && next !== 'of' && next !== 'than') return false;
  if (
    !ofPolice &&
    (en.notAfter.has(next ?? '') || (/^(allow|let|permit|leave)$/.test(next ?? '') && second !== 'be'))
  ) {
    return false;
  }
  if (word === 'no' && /^(delay|matter)$/.test(next ?? '')) return false;
  // "has not paid", "did not sign": how things are, and not what police shall not do.
  if (/^(has|have|had|does|did)$/.test(before ?? '') || /^(hasn't|haven't|hadn't|doesn't|didn't)$/.test(word))
    return false;
  return (
    !en.others.has(before ?? '') && !(MODAL.has(before ?? '') && en.others.has(tokens[at - 2]?.word ?? ''))
  );
}

function negatedBefore(tokens: readonly Token[], first: number, rules: ReadingRules): boolean {
  const hit = tokens[first]!;
  for (let at = first - 1; at >= Math.max(0, first - REACH); at -= 1) {
    const token = sameSentence(tokens, at, hit.sentence);
    if (!token || rules.en.breakers.has(token.word)) return false;
    // Another part of the sentence with a subject of its own is not negated by the part before it.
    const next = tokens[at + 1];
    if (next && token.clause !== next.clause && next.clause === hit.clause) {
      if (POLICE.has(next.word) || next.word === 'all' || next.word === 'please') return false;
      if (MODAL.has(next.word) && next.word !== 'to' && next.word !== 'be') return false;
    }
    // "shall not leave before …", "nobody obstructs …": what is negated stands between.
    if (
      /^(leave|withdraw|obstruct|hinder|disturb|disrupt|resist|block|interrupt|oppose|delay)/.test(token.word)
    ) {
      return false;
    }
    if (negates(tokens, at, rules)) return true;
  }
  return false;
}

/** "Debt collection is not …", "… is forbidden". */
function negatedAfter(tokens: readonly Token[], last: number, { en }: ReadingRules): boolean {
  const { sentence, clause } = tokens[last]!;
  for (let at = last + 1; at <= last + 3; at += 1) {
    const token = tokens[at];
    if (!token || token.sentence !== sentence || token.clause !== clause) return false;
    if (/^(is|are|be|was|remain|remains|stay|stays|will|shall|may|must)$/.test(token.word)) {
      return [1, 2].some((more) => {
        const next = tokens[at + more];
        return (
          next?.sentence === sentence &&
          en.afterwards.has(next.word) &&
          !en.notAfter.has(tokens[at + more + 1]?.word ?? '')
        );
      });
    }
  }
  return false;
}

const within = (tokens: readonly Token[], from: number, to: number, rules: ReadingRules): boolean => {
  for (let at = from + 1; at < to; at += 1) if (negates(tokens, at, rules)) return true;
  return false;
};

/** No sentence is looked at farther away, however long it is. */
const FAR = 60;

/** The sentence (or, in Chinese, the part between commas) around an offset, split there. */
function around(plain: string, { start, end }: Match, ends: RegExp): [string, string] {
  let from = start;
  while (from > Math.max(0, start - FAR) && !ends.test(plain[from - 1]!)) from -= 1;
  let to = end;
  while (to < Math.min(plain.length, end + FAR) && !ends.test(plain[to]!)) to += 1;
  return [plain.slice(from, start), plain.slice(end, to)];
}

const SENTENCE = /[。；！？;!?\n]/;
const CLAUSE = /[，,。；！？;!?\n]/;

/** "住户不搬迁": what others do not do is not what police shall not do. */
const OTHERS_DO_NOT = /(户|民|主|人|者|客|商|群众|对方|其|仍|拒)(还|均|都|一直|始终|仍|再)?(?:不|未)$/;

const patterns = new Map<string, RegExp>();

/** Patterns of the rulebook, compiled once. */
function compiled(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, known);
  return known;
}

/** "对拒绝隔离者采取…": who refuses is named; what is done to them is not refused. */
const WHO_REFUSES = /^拒[绝不][^，。；]{0,8}(者|的|人员|人|户)/;

function negatedInChinese(plain: string, match: Match, { zh }: ReadingRules): boolean {
  const [before] = around(plain, match, CLAUSE);
  const [, after] = around(plain, match, SENTENCE);
  const words = plain.slice(match.start, match.end);
  for (const negator of zh.negators) {
    const at = before.lastIndexOf(negator);
    if (at < 0) continue;
    const between = before.slice(at + negator.length);
    const deceives = zh.deceivers.some((deceiver) => {
      const from = before.lastIndexOf(deceiver);
      return from >= 0 && from <= at && at < from + deceiver.length;
    });
    if (deceives) continue;
    if (WHO_REFUSES.test(negator + between)) continue;
    if (!zh.blockers.some((blocker) => between.includes(blocker))) return true;
  }
  if (
    !OTHERS_DO_NOT.test(before) &&
    /(?:不|勿|未|无|免)$/.test(before) &&
    !/(?:拒|从|必|务|绝|决|并)?(?:若|如|要|再|得|能)不$/.test(before)
  )
    return true;
  if (zh.negators.some((negator) => words.slice(1).includes(negator))) return true;
  return zh.afterwards.some((pattern) => compiled(`^[^。；]{0,10}${pattern}`).test(after));
}

/** Somebody else is the subject, and police do not help them. */
function othersInEnglish(
  tokens: readonly Token[],
  [first, last]: readonly [number, number],
  { agents }: ReadingRules,
): boolean {
  const { sentence } = tokens[first]!;
  for (let at = first - 1; at >= Math.max(0, first - 7); at -= 1) {
    const token = sameSentence(tokens, at, sentence);
    if (!token) break;
    if (POLICE.has(token.word)) return false;
    // "assist the bailiffs to clear": police do it as well.
    if (HELP.has(token.word) || (/^(to|and)$/.test(token.word) && HELP.has(tokens[at - 1]?.word ?? '')))
      return false;
    if (agents.en.has(token.word)) {
      const before = tokens.slice(Math.max(0, at - 4), at).filter((each) => each.sentence === sentence);
      // "the books of the company": what belongs to them is not what they do.
      const owned = /^(of|from|at|in|against|inside|into)$/.test(
        before.at(-1)?.word === 'the' ? (before.at(-2)?.word ?? '') : (before.at(-1)?.word ?? ''),
      );
      return !owned && !before.some(({ word }) => HELP.has(word));
    }
  }
  for (let at = last + 1; at <= last + 5; at += 1) {
    if (sameSentence(tokens, at, sentence)?.word === 'by') {
      return tokens.slice(at + 1, at + 5).some(({ word }) => agents.en.has(word));
    }
  }
  return false;
}

function othersInChinese(before: string, { agents }: ReadingRules): boolean {
  const agent = agents.zh.find((word) => before.includes(word));
  if (agent === undefined) return false;
  const at = before.lastIndexOf(agent);
  const between = before.slice(at + agent.length);
  if (/(公安|民警|警察|警力|警方)/.test(between) || /^(的)?(要求|请求|安排|指示)/.test(between)) return false;
  if (/^(的|所)/.test(between)) return false;
  return !ZH_HELP.test(before.slice(0, at));
}

const holds = (
  tokens: readonly Token[],
  from: number,
  to: number,
  sentence: number,
  words: ReadonlySet<string>,
): boolean =>
  tokens
    .slice(Math.max(0, from), to)
    .some(
      ({ word, sentence: own }, at, near) =>
        own === sentence &&
        (words.has(word) || words.has(`${word} ${sameSentence(near, at + 1, sentence)?.word}`)),
    );

const OBSTRUCT = /^(obstruct|hinder|resist|oppos|interfer|disturb|disrupt|block)/;

function inEnglish(
  tokens: readonly Token[],
  span: readonly [number, number],
  rules: ReadingRules,
): Surroundings {
  const [first, last] = span;
  const { sentence } = tokens[first]!;
  const obstructed = tokens
    .slice(Math.max(0, first - 5), first)
    .some(({ stem, sentence: own }) => own === sentence && OBSTRUCT.test(stem));
  const all = (words: TwoLanguages): boolean => holds(tokens, first - 30, last + 30, sentence, words.en);
  const around = (words: TwoLanguages): boolean => holds(tokens, first - 8, last + 8, sentence, words.en);
  return {
    negated:
      negatedBefore(tokens, first, rules) ||
      within(tokens, first, last, rules) ||
      negatedAfter(tokens, last, rules),
    policed: !obstructed && holds(tokens, first - 5, last + 1, sentence, rules.policed.en),
    byOthers: othersInEnglish(tokens, span, rules),
    past: around(rules.past) && !around(rules.lasting),
    conditional: holds(tokens, first - 8, last + 1, sentence, rules.conditional.en),
    besideViolence: all(rules.violence),
  };
}

function inChinese(plain: string, match: Match, rules: ReadingRules): Surroundings {
  const [before, after] = around(plain, match, CLAUSE);
  const [sentenceBefore, sentenceAfter] = around(plain, match, SENTENCE);
  const words = plain.slice(match.start, match.end);
  const near = before.slice(-10);
  const has = (list: readonly string[], text: string): boolean => list.some((word) => text.includes(word));
  return {
    negated: negatedInChinese(plain, match, rules),
    policed: !/(阻|妨|抗|扰)/.test(near) && (has(rules.policed.zh, near) || has(rules.policed.zh, words)),
    byOthers:
      OTHERS_DO_NOT.test(before) ||
      othersInChinese(before, rules) ||
      /^[^，。；]{0,4}由[^，。；]{1,10}(负责|实施|进行|执行|完成)/.test(after),
    past: has(rules.past.zh, before) && !has(rules.lasting.zh, sentenceBefore + words + sentenceAfter),
    conditional: rules.conditional.zh.some((word) =>
      compiled(word.replaceAll('…', '.{0,8}')).test(before + words + after.slice(0, 8)),
    ),
    besideViolence: has(rules.violence.zh, sentenceBefore + words + sentenceAfter),
  };
}

export const surroundingsOf = (text: ReadableText, match: Match, rules: ReadingRules): Surroundings =>
  match.tokens ? inEnglish(text.tokens, match.tokens, rules) : inChinese(text.plain, match, rules);
