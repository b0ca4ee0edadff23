import { useFactWords } from '../../i18n/facts/words.ts';
import { useWords } from './words.ts';

/** What a warning of the duty test is called, by its code: what is not police work keeps its number. */
export function useWarningName(): (code: string) => string {
  const names: Readonly<Record<string, string>> = useWords().warningNames;
  const facts = useFactWords();
  return (code) => names[code] ?? (code.startsWith('NP') ? `${code} · ${facts.code('', '', code)}` : code);
}
