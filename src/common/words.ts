import { chinese } from './chinese.js';

/** A text, or what people call something, in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What a text is made of: what is the same in each language, or what is not. */
export type Value = string | number | Words;

const inOne = (value: Value, language: Language): string =>
  typeof value === 'object' ? value[language] : String(value);

/** A text of the catalogue, cut at its holes: texts and numbers of values in turn. */
type Pieces = readonly (string | number)[];

const cut = (text: string): Pieces =>
  text.split(/\{(\d)\}/).map((piece, n) => (n % 2 === 1 ? Number(piece) : piece));

const filled = (pieces: Pieces, values: readonly Value[], language: Language): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : inOne(values[piece]!, language))).join('');

/** Each sentence of the source is cut once; the compiler makes one array of parts for each place. */
const known = new WeakMap<TemplateStringsArray, Record<Language, Pieces>>();

function piecesOf(parts: TemplateStringsArray): Record<Language, Pieces> {
  let pieces = known.get(parts);
  if (!pieces) {
    const english = sentenceOf(parts);
    // `words.spec.ts` finds each sentence that the catalogue lacks.
    pieces = { en: cut(english), zh: cut(chinese[english] ?? english) };
    known.set(parts, pieces);
  }
  return pieces;
}

/** A sentence as the catalogue has it: `There is no such {0}.` */
export const sentenceOf = (parts: readonly string[]): string =>
  parts.reduce((text, part, n) => `${text}{${n - 1}}${part}`);

/**
 * A sentence in both languages: English as it stands, Chinese from the catalogue (`chinese.ts`), which holds it under
 * the English one, with numbers for the values: said`There is no such ${what}.` is `There is no such {0}.`
 */
export function said(parts: TemplateStringsArray, ...values: readonly Value[]): Words {
  const { en, zh } = piecesOf(parts);
  return { en: filled(en, values, 'en'), zh: filled(zh, values, 'zh') };
}

/** Values in a row. */
export const listed = (values: readonly Value[], en = ', ', zh = '、'): Words => ({
  en: values.map((value) => inOne(value, 'en')).join(en),
  zh: values.map((value) => inOne(value, 'zh')).join(zh),
});

/** What is the same in both languages, such as a name or what somebody wrote. */
export const asWritten = (text: string): Words => ({ en: text, zh: text });

/** The two texts of something that has more members, such as a rule. */
export const textsOf = ({ en, zh }: Words): Words => ({ en, zh });

/** The same with one text wherever it has both. */
export type InLanguage<T> = T extends Words
  ? string
  : T extends readonly (infer E)[]
    ? InLanguage<E>[]
    : T extends object
      ? { -readonly [K in keyof T]: InLanguage<T[K]> }
      : T;

const isWords = (value: object): value is Words =>
  'en' in value && 'zh' in value && Object.keys(value).length === 2;

/** What is kept in both languages, for somebody who reads one. Plain data only. */
export function inLanguage<T>(value: T, language: Language): InLanguage<T> {
  return pick(value, language) as InLanguage<T>;
}

function pick(value: unknown, language: Language): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => pick(member, language));
  if (isWords(value)) return value[language];
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, pick(member, language)]));
}

/**
 * The language that a caller reads, of those that there are, by the header Accept-Language (RFC 9110 12.5.4): the one
 * with the highest weight, the first of several; English for whoever asks for neither.
 */
export function languageIn(header: string | undefined): Language {
  const wanted = (header ?? '')
    .slice(0, 400)
    .split(',')
    .flatMap((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const language = languages.find((one) => tag === one || tag.startsWith(`${one}-`));
      const [, weight = '1'] = /^q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/.exec(parameters[0] ?? 'q=1') ?? [];
      return language && Number(weight) > 0 ? [{ language, weight: Number(weight) }] : [];
    });
  return wanted.sort((a, b) => b.weight - a.weight)[0]?.language ?? 'en';
}
