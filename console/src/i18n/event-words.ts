import type { operations } from '../api/client.ts';

/** Every type of event that the server knows, since the trail can be filtered by each of them. */
export type EventType = NonNullable<
  NonNullable<operations['Audit_listEntries']['parameters']['query']>['type']
>;
/** Complete by type: a type that the server gets does not compile until it has words in both languages. */
export type EventWords = Readonly<Record<EventType, string>>;
