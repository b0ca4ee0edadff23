import { useLanguage } from './language.ts';
import { measures as en } from './measures.en.ts';
import { measures as zh } from './measures.zh.ts';

/** The urgent measures in words; as the server says it where the catalogue does not know the code. */
export function useMeasureName(): (measure: { readonly code: string; readonly text: string }) => string {
  const known: Readonly<Record<string, string>> = (useLanguage() === 'zh' ? zh : en).what;
  return ({ code, text }) => known[code] ?? text;
}
