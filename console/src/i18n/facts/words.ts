import { catalogue } from '../catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

const [useAll] = catalogue(en, zh);

export interface FactWords {
  /** What a fact is called. */
  readonly name: (type: string, name: string) => string;
  /** What one of its codes means. */
  readonly code: (type: string, name: string, code: string) => string;
}

/** The facts of all categories in words, in the language of the page. */
export function useFactWords(): FactWords {
  return factWordsOf(useAll());
}

/** The most special words first; a name without any stands for itself. */
export const factWordsOf = (words: typeof en): FactWords => {
  const names: Readonly<Record<string, string>> = words.names;
  const codes: Readonly<Record<string, string>> = words.codes;
  return {
    name: (type, name) => names[`${type}.${name}`] ?? names[name] ?? name,
    code: (type, name, code) =>
      codes[`${type}.${name}.${code}`] ?? codes[`${name}.${code}`] ?? codes[code] ?? code,
  };
};
