import type { EventWords } from './event-words.ts';
import { en } from './events.en.ts';
import { zh } from './events.zh.ts';
import { useLanguage } from './language.ts';

/** The types of event in words; for a filter. */
export const useEventWords = (): EventWords => (useLanguage() === 'zh' ? zh : en);

/** What happened, in the reader's language; as the server says it where a newer server knows a type that we do not. */
export function useEventName(): (event: { type: string | null; words: string | null }) => string {
  const words: Readonly<Record<string, string>> = useEventWords();
  return (event) => words[event.type ?? ''] ?? event.words ?? event.type ?? '—';
}
