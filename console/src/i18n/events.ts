import type { operations } from '../api/client.ts';
import { en } from './events.en.ts';
import { zh } from './events.zh.ts';
import { useLanguage } from './language.ts';

/** Every type of event that the server knows, since the trail can be filtered by each of them. */
export type EventType = NonNullable<
  NonNullable<operations['Audit_listEntries']['parameters']['query']>['type']
>;
/** Complete by type: a type that the server gets does not compile until it has words in both languages. */
export type EventWords = Readonly<Record<EventType, string>>;

/** The types of event in words; for a filter. */
export const useEventWords = (): EventWords => (useLanguage() === 'zh' ? zh : en);

/** What happened, in the reader's language; as the server says it where a newer server knows a type that we do not. */
export function useEventName(): (event: { type: string | null; words: string | null }) => string {
  const words: Readonly<Record<string, string>> = useEventWords();
  return (event) => words[event.type ?? ''] ?? event.words ?? event.type ?? '—';
}
