import { isLegalDate } from '../common/validators.js';
import type { DeploymentRules } from './deployment-rules.js';
import { lexiconOf, termsOf, type WordSets } from './terms.js';
import { wordRulesOf } from './word-rules.js';

export type Raw = Readonly<Record<string, unknown>>;

/** What is wrong with the rulebook, and where. */
export class RulebookError extends Error {
  constructor(where: string, why: string) {
    super(`The rulebook is wrong at ${where}: ${why}`);
  }
}

type Reader = (value: unknown, where: string) => unknown;
type Fields = Readonly<Record<string, Reader>>;

const fail = (where: string, why: string): never => {
  throw new RulebookError(where, why);
};

const text: Reader = (value, where) =>
  typeof value === 'string' && value.trim() !== '' ? value : fail(where, 'a text is missing');
const number: Reader = (value, where) =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(where, 'a number is missing');
const day: Reader = (value, where) =>
  isLegalDate(value) ? value : fail(where, 'a day is missing, written YYYY-MM-DD');
const flag: Reader = (value, where) =>
  value === undefined ? false : typeof value === 'boolean' ? value : fail(where, 'neither true nor false');
const article: Reader = (value, where) => {
  const named = text(value, where) as string;
  return /\d/.test(named) ? named : fail(where, 'the article has no number');
};
const optional =
  (reader: Reader): Reader =>
  (value, where) =>
    value === undefined ? undefined : reader(value, where);
const oneOf =
  (...values: readonly string[]): Reader =>
  (value, where) =>
    values.includes(value as string) ? value : fail(where, `it is none of ${values.join(', ')}`);
const listOf =
  (reader: Reader, atLeast = 0): Reader =>
  (value, where) => {
    const list = value ?? [];
    if (!Array.isArray(list)) return fail(where, 'a list is missing');
    if (list.length < atLeast) return fail(where, `at least ${atLeast} are wanted`);
    return list.map((entry, i) => reader(entry, `${where}/${i}`));
  };
const setOf: Reader = (value, where) => new Set(listOf(text, 1)(value, where) as string[]);

const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOf =
  (fields: Fields): Reader =>
  (value, where) => {
    if (!isObject(value)) return fail(where, 'an object is missing');
    const unknown = Object.keys(value).find((name) => !(name in fields));
    if (unknown !== undefined) fail(`${where}/${unknown}`, 'it is not known');
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, reader]) => {
        const read = reader(value[name], `${where}/${name}`);
        return read === undefined ? [] : [[name, read]];
      }),
    );
  };

/** Rows by id, each once; the pointer of an error names the row. */
const rowsOf =
  (fields: Fields): Reader =>
  (value, where) => {
    const rows = listOf((row) => row, 1)(value, where) as unknown[];
    const ids = rows.map((row, i) =>
      isObject(row) && typeof row['id'] === 'string' ? row['id'] : String(i),
    );
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice !== undefined) fail(`${where}/${twice}`, 'it is there twice');
    return rows.map((row, i) => objectOf(fields)(row, `${where}/${ids[i]}`));
  };

const wordsWith =
  (sets: WordSets): Reader =>
  (value, where) => {
    const words = objectOf({ en: listOf(text), zh: listOf(text) })(value ?? {}, where) as {
      en: string[];
      zh: string[];
    };
    try {
      return termsOf(words, sets);
    } catch (error) {
      return fail(where, (error as Error).message);
    }
  };

const period: Fields = { id: text, en: text, zh: text, validFrom: day, validTo: optional(day) };
/** Signals and levels are of our own making; where the source does not matter, it is the brief's. */
const designed: Fields = {
  ...period,
  article: (value) => value ?? 'design 5.4',
  confidence: (value) => value ?? 'C',
  validFrom: (value, where) => (value === undefined ? '1900-01-01' : day(value, where)),
};
const lawful: Fields = { ...period, article, confidence: oneOf('A', 'B', 'C') };
const bothLanguages = objectOf({ en: text, zh: text });
const twoLanguages = objectOf({ en: setOf, zh: listOf(text, 1) });

/**
 * The rules, checked; the terms compiled.
 * @throws RulebookError with the name of what is wrong
 */
export function checkedRules(raw: Raw): DeploymentRules {
  const sets: WordSets = new Map(Object.entries((raw['words'] ?? {}) as Record<string, string>));
  const words = wordsWith(sets);
  const tested = { words, hits: listOf(text, 1), misses: listOf(text, 1) };
  const decision = (raw['decision'] ?? {}) as Raw;
  const rules = {
    duties: rowsOf({
      ...lawful,
      words,
      hits: listOf(text),
      misses: listOf(text),
      number,
      codes: listOf(text),
      activities: listOf(text),
      level1: flag,
      movedAway: optional(day),
      leftBy: optional(article),
      residual: flag,
    })(raw['duties'], '/duties'),
    assistance: rowsOf({
      ...lawful,
      ...tested,
      by: listOf(text, 1),
      acts: listOf(text),
      activities: listOf(text),
      general: flag,
      policeWork: flag,
      needsAct: flag,
    })(raw['assistance'], '/assistance'),
    nonPolice: rowsOf({
      ...lawful,
      ...tested,
      activities: listOf(text),
      disputes: listOf(text),
      door: bothLanguages,
      courtRuling: flag,
      unlawfulBeside: flag,
      unlessPapers: flag,
      unlessPoliceTask: flag,
    })(raw['non-police'], '/non-police'),
    signals: rowsOf({
      ...designed,
      ...tested,
      act: optional(text),
      exclusive: flag,
      besideTopic: flag,
      negative: flag,
      dispute: optional(text),
    })(raw['signals'], '/signals'),
    levels: rowsOf({
      ...designed,
      en: (value) => value ?? '',
      zh: (value) => value ?? '',
      level: oneOf('L0', 'L1', 'L2', 'L3', 'L4'),
      measure: text,
      atLeast: optional(number),
      atMost: optional(number),
      who: bothLanguages,
    })(decision['levels'], '/decision/levels'),
    approvals: rowsOf({
      ...period,
      article,
      confidence: (value) => value ?? 'A',
      control: text,
      carriedBy: text,
      ordinaryFor: listOf(text),
    })(decision['approvals'], '/decision/approvals'),
    edgeCases: rowsOf({
      ...designed,
      article,
      when: text,
      atLeast: optional(number),
      words,
      hits: listOf(text),
      misses: listOf(text),
    })(decision['edgeCases'], '/decision/edgeCases'),
    questions: listOf(objectOf({ number, article, en: text, zh: text, changes: bothLanguages }), 10)(
      decision['questions'],
      '/decision/questions',
    ),
    outcomes: listOf(objectOf({ code: text, en: text, zh: text }), 6)(
      decision['outcomes'],
      '/decision/outcomes',
    ),
    laws: rowsOf({
      id: text,
      names: listOf(text, 1),
      also: listOf(text),
      articles: number,
      rank: oneOf('LAW', 'REGULATION', 'RULE'),
    })(raw['laws'], '/laws'),
    reading: objectOf({
      en: objectOf({
        negators: setOf,
        breakers: setOf,
        notAfter: setOf,
        others: setOf,
        afterwards: setOf,
      }),
      zh: objectOf({
        negators: listOf(text, 1),
        blockers: listOf(text, 1),
        deceivers: listOf(text, 1),
        afterwards: listOf(text, 1),
      }),
      policed: twoLanguages,
      agents: twoLanguages,
      conditional: twoLanguages,
      past: twoLanguages,
      lasting: twoLanguages,
      labels: twoLanguages,
      violence: twoLanguages,
    })(raw['reading'], '/reading'),
    plausible: objectOf({
      officersPerPerson: number,
      from: number,
      officersPerSuspect: number,
      suspects: listOf(text),
    })(decision['plausible'], '/decision/plausible'),
    accountability: objectOf({
      unfiledHours: number,
      recallMinutes: number,
      grounds: listOf(objectOf({ id: text, article: text, en: text, zh: text }), 5),
    })(decision['accountability'], '/decision/accountability'),
    askedAgain: objectOf({
      days: number,
      alike: number,
      alikeOfSame: number,
      article: text,
      en: text,
      zh: text,
    })(decision['askedAgain'], '/decision/askedAgain'),
    rest: objectOf({
      from: number,
      to: number,
      appliesTo: listOf(text),
      warning: text,
      holidays: listOf(day),
      everyYear: listOf(text),
    })(decision['rest'], '/decision/rest'),
  };
  const checked = rules as unknown as Omit<DeploymentRules, 'lexicon'>;
  return { ...checked, lexicon: lexiconOf(wordRulesOf(checked).map((rule) => rule.words)) };
}
