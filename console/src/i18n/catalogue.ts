import { currentLanguage, useLanguage } from './language.ts';

/** What a catalogue may hold: a text, or a text made of values. */
type Text = string | ((...values: never[]) => string);
export interface Texts {
  readonly [key: string]: Text | Texts;
}

/** The same keys with texts of the same kind: what the Chinese catalogue has to be, given the English one. */
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Translated<T[K]>;
};

/**
 * Makes the hook that gives an area its texts. Each area has `en.ts`, `zh.ts: Translated<typeof en>` and
 * `export const [useWords] = catalogue(en, zh)`; a missing or a left-over key does not compile.
 * @returns the hook, and the same for code outside of components
 */
export function catalogue<const T extends Texts>(
  en: T,
  zh: Translated<T>,
): [useWords: () => Translated<T>, words: () => Translated<T>] {
  const all = { en: en as unknown as Translated<T>, zh };
  return [() => all[useLanguage()], () => all[currentLanguage()]];
}
